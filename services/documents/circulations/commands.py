"""Sending a letter round inside, reading it, taking it back: one transaction, one event, however many read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from services.documents.circulations import rules
from services.documents.circulations.finding import readers_of
from services.documents.circulations.queries import circulation_of
from services.documents.circulations.reaching import circulates_within, may_withdraw, readers_within, refused
from services.documents.circulations.recording import tell
from services.documents.circulations.rules import Audience
from services.documents.circulations.tables import Circulation, CirculationReader
from services.documents.letters.finding import find_letter
from services.documents.letters.recording import write_down
from services.documents.letters.rules import LetterState, Secrecy, check_reason
from services.documents.letters.tables import Letter
from services.documents.letters.views import local
from services.documents.tasks.rules import checked_text
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import conflict, forbidden, not_found


def circulate(
    unit: Unit,
    letter_id: str,
    note: str = "",
    everybody: bool = False,
    units: Sequence[str] = (),
    people: Sequence[str] = (),
) -> dict[str, Any]:
    """Send a letter round: to everybody whom the caller may send it to, to all of some units, to people. Who has it
    already gets it once; who sends it has read it.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state``, ``circulation.secret``,
            ``circulation.nobody`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    within = circulates_within(unit, letter)
    if not within:
        raise refused()
    rules.check_circulated(LetterState(letter.state), Secrecy(letter.secrecy))
    words = checked_text("note", "ข้อความถึงผู้รับ", note, rules.MAX_NOTE, required=False)
    audience = Audience.of(everybody, units, people)
    known = {unit.actor, *readers_of(unit, letter.id)}
    readers = [one for one in audience.chosen(readers_within(unit, within)) if one[0] not in known]
    if not readers:
        raise conflict("circulation.nobody", "ทุกคนที่เลือกได้รับหนังสือเวียนฉบับนี้แล้ว")
    circulation = Circulation(
        id=new_id(),
        letter_id=letter.id,
        org_path=within[0],
        audience={"everybody": audience.everybody, "units": list(audience.units), "people": len(audience.people)},
        note=words,
        sent_at=unit.now(),
        sent_by=unit.actor,
        sent_by_name=unit.identity.name,
        revision=0,
    )
    unit.session.add(circulation)
    unit.session.flush()
    unit.session.execute(
        insert(CirculationReader),
        [
            {"circulation_id": circulation.id, "person_id": person, "letter_id": letter.id, "unit": place}
            for person, place in readers
        ],
    )
    detail = {"circulation": circulation.id, "readers": len(readers), **circulation.audience}
    write_down(unit, letter, "circulate", letter.state, words or None, detail)
    tell(unit, circulation)
    return circulation_of(unit, letter, circulation)


def read_circular(unit: Unit, letter_id: str) -> dict[str, Any]:
    """Keep when the caller first opened a letter that was sent round to them; opening it again changes nothing.

    Raises:
        Problem: ``not_found``, ``circulation.none`` (409).
    """
    letter = find_letter(unit, letter_id)
    own = (
        select(CirculationReader)
        .join(Circulation, Circulation.id == CirculationReader.circulation_id)
        .where(CirculationReader.letter_id == letter.id, CirculationReader.person_id == unit.actor)
        .where(Circulation.withdrawn_at.is_(None))
        .with_for_update(of=CirculationReader)
    )
    reader = unit.session.execute(own).scalar_one_or_none()
    if reader is None:
        raise conflict("circulation.none", "หนังสือนี้ไม่ได้เวียนถึงท่าน")
    if reader.opened_at is None:
        reader.opened_at, reader.is_untold = unit.now(), True
        unit.audit("circulation.read", f"circulation/{reader.circulation_id}", letter.org_path, {"letter": letter.id})
    return {"letter_id": letter.id, "opened_at": local(reader.opened_at)}


def withdraw_circulation(unit: Unit, letter_id: str, circulation_id: str, reason: str) -> dict[str, Any]:
    """Take a letter back from those to whom it was sent round; who has read it is kept.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``circulation.ended`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    circulation = unit.session.execute(
        select(Circulation).filter_by(id=circulation_id, letter_id=letter.id).with_for_update()
    ).scalar_one_or_none()
    if circulation is None:
        raise not_found("ไม่พบการเวียนหนังสือนี้")
    if not may_withdraw(unit, letter, circulation):
        raise forbidden("ถอนหนังสือเวียนทำได้เฉพาะผู้เวียน สารบรรณ หรือผู้บริหารของหน่วยงานนั้น")
    if circulation.withdrawn_at is not None:
        raise conflict("circulation.ended", "ถอนหนังสือเวียนนี้ไปแล้ว")
    _withdraw(unit, letter, circulation, check_reason(reason))
    return circulation_of(unit, letter, circulation)


def withdraw_all(unit: Unit, letter: Letter, reason: str) -> None:
    """Take back all that was sent round of a letter that is struck out of the books."""
    standing = select(Circulation).filter_by(letter_id=letter.id, withdrawn_at=None).with_for_update()
    for circulation in unit.session.execute(standing).scalars().all():
        _withdraw(unit, letter, circulation, reason)


def _withdraw(unit: Unit, letter: Letter, circulation: Circulation, reason: str) -> None:
    circulation.withdrawn_at, circulation.withdrawn_by = unit.now(), unit.actor
    circulation.withdraw_reason = reason
    unit.session.execute(
        update(CirculationReader).filter_by(circulation_id=circulation.id, is_untold=True).values(is_untold=False)
    )
    write_down(unit, letter, "withdraw", letter.state, reason, {"circulation": circulation.id})
    tell(unit, circulation)
