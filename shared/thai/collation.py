"""The order of the Royal Institute's dictionary (พจนานุกรม): in Python, on SQLite, and as PostgreSQL's ICU has it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from shared.thai.digits import THAI_DIGITS
from shared.thai.fold import fold_text

# PostgreSQL has it built in and shared.db.engine gives it to SQLite, so that a statement names it for both
THAI = "th-x-icu"

_CONSONANTS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮ"
_VOWELS = "\u0e4dะ\u0e31า\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39เแโใไ\u0e3a"
# these count only between words that are otherwise equal; a letter without one comes first
_MARKS = "\u0e4e\u0e4c\u0e47\u0e48\u0e49\u0e4a\u0e4b"
_LETTERS = "`^+<=>|~฿$0123456789" + _CONSONANTS + _VOWELS + "abcdefghijklmnopqrstuvwxyz"

# signs that the dictionary does not know keep their code, which is above all of these
_WEIGHTS = {letter: chr(weight) for weight, letter in enumerate(_LETTERS, start=1)}
_WEIGHTS |= {thai: _WEIGHTS[str(digit)] for digit, thai in enumerate(THAI_DIGITS)} | {"ๅ": _WEIGHTS["า"]}
_LEADING_VOWEL = re.compile(f"([เ-ไ])([{_CONSONANTS}])")

_TITLE = re.compile(
    r"(?:นางสาว|นาง|นาย|น\.\s?ส\.|เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.|ดร\.|ผศ\.|รศ\.|ศ\."
    r"|(?:ผู้ช่วย|รอง)?ศาสตราจารย์|หม่อมหลวง|หม่อมราชวงศ์|ม\.\s?ล\.|ม\.\s?ร\.\s?ว\."
    r"|(?:ว่าที่\s?)?(?:(?:จ่า)?สิบ|ร้อย|พัน)(?:ตำรวจ)?(?:ตรี|โท|เอก)(?:\s?หญิง)?"
    r"|(?:ว่าที่\s?)?(?:จ\.\s?ส|[สรพ])\.(?:\s?ต\.(?=\s?[ตทอ]\.))?\s?[ตทอ]\.(?:\s?หญิง)?)"
    # นายิกา is a name: what carries on with a sign on the last letter was no title
    r"\s?(?![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|\Z)"
)


@lru_cache(maxsize=1 << 14)
def sort_key(text: str) -> tuple[str, str, str, str]:
    """A key by which texts stand in dictionary order.

    A vowel written in front follows its consonant (เก before ข); tone marks, then small and large letters, count only
    between texts that are otherwise equal; blanks and punctuation do not count. Digits come before Thai, Thai before
    Latin.
    """
    folded = fold_text(text)
    primary, marks, forms = [], [], []
    counts = True
    for letter in _LEADING_VOWEL.sub(r"\2\1", folded.replace("\u0e33", "า\u0e4d")):
        if letter in _MARKS:
            if counts:
                marks.append(chr(ord(" ") + 1 + _MARKS.index(letter)))
            continue
        # a mark upon punctuation counts no more than that
        counts = letter not in "ฯๆ" and unicodedata.category(letter)[0] not in "PZ"
        if counts:
            small = letter.lower()
            primary.append(_WEIGHTS.get(small, small))
            marks.append(" ")
            forms.append("1" if letter != small or letter == "ๅ" else "0")
    return "".join(primary), "".join(marks), "".join(forms), folded


def name_sort_key(name: str) -> tuple[str, str, str, str]:
    """:func:`sort_key` of a person's name without titles (นาย, น.ส., ดร., ว่าที่ร้อยตรี, …), however many."""
    return sort_key(without_titles(name))


def without_titles(name: str) -> str:
    """``ว่าที่ร้อยตรี ดร.สมชาย ใจดี`` → ``สมชาย ใจดี``. A name that is nothing but a title stays."""
    rest = fold_text(name)
    while found := _TITLE.match(rest):
        rest = rest[found.end() :]
    return rest


def compare(one: str, other: str) -> int:
    """Below, at or above 0 as ``one`` stands before, with or after ``other``: what SQLite asks of a collation."""
    first, second = sort_key(one), sort_key(other)
    return (first > second) - (first < second)
