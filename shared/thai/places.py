"""Provinces, amphoe and tambon: which triples are real, however their names are spelt.

Names and codes (TIS 1099) come from the package ``geothai``. A name is looked for inside its parent only: ศรีดอนชัย is a
tambon of เชียงของ and ศรีดอนไชย one of เทิง, and there are two tambon called เวียง. Spelling variants are resolved before
anything is called wrong, and only when one sibling alone is meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

import geothai

from shared.thai.fold import fold_text

_BANGKOK = "10"
_CAPITAL = "เมือง"
_ALIASES = {"กทม": _BANGKOK, "กรุงเทพ": _BANGKOK, "กรุงเทพฯ": _BANGKOK, "อยุธยา": "14", "โคราช": "30"}

_GAPS = re.compile(r"[\s.\u200b-]+")
# longer words first; a short form needs its dot, or อ่างทอง would lose its first letter
_LEVEL = re.compile(r"(?:กิ่งอำเภอ|กิ่งอ\.|จังหวัด|อำเภอ|ตำบล|แขวง|เขต|จ\.|อ\.|ต\.)")
_SHORT_VOWEL = re.compile("[ไใ]([\u0e01-\u0e2e])ย?")
_MARKS = re.compile("[\u0e47-\u0e4b]")
_SILENT = re.compile("[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")
_SAME_SOUND = str.maketrans("ณศษฎฏฐฑฬญ", "นสสดตถทลย")


class PlaceFault(StrEnum):
    """Which part of an address names nothing real within the part above it."""

    PROVINCE = "province"
    AMPHOE = "amphoe"
    TAMBON = "tambon"


@dataclass(frozen=True, slots=True)
class Address:
    """A triple as far as it could be resolved, in TIS codes of 2, 4 and 6 digits; ``fault`` names what failed."""

    province: str | None = None
    amphoe: str | None = None
    tambon: str | None = None
    fault: PlaceFault | None = None


@lru_cache(maxsize=16_384)
def resolve(tambon: str, amphoe: str, province: str) -> Address:
    """The real triple that an address means; names may bear their level (``ต.``, ``อำเภอ``, ``จ.``)."""
    province_code = _provinces().find(province) or _ALIASES.get(_bare(province))
    if province_code is None:
        return Address(fault=PlaceFault.PROVINCE)
    amphoe_code = _amphoe(province_code).find(amphoe)
    if amphoe_code is None:
        return Address(province_code, fault=PlaceFault.AMPHOE)
    tambon_code = _tambon(amphoe_code).find(tambon)
    return Address(province_code, amphoe_code, tambon_code, None if tambon_code else PlaceFault.TAMBON)


@cache
def province_name(code: str) -> str | None:
    """The name of a province by its two digits, None where there is none."""
    found = geothai.province(code)
    return found.name_th if found else None


class _Siblings:
    """The places below one parent, found by name: as it is written first, then by a spelling that one alone has."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        named = [(_bare(name), code) for name, code in names]
        self._exact: Mapping[str, str] = dict(named)
        spellings = Counter(_spelling(name) for name, _ in named)
        self._spelt = {_spelling(name): code for name, code in named if spellings[_spelling(name)] == 1}

    def find(self, written: str) -> str | None:
        plain = fold_text(written)
        for name in dict.fromkeys((_bare(plain), _bare(_LEVEL.sub("", plain, count=1)))):
            found = self._exact.get(name) or self._spelt.get(_spelling(name))
            if found:
                return found
        return None


@cache
def _provinces() -> _Siblings:
    return _Siblings((province.name_th, province.code) for province in geothai.provinces())


@cache
def _amphoe(province: str) -> _Siblings:
    """The capital's amphoe is also written without the name of its province."""
    names = []
    for district in geothai.districts(province):
        # Bangkok's bear their level in the data
        name = district.name_th.removeprefix("เขต") if province == _BANGKOK else district.name_th
        names.append((name, district.code))
        if district.code.endswith("01") and province != _BANGKOK:
            names.append((_CAPITAL, district.code))
    return _Siblings(names)


@cache
def _tambon(amphoe: str) -> _Siblings:
    return _Siblings((tambon.name_th, tambon.code) for tambon in geothai.subdistricts(amphoe))


def _bare(name: str) -> str:
    """Without spaces, dots, and an older name in brackets."""
    return _GAPS.sub("", fold_text(name.partition("(")[0]))


def _spelling(name: str) -> str:
    """What is left when the ways to write one sound are one: ไชย = ชัย, แม่ต๋ำ = แม่ต่ำ, ศรี = สรี."""
    text = _SILENT.sub("", name.replace("พระยา", "พญา"))
    text = _SHORT_VOWEL.sub("\\1ัย", _MARKS.sub("", text))
    return text.replace("ทร", "ส").replace("รร", "ั").translate(_SAME_SOUND)
