"""What is kept of a version's pupils: its roll for later rounds, and the index of the version that stands."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.rounds.adapters import PREFIX
from services.rounds.calendar.tables import Round
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.queries import rolls_of, round_before
from services.rounds.pupils.tables import PupilEntry
from services.rounds.rules.dmc.roll import read_roll
from services.rounds.schools.projections import store_profile
from services.rounds.schools.queries import rooms_of
from services.rounds.synthetic.generate import Generated
from shared.bus.envelope import Envelope
from shared.workbooks.packing import unpack
from tests.running.dmc import school_file
from tests.running.rounds_service import AREA, NOW, RoundsService, open_rounds

SMIS = "57040001"
AREAS = itertools.count(8001)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundsService]:
    yield from open_rounds(request.param, tmp_path_factory.mktemp("rounds"))


@pytest.fixture
def round_id(service: RoundsService) -> str:
    area = f"/obec/{next(AREAS)}/"
    found = service.enter_round(org_path=area)
    service.enter_school(found, SMIS, area=area)
    return found


def indexed(service: RoundsService, round_id: str) -> list[PupilEntry]:
    with service.app.read() as unit:
        rows = unit.session.execute(select(PupilEntry).filter_by(round_id=round_id).order_by(PupilEntry.row)).scalars()
        found = list(rows)
        unit.session.expunge_all()
        return found


def kept_ids(service: RoundsService, sha256: str) -> set[str | None]:
    with service.app.adapters.files.path_for_reading(PREFIX, sha256) as path:
        return {pupil.identity.value for pupil in read_roll(unpack(path.read_bytes()))}


def ids_of(made: Generated) -> set[str]:
    return {pupil.citizen_id for pupil in made.pupils}


def test_the_index_holds_the_version_that_stands_and_its_roll_stays(
    service: RoundsService, round_id: str, tmp_path: Path
) -> None:
    first, second = (school_file(tmp_path, SMIS, pupils=20 + seed, seed=seed) for seed in (1, 2))
    old = service.check(round_id, SMIS, first)
    assert {entry.submission_id for entry in indexed(service, round_id)} == {old.id}
    new = service.check(round_id, SMIS, second)
    assert {entry.submission_id for entry in indexed(service, round_id)} == {new.id}
    assert len(indexed(service, round_id)) == len(second.pupils)
    assert all(entry.id_key and entry.person_key and entry.name_key for entry in indexed(service, round_id))
    assert sum(not entry.active for entry in indexed(service, round_id)) == second.counts["pending"]
    assert kept_ids(service, old.roll_sha256 or "") == ids_of(first)
    assert kept_ids(service, new.roll_sha256 or "") == ids_of(second)


def test_a_refused_file_leaves_the_index_and_keeps_no_roll(
    service: RoundsService, round_id: str, tmp_path: Path
) -> None:
    standing = service.check(round_id, SMIS, school_file(tmp_path, SMIS, pupils=20))
    refused = service.check(round_id, SMIS, school_file(tmp_path, SMIS, pupils=20, defects=("F04.year",), seed=4))
    assert (refused.state, refused.roll_sha256) == ("REJECTED", None)
    assert {entry.submission_id for entry in indexed(service, round_id)} == {standing.id}


def test_the_round_before_is_read_by_the_checker(
    service: RoundsService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = service.enter_round(2570, 1, state="CLOSED"), service.enter_round(2570, 2)
    for round_id in (before, after):
        service.enter_school(round_id, SMIS)
    made = school_file(tmp_path, SMIS, pupils=20, round_no=1, year_be=2570)
    counted = service.check(before, SMIS, made)
    lock(service, before, "CERTIFIED")
    seen: list[dict[str, Any]] = []
    run = service.app.adapters.children.run

    def watched(task: str, job: dict[str, Any], progress: Any) -> Any:
        seen.extend(
            {**one["previous"], "ids": read_roll(unpack(Path(one["previous"]["path"]).read_bytes()))}
            for one in job["jobs"]
            if one["previous"]
        )
        return run(task, job, progress)

    monkeypatch.setattr(service.app.adapters.children, "run", watched)
    service.check(after, SMIS, school_file(tmp_path, SMIS, pupils=20, round_no=2, year_be=2570))
    assert len(seen) == 1
    assert (seen[0]["year_be"], seen[0]["round_no"], seen[0]["roll_sha256"]) == (2570, 1, counted.roll_sha256)
    assert {pupil.identity.value for pupil in seen[0]["ids"]} == ids_of(made)


def lock(service: RoundsService, round_id: str, locked_from: str) -> None:
    with service.app.write() as unit:
        school = unit.session.execute(select(SchoolRound).filter_by(round_id=round_id, smis=SMIS)).scalar_one()
        school.state, school.locked_from = "LOCKED", locked_from


@pytest.mark.parametrize(("locked_from", "known"), [("HAS_ERRORS", False), ("CONFIRMED", True), ("ACKNOWLEDGED", True)])
def test_only_what_a_school_confirmed_is_compared_with(service: RoundsService, locked_from: str, known: bool) -> None:
    year = {"HAS_ERRORS": 2571, "CONFIRMED": 2572, "ACKNOWLEDGED": 2573}[locked_from]
    before = service.enter_round(year, 3, state="CLOSED")
    service.enter_school(before, SMIS, "LOCKED", locked_from=locked_from)
    service.enter_round(year, 2, state="CLOSED", org_path="/obec/5703/")
    now = service.enter_round(year + 1, 1, org_path=AREA)
    with service.app.read() as unit:
        found = rolls_of(unit, round_before(unit, unit.session.get_one(Round, now)), [SMIS]).get(SMIS)
    assert (found is not None) is known
    if found is not None:
        assert (found["year_be"], found["round_no"]) == (year, 3)
        json.dumps(found)


def test_the_rooms_that_a_school_declares_are_those_of_the_year(service: RoundsService) -> None:
    def told(version: int, year_be: int, rooms: dict[str, int]) -> None:
        data = {"smis": SMIS, "org_path": f"{AREA}{SMIS}/", "year_be": year_be, "rooms_by_grade": rooms}
        envelope = Envelope(
            type="schools.profile_recorded.v1", source="/services/schools", subject=f"profile/{SMIS}/{year_be}",
            version=version, time=NOW, data=data, actor="p", org=AREA,
        )  # fmt: skip
        with service.app.write() as unit:
            store_profile(unit, envelope)

    told(2, 2569, {"ป.1": 2})
    told(1, 2569, {"ป.1": 1})
    told(1, 2570, {"ป.1": 3})
    with service.app.read() as unit:
        assert rooms_of(unit, [SMIS], 2569) == {SMIS: {"ป.1": 2}}
        assert rooms_of(unit, [SMIS], 2570) == {SMIS: {"ป.1": 3}}
        assert rooms_of(unit, [SMIS], 2571) == {}
