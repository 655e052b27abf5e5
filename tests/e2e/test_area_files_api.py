"""The area's file through the API: handed in once, a version for each school, watched until all are checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running.api import Api
from tests.running.area_file import area_file
from tests.running.dmc import school_file
from tests.running.rounds import draft_round, open_round
from tests.running.system import System

SCHOOLS = ("57040001", "57040002", "57040003")
FIRST, SECOND, THIRD = SCHOOLS
STRANGER = "57030001"


@pytest.fixture
def officer(system: System) -> Api:
    return Api(system.url, "officer")


def test_one_file_brings_every_school_its_version_and_the_confirmed_one_keeps_its_own(
    system: System, officer: Api, tmp_path: Path
) -> None:
    round_id = open_round(officer, school_codes=list(SCHOOLS))
    files = {smis: school_file(tmp_path, smis, pupils=24, seed=int(smis), defects=("H02.metres",)) for smis in SCHOOLS}
    own = school_file(tmp_path, FIRST, pupils=20)
    data = Api(system.url, f"data-{FIRST}")
    assert data.checked(data.upload(round_id, FIRST, own.path)["id"])["state"] == "READY"
    data.post(f"/rounds/{round_id}/schools/{FIRST}/confirm")
    joined = area_file(tmp_path, files, [STRANGER])
    batch_id = officer.upload_area_file(round_id, joined.path)
    states = watched(officer, batch_id)
    assert states[-1] == "DONE"
    batch = officer.get(f"/batches/{batch_id}")
    assert batch["counts"] == {"rows": 73, "schools": 3, "received": 2, "skipped": 1, "unmatched": 1}
    assert [(one["rule"], one["row"]) for one in batch["findings"]] == [("F03", 74)]
    by_school = {school["smis"]: school for school in batch["schools"]}
    assert by_school[FIRST]["skipped"] == "confirmed"
    for smis in (SECOND, THIRD):
        submission = officer.get(f"/submissions/{by_school[smis]['submission_id']}")
        assert (submission["version"], submission["on_behalf"], submission["state"]) == (1, True, "HAS_ERRORS")
        assert by_school[smis]["state"] == "HAS_ERRORS" and by_school[smis]["counts"] == submission["counts"]
        found = officer.get(f"/submissions/{submission['id']}/findings", rule="H02")["items"]
        (wrong,) = [one for one in files[smis].findings if one.rule == "H02"]
        assert [(one["row"], one["column"]) for one in found] == [(joined.rows[smis][wrong.row or 0], wrong.column)]
    assert officer.get(f"/rounds/{round_id}/schools/{FIRST}")["state"] == "CONFIRMED"
    assert [one["id"] for one in officer.get(f"/rounds/{round_id}/batches")["items"]] == [batch_id]


def watched(officer: Api, batch_id: str) -> list[str]:
    """The states that its stream tells until the end."""
    states = []
    answer = officer.request("GET", f"/batches/{batch_id}/events", stream=True)
    for line in answer.iter_lines(decode_unicode=True):
        if line.startswith("data:"):
            states.append(json.loads(line.removeprefix("data:"))["state"])
            if states[-1] == "DONE":
                break
    answer.close()
    return states


def test_the_same_upload_again_is_the_same_file(officer: Api, tmp_path: Path) -> None:
    round_id = open_round(officer, school_codes=[FIRST], year_be=2561)
    joined = area_file(tmp_path, {FIRST: school_file(tmp_path, FIRST)})
    answers = []
    for _ in range(2):
        with joined.path.open("rb") as stream:
            answers.append(
                officer.request(
                    "POST", f"/rounds/{round_id}/submissions", expect=202, files={"file": (joined.path.name, stream)},
                    headers={"Idempotency-Key": "once"},
                )
            )  # fmt: skip
    assert answers[0] == answers[1]
    officer.split(answers[0]["batch_id"])
    assert officer.get(f"/rounds/{round_id}/schools/{FIRST}")["last_version"] == 1


def test_before_the_round_opens_nothing_is_taken(officer: Api, tmp_path: Path) -> None:
    round_id = draft_round(officer, school_codes=[FIRST], year_be=2562)
    officer.post(f"/rounds/{round_id}/announce")
    joined = area_file(tmp_path, {FIRST: school_file(tmp_path, FIRST)})
    with joined.path.open("rb") as stream:
        files = {"file": (joined.path.name, stream)}
        problem = officer.request("POST", f"/rounds/{round_id}/submissions", expect=409, files=files)
    assert problem["code"] == "round.not_open"


def test_a_school_cannot_send_for_the_area(system: System, officer: Api, tmp_path: Path) -> None:
    round_id = open_round(officer, school_codes=[FIRST], year_be=2563)
    joined = area_file(tmp_path, {FIRST: school_file(tmp_path, FIRST)})
    with joined.path.open("rb") as stream:
        files = {"file": (joined.path.name, stream)}
        path = f"/rounds/{round_id}/submissions"
        assert Api(system.url, f"data-{FIRST}").request("POST", path, files=files).status_code == 403
