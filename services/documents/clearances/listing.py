"""Letters with a class of secrecy in lists: to who is cleared they show what they are, those that are opened with a
reason only that they are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.documents.clearances import witness
from services.documents.clearances.rules import PERSONAL
from services.documents.letters.tables import Letter
from services.documents.letters.views import letter_view
from services.documents.registers.tables import RegisterEntry
from services.documents.tasks.tables import Task
from services.documents.tasks.views import task_view
from shared.db.unit import Unit

_LETTER_UNSAID = {"subject": "", "from": "", "to": "", "doc_no": "", "note": "", "summary": None, "void_reason": None}
_TASK_UNSAID = {"instruction": "", "report": None}


def listed_letter(unit: Unit, letter: Letter, numbers: Sequence[RegisterEntry]) -> dict[str, Any]:
    """One letter as a list tells of it."""
    view = letter_view(letter, numbers)
    if letter.secrecy in PERSONAL:
        return {**view, **_LETTER_UNSAID}
    witness.allow(unit, letter)
    return view


def listed_task(task: Task, letter: Letter) -> dict[str, Any]:
    """One task as a list tells of it."""
    view = task_view(task)
    return {**view, **_TASK_UNSAID} if letter.secrecy in PERSONAL else view
