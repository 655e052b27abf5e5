"""Letting somebody stand in, ending that, and handing over all that somebody holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.clearances import witness
from services.documents.clearances.readers import give_access
from services.documents.clearances.standing import cleared
from services.documents.delegations.people import directs
from services.documents.delegations.queries import may_end
from services.documents.delegations.rules import Capacity, Term, check_delegation
from services.documents.delegations.tables import Delegation, Handover
from services.documents.delegations.views import delegation_view
from services.documents.directory.finding import day_of, member_of_area
from services.documents.directory.tables import Staff
from services.documents.letters.rules import check_reason
from services.documents.letters.tables import Letter
from services.documents.registers.requests import give_requests
from services.documents.search.keeping import keep_found
from services.documents.tasks.recording import tell
from services.documents.tasks.rules import WAITING
from services.documents.tasks.tables import Task
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, forbidden, invalid, not_found


def delegate(
    unit: Unit, to: str, valid_from: str, until: str, order_no: str, capacity: str, of: str | None = None
) -> dict[str, Any]:
    """Let ``to`` stand in for ``of`` (the caller) on some days, by an order.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422), ``delegation.overlap`` (409).
    """
    away = member_of_area(unit, of or unit.actor, "of")
    deputy = member_of_area(unit, to, "to")
    if away.staff_id != unit.actor and not directs(unit, away):
        raise forbidden("มอบแทนผู้อื่นทำได้เฉพาะผู้บังคับบัญชาของผู้นั้น")
    if access.office_of(deputy.org_path) != access.office_of(away.org_path):
        raise invalid([FieldError("to", "unit", "ผู้รับมอบ: ต้องอยู่ในสำนักงานหรือโรงเรียนเดียวกัน")])
    term = Term(day_of("from", "ตั้งแต่วันที่", valid_from), day_of("until", "ถึงวันที่", until))
    check_delegation(away.staff_id, deputy.staff_id, term, order_no, unit.clock.today())
    standing = select(Delegation).filter_by(from_person=away.staff_id, revoked_at=None).with_for_update()
    if any(other.term.meets(term) for other in unit.session.execute(standing).scalars()):
        raise conflict("delegation.overlap", "มีผู้รับมอบในช่วงเวลานี้แล้ว ให้ยกเลิกรายการเดิมก่อน")
    delegation = Delegation(
        id=new_id(),
        org_path=away.org_path,
        from_person=away.staff_id,
        to_person=deputy.staff_id,
        capacity=Capacity(capacity).value,
        order_no=order_no.strip(),
        valid_from=term.first,
        valid_until=term.last,
        created_at=unit.now(),
        created_by=unit.actor,
    )
    unit.session.add(delegation)
    change = {"from": away.staff_id, "to": deputy.staff_id, "order_no": delegation.order_no, "capacity": capacity}
    days = {"first": term.first.isoformat(), "last": term.last.isoformat()}
    unit.audit("delegation.give", f"delegation/{delegation.id}", away.org_path, {**change, **days})
    return delegation_view(delegation)


def revoke_delegation(unit: Unit, delegation_id: str) -> dict[str, Any]:
    """End a delegation now.

    Raises:
        Problem: ``not_found``, ``delegation.ended`` (409).
    """
    found = select(Delegation).filter_by(id=delegation_id).with_for_update()
    delegation = unit.session.execute(found).scalar_one_or_none()
    if delegation is None or not may_end(unit, delegation):
        raise not_found("ไม่พบการมอบอำนาจนี้")
    if delegation.revoked_at is not None:
        raise conflict("delegation.ended", "ยกเลิกการมอบนี้ไปแล้ว")
    delegation.revoked_at, delegation.revoked_by = unit.now(), unit.actor
    unit.audit("delegation.revoke", f"delegation/{delegation.id}", delegation.org_path, {})
    return delegation_view(delegation)


def hand_over(unit: Unit, of: str, to: str, order_no: str, reason: str) -> dict[str, Any]:
    """Give all that somebody holds to somebody else, the open tasks and the numbers asked for: who moves away leaves
    nothing behind. What the caller may not know of stays where it is; what they may goes only to who is cleared for it.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422).
    """
    leaving, taking = _known(unit, of), member_of_area(unit, to, "to")
    if leaving.staff_id != unit.actor and not directs(unit, leaving):
        raise forbidden("ส่งมอบงานแทนผู้อื่นทำได้เฉพาะผู้บังคับบัญชาของผู้นั้น")
    if access.office_of(taking.org_path) != access.office_of(leaving.org_path):
        raise invalid([FieldError("to", "unit", "ผู้รับมอบ: ต้องอยู่ในสำนักงานหรือโรงเรียนเดียวกัน")])
    today = unit.clock.today()
    check_delegation(leaving.staff_id, taking.staff_id, Term(today, today), order_no, today)
    why = check_reason(reason)
    open_tasks = select(Task).join(Letter, Letter.id == Task.letter_id)
    open_tasks = open_tasks.where(Task.assignee_id == leaving.staff_id, Task.state.in_(WAITING), cleared(unit))
    tasks = unit.session.execute(open_tasks.order_by(Task.id).with_for_update(of=Task)).scalars().all()
    for task in tasks:
        letter = unit.session.get_one(Letter, task.letter_id)
        give_access(unit, letter, [taking.staff_id], "to", "ผู้รับมอบ")
        witness.allow(unit, letter)
        task.assignee_id = taking.staff_id
        tell(unit, task, "hand_over")
        keep_found(unit, letter)
    requests = give_requests(unit, leaving.staff_id, taking.staff_id)
    handover = Handover(
        id=new_id(),
        org_path=leaving.org_path,
        from_person=leaving.staff_id,
        to_person=taking.staff_id,
        order_no=order_no.strip(),
        reason=why,
        tasks=len(tasks),
        requests=requests,
        at=unit.now(),
        by=unit.actor,
    )
    unit.session.add(handover)
    given = {"from": leaving.staff_id, "to": taking.staff_id, "tasks": len(tasks), "requests": requests}
    change = {**given, "order_no": handover.order_no}
    unit.audit("handover", f"handover/{handover.id}", leaving.org_path, change, why)
    return {"id": handover.id, **given}


def _known(unit: Unit, staff_id: str) -> Staff:
    """Somebody who works or worked here."""
    member = unit.session.get(Staff, staff_id)
    if member is None or not access.is_of_own_area(unit.identity, member.org_path):
        raise invalid([FieldError("of", "unknown", "ไม่พบบุคคลนี้ในหน่วยงาน")])
    return member
