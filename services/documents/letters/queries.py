"""Looking at letters: the list within the caller's reach, one with all that was done, its history."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import exists, or_, select

from services.documents.letters.finding import find_letter, visible
from services.documents.letters.recording import numbers_of
from services.documents.letters.tables import Letter, LetterPlace, LetterStep
from services.documents.letters.views import letter_view, step_view
from services.documents.registers.tables import RegisterEntry
from services.documents.tasks.tables import Endorsement, Task
from services.documents.tasks.views import endorsement_view, task_view
from shared.db.unit import Unit


def list_letters(
    unit: Unit,
    state: str | None = None,
    book: str | None = None,
    holder: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The letters within the caller's reach, the newest first; ``book`` narrows to those entered in it."""
    statement = select(Letter).where(visible(unit)).order_by(Letter.id.desc())
    if state is not None:
        statement = statement.where(Letter.state == state)
    if holder is not None:
        statement = statement.where(Letter.holder == holder)
    if book is not None:
        statement = statement.where(
            exists().where(RegisterEntry.letter_id == Letter.id, RegisterEntry.book_id == book)
        )
    if cursor is not None:
        statement = statement.where(Letter.id < cursor)
    rows = unit.session.execute(statement.limit(limit + 1)).scalars().all()
    shown = rows[:limit]
    numbers = _numbers(unit, [letter.id for letter in shown])
    items = [letter_view(letter, numbers[letter.id]) for letter in shown]
    return {"items": items, "next_cursor": shown[-1].id if len(rows) > limit else None}


def get_letter(unit: Unit, letter_id: str) -> dict[str, Any]:
    """One letter: what is known of it, its numbers, tasks, and what was written on it.

    Raises:
        Problem: ``not_found``.
    """
    letter = find_letter(unit, letter_id)
    tasks = unit.session.execute(select(Task).filter_by(letter_id=letter.id).order_by(Task.id)).scalars()
    words = unit.session.execute(
        select(Endorsement).filter_by(letter_id=letter.id).order_by(Endorsement.seq)
    ).scalars()
    places = unit.session.execute(
        select(LetterPlace.unit).filter_by(letter_id=letter.id).order_by(LetterPlace.since, LetterPlace.unit)
    ).scalars()
    return {
        **letter_view(letter, numbers_of(unit, letter.id)),
        "tasks": [task_view(task) for task in tasks],
        "endorsements": [endorsement_view(one) for one in words],
        "places": list(places),
    }


def get_history(unit: Unit, letter_id: str) -> dict[str, Any]:
    """Everything that was done with a letter, the oldest first.

    Raises:
        Problem: ``not_found``.
    """
    letter = find_letter(unit, letter_id)
    steps = unit.session.execute(select(LetterStep).filter_by(letter_id=letter.id).order_by(LetterStep.seq)).scalars()
    return {"items": [step_view(step) for step in steps], "next_cursor": None}


def list_tasks(unit: Unit, state: str | None = None, limit: int = 50, cursor: str | None = None) -> dict[str, Any]:
    """The caller's own tasks, what is due first on top; without ``state`` those that wait for something."""
    statement = select(Task, Letter).join(Letter, Letter.id == Task.letter_id).where(Task.assignee_id == unit.actor)
    statement = statement.where(Task.closed_at.is_(None)) if state is None else statement.where(Task.state == state)
    if cursor is not None:
        last = unit.session.get(Task, cursor)
        if last is not None:
            later = or_(Task.due_at > last.due_at, (Task.due_at == last.due_at) & (Task.id > last.id))
            statement = statement.where(later)
    rows = unit.session.execute(statement.order_by(Task.due_at, Task.id).limit(limit + 1)).all()
    shown = rows[:limit]
    numbers = _numbers(unit, [letter.id for _, letter in shown])
    items = [{**task_view(task), "letter": letter_view(letter, numbers[letter.id])} for task, letter in shown]
    return {"items": items, "next_cursor": shown[-1][0].id if len(rows) > limit else None}


def _numbers(unit: Unit, letter_ids: list[str]) -> dict[str, list[RegisterEntry]]:
    found: defaultdict[str, list[RegisterEntry]] = defaultdict(list)
    statement = select(RegisterEntry).where(RegisterEntry.letter_id.in_(letter_ids)).order_by(RegisterEntry.id)
    for entry in unit.session.execute(statement).scalars():
        found[entry.letter_id or ""].append(entry)
    return found
