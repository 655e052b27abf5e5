"""Every look at a letter with a class of secrecy, and every refusal of one, in the audit log (§1.2: every ALLOW and
DENY): who, which letter, of which class, for what.
"""

from __future__ import annotations

from sqlalchemy import select

from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from shared.db.unit import Unit


def allow(unit: Unit, letter: Letter) -> None:
    """The caller is shown a letter, or acts on it."""
    if letter.secrecy != Secrecy.NONE:
        _attest(unit, letter, "letter.allow")


def deny(unit: Unit, letter: Letter) -> None:
    """The caller may know of a letter, and has not said why they open it."""
    _attest(unit, letter, "letter.deny")


def deny_unseen(unit: Unit, letter_id: str) -> None:
    """The caller asks for a letter that is not there for them; it is written down where there is one with a class."""
    found = select(Letter).where(Letter.id == letter_id, Letter.secrecy != Secrecy.NONE)
    letter = unit.session.execute(found).scalar_one_or_none()
    if letter is not None:
        _attest(unit, letter, "letter.deny")


def _attest(unit: Unit, letter: Letter, action: str) -> None:
    change = {"level": letter.secrecy, "for": unit.operation}
    unit.attest(action, f"letter/{letter.id}", letter.org_path, change)
