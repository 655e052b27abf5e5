"""Filtering, sorting and writing out the schools of a board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.web import labels, thai
from gateway.web.addresses import with_query
from gateway.web.language import N_
from gateway.web.language import gettext as _

School = Mapping[str, Any]

# the order in which an officer works: what waits for the office first
_WORK_ORDER = (
    "CERTIFIED", "RETURNED", "HAS_ERRORS", "NOT_STARTED", "RECORDING", "READY", "CONFIRMED", "ACKNOWLEDGED", "LOCKED",
    "EXEMPT",
)  # fmt: skip

SORTS: dict[str, tuple[str, Callable[[School], Any]]] = {
    "work": (N_("งานที่รอเขตก่อน"), lambda school: (_WORK_ORDER.index(school["state"]), school["smis"])),
    "smis": (N_("รหัสโรงเรียน"), lambda school: school["smis"]),
    "name": (N_("ชื่อโรงเรียน"), lambda school: school["name"]),
    "amphoe": (N_("อำเภอ"), lambda school: (school["amphoe"] is None, school["amphoe"] or "", school["name"])),
    "late": (N_("ล่าช้าก่อน"), lambda school: (not school["late"], school["smis"])),
}
COLUMNS = (
    N_("รหัส SMIS"), N_("โรงเรียน"), N_("อำเภอ"), N_("สถานะ"), N_("ฉบับที่"), N_("กำหนดส่ง"), N_("ยืนยันเมื่อ"), N_("รับรองเมื่อ"),
    N_("รับทราบเมื่อ"), N_("เหตุผล"),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """What the board is narrowed to and how it is sorted, as it stands in the address."""

    state: str = ""
    amphoe: str = ""
    late: bool = False
    q: str = ""
    sort: str = "work"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Choice:
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            state=state if state in labels.SCHOOL_STATES else "",
            amphoe=query.get("amphoe", ""),
            late=bool(query.get("late")),
            q=query.get("q", "").strip(),
            sort=sort if sort in SORTS else "work",
        )

    def as_query(self) -> dict[str, str | None]:
        """Back into an address."""
        return {
            "state": self.state,
            "amphoe": self.amphoe,
            "late": "1" if self.late else None,
            "q": self.q,
            "sort": self.sort if self.sort != "work" else None,
        }

    @property
    def query_string(self) -> str:
        """The choice as the query of an address."""
        return with_query("", **self.as_query()).removeprefix("?")

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The ways to sort: code and name."""
        return [(code, name) for code, (name, _key) in SORTS.items()]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.amphoe or self.late or self.q)

    def takes(self, school: School) -> bool:
        """Whether a school is among those chosen."""
        amphoe = school["amphoe"] or labels.UNKNOWN_AMPHOE
        return (
            (not self.state or school["state"] == self.state)
            and (not self.amphoe or amphoe == self.amphoe)
            and (not self.late or school["late"])
            and (not self.q or self.q in school["name"] or school["smis"].startswith(self.q))
        )


def as_it_stood(board: Mapping[str, Any]) -> dict[str, Any]:
    """A board on which locked schools show, and are counted by, the state from which they were locked.

    At the close every school becomes LOCKED; what people ask of a closed round is how far each of them had come.
    """
    schools = [{**school, "state": stood_at(school)} for school in board["schools"]]
    lines = [{**line, "by_state": _count(schools, line["amphoe"])} for line in board["by_amphoe"]]
    return {**board, "schools": schools, "by_state": _count(schools), "by_amphoe": lines}


def stood_at(school: School) -> str:
    """The state that counts: of a locked school, the one from which it was locked."""
    return str(school["locked_from"] if school["state"] == "LOCKED" and school["locked_from"] else school["state"])


def _count(schools: Iterable[School], amphoe: str | None = None) -> dict[str, int]:
    found = Counter(
        school["state"] for school in schools if amphoe in (None, school["amphoe"] or labels.UNKNOWN_AMPHOE)
    )
    return {state: found[state] for state in labels.SCHOOL_STATES}


def arrange(schools: Iterable[School], choice: Choice) -> list[School]:
    """The chosen schools in the chosen order."""
    return sorted((school for school in schools if choice.takes(school)), key=SORTS[choice.sort][1])


def punctuality(school: School) -> str:
    """``ทันกำหนด``, ``ล่าช้า`` or nothing yet."""
    if school["late"]:
        return _("ล่าช้า")
    return _("ทันกำหนด") if school["on_time"] else ""


def columns() -> list[str]:
    """The titles of the exported table."""
    return [_(title) for title in COLUMNS]


def cells(school: School) -> list[Any]:
    """A school as a row of the exported table."""
    return [
        school["smis"],
        school["name"],
        school["amphoe"] or _(labels.UNKNOWN_AMPHOE),
        labels.label(labels.SCHOOL_STATES, school["state"]),
        school["version"] or None,
        punctuality(school),
        *(thai.short_time(school[name]) if school[name] else None for name in WHEN),
        school["reason"],
    ]


WHEN = ("confirmed_at", "certified_at", "acknowledged_at")
