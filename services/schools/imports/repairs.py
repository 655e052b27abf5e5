"""What programs do to codes on their way, and how it is undone: always as a proposal with its reason.

rounds.md §2.1 (a)-(d): a zero lost inside, zeros lost in front, ``57040001.0``, Thai digits; §1.2: ``="…"``,
``1.57E+12``, hyphens.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

# the kinds of repair, in the words of the page; several at one value are joined by "+"
LITERAL, THAI_DIGITS, FLOAT, SEPARATORS, EXPONENT = "literal", "thai_digits", "float", "separators", "exponent"
INSERT_ZERO, PAD, SCHOOL_WORD, NAME_MATCH, FORMER = "insert_zero", "pad", "school_word", "name_match", "former_code"
REASONS = {
    LITERAL: 'ตัดเครื่องหมาย ="…" ที่ครอบค่าไว้',
    THAI_DIGITS: "เปลี่ยนเลขไทยเป็นเลขอารบิก",
    FLOAT: "ตัด .0 ท้ายตัวเลขที่โปรแกรมตารางคำนวณเติม",
    SEPARATORS: "ตัดขีดหรือเว้นวรรคในตัวเลข",
    EXPONENT: "เขียนตัวเลขรูป 1.57E+12 กลับเป็นเลขเต็ม (เลขในไฟล์ยังครบทุกหลัก)",
    INSERT_ZERO: "เติม 0 ที่หายไปหลังเลขตัวแรก ได้รหัสที่ตรงกับจังหวัดและรหัส PER CODE ของโรงเรียน",
    PAD: "เติม 0 ข้างหน้าที่โปรแกรมตารางคำนวณตัดออก",
    SCHOOL_WORD: "ตัดคำว่า โรงเรียน ที่นำหน้าชื่อ",
    NAME_MATCH: "ไม่มีรหัสนี้ในทะเบียน แต่ชื่อตรงกับโรงเรียนเดียวในเขต",
    FORMER: "เป็นรหัสเดิมของโรงเรียน ซึ่งเปลี่ยนรหัสแล้ว",
}

_LITERAL = re.compile(r'="(.*)"\Z', re.DOTALL)
_FLOAT = re.compile(r"(\d+)\.0+\Z", re.ASCII)
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}\Z", re.ASCII | re.IGNORECASE)
_BETWEEN_DIGITS = re.compile("(?<=[0-9])[\\s\u00a0.\u2010-\u2015\u2212-]+(?=[0-9])")
_MOST_DIGITS = 20


class Mended(NamedTuple):
    """A value after repairs, and which they were (none: it stands as it came)."""

    text: str
    kinds: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The name under which equal repairs are decided together."""
        return "+".join(self.kinds)

    @property
    def reasons(self) -> list[str]:
        return [REASONS[kind] for kind in self.kinds]

    def then(self, kind: str, text: str) -> Mended:
        """One more repair; none where it changes nothing."""
        return self if text == self.text else Mended(text, (*self.kinds, kind))


def mend_digits(raw: str) -> Mended:
    """A code of digits as its register writes it."""
    mended = Mended(fold_text(raw))
    if literal := _LITERAL.match(mended.text):
        mended = mended.then(LITERAL, literal[1].strip())
    mended = mended.then(THAI_DIGITS, to_arabic(mended.text))
    if _EXPONENT.match(mended.text):
        return mended.then(EXPONENT, _whole(mended.text) or mended.text)
    if written := _FLOAT.match(mended.text):
        return mended.then(FLOAT, written[1])
    return mended.then(SEPARATORS, _BETWEEN_DIGITS.sub("", mended.text))


def mend_text(raw: str) -> Mended:
    """A text that is no code: nothing but the sheet's own way of writing it is undone, which shows no other value."""
    folded = fold_text(raw)
    literal = _LITERAL.match(folded)
    return Mended(fold_text(literal[1]) if literal else folded)


def is_damaged(text: str) -> bool:
    """Whether a number was cut to a few digits and a power of ten: what is gone nobody can tell."""
    return bool(_EXPONENT.match(text))


def _whole(text: str) -> str | None:
    """All digits of ``1.570412345678E+12``; None where some are gone (``1.57E+12``)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    digits, exponent = number.as_tuple().digits, number.as_tuple().exponent
    has_all = isinstance(exponent, int) and exponent == 0 and len(digits) <= _MOST_DIGITS
    return f"{number:f}" if has_all else None
