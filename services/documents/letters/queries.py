"""Looking at letters: the list within the caller's reach, one with all that was done, its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, or_, select

from services.documents import access
from services.documents.attachments.finding import stamps_seen
from services.documents.attachments.tables import Attachment
from services.documents.attachments.views import attachment_view
from services.documents.clearances.listing import listed_letter, listed_task
from services.documents.clearances.readers import readers_view
from services.documents.clearances.standing import cleared, cleared_people
from services.documents.delegations.standing import persons
from services.documents.directory.queries import names_of
from services.documents.directory.tables import OfficeUnit, Staff
from services.documents.letters.allowed import allowed, received_book
from services.documents.letters.doubts import doubts_about
from services.documents.letters.finding import find_letter, registry_of
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter, LetterPlace, LetterStep
from services.documents.letters.views import letter_view, step_view
from services.documents.letters.waiting import conditions
from services.documents.listing.finding import answers, narrowed, page_in_order
from services.documents.listing.fitting import near_letters, page_by_fit
from services.documents.listing.rules import Named, Order, read_wanted
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.registers.views import title_of
from services.documents.tasks.deciding import capacity_of, deciders, directs_office
from services.documents.tasks.finding import tasks_of
from services.documents.tasks.rules import TaskState
from services.documents.tasks.tables import Endorsement, Task
from services.documents.tasks.views import endorsement_view, task_view
from shared.db.unit import Unit
from shared.problems import forbidden
from shared.security.access import is_area

SHOWN = 5


def list_letters(
    unit: Unit,
    /,
    limit: int = 50,
    cursor: str | None = None,
    sort: str | None = None,
    assignees: list[str] | None = None,
    people: dict[str, Any] | None = None,
    **asked: Any,
) -> dict[str, Any]:
    """The letters within the caller's reach, the newest first or as ``sort`` says (:class:`Order`); ``q`` is what
    somebody typed to find one: words of subject, correspondents and notes, numbers in any form, the best fits first,
    and behind them what was given to the ``people`` (:class:`Named`) whose names stand in it. When nothing says what
    was typed, letters come that nearly do, and ``near`` is true. The rest of what is ``asked`` narrows the list
    (:func:`read_wanted`): ``unit`` to letters that an office has or had, ``waiting`` to those with which the caller has
    to do something (:class:`Waiting`); ``assignees`` to what was given to one of these people.

    Raises:
        Problem: ``invalid`` (422), also for a cursor that is none of ours.
    """
    wanted, named = read_wanted(asked, assignees), Named.of(people)
    chosen = narrowed(unit, wanted)
    is_near = False
    if sort is not None:
        chosen += [answers(unit, wanted.q, named)] if wanted.q else []
        letters, following = page_in_order(unit, chosen, Order.of(sort), wanted.book, limit, cursor)
    elif wanted.q:
        letters, following = page_by_fit(unit, wanted.q, named, chosen, limit, cursor)
        if not letters and cursor is None:
            letters = near_letters(unit, wanted.q, chosen)
            is_near = bool(letters)
    else:
        statement = select(Letter).where(*chosen).order_by(Letter.id.desc())
        if cursor is not None:
            statement = statement.where(Letter.id < cursor)
        rows = unit.session.execute(statement.limit(limit + 1)).scalars().all()
        letters = list(rows[:limit])
        following = letters[-1].id if len(rows) > limit else None
    return {"items": listed(unit, letters), "next_cursor": following, "near": is_near}


def get_letter(unit: Unit, letter_id: str) -> dict[str, Any]:
    """One letter: what is known of it, its numbers, tasks, what was written on it, and what the caller may do with it:
    ``allowed`` the operations, ``register_in`` the book for them, ``forward_to`` the groups, ``propose_to`` those who
    decide, ``assign_from`` the unit whose people may be given it, ``stamps`` what its main file bears. ``units`` and
    ``books`` are the names of those whose codes and ids stand in it.

    Raises:
        Problem: ``not_found``.
    """
    letter = find_letter(unit, letter_id)
    tasks, numbers = tasks_of(unit, letter.id), letter.numbers
    may = allowed(unit, letter, tasks)
    words = unit.session.execute(
        select(Endorsement).filter_by(letter_id=letter.id).order_by(Endorsement.seq)
    ).scalars()
    placed = select(LetterPlace.unit).filter_by(letter_id=letter.id).order_by(LetterPlace.since, LetterPlace.unit)
    places = list(unit.session.execute(placed).scalars())
    groups = _groups_below(unit, letter.org_path) if "forward" in may else []
    attached = select(Attachment).filter_by(letter_id=letter.id).order_by(Attachment.id)
    files = unit.session.execute(attached).scalars().all()
    directs = directs_office(unit, letter)
    return {
        **letter_view(letter, numbers),
        "tasks": [task_view(task) for task in tasks],
        "endorsements": [endorsement_view(one) for one in words],
        "places": places,
        "attachments": [attachment_view(file) for file in files],
        "stamps": stamps_seen(unit, letter, files),
        "allowed": may,
        "warnings": doubts_about(unit, letter) if "change" in may else [],
        "register_in": received_book(letter) if "register" in may else None,
        "forward_to": [{"code": group.code, "name": group.name} for group in groups if group.code != letter.holder],
        "propose_to": _deciders(unit, letter) if "propose" in may else [],
        "assign_from": (letter.owner if directs else letter.holder) if "assign" in may else None,
        **readers_view(unit, letter),
        "units": names_of(unit, {letter.owner, letter.holder, *places, *_mentioned(unit, letter)}),
        "books": _titles(unit, {entry.book_id for entry in numbers}),
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
    own = and_(Task.assignee_id.in_(persons(unit)), cleared(unit))
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
    items = [
        {**listed_task(task, letter), "letter": listed_letter(unit, letter, numbers[letter.id])}
        for task, letter in shown
    ]
    return {"items": items, "next_cursor": shown[-1][0].id if len(rows) > limit else None}


def list_work(unit: Unit) -> dict[str, Any]:
    """What waits for the caller: of each :class:`Waiting` and of their own tasks how many, and the first few (those
    that wait longest, the tasks that are due first). ``registry`` is as in :func:`list_holders`.
    """
    work = {}
    for what, condition in conditions(unit).items():
        found = select(Letter).where(condition)
        first = unit.session.execute(found.order_by(Letter.id).limit(SHOWN)).scalars().all()
        work[what.value] = {"total": _count(unit, found), "items": listed(unit, first)}
    own = select(Task).join(Letter, Letter.id == Task.letter_id)
    own = own.where(Task.assignee_id.in_(persons(unit)), Task.closed_at.is_(None), cleared(unit))
    late = own.where(Task.state != TaskState.REPORTED, Task.due_at < unit.now())
    tasks = {"total": _count(unit, own), "late": _count(unit, late), **list_tasks(unit, limit=SHOWN)}
    return {**work, "tasks": tasks, "registry": _registry_name(unit)}


def list_holders(unit: Unit) -> dict[str, Any]:
    """The office and its groups for who reads all letters that came through it: where a letter can be; ``registry`` is
    the name of the office or school for which the caller keys letters in.
    """
    scopes = unit.identity.scopes((*access.KEEPS_BOOKS, *access.READS_OFFICE))
    offices = sorted(path for path in scopes if is_area(path))
    statement = select(OfficeUnit).where(OfficeUnit.org_path.in_(offices), OfficeUnit.state == "OPEN")
    found = list(unit.session.execute(statement.order_by(OfficeUnit.code)).scalars())
    found += [group for path in offices for group in _groups_below(unit, path)]
    items = [{"code": one.code, "name": one.name} for one in found]
    return {"items": items, "next_cursor": None, "registry": _registry_name(unit)}


def _deciders(unit: Unit, letter: Letter) -> list[dict[str, Any]]:
    found = deciders(unit, letter)
    if letter.secrecy == Secrecy.NONE:
        return found
    let_know = cleared_people(unit, letter)
    return [one for one in found if one["person_id"] in let_know]


def list_assignable(unit: Unit, letter_id: str) -> dict[str, Any]:
    """Who may be given a letter, by id and unit: for whoever decides about it in the place of somebody who is away, and
    is no director to the owner of people.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    letter = find_letter(unit, letter_id)
    if capacity_of(unit, letter) is None:
        raise forbidden("มอบหมายงานทำได้เฉพาะผู้อำนวยการของหน่วยงานที่หนังสืออยู่ หรือผู้บริหาร")
    reach = letter.org_path if directs_office(unit, letter) else letter.holder_path
    statement = (
        select(Staff, OfficeUnit.name)
        .join(OfficeUnit, OfficeUnit.code == Staff.unit)
        .where(Staff.state == "ACTIVE", Staff.org_path.startswith(reach, autoescape=True))
        .where((OfficeUnit.kind != "SCHOOL") | (OfficeUnit.code == letter.holder))
        .order_by(OfficeUnit.name, Staff.staff_id)
    )
    if letter.secrecy != Secrecy.NONE:
        statement = statement.where(Staff.staff_id.in_(sorted(cleared_people(unit, letter))))
    items = [
        {"person_id": member.staff_id, "unit": member.unit, "unit_name": name}
        for member, name in unit.session.execute(statement)
    ]
    return {"items": items, "next_cursor": None}


def listed(unit: Unit, letters: Iterable[Letter]) -> list[dict[str, Any]]:
    """Lines of a list: letters with their numbers and the name of the unit where each is."""
    shown = list(letters)
    numbers = _numbers(unit, [letter.id for letter in shown])
    names = names_of(unit, {letter.holder for letter in shown})
    return [
        {**listed_letter(unit, letter, numbers[letter.id]), "holder_name": names.get(letter.holder, letter.holder)}
        for letter in shown
    ]


def _registry_name(unit: Unit) -> str | None:
    registry = registry_of(unit)
    return registry.name if registry else None


def _groups_below(unit: Unit, org_path: str) -> list[OfficeUnit]:
    statement = select(OfficeUnit).where(
        OfficeUnit.kind == "GROUP",
        OfficeUnit.state == "OPEN",
        OfficeUnit.org_path.startswith(org_path, autoescape=True),
    )
    return list(unit.session.execute(statement.order_by(OfficeUnit.name)).scalars())


def _mentioned(unit: Unit, letter: Letter) -> list[str]:
    """The units in the history of a letter."""
    return list(unit.session.execute(select(LetterStep.unit).filter_by(letter_id=letter.id).distinct()).scalars())


def _titles(unit: Unit, book_ids: set[str]) -> dict[str, str]:
    statement = (
        select(RegisterBook, OfficeUnit.name)
        .join(OfficeUnit, OfficeUnit.code == RegisterBook.owner)
        .where(RegisterBook.id.in_(book_ids))
    )
    return {book.id: title_of(book, name) for book, name in unit.session.execute(statement)}


def _count(unit: Unit, statement: Any) -> int:
    return int(unit.session.execute(statement.with_only_columns(func.count())).scalar_one())


def _numbers(unit: Unit, letter_ids: list[str]) -> dict[str, list[RegisterEntry]]:
    found: defaultdict[str, list[RegisterEntry]] = defaultdict(list)
    statement = select(RegisterEntry).where(RegisterEntry.letter_id.in_(letter_ids)).order_by(RegisterEntry.id)
    for entry in unit.session.execute(statement).scalars():
        found[entry.letter_id or ""].append(entry)
    return found
