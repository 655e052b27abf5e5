"""Whoever changes something has seen what is there: the refusals of If-Match and If-None-Match (DESIGN §6)."""

from __future__ import annotations

from services.schools.organisations.rules import Precondition, bare_tag, judge_precondition
from shared.problems import Problem


def require_seen(current: str | None, if_match: str | None, if_none_match: str | None = None) -> None:
    """Let pass only a writer who names the version that is stored (``current``; None: nothing is).

    Raises:
        Problem: ``precondition.required`` (428), ``precondition.stale`` (412, with both versions).
    """
    verdict = judge_precondition(current, if_match, if_none_match)
    if verdict is Precondition.REQUIRED:
        raise Problem(
            "precondition.required",
            428,
            "ต้องระบุรุ่นของข้อมูลที่จะบันทึก",
            "การบันทึกครั้งแรกให้ส่งส่วนหัว If-None-Match: * การแก้ไขให้ส่ง If-Match ตาม ETag ที่ได้รับครั้งล่าสุด",
        )
    if verdict is Precondition.STALE:
        raise _stale(current, bare_tag(if_match if if_match is not None else if_none_match or ""))


def _stale(current: str | None, given: str) -> Problem:
    if current is None:
        detail = "ยังไม่เคยบันทึกข้อมูลนี้ การบันทึกครั้งแรกให้ส่งส่วนหัว If-None-Match: *"
    else:
        detail = f"ข้อมูลรุ่นปัจจุบันคือ {current} แต่ท่านส่งรุ่น {given} กรุณาเปิดข้อมูลล่าสุด ตรวจสอบ แล้วบันทึกใหม่"
    return Problem("precondition.stale", 412, "ข้อมูลถูกแก้ไขไปก่อนแล้ว", detail, extra={"current": current, "given": given})
