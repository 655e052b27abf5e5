"""What becomes of a letter whose class of secrecy is put right, said in its history and in the answer.

Nothing moves silently. Between the open books and the secret ones there is no way but out of the one and into the
other: the letter's numbers are void, their lines say nothing of it any more, and it waits to be registered anew.
"""

from __future__ import annotations

from services.documents.circulations.commands import withdraw_all
from services.documents.clearances.readers import let_in
from services.documents.clearances.rules import PERSONAL
from services.documents.letters import rules
from services.documents.letters.recording import move, withdraw, write_down
from services.documents.letters.rules import LetterState, Move, Secrecy
from services.documents.letters.tables import Letter
from services.documents.registers.commands import void
from services.documents.registers.finding import refuse_closed
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterBook
from shared.db.unit import Unit

RECLASSIFIED = "เปลี่ยนชั้นความลับ"


def reclassify(unit: Unit, letter: Letter, now: Secrecy) -> None:
    """Give a letter another class of secrecy.

    Raises:
        Problem: ``letter.state``, ``letter.top_secret``, ``book.closed`` (409).
    """
    before = Secrecy(letter.secrecy)
    detail = {"secrecy_from": before.value, "secrecy_to": now.value}
    if not rules.changes_books(before, now):
        letter.secrecy = now.value
        if now in PERSONAL:
            let_in(unit, letter)
        write_down(unit, letter, Move.RECLASSIFY.value, letter.state, detail=detail)
        return
    rules.after(LetterState(letter.state), Move.RECLASSIFY)
    voided = _leave_books(unit, letter)
    if now is not Secrecy.NONE:
        withdraw_all(unit, letter, RECLASSIFIED)
        withdraw(unit, letter)
    letter.secrecy = now.value
    if now in PERSONAL:
        let_in(unit, letter)
    move(unit, letter, Move.RECLASSIFY, detail={**detail, "voided": voided})


def _leave_books(unit: Unit, letter: Letter) -> list[str]:
    """Void the numbers of a letter and take it off their lines; which numbers they were."""
    voided = []
    for entry in list(letter.numbers):
        book = unit.session.get_one(RegisterBook, entry.book_id)
        refuse_closed(unit, book, entry.be_year)
        letter.numbers.remove(entry)
        entry.purpose = RECLASSIFIED
        if entry.state != EntryState.VOID:
            voided.append(entry.display_no)
            void(unit, book, entry, RECLASSIFIED)
    unit.session.flush()
    return voided
