"""A demo office with a past, in both modes: reports show it, the round after it is compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.rounds.seed import script
from services.rounds.synthetic.generate import Generated, generate
from services.schools.seed import office
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, System, running
from tests.running.waiting import until

SMIS = "57040001"


class PastOffice:
    """A running system whose demo office has a past; ``ledger`` is what the generator says of it."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system = system
        self.officer = Api(system.url, "officer")
        entries = office.schools(office.AREAS[0])
        self.ledger: dict[str, Generated] = {
            entry.smis: generate(script.spec_of(entry.smis, entry.name, entry.education_range), folder)
            for entry in entries
        }

    @property
    def pupils(self) -> int:
        return sum(made.counts["pupils"] for made in self.ledger.values())

    def past(self) -> Any:
        (found,) = [one for one in self.officer.get("/rounds")["items"] if one["title"] == script.TITLE]
        return found

    def report(self, key: str, round_id: str) -> Any:
        return self.officer.get(f"/reports/{key}", round_id=round_id)


@pytest.fixture(scope="module", params=["embedded", "services"])
def past(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PastOffice]:
    folder = tmp_path_factory.mktemp(request.param)
    files = tmp_path_factory.mktemp("files")
    if request.param == "embedded":
        # before the first start, as a fresh `khet up --history` does it
        system: System = EmbeddedSystem(folder, history=True)
        system.khet("secrets", str(folder / "data" / "secrets"))
        system.khet("migrate")
        _seed(system)
        with running(system):
            yield PastOffice(system, files)
        return
    with running(ServicesSystem(folder, *request.getfixturevalue("servers"))) as system:
        # beside processes that run
        _seed(system)
        yield PastOffice(system, files)


def _seed(system: System) -> None:
    # half a minute on two processors of its own, and others may test beside
    assert "เผยแพร่แล้ว 135 โรงเรียน" in system.khet("seed", "demo", "--history", timeout=400)


def test_reports_of_the_past_are_the_generators_ledger(past: PastOffice) -> None:
    round_id = past.past()["id"]
    assert past.past()["state"] == "PUBLISHED"
    count = until(lambda: _complete(past.report("headcount", round_id)), 120, "the head count of every school")
    assert count["total"]["total"] == past.pupils
    board = past.officer.get(f"/rounds/{round_id}/progress")
    assert {school["state"] for school in board["schools"]} == {"LOCKED"}
    assert len(board["schools"]) == len(past.ledger) == 135
    assert not any(school["late"] for school in board["schools"])
    (snapshot,) = past.officer.get(f"/rounds/{round_id}/schools/{SMIS}/snapshots")["items"]
    assert snapshot["pupils"] == past.ledger[SMIS].counts["pupils"]


def test_the_next_round_is_compared_with_it(past: PastOffice, tmp_path: Path) -> None:
    round_id = open_round(past.officer, school_codes=[SMIS])
    data = Api(past.system.url, f"data-{SMIS}")
    made = school_file(tmp_path, SMIS, pupils=60)
    checked = data.checked(data.upload(round_id, SMIS, made.path)["id"])
    found = {finding["rule"] for finding in checked["by_rule"]}
    assert {"R02", "R03"} <= found, "who is gone and who is new since the round that is over"
    report = until(lambda: _compared(past.report("headcount", round_id)), what="the round before beside")
    assert report["previous"]["round_id"] == past.past()["id"]
    assert report["total"]["previous_total"] == past.pupils


def test_the_past_sends_nobody_to_work(past: PastOffice) -> None:
    until(lambda: Api(past.system.url, f"data-{SMIS}").get("/inbox")["items"], what="the announcement of then")
    messages = Api(past.system.url, f"data-{SMIS}").get("/inbox", limit=200)["items"]
    old = [message for message in messages if message["round_id"] == past.past()["id"]]
    assert old and all(message["created_at"] < "2026-06" for message in old), "said when it happened"
    assert not [message for message in old if message["kind"].startswith("digest")]


def _complete(report: Any) -> Any:
    return report if report["schools"] == 135 and not report["missing_schools"] else None


def _compared(report: Any) -> Any:
    return report if report["previous"] else None
