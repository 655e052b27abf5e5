"""The main file of a letter, the registrations that are stamped on it, and who may add to its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.attachments.rules import STAMPED_KINDS, FileRole
from services.documents.attachments.tables import Attachment, StampPlace
from services.documents.delegations.standing import persons
from services.documents.directory.queries import find_unit
from services.documents.letters.tables import Letter
from services.documents.letters.views import local
from services.documents.registers.rules import RECEIVED_KINDS, EntryState
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.tasks.tables import Task
from shared.db.unit import Unit
from shared.problems import conflict


def main_of(unit: Unit, letter: Letter) -> Attachment:
    """The letter itself as it came.

    Raises:
        Problem: ``attachment.none`` (409).
    """
    found = select(Attachment).filter_by(letter_id=letter.id, role=FileRole.MAIN.value)
    attachment = unit.session.execute(found).scalar_one_or_none()
    if attachment is None:
        raise conflict("attachment.none", "หนังสือนี้ยังไม่มีไฟล์")
    return attachment


def registrations(unit: Unit, letter: Letter) -> list[tuple[RegisterEntry, RegisterBook]]:
    """Those that a stamp says: of every received book in which the letter stands, the office's first."""
    found = [(entry, unit.session.get_one(RegisterBook, entry.book_id)) for entry in letter.numbers]
    return [(entry, book) for entry, book in found if entry.state != EntryState.VOID and book.kind in RECEIVED_KINDS]


def stamps_on(unit: Unit, letter: Letter) -> dict[str, dict[str, Any]]:
    """A stamp (as the child's task takes it) for each registration, by the id of its entry."""
    stamps = {}
    for entry, book in registrations(unit, letter):
        place = unit.session.get(StampPlace, entry.id)
        received = letter.received_at if book.owner == letter.owner else entry.entered_at
        stamps[entry.id] = {
            "agency": find_unit(unit, book.owner).name,
            "number": entry.display_no,
            "received_at": local(received),
            "page": place.page if place else 1,
            "x": place.x if place else None,
            "y": place.y if place else None,
        }
    return stamps


def stamps_seen(unit: Unit, letter: Letter, files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """What can be stamped on the letter's main file, and whether the caller may say where; nothing while there is no
    file, or one that bears no stamp.
    """
    if not any(file.role == FileRole.MAIN and file.kind in STAMPED_KINDS for file in files):
        return []
    return [
        {"entry_id": entry.id, "may_place": access.acts_at(unit, access.KEEPS_BOOKS, book.org_path)}
        for entry, book in registrations(unit, letter)
    ]


def may_attach(unit: Unit, letter: Letter, tasks: Iterable[Task]) -> bool:
    """Whether the caller may put a file to a letter: its registry, who has it now, or who has a task in it."""
    keeps = any(access.acts_at(unit, access.KEEPS_BOOKS, path) for path in (letter.org_path, letter.holder_path))
    acting = persons(unit)
    return keeps or any(task.assignee_id in acting for task in tasks)
