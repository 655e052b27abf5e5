"""What a round asks of whom: the area's numbers and the next step of a school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.web import addresses
from gateway.web.language import N_
from gateway.web.viewer import Viewer


@dataclass(frozen=True)
class AreaWork:
    """A round as the area sees it: the numbers, and what waits for the office."""

    round: Mapping[str, Any]
    board: Mapping[str, Any]
    to_acknowledge: list[Mapping[str, Any]]
    on_hold: list[Mapping[str, Any]]
    late_ones: list[Mapping[str, Any]]
    late: int
    not_sent: int
    finished: int


@dataclass(frozen=True)
class SchoolWork:
    """What a school in a round has to do next."""

    round: Mapping[str, Any]
    school: Mapping[str, Any]
    href: str
    title: str
    deadline: str | None
    is_mine: bool


@dataclass(frozen=True)
class Step:
    """The next step from a state: what it is called, who takes it, which date it must keep."""

    title: str
    roles: frozenset[str]
    deadline: str | None


_OFFICER = frozenset({"data_officer"})
_DIRECTOR = frozenset({"school_director"})
_NOBODY: frozenset[str] = frozenset()

NEXT_STEPS = {
    "NOT_STARTED": Step(N_("ส่งไฟล์ข้อมูลนักเรียนจาก DMC"), _OFFICER, "school_deadline"),
    "RECORDING": Step(N_("ระบบกำลังตรวจไฟล์"), _OFFICER, "school_deadline"),
    "HAS_ERRORS": Step(N_("แก้ไขหรือชี้แจงตามผลการตรวจ"), _OFFICER, "school_deadline"),
    "READY": Step(N_("ยืนยันข้อมูล"), _OFFICER, "school_deadline"),
    "RETURNED": Step(N_("แก้ไขตามที่เขตตีกลับ แล้วยืนยันใหม่"), _OFFICER, "due"),
    "CONFIRMED": Step(N_("ผู้อำนวยการรับรองข้อมูล"), _DIRECTOR, "certify_deadline"),
    "CERTIFIED": Step(N_("รอเขตรับทราบ"), _NOBODY, "area_ack_deadline"),
    "ACKNOWLEDGED": Step(N_("เรียบร้อยแล้ว เขตรับทราบข้อมูลแล้ว"), _NOBODY, None),
    "LOCKED": Step(N_("ปิดรอบแล้ว"), _NOBODY, None),
    "EXEMPT": Step(N_("เขตยกเว้นโรงเรียนนี้ในรอบนี้"), _NOBODY, None),
}
NOT_SENT = ("NOT_STARTED", "RECORDING", "HAS_ERRORS", "READY", "RETURNED")
FINISHED = ("ACKNOWLEDGED", "LOCKED")


def area_work(round_: Mapping[str, Any], board: Mapping[str, Any]) -> AreaWork:
    """The numbers of a round that the office looks at first."""
    by_state = board["by_state"]
    return AreaWork(
        round=round_,
        board=board,
        to_acknowledge=[school for school in board["schools"] if school["state"] == "CERTIFIED"],
        on_hold=[school for school in board["schools"] if school["on_hold"]],
        late_ones=[school for school in board["schools"] if school["late"]],
        late=board["late"],
        not_sent=sum(by_state[state] for state in NOT_SENT),
        finished=sum(by_state[state] for state in FINISHED),
    )


def school_work(viewer: Viewer, round_: Mapping[str, Any], board: Mapping[str, Any]) -> list[SchoolWork]:
    """The next step of each of the viewer's own schools in a round; those that wait for the viewer first."""
    own = set(viewer.own_schools)
    found = [_work(viewer, round_, school) for school in board["schools"] if school["smis"] in own]
    return sorted(found, key=lambda work: not work.is_mine)


def _work(viewer: Viewer, round_: Mapping[str, Any], school: Mapping[str, Any]) -> SchoolWork:
    step = NEXT_STEPS[school["state"]]
    deadline = None
    if step.deadline:
        own = {**round_, "due": school["due"] or school["school_deadline"]}
        own |= {name: school[name] for name in ("school_deadline", "certify_deadline")}
        deadline = own[step.deadline]
    has_begun = round_["state"] != "ANNOUNCED"
    return SchoolWork(
        round=round_,
        school=school,
        href=addresses.school_round(round_["id"], school["smis"]),
        title=step.title,
        deadline=deadline,
        is_mine=has_begun and viewer.identity.holds(step.roles, school["org_path"]),
    )
