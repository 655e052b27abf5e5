"""The 13-digit citizen id (เลขประจำตัวประชาชน), the G-code, and how much of them anybody may see.

Check digit: Department of Provincial Administration. First digit: 0 is a person without civil status and is valid;
9 is not in use. G-code: Ministry of Education, ``G`` + year BE (2) + province (2) + running number (8), no check digit.
"""

from __future__ import annotations

import re
from operator import mul

from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

ID_LENGTH = 13

_WEIGHTS = tuple(range(ID_LENGTH, 1, -1))
_SEPARATORS = re.compile("[\\s.\u2010-\u2015\u2212-]+")
_THIRTEEN = re.compile(r"\d{13}\Z", re.ASCII)
_EXPONENT = re.compile(r"[Ee]\+?\d{1,2}\Z", re.ASCII)
_G_CODE = re.compile(r"G\d{12}\Z", re.ASCII)
# Twelve digits or more, with at most one separator between them: also an id that lost its leading zero.
_ID_LIKE = re.compile("[Gg](?:[ \u00a0.-]?\\d){12}|\\d(?:[ \u00a0.\u2010-\u2015\u2212-]?\\d){11,}")

# Codes of the provinces (TIS 1099).
PROVINCES = frozenset(
    f"{number:02d}"
    for block in (
        range(10, 28),
        range(30, 50),
        range(50, 59),
        range(60, 68),
        range(70, 78),
        range(80, 87),
        range(90, 97),
    )
    for number in block
)


def check_digit(first12: str) -> int:
    """The 13th digit that belongs to twelve ASCII digits; ValueError for anything else."""
    if len(first12) != ID_LENGTH - 1 or not (first12.isascii() and first12.isdigit()):
        raise ValueError("twelve digits are needed")
    total: int = sum(map(mul, map(int, first12), _WEIGHTS))
    return (11 - total % 11) % 10


def is_valid(id13: str) -> bool:
    """Thirteen ASCII digits whose check digit holds and whose first digit is in use (not 9)."""
    return bool(_THIRTEEN.match(id13)) and id13[0] != "9" and check_digit(id13[:12]) == int(id13[12])


def is_g_code(text: str) -> bool:
    """``G`` and twelve ASCII digits, nothing else."""
    return bool(_G_CODE.match(text))


def mask(text: str) -> str:
    """An id as it may be shown: ``1-5704-xxxxx-xx-7``, ``G64-57-xxxxxxx7``.

    Anything else keeps its first digits (at most four, and at most a third of them) and, from eight digits on,
    its last; words and an exponent (``E+12``) stay.
    """
    plain = _SEPARATORS.sub("", to_arabic(fold_text(text))).upper()
    if _THIRTEEN.match(plain):
        return f"{plain[0]}-{plain[1:5]}-xxxxx-xx-{plain[12]}"
    if _G_CODE.match(plain):
        return f"{plain[:3]}-{plain[3:5]}-xxxxxxx{plain[12]}"
    return _mask_digits(to_arabic(fold_text(text)))


def mask_within(text: str) -> str:
    """``text`` with every id-like number masked: for values, headers and messages that should hold none but may."""
    folded = fold_text(text)
    return _ID_LIKE.sub(lambda found: mask(found.group()), folded) if len(folded) >= ID_LENGTH - 1 else folded


def _mask_digits(text: str) -> str:
    """Hide all digits but the first few and, in a long number, the last."""
    exponent = _EXPONENT.search(text)
    tail = exponent.group() if exponent else ""
    text = text.removesuffix(tail)
    total = sum(character.isdigit() for character in text)
    shown = min(4, total // 3)
    last = total if total >= 8 else 0
    seen = 0
    masked = []
    for character in text:
        if character.isdigit():
            seen += 1
            masked.append(character if seen <= shown or seen == last else "x")
        else:
            masked.append(character)
    return "".join(masked) + tail
