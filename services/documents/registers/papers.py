"""Registers on paper: forms 13 and 14 and the sheet of a day, as PDF, XLSX and CSV (clauses 38 and 43)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from services.documents.adapters import INCOMING
from services.documents.directory.queries import find_unit
from services.documents.directory.tables import OfficeUnit
from services.documents.letters.tables import Letter, LetterPlace
from services.documents.registers.queries import readable_book
from services.documents.registers.rules import RECEIVED_KINDS, TITLES, BookKind, register_year
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.registers.veil import VEILED, Veil
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.problems import FieldError, invalid
from shared.runtime import desk
from shared.security.identity import Identity
from shared.thai.dates import ce_year, format_short

PRINT = "services.documents.printing.registers:register_task"
FORMS = {13: "received", 14: "sent"}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def print_register(
    app: Any,
    caller: Identity | None,
    book_id: str,
    made_as: str,
    be_year: int | None = None,
    form: int | None = None,
    day: str | None = None,
) -> dict[str, Any]:
    """A reference to a book's year on paper (``made_as`` pdf, xlsx or csv), or to the sheet of one ``day`` of it.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``desk.*``.
    """
    with app.read(caller) as unit:
        book = readable_book(unit, book_id)
        first, last, chosen = _period(unit, book, be_year, form, day)
        sheet = _sheet(unit, book, first, last, chosen)
        made_at = unit.now().astimezone(BANGKOK)
    job = {"as": made_as, "made_at": made_at.isoformat(), "sheet": sheet}
    _, sha256, _ = desk.run_into_file(app.adapters, PRINT, job)
    with app.write(caller) as unit:
        book = readable_book(unit, book_id)
        change = {"as": made_as, "from": first.isoformat(), "to": last.isoformat()}
        unit.audit("book.print", f"book/{book.id}", book.org_path, change)
        name = f"{sheet['title']} {sheet['be_year']}.{made_as}"
        return handout(unit, INCOMING, sha256, name, CONTENT_TYPES[made_as])


def _period(
    unit: Unit, book: RegisterBook, be_year: int | None, form: int | None, day: str | None
) -> tuple[dt.date, dt.date, str]:
    if day is not None:
        try:
            chosen = dt.date.fromisoformat(day)
        except ValueError:
            raise invalid([FieldError("day", "date", "วันที่: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
        return chosen, chosen, "daily"
    year = ce_year(be_year or register_year(unit.now()))
    usual = FORMS[13] if BookKind(book.kind) in RECEIVED_KINDS else FORMS[14]
    return dt.date(year, 1, 1), dt.date(year, 12, 31), FORMS[form] if form else usual


def _sheet(unit: Unit, book: RegisterBook, first: dt.date, last: dt.date, form: str) -> dict[str, Any]:
    statement = (
        select(RegisterEntry, Letter)
        .outerjoin(Letter, Letter.id == RegisterEntry.letter_id)
        .where(RegisterEntry.book_id == book.id, RegisterEntry.be_year == first.year + 543)
        .order_by(RegisterEntry.no, RegisterEntry.suffix)
    )
    if first == last:
        statement = statement.where(RegisterEntry.entry_date == first)
    lines = unit.session.execute(statement).all()
    veil = Veil.of(unit, book, [entry for entry, _ in lines])
    passed = _passed_on(unit, [letter.id for _, letter in lines if letter is not None], book.owner)
    return {
        "title": TITLES[BookKind(book.kind)],
        "office": find_unit(unit, book.owner).name,
        "be_year": first.year + 543,
        "form": form,
        "from_day": first.isoformat(),
        "to_day": last.isoformat(),
        "rows": [_veiled_row(entry) if veil.hides(entry) else _row(entry, letter, passed) for entry, letter in lines],
    }


def _row(entry: RegisterEntry, letter: Letter | None, passed: dict[str, str]) -> dict[str, Any]:
    """A line as the form has it: of the letter that bears the number, else what the book itself says."""
    doc_date = letter.doc_date if letter else entry.doc_date
    return {
        "no": entry.no,
        "display_no": entry.display_no,
        "doc_no": (letter.doc_no if letter else entry.doc_no) or "",
        "doc_date": doc_date.isoformat() if doc_date else None,
        "sender": (letter.sender if letter else entry.sender) or "",
        "receiver": (letter.receiver if letter else entry.receiver) or "",
        "subject": letter.subject if letter else entry.purpose,
        "action": (passed.get(letter.id, "") if letter else entry.action) or "",
        "note": entry.void_reason or (letter.note if letter else entry.note) or "",
        "state": entry.state,
        "entered_at": entry.entered_at.isoformat(),
    }


def _veiled_row(entry: RegisterEntry) -> dict[str, Any]:
    """A line of a secret register of which only the number may be told."""
    unsaid = dict.fromkeys(("doc_no", "sender", "receiver", "action", "note"), "")
    number = {"no": entry.no, "display_no": entry.display_no, "state": entry.state}
    return {**number, **unsaid, "doc_date": None, "subject": VEILED, "entered_at": entry.entered_at.isoformat()}


def _passed_on(unit: Unit, letter_ids: list[str], owner: str) -> dict[str, str]:
    """To which units letters were passed on and when, for the column การปฏิบัติ."""
    passed: defaultdict[str, list[str]] = defaultdict(list)
    statement = (
        select(LetterPlace.letter_id, OfficeUnit.name, LetterPlace.since)
        .join(OfficeUnit, OfficeUnit.code == LetterPlace.unit)
        .where(LetterPlace.letter_id.in_(letter_ids), LetterPlace.unit != owner)
        .order_by(LetterPlace.since)
    )
    for letter_id, name, since in unit.session.execute(statement):
        passed[letter_id].append(f"{name} {format_short(since.astimezone(BANGKOK).date())}")
    return {letter_id: ", ".join(names) for letter_id, names in passed.items()}
