"""Keeping which earlier letters a letter names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from services.documents.letters.finding import reach_of, visible
from services.documents.letters.tables import Letter
from services.documents.registers.opening import book_id
from services.documents.registers.rules import BookKind, EntryState
from services.documents.registers.tables import RegisterEntry
from services.documents.search.finding import find
from services.documents.search.rules import Rank, query_of
from services.documents.search.tables import LetterText
from services.documents.threads.rules import ReferenceKind, read_references, register_number
from services.documents.threads.tables import LetterReference
from shared.db.unit import Unit
from shared.problems import FieldError, invalid


def keep_references(unit: Unit, letter: Letter, values: Mapping[str, Any]) -> list[str]:
    """Keep what was keyed in as ``refers_to`` and ``answers`` in the place of what stood there; what was not keyed in
    stays. The names of the fields that changed.

    Raises:
        Problem: ``invalid`` (422), naming what is no letter that the caller may see, or may be several.
    """
    changed, errors = [], []
    for kind, typed in read_references(values).items():
        found = {text: _letters_called(unit, letter, text) for text in typed}
        errors += [_unclear(kind, text, ids) for text, ids in found.items() if len(ids) != 1]
        wanted = {ids[0] for ids in found.values() if len(ids) == 1}
        standing = set(
            unit.session.execute(
                select(LetterReference.linked_letter_id).filter_by(letter_id=letter.id, kind=kind.value)
            ).scalars()
        )
        if wanted == standing:
            continue
        changed.append(kind.value)
        # a letter that is named twice is named as what was keyed in last
        gone = LetterReference.linked_letter_id.in_(wanted | standing)
        # what they refer to must stand there first: the letter may be just keyed in
        unit.session.flush()
        unit.session.execute(delete(LetterReference).where(LetterReference.letter_id == letter.id, gone))
        for linked in sorted(wanted):
            unit.session.add(LetterReference(letter_id=letter.id, linked_letter_id=linked, kind=kind.value))
        unit.session.flush()
    if errors:
        raise invalid(errors)
    return changed


def _unclear(kind: ReferenceKind, text: str, ids: list[str]) -> FieldError:
    if ids:
        return FieldError(kind.value, "several", f"หนังสือที่อ้างถึง: {text} มีหลายฉบับ ให้ระบุเลขรับ/ปี เช่น 12/2569")
    return FieldError(kind.value, "unknown", f"หนังสือที่อ้างถึง: ไม่พบ {text}")


def _letters_called(unit: Unit, letter: Letter, text: str) -> list[str]:
    """The ids of the other letters that the caller may see and that bear an id or a number, as people write one."""
    others = [visible(unit), Letter.id != letter.id]
    by_id = list(unit.session.execute(select(Letter.id).where(Letter.id == text, *others)).scalars())
    return by_id or _registered_as(unit, letter, text, others) or _numbered(unit, text, others)


def _registered_as(unit: Unit, letter: Letter, text: str, others: list[Any]) -> list[str]:
    number = register_number(text)
    if number is None:
        return []
    statement = (
        select(Letter.id)
        .join(RegisterEntry, RegisterEntry.letter_id == Letter.id)
        .where(RegisterEntry.book_id == book_id(letter.owner, BookKind.RECEIVED), *others)
        .where(RegisterEntry.no == number.no, RegisterEntry.suffix == number.suffix)
        .where(RegisterEntry.be_year == number.be_year, RegisterEntry.state != EntryState.VOID)
    )
    return list(unit.session.execute(statement).scalars())


def _numbered(unit: Unit, text: str, others: list[Any]) -> list[str]:
    """By the letter's own number in any spelling, as the search knows it."""
    statement = select(LetterText).join(Letter, Letter.id == LetterText.letter_id).where(*others)
    hits = find(unit.session, statement, query_of(text), reach_of(unit), limit=2)
    return [hit.letter_id for hit in hits if hit.rank is Rank.EXACT_NUMBER]
