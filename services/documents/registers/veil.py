"""What of a secret register is shown to whom (§1.2: the subject is masked for everybody without clearance).

Who reads the books of a unit sees of its secret ones that numbers were given, when, and whether they stand: so much an
auditor needs to see that nothing is missing. What a line is about is shown to who may read the letter that bears it;
where the letter is opened with a reason, in the letter alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.documents.clearances import witness
from services.documents.clearances.standing import is_secret_registrar
from services.documents.letters.finding import visible
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from services.documents.registers.rules import SECRET_KINDS
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.registers.views import entry_view
from shared.db.unit import Unit

VEILED = "(ปกปิดตามชั้นความลับ)"
_UNSAID = ("letter_id", "block_id", "void_reason", "doc_no", "doc_date", "from", "to", "action", "note")


@dataclass(frozen=True)
class Veil:
    """The lines of one book before the caller: ``letters`` are those with a class of secrecy that may be read here,
    ``is_lifted`` says that what no letter bears may be.
    """

    is_secret: bool
    is_lifted: bool
    letters: Mapping[str, Letter]

    @classmethod
    def of(cls, unit: Unit, book: RegisterBook, entries: Iterable[RegisterEntry]) -> Veil:
        """For these lines; that a letter is shown by its line is written down."""
        if book.kind not in SECRET_KINDS:
            return cls(is_secret=False, is_lifted=True, letters={})
        borne = sorted({entry.letter_id for entry in entries if entry.letter_id})
        readable = select(Letter).where(Letter.id.in_(borne), Letter.secrecy == Secrecy.SECRET, visible(unit))
        letters = {letter.id: letter for letter in unit.session.execute(readable).scalars()}
        for letter in letters.values():
            witness.allow(unit, letter)
        # of what no letter says its class the highest is assumed
        is_lifted = is_secret_registrar(unit, book.org_path, Secrecy.VERY_SECRET)
        return cls(is_secret=True, is_lifted=is_lifted, letters=letters)

    def hides(self, entry: RegisterEntry) -> bool:
        """Whether only number, day and state of a line are told."""
        if not self.is_secret:
            return False
        return entry.letter_id not in self.letters if entry.letter_id else not self.is_lifted

    def shown(self, entry: RegisterEntry) -> dict[str, Any]:
        """A line as it is told."""
        view = entry_view(entry)
        if self.hides(entry):
            return {**view, **dict.fromkeys(_UNSAID), "for": VEILED}
        letter = self.letters.get(entry.letter_id or "")
        return {**view, "for": letter.subject or letter.doc_no} if letter else view
