"""How tasks and words on letters look to the outside."""

from __future__ import annotations

from typing import Any

from services.documents.letters.views import local
from services.documents.tasks.tables import Endorsement, Task


def task_view(task: Task) -> dict[str, Any]:
    """One task; who it was given to is an id, names stay with their owner."""
    return {
        "id": task.id,
        "letter_id": task.letter_id,
        "role": task.role,
        "assignee_id": task.assignee_id,
        "assigned_by": task.assigned_by_name,
        "instruction": task.instruction,
        "due_at": local(task.due_at),
        "state": task.state,
        "assigned_at": local(task.assigned_at),
        "opened_at": local(task.opened_at),
        "accepted_at": local(task.accepted_at),
        "reported_at": local(task.reported_at),
        "closed_at": local(task.closed_at),
        "report": task.report,
    }


def endorsement_view(endorsement: Endorsement) -> dict[str, Any]:
    """A word on a letter, with who wrote it as they were then."""
    return {
        "seq": endorsement.seq,
        "at": local(endorsement.at),
        "author": endorsement.author_name,
        "capacity": endorsement.capacity,
        "verdict": endorsement.verdict,
        "text": endorsement.text,
    }
