"""Work that waits in a table: each row in one pair of hands, taken over when those are gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from services.rounds.submissions.checking import check_next, claim_next
from services.rounds.submissions.tables import Submission
from shared.runtime import leases
from shared.runtime.children import JobFailed
from shared.runtime.leases import Holding
from tests.running.duplicates_desk import ONE, THREE, TWO, Desk, InThisProcess, open_desk
from tests.running.waiting import until

SCHOOLS = (ONE, TWO, THREE)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    postgres = request.getfixturevalue("servers")[1] if request.param == "postgresql" else None
    yield from open_desk(tmp_path_factory.mktemp(request.param), postgres)


@pytest.fixture
def sent(desk: Desk) -> Iterator[list[str]]:
    """The ids of what three schools sent and nobody has read; at the end it is worked off."""
    round_id = desk.open_round()
    yield [desk.send(round_id, smis, desk.file(smis, seed=int(smis))) for smis in SCHOOLS]
    desk.move_clock(minutes=5)
    while check_next(desk.app):
        pass
    desk.move_clock(seconds=0)


def standing(desk: Desk, ids: list[str]) -> dict[str, Any]:
    with desk.app.read() as unit:
        rows = unit.session.execute(select(Submission).where(Submission.id.in_(ids))).scalars()
        return {row.id: (row.state, row.attempts, row.lease) for row in rows}


def test_two_who_come_at_once_never_take_the_same(desk: Desk, sent: list[str]) -> None:
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: claim_next(desk.app), range(6)))
    ids = [one.submission_id for claimed in taken for one in claimed]
    assert sorted(ids) == sorted(sent)
    assert claim_next(desk.app) == []
    desk.move_clock(seconds=leases.LEASE.total_seconds() + 1)
    assert claim_next(desk.app)


def test_what_is_kept_is_not_taken_over(
    desk: Desk, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.01)
    claimed = claim_next(desk.app)
    ids = [one.submission_id for one in claimed]
    held = update(Submission).where(Submission.id.in_(ids), Submission.lease == claimed[0].lease)

    def until_when() -> Any:
        with desk.app.read() as unit:
            return unit.session.execute(select(Submission.lease_until).filter_by(id=ids[0])).scalar_one()

    before = until_when()
    holding = Holding(desk.app, held)
    with holding.renewing():
        desk.move_clock(seconds=9)
        holding("check", 1, 2)
        until(lambda: until_when() > before, what="a renewal")
        desk.move_clock(seconds=15)
        until(lambda: until_when() > before, what="another renewal")
    with desk.app.read() as unit:
        shown = unit.session.execute(select(Submission.progress).filter_by(id=ids[0])).scalar_one()
    assert shown == {"stage": "check", "done": 1, "total": 2}


class Poisoned(InThisProcess):
    """Children that die of one file."""

    def __init__(self, smis: str) -> None:
        self.smis = smis
        self.together: list[int] = []

    def run(self, task: str, job: dict[str, Any], progress: Any) -> Any:
        self.together.append(len(job["jobs"]))
        if any(one["school"]["smis"] == self.smis for one in job["jobs"]):
            raise JobFailed("died", "exit code -9")
        return super().run(task, job, progress)


def test_a_file_that_kills_its_child_takes_no_other_with_it(
    desk: Desk, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    children = Poisoned(ONE)
    monkeypatch.setattr(desk.app, "adapters", replace(desk.app.adapters, children=children))
    for later in range(8):
        desk.move_clock(seconds=20 * later)
        while check_next(desk.app):
            pass
    states = [standing(desk, sent)[one][0] for one in sent]
    assert states[0] == "REJECTED" and set(states[1:]) <= {"READY", "HAS_ERRORS"}
    assert children.together[0] == 2 and set(children.together[1:]) == {1}


def test_several_files_at_once_are_judged_as_each_alone(
    desk: Desk, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    class Watched(InThisProcess):
        def run(self, task: str, job: dict[str, Any], progress: Any) -> Any:
            answer = super().run(task, job, progress)
            alone = [super(Watched, self).run(task, {"jobs": [one]}, progress)["results"][0] for one in job["jobs"]]
            seen.append(([dict(one) for one in answer["results"]], alone))
            return answer

    monkeypatch.setattr(desk.app, "adapters", replace(desk.app.adapters, children=Watched()))
    while check_next(desk.app):
        pass
    assert sum(len(together) for together, _ in seen) == len(sent)
    for together, alone in seen:
        assert together == alone
