"""What a code looks like in its scheme, what was probably meant by one that does not, and when two of them clash."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.schools.organisations.rules import Fault, Scheme
from shared.thai.digits import to_arabic

AFFILIATION = "10"  # สพฐ.: the first two digits of a ministry code (rounds.md §2.1)

# the codes that a school bears, with their names and lengths
SCHOOL_SCHEMES = {
    Scheme.SMIS8: ("รหัส SMIS", 8),
    Scheme.MOE10: ("รหัสกระทรวง", 10),
    Scheme.PER6: ("รหัส 6 หลัก (PER CODE)", 6),
}
PRIMARY_AREA_LENGTH = 4
_FLOAT = re.compile(r"(\d+)\.0+\Z", re.ASCII)


@dataclass(frozen=True)
class Validity:
    """From a day to a day, both included; None is an end that is open or not known.

    Raises:
        ValueError: the last day lies before the first.
    """

    first: dt.date | None = None
    last: dt.date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"a code cannot end ({self.last}) before it begins ({self.first})")

    def covers(self, day: dt.date) -> bool:
        """Whether the code was valid on ``day``."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: Validity) -> bool:
        """Whether there is a day on which both are valid."""
        begins_after = self.last is not None and other.first is not None and other.first > self.last
        ended_before = other.last is not None and self.first is not None and self.first > other.last
        return not begins_after and not ended_before


@dataclass(frozen=True)
class Held:
    """A code as a unit holds it."""

    unit_id: str
    scheme: str
    code: str
    validity: Validity


def clash(wanted: Held, held: Iterable[Held]) -> Held | None:
    """The holding that forbids ``wanted``: the same code of the same scheme at the same time (rounds.md §2.1).

    The same digits in another scheme are no clash: 5704 is an area and an amphoe. A SMIS code is never given to another
    school, also later: files of old rounds bear it.
    """
    for other in held:
        if (other.scheme, other.code) != (wanted.scheme, wanted.code):
            continue
        is_another = other.unit_id != wanted.unit_id
        if other.validity.meets(wanted.validity) or (is_another and wanted.scheme == Scheme.SMIS8):
            return other
    return None


def ended_before(validity: Validity, day: dt.date) -> Validity | None:
    """The validity of a code that another one follows from ``day`` on; None if it never was valid before that day."""
    last = day - dt.timedelta(days=1)
    if validity.first is not None and last < validity.first:
        return None
    return Validity(validity.first, last)


def area_scheme(area_code: str) -> Scheme:
    """The scheme of an area's code by its length: offices of secondary schools have six digits (rounds.md §2.1)."""
    return Scheme.AREA4 if len(area_code) == PRIMARY_AREA_LENGTH else Scheme.AREA6


def province_of(area_code: str) -> str:
    """The two digits of an area's province; empty for an area of six digits, which serves schools of several."""
    return area_code[:2] if area_scheme(area_code) is Scheme.AREA4 else ""


def code_faults(pointer: str, scheme: Scheme, code: str, province: str) -> list[Fault]:
    """EM01 of rounds.md §2.6: length and digits, and for a ministry code the affiliation and the province.

    Without a ``province`` the affiliation alone is looked at. What was probably meant is named, never put in its place.
    """
    name, length = SCHOOL_SCHEMES[scheme]
    if not _is_code(code, length):
        meant = repaired(scheme, code)
        hint = f" หมายถึง {meant} หรือไม่" if meant else ""
        return [Fault(pointer, "EM01", f"{name}: ต้องเป็นตัวเลข {length} หลัก{hint}")]
    if scheme == Scheme.MOE10 and not code.startswith(f"{AFFILIATION}{province}"):
        where = " ในจังหวัดนี้" if province else " "
        return [Fault(pointer, "EM01", f"{name}: โรงเรียนสังกัด สพฐ.{where}ขึ้นต้นด้วย {AFFILIATION}{province}")]
    return []


def pair_faults(pointer: str, ministry_code: str | None, obec6_code: str | None) -> list[Fault]:
    """EM02: the ministry code ends with the six digits of OBEC."""
    if ministry_code and obec6_code and not ministry_code.endswith(obec6_code):
        return [Fault(pointer, "EM02", f"รหัสกระทรวง 6 หลักท้าย ({ministry_code[-6:]}) ต้องตรงกับรหัส 6 หลัก ({obec6_code})")]
    return []


def repaired(scheme: Scheme, typed: str) -> str | None:
    """What a damaged code probably was (rounds.md §2.1), to be offered, never applied: Thai digits, ``57040001.0``,
    a PER CODE that lost its leading zeros, a ministry code that lost the 0 of its affiliation (``157120742``).
    """
    length = SCHOOL_SCHEMES[scheme][1]
    plain = to_arabic(typed).replace(" ", "").replace("-", "")
    if found := _FLOAT.match(plain):
        plain = found[1]
    if scheme == Scheme.PER6 and len(plain) == length - 1:
        plain = plain.zfill(length)
    if scheme == Scheme.MOE10 and len(plain) == length - 1 and plain.startswith("1") and not plain.startswith("10"):
        plain = f"{AFFILIATION}{plain[1:]}"
    return plain if _is_code(plain, length) and plain != typed else None


def _is_code(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
