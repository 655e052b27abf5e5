"""Thai digits (๐-๙) and the numbers people write with them."""

from __future__ import annotations

import re

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"

_TO_ARABIC = str.maketrans(THAI_DIGITS, "0123456789")
_TO_THAI = str.maketrans("0123456789", THAI_DIGITS)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z", re.ASCII)


def to_arabic(text: str) -> str:
    """``ป.๑`` → ``ป.1``; everything that is not a Thai digit stays."""
    return text if text.isascii() else text.translate(_TO_ARABIC)


def to_thai(text: str) -> str:
    """``10/2569`` → ``๑๐/๒๕๖๙``, as official letters are set."""
    return text.translate(_TO_THAI)


def parse_number(text: str) -> float | None:
    """The number in ``text`` (Thai digits and thousands commas allowed), None when it is not one.

    A decimal comma (``35,5``) is not guessed: it is no number here.
    """
    plain = to_arabic(text.strip())
    if not _NUMBER.match(plain):
        return None
    return float(plain.replace(",", ""))
