"""People as commands name them: known here, in service, of the same office."""

from __future__ import annotations

import datetime as dt

from services.documents import access
from services.documents.directory.tables import Staff
from shared.db.unit import Unit
from shared.problems import FieldError, invalid
from shared.thai.dates import DateFault, parse_date


def member_of_area(unit: Unit, staff_id: str, field: str) -> Staff:
    """Somebody who works in the caller's area now.

    Raises:
        Problem: ``invalid`` (422), naming ``field``.
    """
    member = unit.session.get(Staff, staff_id)
    if member is None or member.state != "ACTIVE" or not access.is_of_own_area(unit.identity, member.org_path):
        raise invalid([FieldError(field, "unknown", "ไม่พบบุคคลนี้ในหน่วยงาน")])
    return member


def day_of(field: str, title: str, written: str) -> dt.date:
    """A day that somebody wrote.

    Raises:
        Problem: ``invalid`` (422), naming ``field``.
    """
    try:
        return parse_date(written).day
    except DateFault:
        raise invalid([FieldError(field, "date", f"{title}: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
