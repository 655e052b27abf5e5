"""What is written down and told whenever a task or a word on a letter changes."""

from __future__ import annotations

from services.documents.letters.recording import written
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from services.documents.tasks.rules import TaskState, Verdict, after
from services.documents.tasks.tables import Endorsement, Task
from shared.bus.contracts.documents import TASK_MOVED
from shared.db.unit import Unit


def step(unit: Unit, task: Task, what: str) -> None:
    """Move a task on; audit log and event.

    Raises:
        Problem: ``task.state`` (409).
    """
    task.state = after(TaskState(task.state), what).value
    if task.state in (TaskState.CLOSED, TaskState.CANCELLED):
        task.closed_at = unit.now()
    tell(unit, task, what)


def tell(unit: Unit, task: Task, what: str) -> None:
    """Put a task as it is now into the audit log and on the bus; of a letter with a class of secrecy nobody is told."""
    unit.audit(f"task.{what}", f"task/{task.id}", task.org_path, {"letter": task.letter_id, "state": task.state})
    if unit.session.get_one(Letter, task.letter_id).secrecy != Secrecy.NONE:
        return
    task.revision += 1
    state = {
        "task_id": task.id,
        "letter_id": task.letter_id,
        "org_path": task.org_path,
        "role": task.role,
        "assignee_id": task.assignee_id,
        "state": task.state,
        "due_at": task.due_at.isoformat(),
        "assigned_at": task.assigned_at.isoformat(),
        **{name: written(getattr(task, name)) for name in ("opened_at", "accepted_at", "reported_at", "closed_at")},
    }
    unit.emit(TASK_MOVED, f"task/{task.id}", task.revision, state, task.org_path)


def write_on(unit: Unit, letter: Letter, verdict: Verdict, text: str, capacity: str) -> None:
    """Write a word on a letter, with the name and capacity of whoever writes it as they are now (clause 26)."""
    unit.session.add(
        Endorsement(
            letter_id=letter.id,
            author_id=unit.actor,
            author_name=unit.identity.name,
            capacity=capacity,
            verdict=verdict.value,
            text=text,
            at=unit.now(),
        )
    )
    change = {"verdict": verdict.value, "capacity": capacity}
    unit.audit("letter.endorse", f"letter/{letter.id}", letter.holder_path, change)
