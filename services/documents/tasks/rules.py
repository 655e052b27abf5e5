"""What becomes of a task, what those who decide may write, and when a letter is done (correspondence.md §3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from shared.problems import FieldError, conflict, invalid

MAX_INSTRUCTION, MAX_SUMMARY, MAX_REPORT = 2000, 1000, 4000
MAX_PEOPLE = 60


class TaskRole(StrEnum):
    """Whether somebody has to act on a letter or only to know of it."""

    RESPONSIBLE = "responsible"
    INFORMED = "informed"


class TaskState(StrEnum):
    """What became of a task."""

    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    REPORTED = "REPORTED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class Verdict(StrEnum):
    """What who decides writes on a letter: the eight of the office's own system (§3.1)."""

    PASS_ON = "pass_on"  # noqa: S105
    APPROVE = "approve"
    APPROVE_ON_BEHALF = "approve_on_behalf"
    APPROVE_ACTING = "approve_acting"
    DISAPPROVE = "disapprove"
    RETURN = "return"
    CONSULT = "consult"
    PULL_BACK = "pull_back"


APPROVALS = frozenset({Verdict.APPROVE, Verdict.APPROVE_ON_BEHALF, Verdict.APPROVE_ACTING})
# a word is needed where the letter comes back or is refused
NEEDS_TEXT = frozenset({Verdict.DISAPPROVE, Verdict.RETURN, Verdict.CONSULT})
WAITING = (TaskState.ASSIGNED, TaskState.ACCEPTED, TaskState.REPORTED)
_STEPS: Mapping[tuple[TaskState, str], TaskState] = {
    (TaskState.ASSIGNED, "accept"): TaskState.ACCEPTED,
    (TaskState.ACCEPTED, "report"): TaskState.REPORTED,
    (TaskState.ASSIGNED, "report"): TaskState.REPORTED,
    (TaskState.REPORTED, "send_back"): TaskState.ACCEPTED,
    **{(state, "close"): TaskState.CLOSED for state in WAITING},
    **{(state, "cancel"): TaskState.CANCELLED for state in WAITING},
}


def after(state: TaskState, step: str) -> TaskState:
    """The state in which a step leaves a task.

    Raises:
        Problem: ``task.state`` (409).
    """
    reached = _STEPS.get((state, step))
    if reached is None:
        raise conflict("task.state", "งานนี้อยู่ในขั้นตอนที่ทำรายการนี้ไม่ได้", state=state.value)
    return reached


def is_done(responsible: Iterable[TaskState]) -> bool:
    """Whether everybody who had to act has reported."""
    states = [state for state in responsible if state is not TaskState.CANCELLED]
    return bool(states) and all(state in (TaskState.REPORTED, TaskState.CLOSED) for state in states)


def checked_text(field: str, title: str, text: str | None, most: int, *, required: bool = True) -> str:
    """What somebody wrote, without spaces around; lines stay lines.

    Raises:
        Problem: ``invalid`` (422).
    """
    cleaned = (text or "").strip()
    if required and not cleaned:
        raise invalid([FieldError(field, "required", f"{title}: ต้องกรอก")])
    if len(cleaned) > most:
        raise invalid([FieldError(field, "length", f"{title}: ยาวเกิน {most:,} ตัวอักษร")])
    return cleaned


def check_people(responsible: list[str], informed: list[str]) -> None:
    """Somebody has to act; nobody stands in both lists or twice in one.

    Raises:
        Problem: ``invalid`` (422).
    """
    errors = []
    if not responsible:
        errors.append(FieldError("responsible", "required", "ผู้รับผิดชอบ: ต้องระบุอย่างน้อยหนึ่งคน"))
    named = [*responsible, *informed]
    if len(named) != len(set(named)):
        errors.append(FieldError("informed", "twice", "ผู้รับผิดชอบและผู้รับทราบ: ระบุคนเดียวกันซ้ำ"))
    if len(named) > MAX_PEOPLE:
        errors.append(FieldError("responsible", "many", f"ผู้รับผิดชอบและผู้รับทราบ: รวมกันได้ไม่เกิน {MAX_PEOPLE} คน"))
    if errors:
        raise invalid(errors)
