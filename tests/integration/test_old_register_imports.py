"""The register of an old system comes into a book: looked at first, entered once, and the numbers go on behind it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from services.documents.imports import entering
from services.documents.imports.commands import look_at_register, receive_import
from services.documents.imports.entering import enter_next
from services.documents.imports.queries import get_import, list_imports
from services.documents.letters.commands import create_letter, register_letter
from services.documents.registers import commands, queries, years
from shared.bus.contracts.documents import ENTRIES_IMPORTED
from shared.clock import BANGKOK
from shared.runtime.children import JobFailed
from tests.running.documents_desk import DocumentsDesk, book, code_of, desk_at, identity, letter_fields
from tests.running.old_registers import Amounts, as_csv, as_xlsx, make

TODAY = dt.datetime(2026, 11, 28, 9, 0, tzinfo=BANGKOK)
RECEIVED = book("received")
AMOUNTS = Amounts(
    rows=300, duplicates=4, letters=3, gaps=3, voids=5, bad_cells=4, bad_numbers=3, disorder=2
)


desk = desk_at(TODAY)


def kept(desk: DocumentsDesk, content: bytes, name: str) -> dict[str, str]:
    path = Path(desk.settings.data) / "sent"
    path.write_bytes(content)
    return {"sha256": desk.app.adapters.files.keep("incoming", path)[0], "filename": name}


def send(desk: DocumentsDesk, content: bytes, name: str = "ทะเบียนรับ.xlsx", who: str = "registrar") -> Any:
    """Only look at it."""
    return look_at_register(desk.app, identity(who), RECEIVED, kept(desk, content, name))


def entered(desk: DocumentsDesk, content: bytes, name: str = "ทะเบียนรับ.xlsx") -> Any:
    """Have it entered, as far as that goes."""
    with desk.app.write(identity("registrar")) as unit:
        begun = receive_import(unit, RECEIVED, kept(desk, content, name))
    assert (begun["state"], begun["entered"], begun["counts"]["rows_in"]) == ("READING", 0, 0)
    assert enter_next(desk.app)
    return looked_up(desk, begun["id"])


def looked_up(desk: DocumentsDesk, import_id: str) -> Any:
    return desk.query("registrar", get_import, book_id=RECEIVED, import_id=import_id)


def account(desk: DocumentsDesk, year: int) -> Any:
    return desk.query("registrar", queries.check_integrity, book_id=RECEIVED, be_year=year)


def test_a_dry_run_tells_what_stands_in_it_and_enters_nothing(desk: DocumentsDesk) -> None:
    table, planted = make(3, AMOUNTS)
    report = send(desk, as_xlsx(table))
    assert (report["entered"], report["dry_run"]) == (0, True)
    assert report["counts"]["unreadable"] == len(planted.unreadable)
    assert {(gap["be_year"], gap["first"], gap["last"]) for gap in report["gaps"]} == planted.gaps
    assert all(row["findings"] for row in report["rows"]) and report["rows_told"] == len(report["rows"])
    assert account(desk, 2569)["last_no"] == 0
    assert report["sound"] == entered(desk, as_xlsx(table))["entered"]
    assert send(desk, as_xlsx(table))["sound"] == 0


def test_what_is_sound_is_entered_once_and_the_numbers_go_on_behind_it(desk: DocumentsDesk) -> None:
    table, planted = make(3, AMOUNTS)
    report = entered(desk, as_csv(table), "ทะเบียนรับ.csv")
    assert report["state"] == "DONE" and report["entered"] == report["sound"] > 200
    for year, last in planted.last.items():
        found = account(desk, year)
        assert found["last_no"] == last and found["duplicates"] == [] and found["outside"] == []
    in_book = sum(account(desk, year)["issued"] + len(account(desk, year)["void"]) for year in planted.last)
    assert in_book == report["entered"]
    again = entered(desk, as_csv(table), "ทะเบียนรับ.csv")
    assert (again["state"], again["entered"], again["sound"]) == ("DONE", 0, 0), "what stands in the book stays out"
    letter = desk.command("registrar", create_letter, values=letter_fields(doc_date="2026-11-20"))["id"]
    given = desk.command("registrar", register_letter, letter_id=letter, book_id=RECEIVED)
    assert given["no"] == planted.last[2569] + 1
    (audited, _) = desk.audited("book.import")
    assert audited.change["entered"] == report["entered"]


def test_lines_of_the_old_system_keep_their_columns(desk: DocumentsDesk) -> None:
    header = ["เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ", "วันที่รับ"]
    row = ["๑๒/๒๕๖๙", "ศธ 04006/5", "๑ มิ.ย. ๒๕๖๙", "สพฐ.", "ผอ.เขต", "ประชุม", "กลุ่มแผน", "", "2/6/2569"]
    entered(desk, as_xlsx([header, row]))
    (line,) = desk.query("registrar", queries.list_entries, book_id=RECEIVED, be_year=2569)["items"]
    assert (line["no"], line["for"], line["entry_date"], line["state"]) == (12, "ประชุม", "2026-06-02", "issued")
    assert (line["from"], line["to"], line["doc_no"], line["doc_date"], line["action"]) == (
        "สพฐ.", "ผอ.เขต", "ศธ 04006/5", "2026-06-01", "กลุ่มแผน",
    )  # fmt: skip


def test_who_does_not_keep_the_book_and_what_is_no_register(desk: DocumentsDesk) -> None:
    sheet = as_xlsx([["ชื่อ", "นามสกุล"], ["ก", "ข"]])
    assert code_of(lambda: send(desk, sheet, who="director")) == "forbidden"
    assert code_of(lambda: send(desk, sheet)) == "oldregister.columns"
    assert code_of(lambda: send(desk, b"%PDF-1.7 not a workbook", "a.xlsx")).startswith("F01.")
    desk.command("registrar", commands.issue_number, book_id=book("sent"), purpose="อื่น")
    assert account(desk, 2569)["last_no"] == 0
    given = {"book_id": RECEIVED, "file": kept(desk, sheet, "a.xlsx")}
    assert code_of(lambda: desk.command("clerk", receive_import, **given)) == "forbidden"
    refused = entered(desk, sheet)
    assert (refused["state"], refused["problem"]["code"], refused["entered"]) == ("REFUSED", "oldregister.columns", 0)
    assert refused["problem"]["detail"].startswith("ไม่พบแถวหัวตาราง")
    for reader in ("clerk", "stranger"):
        assert code_of(lambda who=reader: desk.query(who, list_imports, book_id=RECEIVED)) in ("forbidden", "not_found")


def plain(rows: int, be_year: int = 2569) -> bytes:
    """A register with nothing wrong in it."""
    header = ["เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "วันที่รับ"]
    day = f"2/6/{be_year}"
    lines = [[f"{no}/{be_year}", f"ศธ {no}", day, "สพฐ.", "ผอ.", f"เรื่อง {no}", day] for no in range(1, rows + 1)]
    return as_csv([header, *lines])


def told(desk: DocumentsDesk) -> list[Any]:
    return [event["data"] for event in desk.events(ENTRIES_IMPORTED.type)]


def test_lines_are_told_of_in_tables_and_never_by_what_they_say(desk: DocumentsDesk) -> None:
    done = entered(desk, plain(1201), "a.csv")
    tables = told(desk)
    assert [(one["import_id"], one["part"], len(one["entries"])) for one in tables] == [
        (done["id"], 1, 500), (done["id"], 2, 500), (done["id"], 3, 201),
    ]  # fmt: skip
    assert {line["no"] for one in tables for line in one["entries"]} == set(range(1, 1202))
    assert {(one["book_kind"], one["owner"]) for one in tables} == {("received", "5704")}
    assert "เรื่อง" not in str(tables) and "สพฐ." not in str(tables)
    assert desk.query("registrar", list_imports, book_id=RECEIVED)["items"] == [done], "found again by its book"


def test_who_dies_in_the_middle_leaves_whole_parts_and_another_goes_on(
    desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter_part, calls = entering._enter_part, []

    class Killed(BaseException):
        """No failure that anybody could write down."""

    def until_killed(*args: Any) -> None:
        calls.append(args)
        enter_part(*args)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(entering, "_enter_part", until_killed)
    begun = desk.command("registrar", receive_import, book_id=RECEIVED, file=kept(desk, plain(1300), "a.csv"))
    with pytest.raises(Killed):
        enter_next(desk.app)
    half = looked_up(desk, begun["id"])
    assert (half["state"], half["entered"], account(desk, 2569)["issued"]) == ("ENTERING", 500, 500)
    assert not enter_next(desk.app), "its lease is not over"
    given = desk.command("registrar", commands.issue_number, book_id=book("sent"), purpose="อีกเล่ม")
    assert given["no"] == 1, "other books are not held up"
    desk.move_clock(TODAY + dt.timedelta(minutes=1))
    assert enter_next(desk.app) and not enter_next(desk.app)
    whole = looked_up(desk, begun["id"])
    assert (whole["state"], whole["entered"], whole["sound"]) == ("DONE", 1300, 1300)
    numbers = [line["no"] for one in told(desk) for line in one["entries"]]
    assert sorted(numbers) == list(range(1, 1301)), "each line is told of once"
    assert account(desk, 2569)["is_sound"]


def test_a_number_asked_for_meanwhile_comes_behind_the_register(
    desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    progress_of = entering.Holding.__call__

    def ask(self: Any, stage: str, done: int, total: int) -> None:
        progress_of(self, stage, done, total)
        if stage == "enter" and done == 500:
            letter = desk.command("registrar", create_letter, values=letter_fields(doc_date="2026-11-20"))["id"]
            given.append(desk.command("registrar", register_letter, letter_id=letter, book_id=RECEIVED)["no"])

    monkeypatch.setattr(entering.Holding, "__call__", ask)
    done = entered(desk, plain(1100), "a.csv")
    assert given == [1101] and done["entered"] == 1100
    assert account(desk, 2569)["last_no"] == 1101 and account(desk, 2569)["is_sound"]


def test_a_year_that_is_closed_takes_nothing(desk: DocumentsDesk) -> None:
    entered(desk, plain(3, 2568), "ปีก่อน.csv")
    desk.command("registrar", years.close_year, book_id=RECEIVED, be_year=2568)
    late = entered(desk, plain(5, 2568), "ปีก่อน.csv")
    assert (late["state"], late["problem"]["code"], late["entered"]) == ("REFUSED", "book.closed", 0)
    assert account(desk, 2568)["issued"] == 3


def test_a_large_dry_run_goes_on_by_itself_and_enters_nothing(desk: DocumentsDesk) -> None:
    file = kept(desk, plain(40), "a.csv")
    begun = desk.command("registrar", receive_import, book_id=RECEIVED, file=file, dry_run=True)
    assert enter_next(desk.app)
    done = looked_up(desk, begun["id"])
    assert (done["state"], done["entered"], done["sound"], done["dry_run"]) == ("DONE", 0, 40, True)
    assert told(desk) == [] and account(desk, 2569)["last_no"] == 0


def test_what_nobody_can_finish_is_left_for_a_person(desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Any:
        raise JobFailed("memory", "too much")

    monkeypatch.setattr(desk.app.adapters.children, "run", never)
    begun = desk.command("registrar", receive_import, book_id=RECEIVED, file=kept(desk, plain(2), "a.csv"))
    for attempt in range(1, 4):
        desk.move_clock(TODAY + dt.timedelta(minutes=attempt))
        assert enter_next(desk.app)
    failed = looked_up(desk, begun["id"])
    assert (failed["state"], failed["problem"]["code"]) == ("FAILED", "oldregister.too_heavy")
    desk.move_clock(TODAY + dt.timedelta(hours=1))
    assert not enter_next(desk.app)
