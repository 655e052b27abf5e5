"""Looking at letters: the list within the caller's reach, one with all that was done, its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from services.documents.attachments.tables import Attachment
from services.documents.attachments.views import attachment_view
from services.documents.delegations.standing import persons
from services.documents.letters.finding import find_letter, reach_of, visible
from services.documents.letters.recording import numbers_of
from services.documents.letters.tables import Letter, LetterPlace, LetterStep
from services.documents.letters.views import letter_view, step_view
from services.documents.registers.tables import RegisterEntry
from services.documents.search.finding import Place, find
from services.documents.search.rules import query_of
from services.documents.search.tables import LetterText
from services.documents.tasks.tables import Endorsement, Task
from services.documents.tasks.views import endorsement_view, task_view
from shared.db.unit import Unit
from shared.problems import FieldError, invalid


def list_letters(
    unit: Unit,
    q: str | None = None,
    state: str | None = None,
    book: str | None = None,
    holder: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The letters within the caller's reach, the newest first; ``q`` is what somebody typed to find one: words of
    subject, correspondents and notes, numbers in any form, the best fits first.

    Raises:
        Problem: ``invalid`` (422) for a cursor that is none of ours.
    """
    conditions = _conditions(unit, state, book, holder)
    if q is not None and q.strip():
        return _found(unit, q, conditions, limit, cursor)
    statement = select(Letter).where(*conditions).order_by(Letter.id.desc())
    if cursor is not None:
        statement = statement.where(Letter.id < cursor)
    rows = unit.session.execute(statement.limit(limit + 1)).scalars().all()
    shown = rows[:limit]
    return {"items": _views(unit, shown), "next_cursor": shown[-1].id if len(rows) > limit else None}


def _conditions(unit: Unit, state: str | None, book: str | None, holder: str | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [visible(unit)]
    if state is not None:
        chosen.append(Letter.state == state)
    if holder is not None:
        chosen.append(Letter.holder == holder)
    if book is not None:
        chosen.append(exists().where(RegisterEntry.letter_id == Letter.id, RegisterEntry.book_id == book))
    return chosen


def _found(
    unit: Unit, typed: str, conditions: Sequence[ColumnElement[bool]], limit: int, cursor: str | None
) -> dict[str, Any]:
    try:
        after = Place.of(cursor) if cursor is not None else None
    except ValueError:
        raise invalid([FieldError("cursor", "cursor", "ตำแหน่งหน้าถัดไปไม่ถูกต้อง")]) from None
    statement = select(LetterText).join(Letter, Letter.id == LetterText.letter_id).where(*conditions)
    hits = find(unit.session, statement, query_of(typed), reach_of(unit), limit + 1, after)
    shown = hits[:limit]
    found = select(Letter).where(Letter.id.in_([hit.letter_id for hit in shown]))
    letters = {letter.id: letter for letter in unit.session.execute(found).scalars()}
    ordered = [letters[hit.letter_id] for hit in shown]
    return {"items": _views(unit, ordered), "next_cursor": shown[-1].cursor if len(hits) > limit else None}


def _views(unit: Unit, letters: Sequence[Letter]) -> list[dict[str, Any]]:
    numbers = _numbers(unit, [letter.id for letter in letters])
    return [letter_view(letter, numbers[letter.id]) for letter in letters]


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
    files = unit.session.execute(select(Attachment).filter_by(letter_id=letter.id).order_by(Attachment.id)).scalars()
    return {
        **letter_view(letter, numbers_of(unit, letter.id)),
        "tasks": [task_view(task) for task in tasks],
        "endorsements": [endorsement_view(one) for one in words],
        "places": list(places),
        "attachments": [attachment_view(file) for file in files],
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
    """The tasks of the caller and of those for whom they stand in, what is due first on top; without ``state`` those
    that wait for something.
    """
    own = Task.assignee_id.in_(persons(unit))
    statement = select(Task, Letter).join(Letter, Letter.id == Task.letter_id).where(own)
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
