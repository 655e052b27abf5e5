"""The area's file in the service itself, on both databases: split by school, a version each, rows of the original."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text

from services.rounds.adapters import INCOMING, PREFIX
from services.rounds.batches.commands import receive_batch
from services.rounds.batches.distributing import split_next
from services.rounds.batches.queries import get_batch, list_batches
from services.rounds.batches.tables import Batch
from services.rounds.gates.tables import SchoolRound
from services.rounds.retention.commands import SETTLED
from services.rounds.retention.ticking import erase_by_the_clock
from services.rounds.rules.registry import load_rule_set
from services.rounds.schools.tables import School
from services.rounds.submissions.checking import check_next
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.workbooks.commands import correct_cells, hand_out_annotated, hand_out_sent
from shared.problems import Problem
from shared.runtime.children import JobFailed
from shared.runtime.leases import ATTEMPTS
from shared.security.identity import Grant, Identity
from tests.running.area_file import AreaFile, area_file
from tests.running.dmc import header_and_rows
from tests.running.duplicates_desk import ONE, THREE, TWO, Desk, officer, open_desk
from tests.running.schools_service import refused

SCHOOLS = (ONE, TWO, THREE)
CLOSED, ELSEWHERE = "57040999", "57030001"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    postgres = request.getfixturevalue("servers")[1] if request.param == "postgresql" else None
    yield from open_desk(tmp_path_factory.mktemp(request.param), postgres)


@pytest.fixture
def round_id(desk: Desk) -> str:
    return desk.open_round()


def made(desk: Desk, *codes: str, strangers: tuple[str, ...] = (), **options: Any) -> AreaFile:
    files = {smis: desk.file(smis, seed=int(smis), **options) for smis in codes or SCHOOLS}
    return area_file(desk.folder, files, strangers)


def sent(desk: Desk, round_id: str, path: Path, **options: Any) -> str:
    """The file is handed in; its id."""
    sha256, size = desk.app.adapters.files.keep(INCOMING, path)
    file = {"sha256": sha256, "filename": path.name, "size": size}
    with desk.app.write(officer()) as unit:
        return str(receive_batch(unit, round_id, file, **options)["id"])


def worked_off(desk: Desk, round_id: str, path: Path, **options: Any) -> Any:
    """Handed in, split and checked: how it looks then."""
    batch_id = sent(desk, round_id, path, **options)
    while split_next(desk.app) or check_next(desk.app):
        pass
    return looked_at(desk, batch_id)


def looked_at(desk: Desk, batch_id: str) -> Any:
    with desk.app.read(officer()) as unit:
        return get_batch(unit, batch_id)


def schools(batch: Any) -> dict[str, Any]:
    return {school["smis"]: school for school in batch["schools"]}


def findings(desk: Desk, submission_id: str) -> set[tuple[str, str, int | None, str | None]]:
    with desk.app.read() as unit:
        rows = unit.session.execute(select(Finding).filter_by(submission_id=submission_id)).scalars()
        return {(row.rule, row.severity, row.row, row.column) for row in rows}


def test_every_school_gets_its_part_with_the_rows_of_the_area_file(desk: Desk, round_id: str) -> None:
    defects = ("I03.transposed", "H02.metres", "G01.blank")
    files = {smis: desk.file(smis, pupils=30, seed=int(smis), defects=defects) for smis in SCHOOLS}
    joined = area_file(desk.folder, files)
    batch = worked_off(desk, round_id, joined.path)
    rules = load_rule_set("dmc-2569-1").rules
    assert batch["state"] == "DONE"
    assert batch["counts"] == {"rows": 90, "schools": 3, "received": 3, "skipped": 0, "unmatched": 0}
    assert batch["findings"] == []
    for smis, school in schools(batch).items():
        expected = {
            (one.rule, one.severity, joined.rows[smis].get(one.row or 0), one.column)
            for one in files[smis].findings
            if one.rule in rules
        }
        assert findings(desk, school["submission_id"]) == expected, smis
        assert {rule for rule, *_ in expected} >= {"I03", "H02", "G01"}
        assert school["first_row"] == min(joined.rows[smis].values())
        standing = desk.standing(round_id, smis)
        assert (standing.id, standing.version, standing.on_behalf) == (school["submission_id"], 1, True)
        assert standing.tables is not None
        assert {name: standing.tables[name] for name in files[smis].tables} == files[smis].tables


def test_rows_of_unknown_closed_and_missing_codes_are_findings_of_the_file_and_stop_nobody(
    desk: Desk, round_id: str
) -> None:
    with desk.app.write() as unit:
        if unit.session.get(School, CLOSED) is None:
            area = desk.area(round_id)
            unit.session.add(
                School(
                    smis=CLOSED, version=1, name="บ้านยุบแล้ว", education_range="", amphoe=None, state="CLOSED",
                    org_path=f"{area}{CLOSED}/", area_code="1", area_name="เขต", one_teacher=False,
                )
            )  # fmt: skip
        else:
            unit.session.get_one(School, CLOSED).org_path = f"{desk.area(round_id)}{CLOSED}/"
    joined = made(desk, ONE, TWO, strangers=(ELSEWHERE, ELSEWHERE, CLOSED, ""))
    last = max(max(rows.values()) for rows in joined.rows.values())
    batch = worked_off(desk, round_id, joined.path)
    assert batch["state"] == "DONE"
    assert batch["counts"]["unmatched"] == 4 and set(schools(batch)) == {ONE, TWO}
    told = {(one["code"], one["row"], one["column"], one["severity"]) for one in batch["findings"]}
    assert told == {
        ("F03.unknown", last + 1, "A", "BLOCK"),
        ("F03.closed", last + 3, "A", "BLOCK"),
        ("F03.blank", last + 4, "A", "ERROR"),
    }
    assert {school["state"] for school in batch["schools"]} <= {"READY", "HAS_ERRORS"}


def test_what_a_school_confirmed_stands_unless_the_area_says_otherwise(desk: Desk, round_id: str) -> None:
    worked_off(desk, round_id, made(desk).path)
    put(desk, round_id, ONE, "CONFIRMED")
    put(desk, round_id, TWO, "ACKNOWLEDGED")
    second = worked_off(desk, round_id, made(desk, pupils=14).path)
    assert {smis: school["skipped"] for smis, school in schools(second).items()} == {
        ONE: "confirmed", TWO: "acknowledged", THREE: None,
    }  # fmt: skip
    assert desk.standing(round_id, ONE).version == 1 and desk.standing(round_id, THREE).version == 2
    third = worked_off(desk, round_id, made(desk, pupils=16).path, include_confirmed=True)
    assert {smis: school["skipped"] for smis, school in schools(third).items()} == {
        ONE: None, TWO: "acknowledged", THREE: None,
    }  # fmt: skip
    assert desk.standing(round_id, ONE).version == 2


def put(desk: Desk, round_id: str, smis: str, state: str) -> None:
    with desk.app.write() as unit:
        school = unit.session.execute(select(SchoolRound).filter_by(round_id=round_id, smis=smis)).scalar_one()
        school.state = state


@pytest.mark.parametrize("state", ["LOCKED", "EXEMPT"])
def test_schools_that_take_nothing_are_passed_over_with_the_reason(desk: Desk, round_id: str, state: str) -> None:
    put(desk, round_id, ONE, state)
    batch = worked_off(desk, round_id, made(desk).path)
    assert schools(batch)[ONE]["skipped"] == state.lower() and schools(batch)[ONE]["submission_id"] is None
    assert batch["counts"]["skipped"] == 1


def test_the_same_file_again_changes_nothing(desk: Desk, round_id: str) -> None:
    path = made(desk).path
    first = worked_off(desk, round_id, path)
    again = worked_off(desk, round_id, path)
    assert {school["skipped"] for school in again["schools"]} == {"same_file"}
    for smis in SCHOOLS:
        assert desk.standing(round_id, smis).id == schools(first)[smis]["submission_id"]


def test_no_rows_of_others_are_kept_with_a_school_and_the_whole_is_forgotten(desk: Desk, round_id: str) -> None:
    joined = made(desk, strangers=(ELSEWHERE,))
    batch = worked_off(desk, round_id, joined.path)
    files = desk.app.adapters.files
    with desk.app.read() as unit:
        whole = unit.session.get_one(Batch, batch["id"]).sha256
    forget(desk)
    assert not files.exists(PREFIX, whole)
    standing = desk.standing(round_id, ONE)
    _, rows = header_and_rows(joined.path)
    ids = {smis: {rows[at][2] for at in joined.rows[smis].values()} for smis in SCHOOLS}
    cells = cells_of(handed_out(desk, hand_out_sent, standing))
    assert not cells & (ids[TWO] | ids[THREE])
    assert ids[ONE] <= cells


def forget(desk: Desk) -> None:
    """It is so much later that files which nobody needs are removed."""
    desk.move_clock(seconds=2 * SETTLED.total_seconds())
    while erase_by_the_clock(desk.app):
        pass
    desk.move_clock(seconds=0)


def test_the_same_file_sent_again_before_the_first_is_forgotten_is_still_there(desk: Desk, round_id: str) -> None:
    path = made(desk).path
    worked_off(desk, round_id, path)
    again = sent(desk, round_id, path)
    forget(desk)
    while split_next(desk.app) or check_next(desk.app):
        pass
    assert looked_at(desk, again)["state"] == "DONE"


def test_the_part_of_a_school_that_is_passed_over_is_not_kept(desk: Desk, round_id: str) -> None:
    put(desk, round_id, ONE, "EXEMPT")
    before = stored(desk)
    worked_off(desk, round_id, made(desk, ONE).path)
    assert len(stored(desk) - before) == 2
    forget(desk)
    assert stored(desk) <= before


def stored(desk: Desk) -> set[str]:
    return {path.name for path in (desk.app.settings.files_root / PREFIX).glob("*/*") if len(path.name) == 64}


def handed_out(desk: Desk, operation: Any, submission: Submission) -> Any:
    """The workbook that an operation hands out, opened."""
    reference = operation(desk.app, officer(), submission.id, "ตรวจสอบตามที่โรงเรียนขอ")["reference"]
    named = desk.app.adapters.references.read(reference, desk.app.clock.now().timestamp())
    assert named.filename.endswith(".xlsx")
    with desk.app.adapters.files.path_for_reading(named.prefix, named.sha256) as path:
        return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def cells_of(workbook: Any) -> set[Any]:
    return {cell for row in workbook.worksheets[0].iter_rows(values_only=True) for cell in row}


def test_the_workbook_back_marks_the_cells_of_the_part_and_names_the_rows_of_the_area_file(
    desk: Desk, round_id: str
) -> None:
    files = {smis: desk.file(smis, pupils=20, seed=int(smis), defects=("H02.metres",)) for smis in SCHOOLS}
    joined = area_file(desk.folder, files)
    worked_off(desk, round_id, joined.path)
    standing = desk.standing(round_id, TWO)
    (wrong,) = [one for one in files[TWO].findings if one.rule == "H02"]
    book = handed_out(desk, hand_out_annotated, standing)
    sheet = book.worksheets[0]
    (marked,) = [cell for row in sheet.iter_rows() for cell in row if cell.comment and "H02" in cell.comment.text]
    assert marked.column_letter == wrong.column
    origin = sheet.cell(marked.row, sheet.max_column).value
    assert sheet.cell(1, sheet.max_column).value == "แถวเดิม" and origin == joined.rows[TWO][wrong.row or 0]
    cells = [cell for row in book.worksheets[-1].iter_rows() for cell in row if cell.hyperlink]
    links = {cell.value: cell.hyperlink.location for cell in cells}
    assert links[marked.coordinate] == f"'{sheet.title}'!{marked.coordinate}"


def test_a_cell_of_a_part_is_corrected_by_its_row_in_the_area_file(desk: Desk, round_id: str) -> None:
    files = {smis: desk.file(smis, pupils=20, seed=int(smis), defects=("H02.metres",)) for smis in SCHOOLS}
    joined = area_file(desk.folder, files)
    worked_off(desk, round_id, joined.path)
    (wrong,) = [one for one in files[TWO].findings if one.rule == "H02"]
    standing = desk.standing(round_id, TWO)
    cell = {"row": joined.rows[TWO][wrong.row or 0], "column": wrong.column, "value": "120"}
    correct_cells(desk.app, desk.data_officer(round_id, TWO), standing.id, [cell], "*")
    while check_next(desk.app):
        pass
    corrected = desk.standing(round_id, TWO)
    assert (corrected.version, corrected.kind) == (2, "xlsx")
    assert "H02" not in {rule for rule, *_ in findings(desk, corrected.id)}
    assert corrected.tables == standing.tables


@pytest.mark.parametrize(("content", "code"), [(b"not a workbook", "F01."), (None, "F02")])
def test_a_file_that_is_no_register_is_refused_whole(
    desk: Desk, round_id: str, tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "other.xlsx"
    if content is None:
        book = openpyxl.Workbook()
        book.active.append(["รายชื่อ", "ครู"])
        book.save(path)
        batch = worked_off(desk, round_id, path)
        assert batch["state"] == "REJECTED" and [one["rule"] for one in batch["findings"]] == [code]
    else:
        path.write_bytes(content)
        with pytest.raises(Problem) as problem:
            sent(desk, round_id, path)
        assert problem.value.code.startswith(code)


def test_a_file_of_strangers_alone_is_refused_and_says_why(desk: Desk, round_id: str) -> None:
    files = {ELSEWHERE: desk.file(ELSEWHERE)}
    batch = worked_off(desk, round_id, area_file(desk.folder, files).path)
    assert (batch["state"], batch["schools"]) == ("REJECTED", [])
    assert [one["code"] for one in batch["findings"]] == ["F03.unknown"]


class Failing:
    """Children whose jobs all fail in one way."""

    def __init__(self, cause: str) -> None:
        self.cause = cause

    def run(self, *_: Any) -> Any:
        raise JobFailed(self.cause, "for the test")

    def close(self) -> None:
        """Nothing to end."""


@pytest.mark.parametrize(("cause", "state", "rules"), [("raised", "FAILED", []), ("memory", "REJECTED", ["F01"])])
def test_a_file_that_cannot_be_split_is_tried_again_and_then_left(
    desk: Desk, round_id: str, monkeypatch: pytest.MonkeyPatch, cause: str, state: str, rules: list[str]
) -> None:
    batch_id = sent(desk, round_id, made(desk).path)
    monkeypatch.setattr(desk.app, "adapters", dataclasses.replace(desk.app.adapters, children=Failing(cause)))
    for later in range(ATTEMPTS):
        desk.move_clock(seconds=30 * later)
        assert split_next(desk.app)
    desk.move_clock(seconds=120)
    assert not split_next(desk.app)
    desk.move_clock(seconds=0)
    batch = looked_at(desk, batch_id)
    assert (batch["state"], [one["rule"] for one in batch["findings"]]) == (state, rules)
    with desk.app.read() as unit:
        whole = unit.session.get_one(Batch, batch_id).sha256
    forget(desk)
    assert not desk.app.adapters.files.exists(PREFIX, whole)


def test_only_an_officer_of_the_area_hands_in_and_only_the_area_looks(desk: Desk, round_id: str) -> None:
    path = made(desk).path
    batch_id = sent(desk, round_id, path)
    file = {"sha256": "0" * 64, "filename": "a.xlsx", "size": 1}
    area = desk.area(round_id)
    for role, scope in (("data_officer", f"{area}{ONE}/"), ("group_director", area), ("auditor", area)):
        caller = Identity("p", "p", "ครู", "s", (Grant(role, scope, ONE, ""),))
        with desk.app.write(caller) as unit, refused("forbidden", 403):
            receive_batch(unit, round_id, file)
    for role, scope, may in (
        ("data_officer", f"{area}{ONE}/", False), ("auditor", area, True), ("officer", "/obec/5703/", False),
    ):  # fmt: skip
        caller = Identity("p", "p", "ครู", "s", (Grant(role, scope, ONE, ""),))
        with desk.app.read(caller) as unit:
            if may:
                assert get_batch(unit, batch_id)["id"] == batch_id
                assert [one["id"] for one in list_batches(unit, round_id)["items"]] == [batch_id]
            else:
                with refused("not_found", 404):
                    get_batch(unit, batch_id)
    while split_next(desk.app) or check_next(desk.app):
        pass


def test_nothing_about_pupils_lies_open_in_the_table(desk: Desk, round_id: str) -> None:
    batch = worked_off(desk, round_id, made(desk, strangers=(ELSEWHERE,)).path)
    with desk.app.database.engine.connect() as connection:
        statement = text("SELECT filename, findings, uploaded_by_name FROM batch WHERE id = :id")
        row = connection.execute(statement, {"id": batch["id"]}).one()
    assert ELSEWHERE not in json.dumps(list(row)) and "area-" not in row[0]
