"""The gates: ยืนยัน, รับรอง, ตีกลับ, ยกเลิกการยืนยัน, ปลดล็อก, รับทราบ, ยกเว้น, ขยายเวลา."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.rules import read_future
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round
from services.rounds.duplicates.queries import open_duplicates_of
from services.rounds.duplicates.rules import open_duplicates
from services.rounds.gates import rules
from services.rounds.gates.publishing import move, publish
from services.rounds.gates.rules import Event, SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.gates.views import school_round_view, window_of
from services.rounds.submissions.tables import Submission
from shared.bus.contracts import rounds as contracts
from shared.bus.contracts.registry import EventType
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, invalid
from shared.security.access import require
from shared.thai.dates import read_instant


def confirm(
    unit: Unit, round_id: str, smis: str, version: int | None = None, no_pupils: bool = False
) -> dict[str, Any]:
    """ยืนยัน: the data officer says that these pupils are really there.

    Raises:
        Problem: ``forbidden``, ``not_found``; 409 with the guard that refused.
    """
    round_, school = _locked(unit, round_id, smis, access.CONFIRMS)
    rules.after(SchoolState(school.state), Event.CONFIRM)
    rules.check_version(version, school.version)
    submission = unit.session.get(Submission, school.submission_id) if school.submission_id else None
    rules.check_confirm(
        window_of(round_, school),
        unit.now(),
        submission.state if submission else None,
        on_hold=school.on_hold,
        no_pupils=bool(submission and submission.no_pupils),
        declared=no_pupils,
    )
    # an extension after the close leaves the earlier signatures until somebody signs anew
    clear_signatures(school)
    school.confirmed_by, school.confirmed_at = unit.identity.person_id, unit.now()
    school.reason = school.due = None
    counts = submission.counts if submission else {}
    sha256 = submission.sha256 if submission else None
    move(unit, school, Event.CONFIRM, sha256=sha256, detail={"counts": counts})
    return _published(unit, round_, school, contracts.SCHOOL_CONFIRMED)


def certify(unit: Unit, round_id: str, smis: str, version: int | None = None) -> dict[str, Any]:
    """รับรอง: the director signs what the data officer confirmed.

    Raises:
        Problem: ``forbidden``, ``not_found``; 409 with the guard that refused.
    """
    round_, school = _locked(unit, round_id, smis, access.CERTIFIES)
    rules.check_open(window_of(round_, school), unit.now())
    rules.after(SchoolState(school.state), Event.CERTIFY)
    rules.check_version(version, school.version)
    person = unit.identity.person_id
    school.same_person = rules.check_certify(school.confirmed_by, person, one_teacher=school.one_teacher)
    school.certified_by, school.certified_at = person, unit.now()
    move(unit, school, Event.CERTIFY, sha256=_hash(unit, school), detail={"same_person": school.same_person})
    return _published(unit, round_, school, contracts.SCHOOL_CERTIFIED)


def return_school(
    unit: Unit,
    round_id: str,
    smis: str,
    reason: str | None = None,
    rules_named: list[str] | None = None,
    rows: list[int] | None = None,
    due: str | None = None,
) -> dict[str, Any]:
    """ตีกลับ: the area sends the data back, saying why, which rules or rows, and until when.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``invalid`` (422) without a reason; 409 with the guard that refused.
    """
    round_, school = _locked(unit, round_id, smis, access.JUDGES)
    rules.check_open(window_of(round_, school), unit.now())
    school.due = _due(due)
    detail = {"rules": rules_named or [], "rows": rows or [], "due": due}
    _send_back(unit, school, Event.RETURN, reason, detail)
    return _published(unit, round_, school, contracts.SCHOOL_RETURNED)


def revoke(unit: Unit, round_id: str, smis: str, reason: str | None = None) -> dict[str, Any]:
    """ยกเลิกการยืนยัน: as a return, and the school may not confirm until the hold is lifted.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``invalid`` (422) without a reason; 409 with the guard that refused.
    """
    round_, school = _locked(unit, round_id, smis, access.JUDGES)
    rules.check_open(window_of(round_, school), unit.now())
    _send_back(unit, school, Event.REVOKE, reason, {})
    school.on_hold = True
    return _published(unit, round_, school, contracts.SCHOOL_REVOKED)


def lift_hold(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """Let a revoked school confirm again.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``school_round.no_hold`` (409).
    """
    round_, school = _locked(unit, round_id, smis, access.EXEMPTS)
    if not school.on_hold:
        raise conflict("school_round.no_hold", "โรงเรียนนี้ไม่ได้ถูกระงับการยืนยัน")
    school.on_hold = False
    move(unit, school, Event.LIFT_HOLD)
    return _published(unit, round_, school, contracts.SCHOOL_HOLD_LIFTED)


def acknowledge(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """รับทราบ: the area takes note of what the school certified.

    Raises:
        Problem: ``forbidden``, ``not_found``; 409 with the guard that refused, ``school_round.duplicates`` among them.
    """
    round_, school = _locked(unit, round_id, smis, access.JUDGES)
    rules.check_open(window_of(round_, school), unit.now())
    rules.after(SchoolState(school.state), Event.ACKNOWLEDGE)
    if waiting := open_duplicates_of(unit, round_id, smis):
        raise open_duplicates(waiting)
    move(unit, school, Event.ACKNOWLEDGE, sha256=_hash(unit, school))
    school.acknowledged_at = unit.now()
    return _published(unit, round_, school, contracts.SCHOOL_ACKNOWLEDGED)


def exempt(unit: Unit, round_id: str, smis: str, reason: str | None = None) -> dict[str, Any]:
    """ยกเว้น: the school need not answer in this round. Whoever was counted at the close is not taken out afterwards.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``invalid`` (422) without a reason; 409 with the guard that refused.
    """
    round_, school = _locked(unit, round_id, smis, access.EXEMPTS)
    if school.locked_from is not None:
        raise rules.round_closed()
    school.reason = rules.need_reason(reason)
    move(unit, school, Event.EXEMPT, reason=school.reason)
    return _published(unit, round_, school, contracts.SCHOOL_EXEMPTED)


def extend(unit: Unit, round_id: str, smis: str, until: str | None = None, reason: str | None = None) -> dict[str, Any]:
    """ขยายเวลา: give one school its own dates, until ``until``; in any state, also after the close and the publishing.

    A locked school is RETURNED and is locked again by the clock when the time has run out; left unused, it then stands
    as it did. A later call replaces ``until``.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``invalid`` (422) without a reason, for a date past or moving nothing.
    """
    round_, school = _locked(unit, round_id, smis, access.EXEMPTS, lock_round=True)
    text = rules.need_reason(reason)
    instant = read_future(until, "until", "ขยายเวลาถึง", unit.now())
    rules.check_moves(instant, round_.school_deadline, is_closed=round_.closed_at is not None)
    school.extended_until, school.extension_reason = instant, text
    school.school_deadline = max(round_.school_deadline, instant)
    school.certify_deadline = max(round_.certify_deadline, instant)
    school.late_since = None
    outcome = rules.after_extension(SchoolState(school.state))
    detail = {"until": instant.isoformat()}
    move(unit, school, Event.EXTEND, outcome=outcome, reason=text, detail=detail)
    return _published(unit, round_, school, contracts.SCHOOL_EXTENDED)


def find_school_round(unit: Unit, round_id: str, smis: str, *, lock: bool = False) -> SchoolRound:
    """The school in the round.

    Raises:
        Problem: ``not_found``.
    """
    statement = select(SchoolRound).filter_by(round_id=round_id, smis=smis)
    school = unit.session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
    if school is None:
        raise rules.not_in_round()
    return school


def clear_signatures(school: SchoolRound) -> None:
    """Forget who confirmed and certified; the history keeps it."""
    school.confirmed_by = school.confirmed_at = None
    school.certified_by = school.certified_at = None
    school.acknowledged_at = None
    school.same_person = False


def _locked(
    unit: Unit, round_id: str, smis: str, roles: tuple[str, ...], *, lock_round: bool = False
) -> tuple[Round, SchoolRound]:
    round_ = find_round(unit, round_id, lock=lock_round)
    school = find_school_round(unit, round_id, smis, lock=True)
    require(unit.identity, roles, school.org_path)
    return round_, school


def _send_back(unit: Unit, school: SchoolRound, event: Event, reason: str | None, detail: dict[str, Any]) -> None:
    text = rules.need_reason(reason)
    move(unit, school, event, sha256=_hash(unit, school), reason=text, detail=detail)
    school.reason = text
    school.returns += 1
    clear_signatures(school)


def _hash(unit: Unit, school: SchoolRound) -> str | None:
    submission = unit.session.get(Submission, school.submission_id) if school.submission_id else None
    return submission.sha256 if submission else None


def _due(raw: str | None) -> Any:
    try:
        return read_instant(raw) if raw else None
    except ValueError as error:
        raise invalid([FieldError("due", "date", "กำหนดแก้ไขไม่ใช่วันที่ที่ถูกต้อง")]) from error


def _published(unit: Unit, round_: Round, school: SchoolRound, event: EventType) -> dict[str, Any]:
    publish(unit, round_, school, event)
    return school_round_view(round_, school, unit.now())
