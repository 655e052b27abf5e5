"""The five steps of the handbook on a letter: proposed, assigned, accepted, reported, closed; returned on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.documents import access
from services.documents.clearances.readers import give_access, has_decider
from services.documents.directory.tables import Staff
from services.documents.letters import rules as letters
from services.documents.letters.finding import find_letter
from services.documents.letters.recording import due_of, move
from services.documents.letters.rules import LetterState, Move, Secrecy
from services.documents.letters.stuck import may_unstick
from services.documents.letters.tables import Letter
from services.documents.letters.views import letter_view
from services.documents.search.keeping import keep_found
from services.documents.tasks import rules
from services.documents.tasks.deciding import capacity_of, decides, directs_office
from services.documents.tasks.finding import own_task, tasks_of
from services.documents.tasks.recording import step, tell, write_on
from services.documents.tasks.rules import TaskRole, TaskState, Verdict
from services.documents.tasks.tables import Task
from services.documents.tasks.views import task_view
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, forbidden, invalid
from shared.thai.dates import read_instant


def propose_letter(unit: Unit, letter_id: str, summary: str, to: str | None = None) -> dict[str, Any]:
    """Put a registered letter before who decides, with a summary of one line; ``to`` names somebody in particular.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state``, ``letter.top_secret``,
            ``letter.no_decider`` (409): who decides is not cleared for it.
    """
    letter = find_letter(unit, letter_id, lock=True)
    access.require_at(unit, access.KEEPS_BOOKS, letter.holder_path, "เสนอหนังสือ")
    letters.check_carried(Secrecy(letter.secrecy))
    letter.summary = rules.checked_text("summary", "สรุปเรื่อง", summary, rules.MAX_SUMMARY)
    if to is not None and not decides(unit, letter, _member(unit, to, "to")):
        raise invalid([FieldError("to", "unit", "เสนอต่อ: ต้องเป็นผู้อำนวยการกลุ่มของหนังสือนี้ หรือผู้บริหาร")])
    letters.after(LetterState(letter.state), Move.PROPOSE)
    give_access(unit, letter, [to] if to else [], "to", "เสนอต่อ")
    if not has_decider(unit, letter):
        raise conflict("letter.no_decider", "ยังไม่มีผู้พิจารณาที่เข้าถึงชั้นความลับของหนังสือนี้ได้ ให้แต่งตั้ง หรือเพิ่มในบัญชีผู้เข้าถึงก่อนเสนอ")
    move(unit, letter, Move.PROPOSE, letter.summary, {"to": to})
    return _whole(unit, letter)


def assign_letter(
    unit: Unit,
    letter_id: str,
    responsible: Sequence[str],
    instruction: str,
    informed: Sequence[str] = (),
    due: str | None = None,
) -> dict[str, Any]:
    """Give a letter to those who have to act on it and to those who have to know, with what is to be done until when.
    One with a class of secrecy only to who is cleared for it.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state``, ``letter.top_secret`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    capacity = _capacity(unit, letter, "มอบหมายงาน")
    letters.check_carried(Secrecy(letter.secrecy))
    named = list(responsible), list(informed)
    rules.check_people(*named)
    text = rules.checked_text("instruction", "คำสั่งการ", instruction, rules.MAX_INSTRUCTION)
    until = _due(unit, letter, due)
    people = {person: _assignable(unit, letter, person) for person in (*responsible, *informed)}
    give_access(unit, letter, people, "responsible", "ผู้รับผิดชอบ")
    known = {task.assignee_id: task for task in _tasks(unit, letter) if task.state != TaskState.CANCELLED}
    move(unit, letter, Move.ASSIGN, text, {"responsible": named[0], "informed": named[1]})
    write_on(unit, letter, Verdict.PASS_ON, text, capacity)
    for role, chosen in zip((TaskRole.RESPONSIBLE, TaskRole.INFORMED), named, strict=True):
        for person in chosen:
            if person not in known:
                _give(unit, letter, people[person], role, text, until)
    keep_found(unit, letter)
    return _whole(unit, letter)


def endorse_letter(unit: Unit, letter_id: str, verdict: str, text: str = "") -> dict[str, Any]:
    """Write a verdict on a letter that was proposed: noted or approved ends the matter, refused or consulted leaves it
    where it is with a word, returned and pulled back move it.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    chosen = Verdict(verdict)
    words = rules.checked_text("text", "ข้อความ", text, rules.MAX_INSTRUCTION, required=chosen in rules.NEEDS_TEXT)
    if chosen is Verdict.PULL_BACK:
        return _pull_back(unit, letter, words)
    if chosen is Verdict.RETURN:
        return _return(unit, letter, words)
    if letter.state != LetterState.PROPOSED:
        raise conflict("letter.state", "หนังสือไม่ได้รอการพิจารณา", state=letter.state)
    capacity = _capacity(unit, letter, "เกษียนหนังสือ")
    write_on(unit, letter, chosen, words, capacity)
    if chosen in rules.APPROVALS:
        move(unit, letter, Move.ACKNOWLEDGE, words or None, {"verdict": chosen.value})
    return _whole(unit, letter)


def return_letter(unit: Unit, letter_id: str, reason: str) -> dict[str, Any]:
    """Send a letter back to the registry (the wrong group, something is missing), or a report back to who made it. The
    registry takes back what nobody at the group decides about.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    why = letters.check_reason(reason)
    if letter.state == LetterState.REPORTED:
        capacity = _capacity(unit, letter, "ส่งรายงานกลับ")
        write_on(unit, letter, Verdict.RETURN, why, capacity)
        move(unit, letter, Move.SEND_BACK, why)
        for task in _tasks(unit, letter):
            if task.role == TaskRole.RESPONSIBLE and task.state == TaskState.REPORTED:
                step(unit, task, "send_back")
        return _whole(unit, letter)
    is_forwarded = letter.state == LetterState.FORWARDED
    if may_unstick(unit, letter) or (is_forwarded and access.acts_at(unit, access.KEEPS_BOOKS, letter.holder_path)):
        move(unit, letter, Move.RETURN, why, goes_home=True)
        return _whole(unit, letter)
    return _return(unit, letter, why)


def open_task(unit: Unit, letter_id: str) -> dict[str, Any]:
    """Keep when somebody first looked at a letter that was given to them: who has not seen it is what a clerk is asked.

    Raises:
        Problem: ``not_found``, ``task.none`` (409).
    """
    task = _own(unit, find_letter(unit, letter_id, lock=True))
    if task.opened_at is None:
        task.opened_at = unit.now()
        tell(unit, task, "open")
    return task_view(task)


def accept_task(unit: Unit, letter_id: str) -> dict[str, Any]:
    """Take the own task up; whoever only has to know has read it with that.

    Raises:
        Problem: ``not_found``, ``task.none``, ``task.state`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    task = _own(unit, letter)
    task.accepted_at = unit.now()
    task.opened_at = task.opened_at or task.accepted_at
    if task.role == TaskRole.INFORMED:
        step(unit, task, "close")
        return _whole(unit, letter)
    step(unit, task, "accept")
    if letter.state == LetterState.ASSIGNED:
        move(unit, letter, Move.START)
    return _whole(unit, letter)


def report_task(unit: Unit, letter_id: str, report: str) -> dict[str, Any]:
    """Say what was done; when all who had to act have said so, the letter is reported.

    Raises:
        Problem: ``not_found``, ``invalid`` (422), ``task.none``, ``task.state``, ``letter.state`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    task = _own(unit, letter)
    if task.role == TaskRole.INFORMED:
        raise conflict("task.informed", "ท่านเป็นผู้รับทราบ ไม่ต้องรายงานผล")
    task.report = rules.checked_text("report", "รายงานผล", report, rules.MAX_REPORT)
    task.reported_at = unit.now()
    task.opened_at = task.opened_at or task.reported_at
    if letter.state == LetterState.ASSIGNED:
        move(unit, letter, Move.START)
    step(unit, task, "report")
    responsible = [TaskState(one.state) for one in _tasks(unit, letter) if one.role == TaskRole.RESPONSIBLE]
    if rules.is_done(responsible):
        move(unit, letter, Move.REPORT)
    return _whole(unit, letter)


def close_letter(unit: Unit, letter_id: str, note: str = "") -> dict[str, Any]:
    """End a matter that was reported, or of which it was enough to know.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    keeps = access.acts_at(unit, access.KEEPS_BOOKS, letter.holder_path)
    if not keeps:
        _capacity(unit, letter, "ปิดเรื่อง")
    words = rules.checked_text("note", "หมายเหตุ", note, rules.MAX_INSTRUCTION, required=False)
    move(unit, letter, Move.CLOSE, words or None)
    for task in _tasks(unit, letter):
        if task.state in rules.WAITING:
            step(unit, task, "close")
    return _whole(unit, letter)


def _return(unit: Unit, letter: Letter, why: str) -> dict[str, Any]:
    letters.after(LetterState(letter.state), Move.RETURN)
    capacity = _capacity(unit, letter, "คืนหนังสือ")
    write_on(unit, letter, Verdict.RETURN, why, capacity)
    move(unit, letter, Move.RETURN, why, goes_home=True)
    return _whole(unit, letter)


def _pull_back(unit: Unit, letter: Letter, words: str) -> dict[str, Any]:
    """Who proposed or forwarded a letter takes it back before somebody has acted on it."""
    was_forwarded = letter.state == LetterState.FORWARDED
    at = letter.org_path if was_forwarded else letter.holder_path
    access.require_at(unit, access.KEEPS_BOOKS, at, "ดึงเรื่องกลับ")
    move(unit, letter, Move.PULL_BACK, words or None, goes_home=was_forwarded)
    return _whole(unit, letter)


def _capacity(unit: Unit, letter: Letter, what: str) -> str:
    """In what capacity the caller decides about a letter.

    Raises:
        Problem: ``forbidden``.
    """
    capacity = capacity_of(unit, letter)
    if capacity is None:
        raise forbidden(f"{what}ทำได้เฉพาะผู้อำนวยการของหน่วยงานที่หนังสืออยู่ หรือผู้บริหาร")
    return capacity


def _member(unit: Unit, staff_id: str, field: str) -> Staff:
    member = unit.session.get(Staff, staff_id)
    if member is None or member.state != "ACTIVE":
        raise invalid([FieldError(field, "unknown", "ไม่พบบุคคลนี้ในหน่วยงาน")])
    return member


def _assignable(unit: Unit, letter: Letter, staff_id: str) -> Staff:
    """Somebody to whom the caller may give a letter: of the own unit, for directors of the whole office."""
    member = _member(unit, staff_id, "responsible")
    reach = letter.org_path if directs_office(unit, letter) else letter.holder_path
    if not member.org_path.startswith(reach):
        raise invalid([FieldError("responsible", "unit", "ผู้รับผิดชอบ: ต้องอยู่ในหน่วยงานของท่าน")])
    return member


def _give(
    unit: Unit, letter: Letter, member: Staff, role: TaskRole, instruction: str, due: dt.datetime
) -> None:
    task = Task(
        id=new_id(),
        letter_id=letter.id,
        org_path=letter.holder_path,
        role=role.value,
        assignee_id=member.staff_id,
        assigned_by=unit.actor,
        assigned_by_name=unit.identity.name,
        instruction=instruction,
        due_at=due,
        state=TaskState.ASSIGNED.value,
        revision=0,
        assigned_at=unit.now(),
    )
    unit.session.add(task)
    tell(unit, task, "assign")


def _due(unit: Unit, letter: Letter, due: str | None) -> dt.datetime:
    if due is None:
        return due_of(unit, letter)
    try:
        until = read_instant(due)
    except ValueError:
        raise invalid([FieldError("due", "date", "กำหนดเสร็จ: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
    if until <= unit.now():
        raise invalid([FieldError("due", "past", "กำหนดเสร็จ: ต้องเป็นเวลาที่ยังมาไม่ถึง")])
    if letter.speed_deadline is not None and until > letter.speed_deadline:
        raise invalid([FieldError("due", "late", "กำหนดเสร็จ: ต้องไม่เกินเวลาที่หนังสือกำหนด")])
    return until


def _own(unit: Unit, letter: Letter) -> Task:
    task = own_task(unit, _tasks(unit, letter))
    if task is not None:
        return task
    raise conflict("task.none", "หนังสือนี้ไม่ได้มอบหมายให้ท่าน")


def _tasks(unit: Unit, letter: Letter) -> list[Task]:
    unit.session.flush()
    return tasks_of(unit, letter.id)


def _whole(unit: Unit, letter: Letter) -> dict[str, Any]:
    view = letter_view(letter, letter.numbers)
    return {**view, "tasks": [task_view(task) for task in _tasks(unit, letter)]}
