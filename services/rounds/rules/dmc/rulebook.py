"""The registry of DMC's rules and what they may know about the round and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
    "earlier": "ไม่มีข้อมูลที่โรงเรียนยืนยันย้อนหลังสองรอบให้เปรียบเทียบ",
    "standing": "เป็นฉบับแรกของรอบนี้ จึงไม่มีฉบับก่อนหน้าให้เปรียบเทียบ",
    "elsewhere": "ยังไม่มีรายชื่อนักเรียนของหน่วยงานอื่นให้เปรียบเทียบ",
    "reference": "ยังไม่มีไฟล์สถิติหรือข้อมูล EMIS ให้เปรียบเทียบ",
    "movements": "ยังไม่มีทะเบียนการเคลื่อนไหวของนักเรียน (ย้ายเข้า ย้ายออก จำหน่าย) และผลการเรียน",
    "created": "ไฟล์ไม่มีบรรทัดวันและเวลาที่สร้างรายงาน",
    "opens_at": "ไม่ทราบเวลาเปิดรอบ",
    "received_at": "ไม่ทราบเวลาส่งไฟล์",
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
    """The school in a round before this one: its pupils as the version that counts there has them."""

    year_be: int
    round_no: int
    as_of: date
    pupils: Sequence[Pupil]

    @cached_property
    def by_id(self) -> Mapping[str, Pupil]:
        """The pupils by citizen id or G-code; of an id that stands twice, the first."""
        return {pupil.identity.value: pupil for pupil in reversed(self.pupils) if pupil.identity.value}


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What may be known beside the file, None where it is not; a rule that names a fact as given runs only where it is.

    ``earlier`` is the round before ``previous``, ``standing`` the pupils of the version of this round that stands,
    ``rooms`` the rooms by grade label of the school's profile, ``elsewhere`` the agency whose list has an id,
    ``reference`` the head count of another source. ``movements`` is the ledger that does not exist yet.
    """

    previous: Previous | None = None
    earlier: Previous | None = None
    standing: Sequence[Pupil] | None = None
    rooms: Mapping[str, int] | None = None
    elsewhere: Mapping[str, str] | None = None
    reference: int | None = None
    movements: None = None


@dataclass(frozen=True, kw_only=True)
class Setting(Beside):
    """What a rule of a pupil or the roll may know: the round's dates, the grades offered, thresholds.

    ``params`` are the rule's own thresholds; ``rules`` has those of the others, for rules that build on each other.
    """

    as_of: date
    today: date
    year_be: int
    offered: frozenset[int] | None
    rules: RuleSet
    params: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class File(Beside):
    """What a rule of the file may know. ``sheet`` and ``layout`` are None when no file was sent or no header was found.

    ``closed_smis`` are codes of closed or merged schools, ``known_smis`` all of the area when they are known.
    ``created`` is when DMC made the file, ``opens_at`` when the round opened, ``received_at`` when the file came.
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
    created: datetime | None = None
    opens_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def is_readable(self) -> bool:
        """Whether its pupils could be read, or it is the declaration that there are none."""
        return self.sheet is None or (self.layout is not None and not self.layout.missing_mandatory)

    def params(self, rule_id: str) -> Mapping[str, Any]:
        """The thresholds of a rule."""
        return self.rules.rules[rule_id].params
