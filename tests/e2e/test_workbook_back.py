"""The school's workbook on its way back: annotated, corrected in a spreadsheet and in the page, until it is ready."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

from services.rounds.synthetic.generate import Generated
from services.rounds.workbooks.rules import FILLS, SUMMARY_TITLE
from tests.running.api import Api
from tests.running.dmc import pupil_rows, school_file
from tests.running.rounds import open_round
from tests.running.system import System

OWN, OTHER = "57040001", "57040002"
REASON = "ตรวจข้อมูลตามที่โรงเรียนขอ"
DEFECTS = ("I03.digit", "G01.blank", "P05.digit", "C03.two-older", "H03.light")


class Story:
    """A round, and what the people of one school and of the area do in it."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        names = ("officer", "auditor", f"data-{OWN}", f"data-{OTHER}", f"director-{OWN}")
        self.people = {name: Api(system.url, name) for name in names}
        self.officer, self.data = self.people["officer"], self.people[f"data-{OWN}"]
        self.round_id = open_round(self.officer, school_codes=[OWN, OTHER])

    def send(self, file: Path, who: Api | None = None, smis: str = OWN) -> Any:
        reader = who or self.data
        return reader.checked(reader.upload(self.round_id, smis, file)["id"])

    def annotated(self, submission: Any, who: str = f"data-{OWN}", **query: str) -> requests.Response:
        path = f"/submissions/{submission['id']}/annotated.xlsx"
        answer: requests.Response = self.people[who].get(path, expect=None, **query)
        return answer

    def findings(self, submission: Any, **query: str) -> list[dict[str, Any]]:
        return list(self.data.get(f"/submissions/{submission['id']}/findings", **query)["items"])

    def compared(self, submission: Any) -> tuple[int | None, int, int, int]:
        found = self.data.get(f"/submissions/{submission['id']}")
        return found["compared_with"], found["fixed"], found["still_open"], found["new"]


@pytest.fixture(scope="module")
def story(system: System, tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(system, tmp_path_factory.mktemp("files"))


def good_value(clean: Generated, finding: dict[str, Any]) -> Any:
    """What stands at the place of a finding in the same file without its defects."""
    return openpyxl.load_workbook(clean.path).active[f"{finding['column']}{finding['row']}"].value


def test_a_file_comes_back_is_corrected_and_confirmed(story: Story) -> None:
    made, clean = (school_file(story.folder, OWN, defects=defects) for defects in (DEFECTS, ()))
    first = story.send(made.path)
    assert (first["state"], story.compared(first)) == ("HAS_ERRORS", (None, 0, 0, 0))
    warning = next(finding for finding in story.findings(first) if finding["rule"] == "C03")
    story.data.post(f"/submissions/{first['id']}/acknowledgements", {"rule": "C03", "reason": "เข้าเรียนช้า"})

    # corrected in a spreadsheet: one of three errors is mended, one is left, and a new one is made
    answer = story.annotated(first)
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    expect_marked(sheet, story.findings(first))
    places = {finding["rule"]: finding for finding in story.findings(first)}
    for rule in ("G01", "P05"):
        place = places[rule]
        sheet[f"{place['column']}{place['row']}"] = good_value(clean, place)
    spoiled = next(row for row in range(3, 60) if row not in {finding["row"] for finding in places.values()})
    sheet[f"M{spoiled}"] = 0
    back = story.folder / "2569-1-student-กลับ.xlsx"
    book.save(back)
    second = story.send(back)
    assert story.compared(second) == (1, 2, 2, 1)
    assert {finding["rule"] for finding in story.findings(second, since="fixed")} == {"G01", "P05"}
    assert [(finding["rule"], finding["row"]) for finding in story.findings(second, since="new")] == [("H01", spoiled)]
    assert {finding["rule"] for finding in story.findings(second, since="open")} == {"I03", "H03"}
    carried = next(finding for finding in story.findings(second) if finding["rule"] == "C03")
    assert (carried["state"], carried["reason"], carried["row"]) == ("acknowledged", "เข้าเรียนช้า", warning["row"])

    # the last cells in the page
    wrong_id, light = places["I03"], places["H03"]
    corrections = [
        {"row": place["row"], "column": place["column"], "value": good_value(clean, place)}
        for place in (wrong_id, light)
    ]
    corrections.append({"row": spoiled, "column": "m", "value": sheet_value(clean, f"M{spoiled}")})
    received = story.data.correct(second, corrections)
    assert (received["version"], received["corrected_from"], received["filename"]) == (3, 2, back.name)
    third = story.data.checked(received["id"])
    assert (third["state"], story.compared(third)) == ("READY", (2, 3, 0, 0))
    assert next(one for one in story.findings(third) if one["rule"] == "C03")["reason"] == "เข้าเรียนช้า"
    expect_only_these_differ(story, second, third, {f"{cell['column'].upper()}{cell['row']}" for cell in corrections})
    assert story.data.post(f"/rounds/{story.round_id}/schools/{OWN}/confirm", {"version": 3})["state"] == "CONFIRMED"


def sheet_value(made: Generated, place: str) -> Any:
    return openpyxl.load_workbook(made.path).active[place].value


def expect_marked(sheet: Any, findings: list[dict[str, Any]]) -> None:
    """Every cell with a finding, and no other, has its colour and its words."""
    marked = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.comment}
    placed = [finding for finding in findings if finding["row"]]
    assert set(marked) == {f"{finding['column']}{finding['row']}" for finding in placed}
    for finding in placed:
        cell = marked[f"{finding['column']}{finding['row']}"]
        assert cell.fill.fgColor.rgb == FILLS[finding["severity"]]
        assert finding["rule"] in cell.comment.text and finding["message"] in cell.comment.text


def expect_only_these_differ(story: Story, before: Any, after: Any, places: set[str]) -> None:
    """What the correction wrote is all that changed in the file."""

    def cells(submission: Any) -> dict[str, Any]:
        answer = story.data.post(f"/submissions/{submission['id']}/download", {}, expect=None)
        book = openpyxl.load_workbook(io.BytesIO(answer.content), rich_text=True)
        assert book.sheetnames[-1] == SUMMARY_TITLE
        return {
            cell.coordinate: (cell.value, cell.number_format, *map(repr, (cell.font, cell.fill, cell.comment)))
            for row in book.worksheets[0].iter_rows()
            for cell in row
        }

    old, new = cells(before), cells(after)
    assert {place for place in old if old[place] != new[place]} == places


def test_a_correction_is_refused_where_it_does_not_belong(story: Story) -> None:
    director = story.people[f"director-{OWN}"]
    made = school_file(story.folder, OWN, defects=("G01.blank",), seed=5)
    standing = story.send(made.path)
    place = made.findings[0]
    cell = {"row": place.row, "column": place.column, "value": "สมหมาย"}
    path = f"/submissions/{standing['id']}/cells"
    assert story.data.request("PATCH", path, json=[cell]).status_code == 428
    stale = story.data.correct(standing, [cell], expect=412, seen=standing["version"] - 1)
    assert (stale["current"], stale["given"]) == (str(standing["version"]), str(standing["version"] - 1))
    older = {**standing, "id": story.data.get(f"/rounds/{story.round_id}/schools/{OWN}")["submissions"][1]["id"]}
    assert story.data.correct(older, [cell], expect=409)["code"] == "submission.state"
    for who in (director, story.officer):
        assert who.correct(standing, [cell], expect=None).status_code == 403
    assert story.people[f"data-{OTHER}"].correct(standing, [cell], expect=None).status_code == 404

    wrong: list[tuple[dict[str, Any], str]] = [
        ({"row": 2}, "0.row"),
        ({"row": 5000}, "0.row"),
        ({"column": "AZ"}, "0.column"),
        ({"column": "ก"}, "0.column"),
        ({"value": "ก" * 501}, "0.value"),
        ({"value": "สอง\nบรรทัด"}, "0.value"),
        ({"value": {"a": 1}}, "0.value"),
        ({"row": "สาม"}, "0.row"),
    ]
    for change, pointer in wrong:
        refused = story.data.correct(standing, [{**cell, **change}], expect=422)
        assert [error["pointer"] for error in refused["errors"]] == [pointer], change
    assert story.data.correct(standing, [cell, cell], expect=422)["errors"][0]["code"] == "repeated"
    assert story.data.correct(standing, [], expect=422)["code"] == "invalid"
    assert story.data.get(f"/rounds/{story.round_id}/schools/{OWN}")["last_version"] == standing["version"]

    # a formula is text, and the log tells places, no values
    formula = story.data.checked(story.data.correct(standing, [{**cell, "value": "=1+1"}])["id"])
    assert "F12" not in {finding["rule"] for finding in story.findings(formula)}
    log = story.people["auditor"].get("/audit", limit=200)["items"]
    line = next(entry for entry in log if entry["action"] == "submission.cells_corrected")
    assert line["change"]["cells"] == [{"row": place.row, "column": place.column, "field": "guardian_first"}]
    assert "=1+1" not in str(line)


def test_only_who_may_see_ids_gets_the_annotated_workbook(story: Story) -> None:
    made = school_file(story.folder, OWN, defects=("I03.digit",), seed=6)
    submission = story.send(made.path)
    assert story.annotated(submission, "officer").status_code == 422
    answer = story.annotated(submission, "officer", reason=REASON)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert story.annotated(submission, "auditor", reason=REASON).status_code == 403
    assert story.annotated(submission, f"data-{OTHER}", reason=REASON).status_code == 404
    seen = story.people["auditor"].get("/disclosures", limit=200)["items"]
    lines = [item for item in seen if item["action"] == "reveal.annotated"]
    assert {item["subject"] for item in lines} == {f"school/{OWN}"}
    assert {item["reason"] for item in lines} >= {REASON}

    empty = story.data.checked(story.data.upload(story.round_id, OWN, None, no_pupils=True)["id"])
    assert story.annotated(empty).json()["code"] == "submission.no_file"


@pytest.mark.parametrize("file_format", ["csv-cp874", "html"])
def test_a_text_file_comes_back_as_a_workbook_that_tells_its_rows(story: Story, file_format: str) -> None:
    other = story.people[f"data-{OTHER}"]
    planted = {"defects": ("G01.blank", "I03.digit"), "seed": len(file_format)}
    made = school_file(story.folder, OTHER, file_format=file_format, **planted)  # type: ignore[arg-type]
    first = story.send(made.path, other, OTHER)
    answer = other.get(f"/submissions/{first['id']}/annotated.xlsx", expect=None)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    expect_marked(sheet, other.get(f"/submissions/{first['id']}/findings")["items"])
    header = next(row for row in sheet.iter_rows() if row[-1].value == "แถวเดิม")
    below = [row[-1].value for row in sheet.iter_rows(min_row=header[0].row + 1)]
    assert below == list(range(header[0].row + 1, sheet.max_row + 1))

    # it is taken back as it is: nothing new, not even for the column that we added
    back = story.folder / f"2569-1-student-{file_format}.xlsx"
    back.write_bytes(answer.content)
    second = story.send(back, other, OTHER)
    found = other.get(f"/submissions/{second['id']}")
    assert (found["fixed"], found["still_open"], found["new"]) == (0, 2, 0)
    place = next(finding for finding in made.findings if finding.rule == "G01")
    clean = school_file(story.folder, OTHER, **{**planted, "defects": ()})  # type: ignore[arg-type]
    cells = [{"row": place.row, "column": place.column, "value": sheet_value(clean, f"{place.column}{place.row}")}]
    third = other.checked(other.correct(second, cells)["id"])
    found = other.get(f"/submissions/{third['id']}")
    assert (found["fixed"], found["still_open"], found["new"]) == (1, 1, 0)


def test_trying_a_file_leaves_nothing(story: Story) -> None:
    before = stored_files(story.system)
    school = story.data.get(f"/rounds/{story.round_id}/schools/{OTHER}", expect=403)
    assert school["code"] == "forbidden"
    made = school_file(story.folder, OWN, defects=("G01.blank", "P05.digit"), seed=9)
    versions = story.data.get(f"/rounds/{story.round_id}/schools/{OWN}")
    tried = story.data.try_file(story.round_id, OWN, made.path)
    assert (tried["accepted"], tried["state"]) == (True, "HAS_ERRORS")
    assert tried["counts"]["error"] == 2
    planted = {(finding.rule, finding.row, finding.column) for finding in made.findings}
    assert {(item["rule"], item["row"], item["column"]) for item in tried["findings"]} == planted
    assert not any({"value", "row_key", "value_hash"} & item.keys() for item in tried["findings"])
    assert story.data.get(f"/rounds/{story.round_id}/schools/{OWN}") == versions
    assert stored_files(story.system) == before
    log = story.people["auditor"].get("/audit", limit=50)["items"]
    assert next(entry for entry in log if entry["action"] == "school_round.check_only")["change"]["accepted"]

    refused = story.folder / "เอกสาร.pdf"
    refused.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")
    assert story.data.try_file(story.round_id, OWN, refused, expect=415)["code"] == "F01.type"
    strange = story.folder / "อื่น.csv"
    strange.write_text("ก,ข\n1,2\n")
    assert not story.data.try_file(story.round_id, OWN, strange)["accepted"]
    assert story.people[f"data-{OTHER}"].try_file(story.round_id, OWN, made.path, expect=403)["code"] == "forbidden"
    assert stored_files(story.system) == before


def stored_files(system: System) -> set[str]:
    root = system.folder / "data" / "files"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_sample_that_is_filled_in_is_ready(story: Story, filled_in: Callable[[bytes, Generated, Path], Path]) -> None:
    answer = story.data.get(f"/rounds/{story.round_id}/sample.xlsx", expect=None, smis=OTHER)
    assert answer.status_code == 403
    answer = story.data.get(f"/rounds/{story.round_id}/sample.xlsx", expect=None, smis=OWN)
    assert answer.status_code == 200, answer.text
    blank = story.folder / "2569-1-student-ว่าง.xlsx"
    blank.write_bytes(answer.content)
    tried = story.data.try_file(story.round_id, OWN, blank)
    assert [(item["rule"], item["severity"]) for item in tried["findings"]] == [("F08", "ERROR")]
    made = school_file(story.folder, OWN, pupils=40, seed=11)
    filled = filled_in(answer.content, made, story.folder / "2569-1-student-กรอก.xlsx")
    sent = story.send(filled)
    assert (sent["state"], sent["counts"]["pupils"]) == ("READY", made.counts["pupils"])


@pytest.fixture
def filled_in() -> Callable[[bytes, Generated, Path], Path]:
    """Type the pupils of a generated file into a sample, below its header, as people do."""

    def fill(sample: bytes, made: Generated, path: Path) -> Path:
        book = openpyxl.load_workbook(io.BytesIO(sample))
        sheet = book.worksheets[0]
        for number, pupil in enumerate(pupil_rows(made.path), 3):
            for column, value in enumerate(pupil[2:], 3):
                sheet.cell(number, column).value = value
        book.save(path)
        return path

    return fill
