"""The counts a confirmed version leaves behind: by class, age, disadvantage, nationality, religion and kind of id.

Only pupils who are present are counted. A pupil whose sex cannot be read stands in no table (P05 keeps such a file from
being confirmed). No personal data: these tables travel on the bus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.rounds.rules.dmc.code_lists import DISADVANTAGES, NATIONALITIES, RELIGIONS
from services.rounds.rules.dmc.identity_number import IdentityNumber, Kind
from services.rounds.rules.dmc.layout import Layout
from services.rounds.rules.dmc.pupils import FEMALE, MALE, Pupil, countable, is_blank
from shared.thai.dates import age_on

_UNKNOWN = "ไม่ระบุ"
_OTHER = "อื่นๆ"

# first digits of the numbers of people who are no Thai citizens, or were not born so (DOPA; rounds.md §1.5)
_NOT_THAI = frozenset("0678")
NAMES = ("classes", "ages", "disadvantage", "nationality", "religion", "identities")
# the column without which a table can't be made; the others' are mandatory
_COLUMN_OF = {"disadvantage": "disadvantage", "nationality": "nationality", "religion": "religion"}
Key = tuple[Any, ...]
Tables = dict[str, list[Any]]


def build_tables(pupils: Sequence[Pupil], layout: Layout, as_of: date) -> Tables:
    """The tables of a roll; ages are full years on ``as_of``.

    A table whose column is absent is empty, and ``missing`` names it.
    """
    present = [pupil for pupil in countable(pupils) if pupil.sex is not None]
    known = layout.at
    return {
        "classes": _table(present, ("grade", "room"), _class, order=_class_order),
        "ages": _table((pupil for pupil in present if pupil.birth.day), ("age",), lambda pupil: (_age(pupil, as_of),)),
        "disadvantage": _table(
            (pupil for pupil in present if not is_blank(pupil.disadvantage)),
            ("kind", "grade"),
            lambda pupil: (_kind(pupil.disadvantage, DISADVANTAGES), pupil.grade.label if pupil.grade else None),
            order=lambda pupil: (_kind(pupil.disadvantage, DISADVANTAGES), *_class_order(pupil)),
        ),
        "nationality": _table(
            present if "nationality" in known else (),
            ("kind",),
            lambda pupil: (_kind(pupil.nationality, NATIONALITIES),),
        ),
        "religion": _table(
            present if "religion" in known else (), ("kind",), lambda pupil: (_kind(pupil.religion, RELIGIONS),)
        ),
        "identities": _table(
            (pupil for pupil in present if _identity(pupil.identity)),
            ("kind", "grade"),
            lambda pupil: (_identity(pupil.identity), pupil.grade.label if pupil.grade else None),
            order=lambda pupil: (_identity(pupil.identity), *_class_order(pupil)),
        ),
        "missing": [name for name, column in _COLUMN_OF.items() if column not in known],
    }


def empty_tables() -> Tables:
    """The tables of nobody."""
    return {**{name: [] for name in NAMES}, "missing": []}


def _identity(identity: IdentityNumber) -> str | None:
    """The kind of an id that is not the number of a Thai citizen; None for one that is."""
    if identity.kind is Kind.THAI and identity.value:
        return identity.value[0] if identity.value[0] in _NOT_THAI else None
    return {Kind.G_CODE: "G", Kind.MISSING: "none"}.get(identity.kind, "unread")


def _class(pupil: Pupil) -> Key:
    return (pupil.grade.label if pupil.grade else None, pupil.room)


def _class_order(pupil: Pupil) -> Key:
    """As DMC orders them: grade code, room; what could not be read comes last."""
    return (pupil.grade.code if pupil.grade else 99, pupil.room if pupil.room is not None else 10_000)


def _age(pupil: Pupil, as_of: date) -> int:
    return age_on(pupil.birth.day, as_of) if pupil.birth.day else 0


def _kind(text: str, known: Sequence[str]) -> str:
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
