"""Entering and taking back an office's own days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.documents import access
from services.documents.days.queries import area_of, day_view
from services.documents.days.tables import OfficeDay
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found
from shared.thai.dates import DateFault, parse_date

MAX_NAME = 200


def set_day(unit: Unit, day: str, kind: str, name: str) -> dict[str, Any]:
    """Enter a day off (``off``) or a day that is worked after all (``worked``); what stood for the day is replaced.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422).
    """
    area = area_of(unit.identity)
    access.require_at(unit, access.KEEPS_BOOKS, area, "กำหนดวันทำการ")
    chosen, cleaned = _day(day), " ".join(name.split())
    if not cleaned or len(cleaned) > MAX_NAME:
        raise invalid([FieldError("name", "required", f"ชื่อวัน: ต้องกรอก ไม่เกิน {MAX_NAME} ตัวอักษร")])
    row = unit.session.get(OfficeDay, (area, chosen)) or OfficeDay(org_path=area, day=chosen)
    row.kind, row.name, row.entered_at, row.entered_by = kind, cleaned, unit.now(), unit.actor
    unit.session.add(row)
    unit.audit("day.set", f"day/{chosen.isoformat()}", area, {"kind": kind, "name": cleaned})
    return day_view(row)


def remove_day(unit: Unit, day: str) -> dict[str, Any]:
    """Take a day back: the government's calendar holds for it again.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``invalid`` (422).
    """
    area = area_of(unit.identity)
    access.require_at(unit, access.KEEPS_BOOKS, area, "กำหนดวันทำการ")
    row = unit.session.get(OfficeDay, (area, _day(day)))
    if row is None:
        raise not_found("ไม่พบวันนี้ในปฏิทินของสำนักงาน")
    unit.session.delete(row)
    unit.audit("day.remove", f"day/{row.day.isoformat()}", area, {"kind": row.kind})
    return day_view(row)


def _day(written: str) -> dt.date:
    try:
        return parse_date(written).day
    except DateFault:
        raise invalid([FieldError("day", "date", "วันที่: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
