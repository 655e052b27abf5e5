"""Which school a row is: by its codes, repaired as far as somebody allows, or by its name as a proposal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from services.schools.imports.judged import Row
from services.schools.imports.kinds.schools.columns import MINISTRY, NAME, OBEC6, SMIS
from services.schools.imports.repairs import (
    FORMER,
    INSERT_ZERO,
    NAME_MATCH,
    PAD,
    Mended,
    is_damaged,
    mend_digits,
)
from services.schools.organisations.codes.rules import AFFILIATION, SCHOOL_SCHEMES, province_of
from services.schools.organisations.rules import Scheme, UnitState
from shared.thai.fold import fold_text

School = Mapping[str, Any]

SCHEMES = {SMIS: Scheme.SMIS8, MINISTRY: Scheme.MOE10, OBEC6: Scheme.PER6}
BY_NAME = f"{SMIS}.name"
_OBEC6_CUT = re.compile(r"\d{5}\Z", re.ASCII)
_MINISTRY_CUT = re.compile(r"1[1-9]\d{7}\Z", re.ASCII)
_BRACKETS = re.compile(r"\([^()]*\)")
_WORDS = re.compile("^(?:โรงเรียน|รร\\.)")


class Register:
    """What is known of the schools of an area, ready to be looked up by code and by name.

    ``taken`` are the codes, by scheme, that units elsewhere have or had; ``former`` leads from a SMIS code that a
    school bore before to the one it bears.
    """

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.area: str = known["area"]
        self.this_year_be: int = known["this_year_be"]
        self.clusters: Mapping[str, str] = known["clusters"]
        self.former: Mapping[str, str] = known["former"]
        self._taken = {scheme: frozenset(codes) for scheme, codes in known["taken"].items()}
        self._coded: defaultdict[tuple[str, str], list[School]] = defaultdict(list)
        self._named: defaultdict[str, list[School]] = defaultdict(list)
        for school in known["schools"]:
            for field in SCHEMES:
                self._coded[field, school[field] or ""].append(school)
            if school["state"] == UnitState.OPEN:
                for form in names_of(school[NAME]):
                    self._named[form].append(school)

    @property
    def province(self) -> str:
        """The two digits of the area's province; empty where its schools lie in several."""
        return province_of(self.area)

    def by_code(self, field: str, code: str) -> list[School]:
        """The schools, open or closed, that bear a code."""
        return self._coded[field, code] if code else []

    def by_name(self, name: str) -> list[School]:
        """The open schools that are called so, each once."""
        found = {school[SMIS]: school for form in names_of(name) for school in self._named[form]}
        return list(found.values())

    def is_taken(self, field: str, code: str) -> bool:
        """Whether a unit elsewhere has or had this code."""
        return code in self._taken[SCHEMES[field]]


def read_codes(row: Row, known: Register) -> dict[str, str]:
    """The codes of a row, repaired as far as that was allowed; those that stay unreadable are said to be wrong."""
    smis = row.repaired(SMIS, _current(mend_digits(row.raw(SMIS)), known))
    obec6 = row.repaired(OBEC6, _padded(mend_digits(row.raw(OBEC6))))
    beside = known.by_code(SMIS, smis) or known.by_name(row.text(NAME))
    per_codes = {code for code in (obec6, *(school[OBEC6] for school in beside)) if code}
    ministry = row.repaired(MINISTRY, _completed(mend_digits(row.raw(MINISTRY)), per_codes, known.province or smis[:2]))
    codes = {SMIS: smis, MINISTRY: ministry, OBEC6: obec6}
    return {field: code for field, code in codes.items() if code}


def find_target(
    row: Row, codes: Mapping[str, str], name: str, known: Register
) -> tuple[dict[str, str], School | None]:
    """The readable codes of a row, and the school of the register that it is; None where the register has none."""
    readable = {field: code for field, code in codes.items() if _is_readable(row, field, code, known)}
    found = {school[SMIS]: school for field, code in readable.items() for school in known.by_code(field, code)}
    if len(found) > 1:
        names = " และ ".join(sorted(school[NAME] for school in found.values()))
        row.error(SMIS, "codes.disagree", f"รหัสในแถวนี้เป็นของคนละโรงเรียน: {names}")
        return readable, None
    school = next(iter(found.values()), None) or _proposed(row, readable, name, known)
    if school is None:
        return readable, None
    row.target = school[SMIS]
    if school["state"] == UnitState.CLOSED:
        words = f"รหัสนี้เป็นของโรงเรียนที่ยุบ/เลิกแล้ว? ({school[SMIS]}) ไฟล์อาจเป็นไฟล์เก่า หรือพิมพ์รหัสผิด"
        row.error(SMIS, "school.closed", words)
    if readable.get(SMIS, school[SMIS]) != school[SMIS]:
        words = f"รหัสอื่นในแถวเป็นของโรงเรียนรหัส {school[SMIS]} การเปลี่ยนรหัส SMIS ทำที่หน้าโรงเรียนพร้อมเลขที่คำสั่ง"
        row.error(SMIS, "smis.differs", words)
    return readable, school


def names_of(name: str) -> set[str]:
    """A name as it is compared: without โรงเรียน, spaces and ฯ; with and without what stands in brackets."""
    bare = _WORDS.sub("", fold_text(name)).replace(" ", "").replace("ฯ", "")
    return {form for form in (bare.replace("(", "").replace(")", ""), _BRACKETS.sub("", bare)) if form}


def _is_readable(row: Row, field: str, code: str, known: Register) -> bool:
    """Whether a code has the form of its scheme. One that stands in the register just so keeps nothing back."""
    length = SCHOOL_SCHEMES[SCHEMES[field]][1]
    if len(code) == length and code.isascii() and code.isdigit():
        return True
    if known.by_code(field, code):
        row.note(field, "EM01", f"{row.title(field)}: ต้องเป็นตัวเลข {length} หลัก ในทะเบียนก็ผิดอย่างเดียวกัน")
        return True
    if is_damaged(code):
        row.error(field, "code.damaged", f"{row.title(field)}: โปรแกรมตารางคำนวณตัดเลขทิ้ง กู้คืนไม่ได้ กรุณาพิมพ์ใหม่")
    else:
        row.error(field, "EM01", f"{row.title(field)}: ต้องเป็นตัวเลข {length} หลัก")
    return False


def _proposed(row: Row, codes: Mapping[str, str], name: str, known: Register) -> School | None:
    """The school with this name, if somebody agrees that it is meant; none of two with the same name."""
    if codes and SMIS not in codes and row.errors:
        return None  # a code that cannot be read might say another thing
    named = known.by_name(name)
    if len(named) > 1:
        row.error(NAME, "name.ambiguous", f"มีโรงเรียนชื่อนี้ {len(named)} แห่งในเขต ต้องระบุรหัส SMIS")
    if len(named) != 1 or any(known.is_taken(field, code) for field, code in codes.items()):
        return None
    (school,) = named
    meant = row.repaired(SMIS, Mended(codes.get(SMIS, "")).then(NAME_MATCH, school[SMIS]), BY_NAME)
    return school if meant == school[SMIS] else None


def _current(mended: Mended, known: Register) -> Mended:
    """A code that the school bore before becomes the one it bears."""
    return mended.then(FORMER, known.former.get(mended.text, mended.text))


def _padded(mended: Mended) -> Mended:
    """rounds.md §2.1 (b): a PER CODE of five digits lost the 0 before them."""
    return mended.then(PAD, f"0{mended.text}") if _OBEC6_CUT.match(mended.text) else mended


def _completed(mended: Mended, per_codes: Iterable[str], province: str) -> Mended:
    """rounds.md §2.1 (a): nine digits beginning 1 and not 10 lost the 0 of their affiliation, if putting it back gives
    the province and a PER CODE that is known for this school.
    """
    if not _MINISTRY_CUT.match(mended.text):
        return mended
    whole = f"{mended.text[0]}0{mended.text[1:]}"
    known_ones = {f"{AFFILIATION}{province}{code}" for code in per_codes}
    return mended.then(INSERT_ZERO, whole) if whole in known_ones else mended
