"""Personal data has an end and an owner, in both modes: old versions are erased by the clock, a pupil's data are copied
for whose they are, files with whole ids go only so often.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.rounds.pupils.rules import FILES_AN_HOUR
from tests.running.api import Api
from tests.running.browser import Browser
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import System
from tests.running.waiting import until

OWN, OTHER = "57040001", "57040002"
REASON = {"reason": "ผู้ปกครองยื่นคำขอ"}
DAY = 24 * 3600


class Office:
    """A round in which a school sent a file, and a better one."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system = system
        self.round_id = open_round(self.person("officer"), school_codes=[OWN, OTHER])
        data = self.person(f"data-{OWN}")
        first = school_file(folder, OWN, pupils=20, seed=1, defects=("I03.digit",))
        self.old = data.checked(data.upload(self.round_id, OWN, first.path)["id"])["id"]
        second = school_file(folder, OWN, pupils=20, seed=2)
        self.pupil = next(pupil for pupil in second.pupils if not pupil.pending)
        self.new = data.checked(data.upload(self.round_id, OWN, second.path)["id"])["id"]

    def person(self, username: str) -> Api:
        return Api(self.system.url, username)

    def asked(self, **more: str) -> dict[str, str]:
        return {"citizen_id": self.pupil.citizen_id, **REASON, **more}

    def page(self, username: str, version: int = 2) -> str:
        return Browser(self.system.url, username).get(f"/rounds/{self.round_id}/schools/{OWN}?v={version}").text


@pytest.fixture(scope="module")
def office(system: System, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(system, tmp_path_factory.mktemp("files"))


def test_a_copy_of_a_pupils_data_as_json_and_as_a_workbook(office: Office) -> None:
    data, officer = office.person(f"data-{OWN}"), office.person("officer")
    copied = data.post("/pupils/export", office.asked())
    (place,) = copied["places"]
    assert (place["smis"], place["version"]) == (OWN, 2)
    assert office.pupil.citizen_id in {cell["value"] for cell in place["cells"]}
    again = officer.post("/pupils/export", office.asked())
    name = data.get("/me")["name"]
    assert [seen["actor_name"] for seen in again["places"][0]["disclosures"]] == [name], "who saw it has a name"
    book = officer.post("/pupils/export.xlsx", office.asked(), expect=None)
    assert book.headers["Cache-Control"] == "no-store"
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == ["ข้อมูลในไฟล์", "ผลการตรวจ", "ซ้ำซ้อน", "ผู้เปิดดู"]
    values = [cell for row in sheets["ข้อมูลในไฟล์"].iter_rows(values_only=True) for cell in row]
    assert office.pupil.citizen_id in values and office.pupil.first_name in values
    assert name in [cell for row in sheets["ผู้เปิดดู"].iter_rows(values_only=True) for cell in row]


def test_a_copy_is_for_the_own_school_and_its_area(office: Office) -> None:
    none = office.person(f"data-{OTHER}").post("/pupils/export", office.asked())
    assert (none["places"], none["mentions"], none["duplicates"]) == ([], [], [])
    for outsider in ("auditor", "admin", "groupdirector", "teacher"):
        assert office.person(outsider).post("/pupils/export", office.asked(), expect=None).status_code == 403
    refused = office.person("officer").post("/pupils/export", office.asked(reason="  "), expect=None)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "reason")
    seen = office.person("auditor").get("/disclosures", limit=200)["items"]
    assert {item["subject"] for item in seen if item["action"] == "reveal.subject"} >= {
        f"school/{OWN}", f"school/{OTHER}",
    }  # fmt: skip


def test_the_page_shows_a_copy_without_an_id_in_any_address(office: Office) -> None:
    browser = Browser(office.system.url, "officer")
    assert 'href="/pupil-copy"' in browser.get("/").text
    wrong = browser.post("/pupil-copy", {"citizen_id": "123", "reason": REASON["reason"], "format": "page"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.text and REASON["reason"] in wrong.text
    shown = browser.post("/pupil-copy", office.asked(format="page"))
    assert shown.status_code == 200 and shown.headers["Cache-Control"] == "no-store"
    assert office.pupil.citizen_id in shown.text and "ใครเปิดดูแถวหรือไฟล์นี้" in shown.text
    book = browser.post("/pupil-copy", office.asked(format="xlsx"))
    assert book.content.startswith(b"PK")
    empty = Browser(office.system.url, f"data-{OTHER}").post("/pupil-copy", office.asked(format="page"))
    assert "ไม่พบข้อมูลของนักเรียนคนนี้" in empty.text and office.pupil.first_name not in empty.text
    assert 'href="/pupil-copy"' not in Browser(office.system.url, "auditor").get("/").text
    assert Browser(office.system.url, "officer").get("/help/pupil-copy").status_code == 200


def test_files_with_whole_ids_go_only_so_often(office: Office) -> None:
    director = office.person(f"director-{OWN}")
    path = f"/submissions/{office.new}/download"
    answers = [director.post(path, {}, expect=None) for _ in range(FILES_AN_HOUR + 1)]
    limited = [answer for answer in answers if answer.status_code == 429]
    # the hour may turn while the test runs
    assert limited or _two_hours(director, office.new)
    for answer in limited:
        assert answer.json()["code"] == "download.limit"
        assert 0 < int(answer.headers["Retry-After"]) <= 3601
    page = Browser(office.system.url, f"director-{OWN}").post(f"/submissions/{office.new}/file", {"reason": ""})
    assert page.status_code in (200, 429)


def test_an_old_version_is_erased_by_the_clock_and_says_so(office: Office) -> None:
    assert office.person("officer").get(f"/submissions/{office.old}")["erased_at"] is None
    office.person("officer").post(f"/rounds/{office.round_id}/close")
    office.system.move_clock(89 * DAY)
    before = office.person("officer").get(f"/submissions/{office.old}")
    assert before["erased_at"] is None
    office.system.move_clock(91 * DAY)
    officer = office.person("officer")
    erased = until(lambda: _erased(officer, office.old), what="the erasure")
    assert (erased["counts"], erased["by_rule"]) == (before["counts"], before["by_rule"])
    refused = officer.post(f"/submissions/{office.old}/download", REASON, expect=None)
    assert (refused.status_code, refused.json()["code"]) == (410, "submission.erased")
    annotated = officer.get(f"/submissions/{office.old}/annotated.xlsx", expect=None, **REASON)
    assert annotated.status_code == 410
    assert officer.post(f"/submissions/{office.new}/download", REASON, expect=None).status_code == 200
    page = office.page("officer", version=1)
    assert "ลบไฟล์แล้วตามกำหนด" in page and f"/submissions/{office.old}/file" not in page
    history = officer.get(f"/rounds/{office.round_id}/schools/{OWN}/history")["items"]
    assert [entry["detail"] for entry in history if entry["event"] == "erase"] == [{"versions": [1], "days": 90}]
    log = office.person("auditor").get("/audit", action="submission.erased")["items"]
    assert [entry["subject"] for entry in log] == [f"submission/{office.old}"]
    file = Browser(office.system.url, "officer").post(f"/submissions/{office.old}/file", REASON)
    assert file.status_code == 410 and "ลบไฟล์แล้วตามกำหนดเก็บรักษา" in file.text


def _erased(officer: Api, submission_id: str) -> Any:
    submission = officer.get(f"/submissions/{submission_id}")
    return submission if submission["erased_at"] else None


def _two_hours(director: Api, submission_id: str) -> bool:
    """Whether the downloads lay in two hours."""
    again = [
        director.post(f"/submissions/{submission_id}/download", {}, expect=None).status_code
        for _ in range(FILES_AN_HOUR)
    ]
    return 429 in again
