"""Appointing people for classes of secrecy, ending that; opening a letter with a reason, and keeping its list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.clearances import rules
from services.documents.clearances.queries import appoints_at
from services.documents.clearances.readers import begin_opening, give_access, keeps_list, readers_view
from services.documents.clearances.rules import PERSONAL, Level, Post
from services.documents.clearances.standing import listed_people
from services.documents.clearances.tables import Clearance, LetterReader
from services.documents.clearances.views import clearance_view
from services.documents.delegations.rules import Term
from services.documents.directory.finding import day_of, member_of_area
from services.documents.directory.tables import OfficeUnit
from services.documents.letters.finding import find_letter
from services.documents.letters.recording import write_down
from services.documents.letters.rules import check_reason
from services.documents.letters.tables import Letter
from services.documents.letters.views import local
from shared.audit.disclosure import checked_reason
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, forbidden, invalid, not_found


def appoint(
    unit: Unit, person: str, at: str, post: str, level: str, order_no: str, order_date: str, valid_from: str,
    until: str,
) -> dict[str, Any]:  # fmt: skip
    """Clear somebody for letters of an office or school (``at``, its code), on some days, by an order.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422), ``clearance.overlap`` (409).
    """
    place = unit.session.get(OfficeUnit, at)
    if place is None or place.kind == "GROUP" or not appoints_at(unit, place.org_path):
        raise forbidden("แต่งตั้งผู้เข้าถึงข้อมูลข่าวสารลับทำได้เฉพาะผู้อำนวยการของสำนักงานหรือโรงเรียนนั้น")
    member = member_of_area(unit, person, "person")
    if access.office_of(member.org_path) != place.org_path:
        raise invalid([FieldError("person", "unit", "ผู้ได้รับแต่งตั้ง: ต้องทำงานในสำนักงานหรือโรงเรียนนั้น")])
    term = Term(day_of("from", "ตั้งแต่วันที่", valid_from), day_of("until", "ถึงวันที่", until))
    ordered = day_of("order_date", "คำสั่งลงวันที่", order_date)
    rules.check_appointment(term, order_no, ordered, unit.clock.today())
    standing = select(Clearance).filter_by(person_id=member.staff_id, org_path=place.org_path, ended_at=None)
    if any(other.term.meets(term) for other in unit.session.execute(standing.with_for_update()).scalars()):
        raise conflict("clearance.overlap", "ผู้นี้ได้รับแต่งตั้งในช่วงเวลานี้แล้ว ให้สิ้นสุดรายการเดิมก่อน")
    clearance = Clearance(
        id=new_id(),
        unit=place.code,
        org_path=place.org_path,
        person_id=member.staff_id,
        post=Post(post).value,
        level=Level(level).value,
        order_no=order_no.strip(),
        order_date=ordered,
        valid_from=term.first,
        valid_until=term.last,
        created_at=unit.now(),
        created_by=unit.actor,
    )
    unit.session.add(clearance)
    view = clearance_view(clearance)
    unit.audit("clearance.appoint", f"clearance/{clearance.id}", place.org_path, view)
    return view


def end_clearance(unit: Unit, clearance_id: str, reason: str) -> dict[str, Any]:
    """End an appointment now: from this moment on its holder knows of no such letter.

    Raises:
        Problem: ``not_found``, ``invalid`` (422), ``clearance.ended`` (409).
    """
    found = select(Clearance).filter_by(id=clearance_id).with_for_update()
    clearance = unit.session.execute(found).scalar_one_or_none()
    if clearance is None or not appoints_at(unit, clearance.org_path):
        raise not_found("ไม่พบการแต่งตั้งนี้")
    why = check_reason(reason)
    if clearance.ended_at is not None:
        raise conflict("clearance.ended", "การแต่งตั้งนี้สิ้นสุดไปแล้ว")
    clearance.ended_at, clearance.ended_by, clearance.end_reason = unit.now(), unit.actor, why
    change = {"person": clearance.person_id, "level": clearance.level}
    unit.audit("clearance.end", f"clearance/{clearance.id}", clearance.org_path, change, why)
    return clearance_view(clearance)


def open_letter(unit: Unit, letter_id: str, reason: str) -> dict[str, Any]:
    """Say why one opens a letter with a personal list; it is open for a quarter of an hour, to the caller alone.

    Raises:
        Problem: ``not_found``, ``invalid`` (422), ``letter.open`` (409): this one needs no reason.
    """
    letter = find_letter(unit, letter_id, unopened=True)
    if letter.secrecy not in PERSONAL:
        raise conflict("letter.open", "หนังสือฉบับนี้เปิดได้โดยไม่ต้องระบุเหตุผล")
    opening = begin_opening(unit, letter, checked_reason(reason) or "")
    return {"letter_id": letter.id, "until": local(opening.until)}


def add_reader(unit: Unit, letter_id: str, person: str) -> dict[str, Any]:
    """Put somebody who is cleared on the personal list of a letter.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``letter.reason`` (428), ``invalid`` (422), ``letter.no_list`` (409).
    """
    letter = _listed_letter(unit, letter_id)
    give_access(unit, letter, [person], "person", "ผู้เข้าถึง")
    write_down(unit, letter, "admit", letter.state, detail={"person": person})
    return readers_view(unit, letter)


def remove_reader(unit: Unit, letter_id: str, person: str, reason: str) -> dict[str, Any]:
    """Take somebody else off it.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``letter.reason`` (428), ``invalid`` (422), ``letter.no_list``,
            ``letter.own_access`` (409).
    """
    letter = _listed_letter(unit, letter_id)
    why = check_reason(reason)
    if person not in listed_people(unit, letter):
        raise not_found("ไม่พบผู้นี้ในบัญชีผู้เข้าถึง")
    if person == unit.actor:
        raise conflict("letter.own_access", "ถอนชื่อตนเองออกจากบัญชีผู้เข้าถึงไม่ได้ ต้องมีผู้อื่นเป็นผู้ถอน")
    unit.session.get_one(LetterReader, (letter.id, person)).removed_at = unit.now()
    write_down(unit, letter, "exclude", letter.state, why, {"person": person})
    return readers_view(unit, letter)


def _listed_letter(unit: Unit, letter_id: str) -> Letter:
    letter = find_letter(unit, letter_id, lock=True)
    if letter.secrecy not in PERSONAL:
        raise conflict("letter.no_list", "บัญชีผู้เข้าถึงรายบุคคลมีเฉพาะหนังสือลับมากและลับที่สุด")
    if not keeps_list(unit, letter):
        raise forbidden("บัญชีผู้เข้าถึงแก้ไขได้เฉพาะผู้ลงทะเบียนและผู้พิจารณาหนังสือ")
    return letter
