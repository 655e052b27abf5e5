"""What is written down and told whenever a letter moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.documents.letters.rules import LetterState as State
from services.documents.letters.rules import Move, Secrecy, Speed, after
from services.documents.letters.tables import Letter, LetterPlace, LetterStep
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterEntry
from services.documents.search.keeping import keep_found
from shared.bus.contracts.documents import LETTER_MOVED
from shared.db.rows import insert_once
from shared.db.unit import SYSTEM, Unit


def move(unit: Unit, letter: Letter, what: Move, text: str | None = None, detail: dict[str, Any] | None = None) -> None:
    """Move a letter on: state, history, audit log, event.

    Raises:
        Problem: ``letter.state`` (409).
    """
    before = letter.state
    letter.state = after(State(before), what, Speed(letter.speed)).value
    write_down(unit, letter, what.value, before, text, detail)


def write_down(
    unit: Unit, letter: Letter, what: str, before: str | None, text: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Add a line to the history of a letter, and tell how it stands. What was written of one with a class of secrecy
    stays in its history: the audit log has other readers, and nobody is told of it.
    """
    if letter.state == State.CLOSED and letter.closed_at is None:
        letter.closed_at = unit.now()
    unit.session.add(
        LetterStep(
            letter_id=letter.id,
            at=unit.now(),
            actor_id=unit.actor,
            actor_name=unit.caller.name if unit.caller else SYSTEM,
            move=what,
            from_state=before,
            to_state=letter.state,
            unit=letter.holder,
            text=text,
            detail=detail or {},
        )
    )
    change = {"before": before, "after": letter.state, "holder": letter.holder}
    is_open = letter.secrecy == Secrecy.NONE
    unit.audit(f"letter.{what}", f"letter/{letter.id}", letter.org_path, change, text if is_open else None)
    keep_found(unit, letter)
    if is_open:
        _tell(unit, letter, letter.state)


def withdraw(unit: Unit, letter: Letter) -> None:
    """Tell that a letter is none any more, the last that is told of one that gets a class of secrecy."""
    _tell(unit, letter, State.VOID)


def _tell(unit: Unit, letter: Letter, state: str) -> None:
    letter.revision += 1
    told = {**_state_of(unit, letter), "state": state}
    unit.emit(LETTER_MOVED, f"letter/{letter.id}", letter.revision, told, letter.org_path)


def place(unit: Unit, letter: Letter, code: str, org_path: str) -> None:
    """The letter comes to a unit, whose clerks and heads read it from then on."""
    letter.holder, letter.holder_path = code, org_path
    insert_once(unit.session, LetterPlace, letter_id=letter.id, unit=code, org_path=org_path, since=unit.now())


def numbers_of(unit: Unit, letter_id: str) -> list[RegisterEntry]:
    """The lines of the books that bear a letter, the first first."""
    statement = select(RegisterEntry).filter_by(letter_id=letter_id).order_by(RegisterEntry.id)
    return list(unit.session.execute(statement).scalars())


def standing_in(book_id: str, numbers: Iterable[RegisterEntry]) -> RegisterEntry | None:
    """The line among those of a letter that bears it in a book and is not struck through."""
    return next((entry for entry in numbers if entry.book_id == book_id and entry.state != EntryState.VOID), None)


def _state_of(unit: Unit, letter: Letter) -> dict[str, Any]:
    standing = [entry.display_no for entry in numbers_of(unit, letter.id) if entry.state != EntryState.VOID]
    return {
        "letter_id": letter.id,
        "org_path": letter.org_path,
        "owner": letter.owner,
        "holder": letter.holder,
        "direction": letter.direction,
        "kind": letter.kind,
        "speed": letter.speed,
        "secrecy": letter.secrecy,
        "channel": letter.channel,
        "state": letter.state,
        "received_at": letter.received_at.isoformat(),
        "closed_at": letter.closed_at.isoformat() if letter.closed_at else None,
        "numbers": standing,
    }
