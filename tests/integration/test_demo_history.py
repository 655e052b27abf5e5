"""``khet seed demo --history`` for a few schools: played by the commands, once, whole or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from services.rounds.calendar.tables import Round
from services.rounds.database import TABLES
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.pupils.queries import rolls_of, round_before
from services.rounds.pupils.tables import PupilEntry
from services.rounds.seed import history, script
from services.rounds.snapshots.tables import Snapshot
from services.rounds.submissions.tables import Submission
from services.rounds.synthetic.generate import generate
from services.schools.seed.cast import cast_of
from services.schools.seed.load import load as load_office
from shared.bus.envelope import Envelope
from shared.clock import Clock
from shared.db.engine import database_for
from shared.db.migrate import upgrade
from shared.db.unit import Trace, Unit
from shared.security import secrets
from shared.security.identity import Identity
from shared.security.vault import Vaults
from shared.settings import Settings, SettingsError
from tests.servers import PostgresServer, RabbitServer

FEW = 4
COUNTED = (Round, SchoolRound, Submission, PupilEntry, Snapshot, HistoryEntry, TABLES.outbox, TABLES.audit)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A demo office without a round."""
    made = Settings(data=tmp_path_factory.mktemp(request.param), env="test", cheap_hashes=True)
    secrets.create(made.secrets_root, made.vault_root)
    names = ("schools", "rounds")
    if request.param == "postgresql":
        servers: tuple[RabbitServer, PostgresServer] = request.getfixturevalue("servers")
        urls = [servers[1].create_database(f"khet_past_{name}", "khet_past", "s3cret") for name in names]
        url = urls[0].replace("khet_past_schools", "khet_past_{service}")
        made = dataclasses.replace(made, mode="services", amqp_url="amqp://127.0.0.1:1//", database_url=url)
    for name in names:
        upgrade(name, made)
    load_office(made)
    yield made
    if request.param == "postgresql":
        for name in names:
            servers[1].drop_database(f"khet_past_{name}")


def few(settings: Settings) -> tuple[dict[str, Identity], list[Envelope]]:
    people, schools = cast_of(settings)
    return people, sorted(schools, key=lambda told: str(told.data["smis"]))[:FEW]


def play(settings: Settings) -> list[str]:
    said: list[str] = []
    history.load(settings, *few(settings), said.append)
    return said


def counts(settings: Settings) -> list[int]:
    database = database_for("rounds", settings)
    with database.read() as session:
        found = [session.execute(select(func.count()).select_from(table)).scalar_one() for table in COUNTED]
    database.close()
    return found


@pytest.fixture(scope="module")
def played(settings: Settings) -> list[str]:
    """What is said while the past is played."""
    return play(settings)


def test_it_is_refused_where_it_does_not_belong(settings: Settings, tmp_path: Path) -> None:
    people, schools = few(settings)
    with pytest.raises(SettingsError, match="production"):
        history.load(dataclasses.replace(settings, env="production"), people, schools, print)
    with pytest.raises(SettingsError, match="officer"):
        history.load(settings, {}, schools, print)
    early = tmp_path / "clock"
    early.write_text(str(-400 * 24 * 3600))
    with pytest.raises(SettingsError, match="not over"):
        history.load(dataclasses.replace(settings, clock_file=str(early)), people, schools, print)
    assert counts(settings) == [0] * len(COUNTED)


def test_a_process_that_dies_leaves_no_round(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(history.calendar, "make_public", die)
        with pytest.raises(KeyboardInterrupt):
            play(settings)
    assert counts(settings) == [0] * len(COUNTED)


def test_every_school_went_through_every_gate_on_the_days_of_that_year(
    settings: Settings, played: list[str], tmp_path: Path
) -> None:
    assert played[-1].endswith(f"เผยแพร่แล้ว {FEW} โรงเรียน")
    database = database_for("rounds", settings)
    with database.read() as session:
        (round_,) = session.execute(select(Round)).scalars()
        assert (round_.state, round_.title) == ("PUBLISHED", script.TITLE)
        for known, wanted in (
            (round_.announced_at, script.ANNOUNCED),
            (round_.opened_at, script.OPENED),
            (round_.closed_at, script.CLOSED),
            (round_.published_at, script.PUBLISHED),
        ):
            assert known is not None and abs((known - wanted).total_seconds()) < 60
        schools = list(session.execute(select(SchoolRound).order_by(SchoolRound.smis)).scalars())
        assert {(school.state, school.locked_from) for school in schools} == {("LOCKED", "ACKNOWLEDGED")}
        assert all(school.confirmed_at < round_.school_deadline for school in schools)
        steps = select(HistoryEntry.event).filter_by(school_round_id=schools[0].id).order_by(HistoryEntry.seq)
        done = [event for event in session.execute(steps).scalars() if event != "explain"]
        assert done == ["announce", "upload", "validate", "confirm", "certify", "acknowledge", "lock"]
        snapshots = {one.smis: one for one in session.execute(select(Snapshot)).scalars()}
        for school in schools:
            spec = script.spec_of(school.smis, school.name, school.education_range)
            made = generate(spec, tmp_path)
            assert snapshots[school.smis].counts["pupils"] == made.counts["pupils"]
            assert _classes(snapshots[school.smis].tables["classes"]) == _classes(made.tables["classes"])
    database.close()


def test_twice_adds_nothing(settings: Settings, played: list[str]) -> None:
    before = counts(settings)
    assert play(settings)[-1].endswith("มีรอบนี้อยู่แล้ว")
    assert counts(settings) == before


def test_the_next_round_finds_it(settings: Settings, played: list[str]) -> None:
    database = database_for("rounds", settings)
    with database.read() as session:
        vault = Vaults(settings.vault_root).of("rounds")
        unit = Unit("rounds", session, Clock(), TABLES, None, Trace(), vault)
        (past,) = session.execute(select(Round)).scalars()
        smis = session.execute(select(SchoolRound.smis).limit(1)).scalar_one()
        now = Round(org_path=past.org_path, system="dmc", year_be=2569, round_no=1)
        before = rolls_of(unit, round_before(unit, now), [smis])[smis]
    database.close()
    assert (before["year_be"], before["round_no"]) == (2568, 3)
    assert before["roll_sha256"]


def _classes(lines: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[int, int]]:
    return {(line["grade"], line["room"]): (line["male"], line["female"]) for line in lines}
