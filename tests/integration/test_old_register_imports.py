"""The register of an old system comes into a book: looked at first, entered once, and the numbers go on behind it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from services.documents.letters.commands import create_letter, register_letter
from services.documents.registers import commands, queries
from services.documents.registers.importing import import_register
from shared.clock import BANGKOK
from tests.running.documents_desk import DocumentsDesk, book, code_of, desk_at, identity, letter_fields
from tests.running.old_registers import Amounts, as_csv, as_xlsx, make

TODAY = dt.datetime(2026, 11, 28, 9, 0, tzinfo=BANGKOK)
RECEIVED = book("received")
AMOUNTS = Amounts(
    rows=300, duplicates=4, letters=3, gaps=3, voids=5, bad_cells=4, bad_numbers=3, disorder=2
)


desk = desk_at(TODAY)


def send(desk: DocumentsDesk, content: bytes, name: str = "ทะเบียนรับ.xlsx", who: str = "registrar", **more: Any) -> Any:
    path = Path(desk.settings.data) / "sent"
    path.write_bytes(content)
    sha256 = desk.app.adapters.files.keep("incoming", path)[0]
    file = {"sha256": sha256, "filename": name}
    return import_register(desk.app, identity(who), RECEIVED, file, **more)


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
    assert report["sound"] == send(desk, as_xlsx(table), dry_run=False)["entered"]
    assert send(desk, as_xlsx(table))["sound"] == 0


def test_what_is_sound_is_entered_once_and_the_numbers_go_on_behind_it(desk: DocumentsDesk) -> None:
    table, planted = make(3, AMOUNTS)
    report = send(desk, as_csv(table), "ทะเบียนรับ.csv", dry_run=False)
    assert report["entered"] > 200
    for year, last in planted.last.items():
        found = account(desk, year)
        assert found["last_no"] == last and found["duplicates"] == [] and found["outside"] == []
    kept = sum(account(desk, year)["issued"] + len(account(desk, year)["void"]) for year in planted.last)
    assert kept == report["entered"]
    again = send(desk, as_csv(table), "ทะเบียนรับ.csv", dry_run=False)
    assert again["entered"] == 0, "what stands in the book is not entered again"
    letter = desk.command("registrar", create_letter, values=letter_fields(doc_date="2026-11-20"))["id"]
    given = desk.command("registrar", register_letter, letter_id=letter, book_id=RECEIVED)
    assert given["no"] == planted.last[2569] + 1
    (audited, _) = desk.audited("book.import")
    assert audited.change["entered"] == report["entered"]


def test_lines_of_the_old_system_keep_their_columns(desk: DocumentsDesk) -> None:
    header = ["เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ", "วันที่รับ"]
    row = ["๑๒/๒๕๖๙", "ศธ 04006/5", "๑ มิ.ย. ๒๕๖๙", "สพฐ.", "ผอ.เขต", "ประชุม", "กลุ่มแผน", "", "2/6/2569"]
    send(desk, as_xlsx([header, row]), dry_run=False)
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
