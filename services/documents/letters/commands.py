"""Letters that came in: keyed in, registered at the office and at a group, put right, sent on, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from services.documents import access
from services.documents.circulations.commands import withdraw_all
from services.documents.clearances.readers import let_in
from services.documents.clearances.rules import PERSONAL
from services.documents.clearances.standing import require_key_in
from services.documents.contacts.queries import find_contact
from services.documents.directory.queries import find_unit
from services.documents.letters import rules
from services.documents.letters.allowed import received_book
from services.documents.letters.doubts import doubts_about, letters_alike
from services.documents.letters.finding import find_letter, registry_of
from services.documents.letters.reclassifying import reclassify
from services.documents.letters.recording import move, place, standing_in, write_down
from services.documents.letters.rules import Direction, LetterState, Move, Received, Secrecy
from services.documents.letters.tables import Letter
from services.documents.letters.views import letter_view
from services.documents.registers.allocation import enter
from services.documents.registers.commands import void
from services.documents.registers.queries import find_book
from services.documents.registers.recording import record
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.registers.views import number_view
from services.documents.threads.commands import keep_references
from shared.bus.envelope import new_id
from shared.db.together import Steps, alone
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, Problem, conflict, forbidden, invalid
from shared.thai.fold import fold_text


def create_letter(
    unit: Unit, values: Mapping[str, Any], again: bool = False, register: bool = False
) -> Steps[dict[str, Any]]:
    """Key in a letter that came in. It waits to be registered, or with ``register`` stands in the received book of the
    registry (with a class of secrecy the secret one) at once; what is odd about it stands in ``warnings``.

    ``again``: it is another letter, though the same person has just keyed in one like it.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422) naming every field, ``letter.again``, ``letter.secret``,
            ``book.closed`` (409).
    """
    registry = registry_of(unit)
    if registry is None:
        raise forbidden("ลงรับหนังสือทำได้เฉพาะสารบรรณกลางของสำนักงาน หรือธุรการโรงเรียน")
    if values.get("direction") != Direction.IN:
        raise invalid([FieldError("direction", "unknown", "ทิศทาง: รับได้เฉพาะ in (หนังสือเข้า)")])
    read = rules.read_received(_worded(unit, values), unit.now())
    require_key_in(unit, registry.org_path, read.secrecy)
    key = _again_key(unit, read)
    alike = letters_alike(unit, registry.org_path, read.doc_date, read.doc_no, key)
    if not again:
        _refuse_again(alike, key, unit.now())
    letter = Letter(
        id=new_id(),
        org_path=registry.org_path,
        owner=registry.code,
        holder=registry.code,
        holder_path=registry.org_path,
        direction=Direction.IN.value,
        again_key=key,
        state=LetterState.ARRIVED.value,
        version=1,
        revision=0,
        created_at=unit.now(),
        created_by=unit.actor,
        **_columns(read),
    )
    unit.session.add(letter)
    # all that is written of it goes to the database at once, when the command is through
    with unit.session.no_autoflush:
        if read.secrecy in PERSONAL:
            unit.session.flush()
            let_in(unit, letter)
        place(unit, letter, registry.code, registry.org_path)
        keep_references(unit, letter, values)
        write_down(unit, letter, "arrive", None)
        if register:
            yield from _enter(unit, letter, find_book(unit, received_book(letter)))
        return {**letter_view(letter, letter.numbers), "warnings": doubts_about(unit, letter, alike)}


def change_letter(
    unit: Unit, letter_id: str, values: Mapping[str, Any], if_match: str | None = None
) -> dict[str, Any]:
    """Put right what was keyed in wrong, as long as nobody has proposed the letter. What another class of secrecy does
    to it stands in the answer: its numbers, its state (:mod:`reclassifying`).

    Raises:
        Problem: ``not_found``, ``letter.reason`` (428), ``forbidden``, ``letter.state``, ``letter.secret``,
            ``letter.top_secret`` (409), ``invalid`` (422), ``precondition.*``.
    """
    letter = find_letter(unit, letter_id, lock=True)
    access.require_at(unit, access.KEEPS_BOOKS, letter.org_path, "แก้ไขหนังสือ")
    require_seen(etag_of(letter), if_match)
    if letter.state not in rules.EDITABLE:
        raise conflict("letter.state", "หนังสือเสนอไปแล้ว แก้ไขข้อมูลไม่ได้", state=letter.state)
    read = rules.read_received({**_values(letter), **_worded(unit, values)}, unit.now())
    require_key_in(unit, letter.org_path, Secrecy(letter.secrecy), read.secrecy)
    if read.secrecy != letter.secrecy:
        reclassify(unit, letter, read.secrecy)
    changed = {name: value for name, value in _columns(read).items() if getattr(letter, name) != value}
    for name, value in changed.items():
        setattr(letter, name, value)
    letter.version += 1
    fields = sorted([*changed, *keep_references(unit, letter, values)])
    if fields:
        write_down(unit, letter, "change", letter.state, detail={"fields": fields})
    return letter_view(letter, letter.numbers)


def register_letter(unit: Unit, letter_id: str, book_id: str) -> dict[str, Any]:
    """Enter a letter into a received book: first the office's (or the school's), then that of the group it went to.
    A letter has one number in a book: one that comes to a group again goes on with the number it has there.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``letter.state``, ``letter.book``, ``letter.registered``,
            ``letter.secret``, ``book.closed`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    book = find_book(unit, book_id)
    access.require_at(unit, access.REGISTERS, book.org_path, "ลงทะเบียนรับ")
    require_key_in(unit, letter.org_path, Secrecy(letter.secrecy))
    if book.id != received_book(letter):
        raise conflict("letter.book", "ลงทะเบียนได้เฉพาะในทะเบียนรับของหน่วยงานที่หนังสืออยู่ขณะนี้", holder=letter.holder)
    standing = standing_in(book.id, letter.numbers)
    if standing is None:
        entry = alone(unit.session, _enter(unit, letter, book))
    elif rules.reached_by(LetterState(letter.state), Move.REGISTER) is None:
        raise conflict("letter.registered", "หนังสือนี้ลงทะเบียนในเล่มนี้แล้ว")
    else:
        # it came back to where it has been before
        entry = standing
        _move_registered(unit, letter, entry)
    return {**number_view(entry), "letter_id": letter.id, "state": letter.state}


def forward_letter(unit: Unit, letter_id: str, to: str, note: str = "") -> dict[str, Any]:
    """Send a registered letter on to a group of the office, which registers it in its own book.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``letter.state``, ``letter.secret_place`` (409), ``invalid`` (422).
    """
    letter = find_letter(unit, letter_id, lock=True)
    access.require_at(unit, access.KEEPS_BOOKS, letter.org_path, "ส่งต่อหนังสือ")
    if letter.secrecy != Secrecy.NONE:
        raise rules.stays_in_registry()
    target = find_unit(unit, to)
    if target.kind != "GROUP" or not target.org_path.startswith(letter.org_path) or target.state != "OPEN":
        raise invalid([FieldError("to", "unit", "ส่งต่อ: ต้องเป็นกลุ่มของสำนักงานนี้")])
    rules.after(LetterState(letter.state), Move.FORWARD)
    place(unit, letter, target.code, target.org_path)
    move(unit, letter, Move.FORWARD, note.strip() or None, {"to": target.code})
    return letter_view(letter, letter.numbers)


def reject_letter(unit: Unit, letter_id: str, reason: str) -> dict[str, Any]:
    """Refuse a letter that arrived and was not registered (wrong office, unreadable).

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    access.require_at(unit, access.KEEPS_BOOKS, letter.org_path, "ปฏิเสธหนังสือ")
    move(unit, letter, Move.REJECT, rules.check_reason(reason))
    return letter_view(letter, letter.numbers)


def void_letter(unit: Unit, letter_id: str, reason: str) -> dict[str, Any]:
    """Undo a wrong registration: the letter and its numbers stay in the books, struck through.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``letter.state``, ``book.closed`` (409).
    """
    letter = find_letter(unit, letter_id, lock=True)
    if not access.acts_at(unit, access.KEEPS_BOOKS, letter.org_path) and not unit.identity.holds(
        access.DIRECTS, letter.org_path
    ):
        raise forbidden("ยกเลิกหนังสือทำได้เฉพาะสารบรรณที่ลงทะเบียน หรือผู้บริหาร")
    why = rules.check_reason(reason)
    move(unit, letter, Move.VOID, why)
    letter.void_reason = why
    withdraw_all(unit, letter, why)
    for entry in letter.numbers:
        if entry.state != EntryState.VOID:
            void(unit, unit.session.get_one(RegisterBook, entry.book_id), entry, why)
    return letter_view(letter, letter.numbers)


def etag_of(letter: Letter) -> str:
    """The strong entity tag of what was keyed in."""
    return f"l{letter.version}"


def _enter(unit: Unit, letter: Letter, book: RegisterBook) -> Steps[RegisterEntry]:
    rules.after(LetterState(letter.state), Move.REGISTER)
    # the line of a secret book says nothing by itself: who may, reads it in the letter
    said = (letter.subject or letter.note or letter.doc_no) if letter.secrecy == Secrecy.NONE else ""
    numbers = letter.numbers
    entry = yield from enter(unit, book, said, letter_id=letter.id)
    numbers.append(entry)
    record(unit, book, entry, "entry.issue")
    _move_registered(unit, letter, entry)
    return entry


def _move_registered(unit: Unit, letter: Letter, entry: RegisterEntry) -> None:
    move(unit, letter, Move.REGISTER, detail={"book": entry.book_id, "display_no": entry.display_no})


def _worded(unit: Unit, values: Mapping[str, Any]) -> dict[str, Any]:
    """``from`` and ``to`` as text: units and contacts by their names.

    Raises:
        Problem: ``invalid`` (422), naming the field of one that is not there.
    """
    worded = dict(values)
    for name in ("from", "to"):
        given = values.get(name)
        if isinstance(given, Mapping):
            worded[name] = _name_of(unit, name, given)
    return worded


def _name_of(unit: Unit, field: str, given: Mapping[str, Any]) -> str:
    is_unit = "unit" in given
    try:
        return find_unit(unit, str(given["unit"])).name if is_unit else find_contact(unit, str(given["contact"])).name
    except Problem as problem:
        raise invalid([FieldError(field, "unknown", problem.detail)]) from None


def _columns(read: Received) -> dict[str, Any]:
    return {
        "kind": read.kind.value,
        "subject": read.subject,
        "sender": read.sender,
        "receiver": read.receiver,
        "doc_no": read.doc_no,
        "doc_date": read.doc_date,
        "received_at": read.received_at,
        "speed": read.speed.value,
        "speed_deadline": read.speed_deadline,
        "secrecy": read.secrecy.value,
        "channel": read.channel.value,
        "note": read.note,
    }


def _values(letter: Letter) -> dict[str, Any]:
    """A letter as it would be keyed in again."""
    names = ("kind", "subject", "doc_no", "speed", "secrecy", "channel", "note")
    return {
        **{name: getattr(letter, name) for name in names},
        "from": letter.sender,
        "to": letter.receiver,
        "doc_date": letter.doc_date.isoformat(),
        "received_at": letter.received_at.isoformat(),
        "speed_deadline": letter.speed_deadline.isoformat() if letter.speed_deadline else None,
    }


def _again_key(unit: Unit, read: Received) -> str:
    words = "\n".join(fold_text(text).lower() for text in (read.subject or read.note, read.sender, read.doc_no))
    return unit.vault.blind("letter.again", f"{unit.actor}\n{words}")


def _refuse_again(alike: Sequence[Letter], key: str, now: dt.datetime) -> None:
    for found in alike:
        if found.again_key == key and found.created_at > now - rules.SAME_AGAIN:
            raise rules.same_again(found.id, [entry.display_no for entry in found.numbers])
