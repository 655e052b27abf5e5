"""Who saw what: every showing of something that is otherwise masked is an audit row whose action begins alike."""

from __future__ import annotations

from shared.problems import FieldError, invalid
from shared.thai.national_id import mask_within

PREFIX = "reveal."
SHORTEST_REASON = 5
LONGEST_REASON = 500


def checked_reason(reason: str | None, *, needed: bool = True) -> str | None:
    """The reason for a disclosure as it is written down, ids in it masked; None where none is needed and none given.

    Raises:
        Problem: ``invalid`` (422): missing, too short to say anything, or too long.
    """
    text = " ".join((reason or "").split())
    if not text and not needed:
        return None
    if len(text) < SHORTEST_REASON:
        raise invalid([FieldError("reason", "required", "กรุณาระบุเหตุผลที่ขอดูข้อมูล (อย่างน้อย 5 ตัวอักษร)")])
    if len(text) > LONGEST_REASON:
        raise invalid([FieldError("reason", "length", f"เหตุผลต้องไม่เกิน {LONGEST_REASON} ตัวอักษร")])
    return mask_within(text)
