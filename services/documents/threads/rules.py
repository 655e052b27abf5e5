"""How letters belong together (correspondence.md §2: ``letter_ref``, ``reply_to_letter_id``, thread)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from shared.problems import FieldError, invalid
from shared.thai.digits import to_arabic

MAX_REFERENCES = 10
# letters of one thread that are looked up: what hangs together by more is no one matter
MAX_THREAD = 200
_IN_REGISTER = re.compile(r"(?P<no>[1-9]\d{0,5})(?:\.(?P<suffix>\d{1,3}))?\s?/\s?(?P<year>2[4-6]\d\d)")


class ReferenceKind(StrEnum):
    """Why a letter names another: as its reference (อ้างถึง), or because it answers it. The names of the fields too."""

    REFERS_TO = "refers_to"
    ANSWERS = "answers"


class RegisterNumber(NamedTuple):
    """A number of a received book as people write it: ``12/2569``, ``12.1/2569``."""

    no: int
    suffix: str
    be_year: int


def register_number(typed: str) -> RegisterNumber | None:
    """The number of a received book that somebody typed; None when it is none."""
    found = _IN_REGISTER.fullmatch(to_arabic(typed.strip()))
    return RegisterNumber(int(found["no"]), found["suffix"] or "", int(found["year"])) if found else None


def read_references(values: Mapping[str, Any]) -> dict[ReferenceKind, list[str]]:
    """What was keyed in as references, of each kind that was given: ids of letters, or numbers as people write them.

    Raises:
        Problem: ``invalid`` (422) when they are too many.
    """
    found = {}
    for kind in ReferenceKind:
        given: Sequence[str] | None = values.get(kind.value)
        if given is None:
            continue
        found[kind] = list(dict.fromkeys(text for each in given if (text := each.strip())))
        if len(found[kind]) > MAX_REFERENCES:
            raise invalid([FieldError(kind.value, "many", f"หนังสือที่อ้างถึง: ระบุได้ไม่เกิน {MAX_REFERENCES} ฉบับ")])
    return found
