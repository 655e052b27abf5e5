"""Looking at imports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents.imports.tables import RegisterImport
from services.documents.imports.views import import_view
from services.documents.registers.finding import kept_book
from shared.db.unit import Unit
from shared.problems import not_found

WHAT = "ดูการนำเข้าทะเบียน"
NEWEST = 20


def get_import(unit: Unit, book_id: str, import_id: str) -> dict[str, Any]:
    """An import into a book that the caller keeps: how far it is, and what was found in the register.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = kept_book(unit, book_id, WHAT)
    found = unit.session.get(RegisterImport, import_id)
    if found is None or found.book_id != book.id:
        raise not_found("ไม่พบการนำเข้านี้")
    return import_view(found)


def list_imports(unit: Unit, book_id: str) -> dict[str, Any]:
    """The newest imports into a book that the caller keeps, the last first.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = kept_book(unit, book_id, WHAT)
    newest = select(RegisterImport).filter_by(book_id=book.id).order_by(RegisterImport.id.desc()).limit(NEWEST)
    return {"items": [import_view(found) for found in unit.session.execute(newest).scalars()], "next_cursor": None}
