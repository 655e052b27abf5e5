"""What is written down and told whenever a letter moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from services.documents.days.queries import clocks_of
from services.documents.letters.rules import DONE, Move, Secrecy, Speed, after
from services.documents.letters.rules import LetterState as State
from services.documents.letters.tables import Letter, LetterPlace, LetterStep
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterEntry
from services.documents.search.keeping import keep_found
from services.documents.tasks.due import due_at
from shared.bus.contracts.documents import LETTER_MOVED
from shared.db.unit import SYSTEM, Unit

# what is done for the first time, and where its instant is kept
_FIRST = {"register": "registered_at", "propose": "proposed_at", "assign": "assigned_at"}
_INSTANTS = ("due_at", *_FIRST.values(), "completed_at", "closed_at")


def move(
    unit: Unit, letter: Letter, what: Move, text: str | None = None, detail: dict[str, Any] | None = None,
    *, goes_home: bool = False,
) -> None:  # fmt: skip
    """Move a letter on: state, history, audit log, event. ``goes_home``: it leaves where it is for the registry that
    owns it; the step is one of the unit that let it go.

    Raises:
        Problem: ``letter.state`` (409).
    """
    before = letter.state
    letter.state = after(State(before), what, Speed(letter.speed)).value
    write_down(unit, letter, what.value, before, text, detail, goes_home=goes_home)


def write_down(
    unit: Unit, letter: Letter, what: str, before: str | None, text: str | None = None,
    detail: dict[str, Any] | None = None, *, goes_home: bool = False,
) -> None:  # fmt: skip
    """Add a line to the history of a letter, and tell how it stands. What was written of one with a class of secrecy
    stays in its history: the audit log has other readers, and nobody is told of it.
    """
    _keep_instants(unit, letter, what)
    unit.session.append(
        LetterStep,
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
    change = {"before": before, "after": letter.state, "holder": letter.holder}
    is_open = letter.secrecy == Secrecy.NONE
    unit.audit(f"letter.{what}", f"letter/{letter.id}", letter.org_path, change, text if is_open else None)
    if goes_home:
        # before anybody is told: the event bears where the letter is, not where it was
        place(unit, letter, letter.owner, letter.org_path)
    keep_found(unit, letter)
    if is_open:
        _tell(unit, letter, letter.state)


def withdraw(unit: Unit, letter: Letter) -> None:
    """Tell that a letter is none any more, the last that is told of one that gets a class of secrecy."""
    _tell(unit, letter, State.VOID)


def _tell(unit: Unit, letter: Letter, state: str) -> None:
    letter.revision += 1
    told = {**_state_of(letter), "state": state}
    unit.emit(LETTER_MOVED, f"letter/{letter.id}", letter.revision, told, letter.org_path)


def due_of(unit: Unit, letter: Letter) -> dt.datetime:
    """When the class of speed of a letter wants it dealt with, by the days of its office."""
    clocks = clocks_of(unit, letter.org_path)
    return due_at(Speed(letter.speed), letter.received_at, until=letter.speed_deadline, clocks=clocks)


def _keep_instants(unit: Unit, letter: Letter, what: str) -> None:
    now = unit.now()
    if letter.due_at is None or what == "change":
        letter.due_at = due_of(unit, letter)
    first = _FIRST.get(what)
    if first is not None and getattr(letter, first) is None:
        setattr(letter, first, now)
    letter.completed_at = (letter.completed_at or now) if letter.state in DONE else None
    if letter.state == State.CLOSED and letter.closed_at is None:
        letter.closed_at = now


def place(unit: Unit, letter: Letter, code: str, org_path: str) -> None:
    """The letter, which is new or locked, comes to a unit, whose clerks and heads read it from then on."""
    letter.holder, letter.holder_path = code, org_path
    if code not in {place.unit for place in letter.places}:
        letter.places.append(LetterPlace(unit=code, org_path=org_path, since=unit.now()))


def standing_in(book_id: str, numbers: Iterable[RegisterEntry]) -> RegisterEntry | None:
    """The line among those of a letter that bears it in a book and is not struck through."""
    return next((entry for entry in numbers if entry.book_id == book_id and entry.state != EntryState.VOID), None)


def _state_of(letter: Letter) -> dict[str, Any]:
    standing = [entry.display_no for entry in letter.numbers if entry.state != EntryState.VOID]
    return {
        "letter_id": letter.id,
        "org_path": letter.org_path,
        "owner": letter.owner,
        "holder": letter.holder,
        "holder_path": letter.holder_path,
        "direction": letter.direction,
        "kind": letter.kind,
        "speed": letter.speed,
        "secrecy": letter.secrecy,
        "channel": letter.channel,
        "state": letter.state,
        "received_at": letter.received_at.isoformat(),
        **{name: written(getattr(letter, name)) for name in _INSTANTS},
        "numbers": standing,
    }


def written(instant: dt.datetime | None) -> str | None:
    """An instant as events bear it."""
    return instant.isoformat() if instant else None
