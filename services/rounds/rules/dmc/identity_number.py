"""The citizen id column as it arrives: ids, G-codes, and what spreadsheet programs make of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from services.rounds.rules.model import Cell
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text, is_missing
from shared.thai.national_id import ID_LENGTH, check_digit, is_g_code, is_valid

_SEPARATORS = re.compile("[\\s\u2010-\u2015\u2212-]+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d+)\Z", re.ASCII | re.IGNORECASE)
_LITERAL = re.compile(r'="?([^"]*)"?\Z')
_DIGITS = re.compile(r"\d+\Z", re.ASCII)
# Excel shows at most six figures of a long number; what it saves ends in zeros.
_SURELY_ROUNDED = "000000"
_PERHAPS_ROUNDED = "000"


class Kind(StrEnum):
    """What stands in the column."""

    THAI = "thai"
    G_CODE = "g_code"
    MISSING = "missing"
    MALFORMED = "malformed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """An id; ``value`` is 13 digits or ``G`` + 12 (not necessarily valid), None for the other kinds.

    ``repaired`` when the leading zero that a number cell loses was put back.
    """

    kind: Kind
    value: str | None = None
    repaired: bool = False


_MISSING = IdentityNumber(Kind.MISSING)
_MALFORMED = IdentityNumber(Kind.MALFORMED)
_DAMAGED = IdentityNumber(Kind.DAMAGED)


def read_identity(cell: Cell, *, typed: bool) -> IdentityNumber:
    """Read a cell; ``typed`` is false where the file does not tell numbers from text (csv, html)."""
    if cell is None:
        return _MISSING
    if isinstance(cell, bool):
        return _MALFORMED
    if isinstance(cell, int | float):
        return _from_digits(f"{cell:.0f}", number=True) if cell >= 0 and cell == cell // 1 else _MALFORMED
    if not isinstance(cell, str):
        return _MALFORMED
    if cell.isascii() and cell.isdigit() and len(cell) == ID_LENGTH:
        return _from_digits(cell, number=not typed)
    if is_missing(cell):
        return _MISSING
    return _from_text(_plain(cell), typed=typed)


def plain_code(cell: Cell) -> str:
    """A code (school, school number) as text: ``57040001.0`` and Thai digits undone, leading zeros kept."""
    if isinstance(cell, str) and cell.isascii() and cell.isdigit():
        return cell
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        return f"{cell:.0f}" if cell == cell // 1 else str(cell)
    if not isinstance(cell, str) or is_missing(cell):
        return ""
    plain = _plain(cell)
    whole = _WHOLE_FLOAT.match(plain)
    return whole[1] if whole else plain


def _plain(text: str) -> str:
    plain = to_arabic(fold_text(text)).lstrip("'")
    literal = _LITERAL.match(plain)
    return fold_text(literal[1]) if literal else plain


def _from_text(text: str, *, typed: bool) -> IdentityNumber:
    plain = _SEPARATORS.sub("", text).upper()
    if found := _SCIENTIFIC.match(plain):
        return _from_scientific(found[1] + (found[2] or ""), int(found[3][:3]))
    if found := _WHOLE_FLOAT.match(plain):
        return _from_digits(found[1], number=True)
    if is_g_code(plain):
        return IdentityNumber(Kind.G_CODE, plain)
    return _from_digits(plain, number=not typed) if _DIGITS.match(plain) else _MALFORMED


def _from_scientific(figures: str, exponent: int) -> IdentityNumber:
    """``1.57041E+12`` has lost its last figures; with all thirteen of them it is the number, written otherwise."""
    if exponent == ID_LENGTH - 1 and len(figures) == ID_LENGTH:
        return _from_digits(figures, number=True)
    return _DAMAGED if exponent >= ID_LENGTH - 3 else _MALFORMED


def _from_digits(digits: str, *, number: bool) -> IdentityNumber:
    if len(digits) == ID_LENGTH:
        return _DAMAGED if _is_rounded(digits) else IdentityNumber(Kind.THAI, digits)
    if len(digits) == ID_LENGTH - 1 and number:
        padded = "0" + digits
        if check_digit(padded[:-1]) == int(padded[-1]):
            return IdentityNumber(Kind.THAI, padded, repaired=True)
    return _MALFORMED


def _is_rounded(digits: str) -> bool:
    if not digits.endswith(_PERHAPS_ROUNDED) or not digits.strip("0"):
        return False
    return digits.endswith(_SURELY_ROUNDED) or not is_valid(digits)
