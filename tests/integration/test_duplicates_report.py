"""Report 12 from events alone, on both databases: in any order, repeated, and asked for anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.reporting.bootstrap import DEFINITION
from services.reporting.reports.queries import report
from shared.bus.contracts import rounds, schools
from shared.bus.contracts.registry import EventType
from shared.bus.envelope import Envelope
from shared.bus.inbox import Inbox
from shared.bus.replay import forget_projections
from shared.db.migrate import upgrade
from shared.problems import Problem
from shared.runtime.application import Application
from shared.security import secrets
from shared.security.identity import Grant, Identity
from shared.settings import Settings
from tests.contracts.examples import EXAMPLES, ROUND_ID

AREA, ONE, TWO, THREE = "/obec/5704/", "57040001", "57040002", "57040003"
FATES = ("cases", "open", "settled", "here", "there", "both", "carried", "gone", "oldest")


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    settings = Settings(data=tmp_path, env="test", clock_file=str(tmp_path / "clock"))
    secrets.create(settings.secrets_root)
    if request.param == "postgresql":
        name = f"khet_{uuid.uuid4().hex[:12]}"
        url = request.getfixturevalue("servers")[1].create_database(name, name, "pw")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        settings = dataclasses.replace(settings, **in_services)
    upgrade("reporting", settings)
    application = Application(DEFINITION, settings)
    yield application
    application.close()


def told(event: EventType, subject: str, version: int, **changed: Any) -> Envelope:
    data = {**EXAMPLES[event.schema], **changed}
    when = dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
    return Envelope(event.type, f"/services/{event.owner}", subject, version, when, data)


def case(event: EventType, number: int, version: int, first: str, second: str, state: str, **more: Any) -> Envelope:
    return told(
        event, f"duplicate/{number}", version, case_id=str(number), state=state,
        first_smis=first, first_org_path=f"{AREA}{first}/", second_smis=second, second_org_path=f"{AREA}{second}/",
        **{"keep": None, "kind": "same_id", "found_at": "2026-06-07T18:00:00+00:00", "decided_at": None, **more},
    )  # fmt: skip


def school(smis: str) -> Iterator[Envelope]:
    submission = f"01990000-0000-7000-8000-0000{smis}"
    yield told(schools.SCHOOL_RECORDED, f"school/{smis}", 1, smis=smis, org_path=f"{AREA}{smis}/")
    yield told(rounds.SUBMISSION_CHECKED, submission, 1, submission_id=submission, smis=smis)
    yield told(
        rounds.SCHOOL_CONFIRMED, f"school_round/{smis}", 1,
        smis=smis, name=f"บ้าน {smis[-1]}", org_path=f"{AREA}{smis}/", submission_id=submission,
    )  # fmt: skip


# the round is closed on 10 June at 01:00 in Bangkok, the cases came up on 8 June at 01:00
EVENTS = [
    told(rounds.ROUND_OPENED, f"round/{ROUND_ID}", 1),
    *(event for smis in (ONE, TWO, THREE) for event in school(smis)),
    case(rounds.DUPLICATE_FOUND, 1, 1, ONE, TWO, "OPEN"),
    case(rounds.DUPLICATE_SETTLED, 1, 2, ONE, TWO, "SETTLED", keep=TWO),
    case(rounds.DUPLICATE_FOUND, 2, 1, ONE, THREE, "OPEN"),
    case(rounds.DUPLICATE_CARRIED, 2, 2, ONE, THREE, "CARRIED"),
    case(rounds.DUPLICATE_REOPENED, 2, 3, ONE, THREE, "OPEN"),
    case(rounds.DUPLICATE_FOUND, 3, 1, TWO, THREE, "OPEN", kind="same_person"),
    case(rounds.DUPLICATE_GONE, 3, 2, TWO, THREE, "GONE", kind="same_person"),
    case(rounds.DUPLICATE_FOUND, 4, 1, TWO, THREE, "OPEN", round_id="another"),
    told(rounds.ROUND_CLOSED, f"round/{ROUND_ID}", 2, state="CLOSED", closed_at="2026-06-09T18:00:00+00:00"),
]
EXPECTED = {
    ONE: (2, 1, 1, 0, 1, 0, 0, 0, 2), TWO: (2, 0, 1, 1, 0, 0, 0, 1, None), THREE: (2, 1, 0, 0, 0, 0, 0, 1, 2),
    None: (3, 1, 1, 1, 0, 0, 0, 1, 2),
}  # fmt: skip


def consumed(app: Application, events: Sequence[Envelope]) -> None:
    Inbox(app).consume_all([event.encode() for event in events])


def officer() -> Identity:
    return Identity("p", "officer", "ก", "s", (Grant("officer", AREA, "5704", "เขต"),))


def data_officer(smis: str) -> Identity:
    return Identity("p", "data", "ก", "s", (Grant("data_officer", f"{AREA}{smis}/", smis, "โรงเรียน"),))


def by_school(app: Application, reader: Identity, **place: str) -> dict[str | None, tuple[Any, ...]]:
    with app.read(reader) as unit:
        made = report(unit, "duplicates", ROUND_ID, by="school", **place)
    return {row["smis"]: tuple(row[name] for name in FATES) for row in [*made["rows"], made["total"]]}


@pytest.mark.parametrize(
    "events",
    [EVENTS, EVENTS[::-1], EVENTS[::2] + EVENTS[1::2], [*EVENTS, *EVENTS[::-1]], EVENTS[7:] + EVENTS[:7]],
    ids=["as they came", "backwards", "every other one first", "twice", "cases last"],
)
def test_the_order_of_events_changes_nothing(app: Application, events: list[Envelope]) -> None:
    consumed(app, events)
    assert by_school(app, officer()) == EXPECTED


def test_a_rebuild_gives_the_same_numbers(app: Application) -> None:
    consumed(app, EVENTS)
    forget_projections(app)
    with pytest.raises(Problem), app.read(officer()) as unit:
        report(unit, "duplicates", ROUND_ID)
    last = {event.subject: dataclasses.replace(event, replay=True) for event in EVENTS}
    consumed(app, list(last.values())[::-1])
    assert by_school(app, officer()) == EXPECTED


def test_a_school_reads_of_its_own_duplicates_alone(app: Application) -> None:
    consumed(app, EVENTS)
    assert by_school(app, data_officer(ONE)) == {ONE: EXPECTED[ONE], None: EXPECTED[ONE]}
    with pytest.raises(Problem) as refused:
        by_school(app, data_officer(ONE), school=TWO)
    assert refused.value.code == "forbidden"
