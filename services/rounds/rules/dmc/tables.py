"""The counts a confirmed version leaves behind: by class, age, disadvantage, nationality and religion.

Only pupils who are present are counted. A pupil whose sex cannot be read stands in no table (P05 keeps such a file from
being confirmed). No personal data: these tables travel on the bus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.rounds.rules.dmc.layout import Layout
from services.rounds.rules.dmc.pupils import FEMALE, MALE, Pupil, countable, is_blank
from shared.thai.dates import age_on

_UNKNOWN = "ไม่ระบุ"
_OTHER = "อื่นๆ"

# Ministry data standard (disadvantage 10-21), DOPA (nationalities of the border), DMC entry form (religions)
_DISADVANTAGES = frozenset({
    "เด็กถูกบังคับให้ขายแรงงาน", "เด็กที่อยู่ในธุรกิจทางเพศ", "เด็กถูกทอดทิ้ง",
    "เด็กในสถานพินิจและคุ้มครองเยาวชน", "เด็กเร่ร่อน", "ผลกระทบจากเอดส์", "ชนกลุ่มน้อย",
    "เด็กที่ถูกทำร้ายทารุณ", "เด็กยากจน", "เด็กที่มีปัญหาเกี่ยวกับยาเสพติด", "กำพร้า",
    "ทำงานรับผิดชอบตนเองและครอบครัว", "ไม่ด้อยโอกาส",
})  # fmt: skip
_NATIONALITIES = frozenset({"ไทย", "เมียนมา", "พม่า", "ลาว", "กัมพูชา", "จีน", "เวียดนาม", "ไม่มีสัญชาติ"})
_RELIGIONS = frozenset({"พุทธ", "อิสลาม", "คริสต์", "ซิกส์", "พราหมณ์/ฮินดู", "อื่นๆ"})
Key = tuple[Any, ...]


def build_tables(pupils: Sequence[Pupil], layout: Layout, as_of: date) -> dict[str, list[dict[str, Any]]]:
    """The tables of a roll; ages are full years on ``as_of``. A table whose column is absent is empty."""
    present = [pupil for pupil in countable(pupils) if pupil.sex is not None]
    known = layout.at
    return {
        "classes": _table(present, ("grade", "room"), _class, order=_class_order),
        "ages": _table((pupil for pupil in present if pupil.birth.day), ("age",), lambda pupil: (_age(pupil, as_of),)),
        "disadvantage": _table(
            (pupil for pupil in present if not is_blank(pupil.disadvantage)),
            ("kind", "grade"),
            lambda pupil: (_kind(pupil.disadvantage, _DISADVANTAGES), pupil.grade.label if pupil.grade else None),
            order=lambda pupil: (_kind(pupil.disadvantage, _DISADVANTAGES), *_class_order(pupil)),
        ),
        "nationality": _table(
            present if "nationality" in known else (),
            ("kind",),
            lambda pupil: (_kind(pupil.nationality, _NATIONALITIES),),
        ),
        "religion": _table(
            present if "religion" in known else (), ("kind",), lambda pupil: (_kind(pupil.religion, _RELIGIONS),)
        ),
    }


def empty_tables() -> dict[str, list[dict[str, Any]]]:
    """The tables of nobody."""
    return {name: [] for name in ("classes", "ages", "disadvantage", "nationality", "religion")}


def _class(pupil: Pupil) -> Key:
    return (pupil.grade.label if pupil.grade else None, pupil.room)


def _class_order(pupil: Pupil) -> Key:
    """As DMC orders them: grade code, room; what could not be read comes last."""
    return (pupil.grade.code if pupil.grade else 99, pupil.room if pupil.room is not None else 10_000)


def _age(pupil: Pupil, as_of: date) -> int:
    return age_on(pupil.birth.day, as_of) if pupil.birth.day else 0


def _kind(text: str, known: frozenset[str]) -> str:
    """A kind of the code list. A word outside it may be anything, even a name in the wrong column: only counted."""
    if is_blank(text):
        return _UNKNOWN
    return text if text in known else _OTHER


def _table(
    pupils: Iterable[Pupil],
    names: Sequence[str],
    key: Callable[[Pupil], Key],
    order: Callable[[Pupil], Key] | None = None,
) -> list[dict[str, Any]]:
    counts: dict[Key, Counter[str]] = {}
    ranks: dict[Key, Key] = {}
    for pupil in pupils:
        found = key(pupil)
        heads = counts.get(found)
        if heads is None:
            heads = counts[found] = Counter()
            ranks[found] = order(pupil) if order else tuple((part is None, part) for part in found)
        heads[pupil.sex or ""] += 1
    return [_row(names, found, counts[found]) for found in sorted(counts, key=lambda found: ranks[found])]


def _row(names: Sequence[str], key: Key, counts: Mapping[str, int]) -> dict[str, Any]:
    return {**dict(zip(names, key, strict=True)), "male": counts[MALE], "female": counts[FEMALE]}
