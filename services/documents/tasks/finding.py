"""The tasks of a letter."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from services.documents.delegations.standing import persons
from services.documents.tasks.rules import TaskState
from services.documents.tasks.tables import Task
from shared.db.unit import Unit


def tasks_of(unit: Unit, letter_id: str) -> list[Task]:
    """All of them, in the order in which they were given."""
    statement = select(Task).filter_by(letter_id=letter_id).order_by(Task.id)
    return list(unit.session.execute(statement).scalars())


def own_task(unit: Unit, tasks: Iterable[Task]) -> Task | None:
    """The task of the caller, or of somebody for whom they stand in, among those of a letter."""
    acting = persons(unit)
    own = (task for task in tasks if task.assignee_id in acting and task.state != TaskState.CANCELLED)
    return next(own, None)
