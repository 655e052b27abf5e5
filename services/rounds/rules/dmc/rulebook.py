"""The registry of DMC's rules and what they may know about the round and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from services.rounds.rules.dmc.layout import Layout
from services.rounds.rules.dmc.pupils import Pupil
from services.rounds.rules.model import RuleSet, Source
from services.rounds.rules.registry import Registry

RULES = Registry()

# what a rule may ask for beside the file, and what is said where it is not there
MISSING = {
    "previous": "ไม่มีข้อมูลที่โรงเรียนยืนยันในรอบก่อนให้เปรียบเทียบ",
    "rooms": "โรงเรียนยังไม่ได้กรอกจำนวนห้องเรียนของปีนี้ในข้อมูลพื้นฐาน (เมนู 2.2)",
}


@dataclass(frozen=True)
class School:
    """The school that sends the file; ``smis`` None when the area sends a file of several schools."""

    smis: str | None
    name: str = ""
    education_range: str | None = None


@dataclass(frozen=True)
class Previous:
    """The school in the round before this one: its pupils as the version that counts there has them."""

    year_be: int
    round_no: int
    as_of: date
    pupils: Sequence[Pupil]

    @cached_property
    def by_id(self) -> Mapping[str, Pupil]:
        """The pupils by citizen id or G-code; of an id that stands twice, the first."""
        return {pupil.identity.value: pupil for pupil in reversed(self.pupils) if pupil.identity.value}


@dataclass(frozen=True)
class Setting:
    """What a rule of a pupil or the roll may know: the round's dates, the grades offered, thresholds.

    ``params`` are the rule's own thresholds; ``rules`` has those of the others, for rules that build on each other.
    ``previous`` and ``rooms`` (rooms by grade label, of the school's profile of the year) are None where they are not
    known; a rule that names them as given runs only where they are.
    """

    as_of: date
    today: date
    year_be: int
    offered: frozenset[int] | None
    rules: RuleSet
    params: Mapping[str, Any]
    previous: Previous | None = None
    rooms: Mapping[str, int] | None = None


@dataclass(frozen=True)
class File:
    """What a rule of the file may know. ``sheet`` and ``layout`` are None when no file was sent or no header was found.

    ``closed_smis`` are codes of closed or merged schools, ``known_smis`` all of the area when they are known.
    """

    filename: str
    year_be: int
    round_no: int
    school: School
    closed_smis: frozenset[str]
    known_smis: frozenset[str] | None
    no_pupils: bool
    same_bytes_as_version: int | None
    external_links: bool
    sheet: Source | None
    layout: Layout | None
    pupils: Sequence[Pupil]
    rules: RuleSet
    previous: Previous | None = None
    rooms: Mapping[str, int] | None = None
