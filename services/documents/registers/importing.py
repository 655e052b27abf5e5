"""Taking the register of an old system over into a book: first only looked at, then entered as far as it is sound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select

from services.documents.adapters import INCOMING
from services.documents.registers.finding import counter_of, kept_book
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterBook, RegisterEntry
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import Problem
from shared.runtime.children import JobFailed
from shared.security.identity import Identity
from shared.workbooks.claiming import kind_of

TASK = "services.documents.oldregisters.reading:read_register"
IMPORTED = "นำเข้าจากระบบเดิม"
ROWS_SHOWN = 1000
AT_ONCE = 500


def import_register(
    app: Any, caller: Identity | None, book_id: str, file: Mapping[str, Any], dry_run: bool = True
) -> dict[str, Any]:
    """What stands in a register export; unless it is a ``dry_run``, every sound row is entered in the book.

    ``file`` is {sha256, filename} of a file in the store's ``incoming``, which is not kept. The numbers go on behind
    the highest one that the register had. Rows of which something is wrong are told of and entered by nobody.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``F01.<cause>`` (4xx), ``oldregister.*`` (422) for a file that cannot be
            read; ``book.closed`` (409).
    """
    with app.read(caller) as unit:
        book = kept_book(unit, book_id, "นำเข้าทะเบียน")
        known = set(_known(unit, book))
        job = {
            "filename": file["filename"],
            "book_kind": book.kind,
            "known": [list(number) for number in known],
            "today": unit.clock.today().isoformat(),
        }
    report = _read(app, file, job)
    sound, entered = len(_fresh(report, known)), 0
    if not dry_run:
        with app.write(caller) as unit:
            book = kept_book(unit, book_id, "นำเข้าทะเบียน", lock=True)
            entered = _enter(unit, book, report, file["sha256"])
    told = [row for row in report["rows"] if row["findings"]]
    shown = {"rows": told[:ROWS_SHOWN], "rows_told": len(told)}
    return {**report, **shown, "sound": sound, "entered": entered, "dry_run": dry_run}


def _read(app: Any, file: Mapping[str, Any], job: Mapping[str, Any]) -> dict[str, Any]:
    with app.adapters.files.path_for_reading(INCOMING, file["sha256"]) as path:
        kind = kind_of(path, file["filename"])
        try:
            report: dict[str, Any] = app.adapters.children.run(
                TASK, {**job, "path": str(path), "kind": kind}, lambda *_: None
            )
        except JobFailed:
            said = "ไฟล์ใช้เวลาอ่านนานหรือใช้หน่วยความจำมากเกินไป กรุณาแยกเป็นปีละไฟล์"
            raise Problem("oldregister.too_heavy", 422, "อ่านทะเบียนนี้ไม่สำเร็จ", said) from None
    if "fault" in report:
        fault = report["fault"]
        raise Problem(fault["code"], 422, fault["title"], fault["detail"])
    return report


def _known(unit: Unit, book: RegisterBook) -> Iterable[tuple[int, int, str]]:
    lines = select(RegisterEntry.be_year, RegisterEntry.no, RegisterEntry.suffix).filter_by(book_id=book.id)
    return [(be_year, no, suffix) for be_year, no, suffix in unit.session.execute(lines)]


def _enter(unit: Unit, book: RegisterBook, report: Mapping[str, Any], sha256: str) -> int:
    """The sound rows as lines of the book; what came in between has been entered here meanwhile is passed over."""
    rows = [_line(unit, book, line) for line in _fresh(report, set(_known(unit, book)))]
    for start in range(0, len(rows), AT_ONCE):
        unit.session.execute(insert(RegisterEntry), rows[start : start + AT_ONCE])
    for year in report["years"]:
        counter = counter_of(unit, book, year["be_year"])
        counter.last_no = max(counter.last_no, year["last"])
    change = {"sha256": sha256, "entered": len(rows), "years": [year["be_year"] for year in report["years"]]}
    unit.audit("book.import", f"book/{book.id}", book.org_path, change)
    return len(rows)


def _fresh(report: Mapping[str, Any], known: set[tuple[int, int, str]]) -> list[Mapping[str, Any]]:
    """The sound rows whose numbers the book has not."""
    lines = [row["entry"] for row in report["rows"] if row["is_enterable"]]
    return [line for line in lines if tuple(line["number"].values()) not in known]


def _line(unit: Unit, book: RegisterBook, line: Mapping[str, Any]) -> dict[str, Any]:
    number, now = line["number"], unit.now()
    doc_date, entry_date = (_day(line[name]) for name in ("doc_date", "entry_date"))
    is_void = line["is_void"]
    return {
        "id": new_id(),
        "book_id": book.id,
        "be_year": number["be_year"],
        "no": number["no"],
        "suffix": number["suffix"],
        "display_no": book.numbering.written(
            number["be_year"], number["no"], number["suffix"], circular=line["is_circular"]
        ),
        "circular": line["is_circular"],
        "state": (EntryState.VOID if is_void else EntryState.ISSUED).value,
        "purpose": line["subject"],
        "letter_id": None,
        "block_id": None,
        "entry_date": entry_date or doc_date or unit.clock.today(),
        "entered_at": now,
        "entered_by": unit.actor,
        "reserved_until": None,
        "void_reason": IMPORTED if is_void else None,
        "voided_at": now if is_void else None,
        "voided_by": unit.actor if is_void else None,
        "doc_no": line["doc_no"],
        "doc_date": doc_date,
        "sender": line["sender"],
        "receiver": line["recipient"],
        "action": line["action"],
        "note": line["note"],
    }


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None

