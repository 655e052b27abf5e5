"""Whose letters somebody reads about (correspondence.md §3.4), and what is kept of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from services.reporting.letters.facts import Letter, Numbers, Task
from services.reporting.letters.periods import Period
from services.reporting.letters.tables import EntryFact, LetterFact, StaffFact, TaskFact, UnitFact
from shared.db.unit import Unit
from shared.problems import forbidden
from shared.security.access import DIRECTS_OFFICE, HEADS_UNIT, KEEPS_UNIT, decides_at, is_area, lineage, units_read

READS_OFFICE = (*DIRECTS_OFFICE, "auditor")
READERS = (*KEEPS_UNIT, *HEADS_UNIT, *READS_OFFICE)
RECEIVED = "received"
SECRET_BOOKS = ("secret_received", "secret_sent")
NEVER_WAS = ("VOID", "REJECTED")


@dataclass(frozen=True)
class Reach:
    """What somebody reads about: everything below ``whole``, and of ``own`` units what they have or own."""

    whole: tuple[str, ...]
    own: tuple[str, ...]

    def of(self, path: Any, registry: Any) -> ColumnElement[bool]:
        """The condition for something at the unit ``path`` that belongs to ``registry``, an office or a school."""
        below = [path.startswith(scope, autoescape=True) for scope in self.whole]
        return or_(false(), *below, path.in_(self.own), registry.in_(self.own))

    def keeps_books_of(self, place: UnitFact) -> bool:
        """Whether the books of a unit are told of: the groups of an office are its own."""
        office = lineage(place.org_path)[-2] if place.kind == "GROUP" else place.org_path
        return place.org_path.startswith(self.whole) or bool({place.org_path, office} & set(self.own))


def reach_of(unit: Unit) -> Reach:
    """Whose letters the caller reads about.

    Raises:
        Problem: ``forbidden``.
    """
    identity = unit.identity
    if not identity.roles & set(READERS):
        raise forbidden("รายงานหนังสือแสดงเฉพาะสารบรรณ ผู้อำนวยการ ผู้บริหาร และผู้ตรวจสอบ")
    found = select(StaffFact.org_path).filter_by(staff_id=identity.person_id, state="ACTIVE")
    home = unit.session.execute(found).scalar_one_or_none() or ""
    return Reach(identity.scopes(READS_OFFICE), tuple(sorted(units_read(identity, home))))


def letters_since(unit: Unit, reach: Reach, since: dt.datetime) -> list[Letter]:
    """The letters that were open, due or done at ``since`` or later; none that is secret, void or was refused."""
    due_later = select(TaskFact.task_id).where(TaskFact.letter_id == LetterFact.letter_id, TaskFact.due_at >= since)
    concerned = or_(
        LetterFact.completed_at.is_(None),
        LetterFact.completed_at >= since,
        LetterFact.due_at >= since,
        due_later.exists(),
    )
    names = ("state", "received_at", "due_at", "registered_at", "proposed_at", "assigned_at", "completed_at")
    columns = (getattr(LetterFact, name) for name in ("letter_id", "holder_path", "speed", *names))
    rows = unit.session.execute(_told(select(*columns), reach).where(concerned).order_by(LetterFact.letter_id))
    return [Letter(*row) for row in rows]


def tasks_since(unit: Unit, reach: Reach, since: dt.datetime) -> list[Task]:
    """The tasks of such letters that were open, due or done at ``since`` or later, or tell when one was opened."""
    names = (
        *("letter_id", "org_path", "assignee_id", "role", "state", "due_at", "assigned_at", "opened_at"),
        *("reported_at", "closed_at"),
    )
    statement = select(*(getattr(TaskFact, name) for name in names)).join(
        LetterFact, LetterFact.letter_id == TaskFact.letter_id
    )
    concerned = or_(LetterFact.completed_at.is_(None), LetterFact.completed_at >= since, TaskFact.due_at >= since)
    rows = unit.session.execute(
        _told(statement, reach).where(TaskFact.state != "CANCELLED", concerned).order_by(TaskFact.task_id)
    )
    return [Task(*row) for row in rows]


def numbers_in(unit: Unit, reach: Reach, units: Iterable[UnitFact], period: Period) -> dict[str, Numbers]:
    """The lines of books that bear a day of the period and stand, by the path of the unit that keeps the book."""
    counted = func.count().label("lines")
    is_received = (EntryFact.book_kind == RECEIVED).label("is_received")
    paths = [one.org_path for one in units if reach.keeps_books_of(one)]
    statement = (
        select(EntryFact.org_path, is_received, counted)
        .where(EntryFact.entry_date.between(period.first, period.last), EntryFact.state == "issued")
        .where(EntryFact.book_kind.not_in(SECRET_BOOKS), EntryFact.org_path.in_(paths))
        .group_by(EntryFact.org_path, is_received)
    )
    found: dict[str, dict[bool, int]] = {}
    for path, received, lines in unit.session.execute(statement):
        found.setdefault(path, {})[bool(received)] = lines
    return {path: Numbers(lines.get(True, 0), lines.get(False, 0)) for path, lines in found.items()}


def units_of(unit: Unit, reach: Reach) -> list[UnitFact]:
    """The units of the areas and schools about which the caller reads: offices, groups, schools, each by its name."""
    scopes = {*reach.whole, *reach.own}
    areas = [UnitFact.org_path.startswith(scope, autoescape=True) for scope in scopes]
    kinds = {"AREA": 0, "GROUP": 1, "SCHOOL": 2}
    found = unit.session.execute(select(UnitFact).where(or_(false(), *areas))).scalars()
    return sorted(found, key=lambda one: (kinds[one.kind], one.name, one.code))


def staff_of(unit: Unit, reach: Reach) -> list[StaffFact]:
    """Who works in those units, and who decides for them from above."""
    scopes = {*reach.whole, *reach.own}
    above = {path for scope in scopes for path in lineage(scope)}
    below = [StaffFact.org_path.startswith(scope, autoescape=True) for scope in scopes]
    return list(unit.session.execute(select(StaffFact).where(or_(StaffFact.org_path.in_(above), *below))).scalars())


def undecided(staff: Sequence[StaffFact], paths: Iterable[str], today: dt.date) -> frozenset[str]:
    """The units for whose letters nobody decides on a day: no director above them, nobody who heads them."""
    active = [member for member in staff if member.state == "ACTIVE"]
    places = [place for member in active for place in decides_at(member.grants, member.org_path, today)]
    return frozenset(
        path
        for path in paths
        if not any(path == place or (is_area(place) and path.startswith(place)) for place in places)
    )


def _told(statement: Select[Any], reach: Reach) -> Select[Any]:
    return statement.where(
        and_(
            reach.of(LetterFact.holder_path, LetterFact.org_path),
            LetterFact.secrecy == "none",
            LetterFact.state.not_in(NEVER_WAS),
        )
    )
