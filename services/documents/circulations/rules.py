"""To whom a letter may be circulated, and which (correspondence.md §2, §3.1, §3.4, §3.5 rules 2 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.documents.letters.rules import LetterState, Secrecy
from shared.problems import FieldError, conflict, invalid

# words to everybody (§3.5 rule 2)
MAX_NOTE = 1000
MAX_NAMED = 1000
# what is struck out of the books or was not taken in at all is nothing to be read
NEVER_CIRCULATED = frozenset({LetterState.VOID, LetterState.REJECTED})


@dataclass(frozen=True)
class Audience:
    """For whom a letter is meant: everybody whom the caller may send it to, all of some units, people by name."""

    everybody: bool
    units: tuple[str, ...]
    people: tuple[str, ...]

    @classmethod
    def of(cls, everybody: bool, units: Sequence[str], people: Sequence[str]) -> Audience:
        """What somebody chose.

        Raises:
            Problem: ``invalid`` (422) when nobody was chosen, or too many by name.
        """
        if not (everybody or units or people):
            raise invalid([FieldError("units", "required", "ผู้รับหนังสือเวียน: ต้องเลือกทุกคน หน่วยงาน หรือบุคคล")])
        if len(units) > MAX_NAMED or len(people) > MAX_NAMED:
            raise invalid([FieldError("people", "many", f"ผู้รับหนังสือเวียน: ระบุได้ไม่เกิน {MAX_NAMED:,} รายการ")])
        return cls(everybody, tuple(dict.fromkeys(units)), tuple(dict.fromkeys(people)))

    def chosen(self, members: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those among ``members`` (person, unit) for whom the letter is meant.

        Raises:
            Problem: ``invalid`` (422) naming units and people that are not among them.
        """
        errors = []
        if set(self.units) - {unit for _, unit in members}:
            errors.append(FieldError("units", "unit", "หน่วยงาน: ต้องเป็นหน่วยงานที่ท่านเวียนหนังสือถึงได้ และมีผู้ใช้ระบบ"))
        if set(self.people) - {person for person, _ in members}:
            errors.append(FieldError("people", "unit", "บุคคล: ต้องอยู่ในหน่วยงานที่ท่านเวียนหนังสือถึงได้ และเปิดอ่านหนังสือในระบบได้"))
        if errors:
            raise invalid(errors)
        return [
            (person, unit)
            for person, unit in members
            if self.everybody or unit in self.units or person in self.people
        ]


def may_be_circulated(state: LetterState, secrecy: Secrecy) -> bool:
    """Whether a letter is for circulating at all: not secret, not void."""
    return secrecy is Secrecy.NONE and state not in NEVER_CIRCULATED


def check_circulated(state: LetterState, secrecy: Secrecy) -> None:
    """Refuse what is not for circulating.

    Raises:
        Problem: ``circulation.secret``, ``letter.state`` (409).
    """
    if secrecy is not Secrecy.NONE:
        raise conflict("circulation.secret", "หนังสือที่มีชั้นความลับเวียนไม่ได้")
    if state in NEVER_CIRCULATED:
        raise conflict("letter.state", "หนังสือที่ยกเลิกหรือไม่รับแล้วเวียนไม่ได้", state=state.value)


def percent(read: int, total: int) -> int:
    """How many in a hundred have read, rounded down: a hundred are all of them."""
    return read * 100 // total if total else 0
