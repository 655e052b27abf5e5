"""How a book counts: its prefix, whether circulars share numbers, the number it begins with, the end of its year."""

from __future__ import annotations

from typing import Any

from services.documents.directory.queries import find_unit
from services.documents.registers import rules
from services.documents.registers.finding import counter_of, kept_book
from services.documents.registers.queries import integrity_of, read_year, register_lines
from services.documents.registers.rules import CircularPolicy, register_year
from services.documents.registers.views import book_view, etag_of
from shared.chained_lines import chained, head_of
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, conflict, invalid


def change_book(
    unit: Unit,
    book_id: str,
    if_match: str | None = None,
    prefix: str | None = None,
    circular_policy: str | None = None,
) -> dict[str, Any]:
    """Set how the numbers of a book are written from now on; those that were given stay as they are.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``precondition.required``, ``precondition.stale``.
    """
    book = kept_book(unit, book_id, "ตั้งค่าทะเบียน", lock=True)
    require_seen(etag_of(book), if_match)
    before = {"prefix": book.prefix, "circular_policy": book.circular_policy}
    if prefix is not None:
        book.prefix = " ".join(prefix.split())
        if not book.prefix or len(book.prefix) > rules.MAX_PREFIX or "/" in book.prefix:
            raise invalid([FieldError("prefix", "prefix", "รหัสหนังสือ: ต้องกรอก และไม่มีเครื่องหมาย /")])
    if circular_policy is not None:
        book.circular_policy = CircularPolicy(circular_policy).value
    book.version += 1
    after = {"prefix": book.prefix, "circular_policy": book.circular_policy}
    unit.audit("book.change", f"book/{book.id}", book.org_path, {"before": before, "after": after})
    return book_view(book, find_unit(unit, book.owner).name, may_issue=True)


def set_opening(unit: Unit, book_id: str, be_year: int, last_no: int) -> dict[str, Any]:
    """The office used numbers of this year on paper or in another system: the next one here follows the last of them.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.in_use`` (409).
    """
    book = kept_book(unit, book_id, "ตั้งเลขเริ่มต้น", lock=True)
    counter = counter_of(unit, book, be_year)
    used = counter.last_no - counter.opening_no
    rules.check_opening(last_no, used)
    before, counter.opening_no, counter.last_no = counter.opening_no, last_no, last_no
    change = {"be_year": be_year, "before": before, "after": last_no}
    unit.audit("book.open", f"book/{book.id}", book.org_path, change)
    return read_year(unit, book, be_year)


def close_year(unit: Unit, book_id: str, be_year: int) -> dict[str, Any]:
    """Close a year that is over: nothing is entered or changed in it any more, and its last digest is written down.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422): the year is not over, ``book.closed``,
            ``book.reserved`` (409): numbers are still out.
    """
    book = kept_book(unit, book_id, "ปิดทะเบียน", lock=True)
    if be_year >= register_year(unit.now()):
        raise invalid([FieldError("be_year", "not_over", f"ปี พ.ศ.: ปี {be_year} ยังไม่สิ้นสุด ปิดทะเบียนไม่ได้")])
    counter = counter_of(unit, book, be_year)
    report = integrity_of(unit, book, be_year)
    if report["reserved"]:
        held = ", ".join(one["display_no"] for one in report["reserved"][:10])
        raise conflict("book.reserved", f"ยังมีเลขที่จองค้างอยู่ {len(report['reserved'])} เลข: {held}")
    lines = list(chained(register_lines(unit, book, be_year)))
    counter.closed_at, counter.head = unit.now(), head_of(lines)
    change = {"be_year": be_year, "head": counter.head, "is_sound": report["is_sound"]}
    unit.audit("book.close", f"book/{book.id}", book.org_path, change)
    return read_year(unit, book, be_year)
