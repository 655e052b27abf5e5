"""Judging the rows of a list of people: who is new, what would change, which roles would be given.

The same person is found by citizen id, else by user name. Everything here is pure: what the register knows comes as
plain JSON from :mod:`register`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.schools.access.rules import Reach, grant_faults, normal_username, username_faults
from services.schools.imports.judged import Row
from services.schools.imports.kinds.people.columns import (
    CITIZEN_ID,
    EMAIL,
    FAMILY,
    FROM,
    GIVEN,
    HELD_AT,
    ORGANISATION,
    PHONE,
    POSITION,
    ROLE,
    TITLE,
    UNTIL,
    USERNAME,
)
from services.schools.imports.kinds.people.roles import UnitView, find_units, place_of, read_roles
from services.schools.imports.repairs import PAD, Mended, is_damaged, mend_digits
from services.schools.imports.rules import Verdict
from services.schools.people.rules import PersonState, cleaned, person_faults
from shared.security.access import ROLES
from shared.thai import national_id
from shared.thai.dates import DateFault, DateProblem, format_slashed, parse_date

FIELDS = (TITLE, GIVEN, FAMILY, CITIZEN_ID, POSITION, EMAIL, PHONE)
DATE_WORDS = {
    DateProblem.FORMAT: "อ่านวันที่ไม่ได้ พิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 16/05/2569",
    DateProblem.IMPOSSIBLE: "ไม่มีวันที่นี้ในปฏิทิน",
    DateProblem.TWO_DIGITS: "พิมพ์ปี พ.ศ. ให้ครบ 4 หลัก",
    DateProblem.YEAR: "ปีไม่ถูกต้อง พิมพ์เป็น พ.ศ. เช่น 2569",
    DateProblem.OLD_CALENDAR: "ปีไม่ถูกต้อง พิมพ์เป็น พ.ศ. เช่น 2569",
}
ELSEWHERE = "มีบุคคลนี้ในระบบแล้วในหน่วยงานที่ท่านไม่ได้ดูแล โปรดติดต่อผู้ดูแลบัญชีของเขต"
_TWELVE = re.compile(r"\d{12}\Z", re.ASCII)
_PHONE_CUT = re.compile(r"[1-9]\d{7,8}\Z", re.ASCII)

Person = Mapping[str, Any]


@dataclass(frozen=True)
class Register:
    """What is known of the people of a list and of the units in which they may work."""

    caller: str
    today: dt.date
    reach: Reach
    scope: UnitView
    units: Sequence[UnitView]
    by_citizen_id: Mapping[str, Person]
    by_username: Mapping[str, Person]

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> Register:
        reach = known["reach"]
        people: Mapping[str, Person] = known["people"]
        return cls(
            caller=known["caller"],
            today=dt.date.fromisoformat(known["today"]),
            reach=Reach(tuple(reach["areas"]), tuple(reach["schools"]), reach["runs_system"]),
            scope=known["scope"],
            units=known["units"],
            by_citizen_id={key: people[person] for key, person in known["by_citizen_id"].items()},
            by_username={key: people[person] for key, person in known["by_username"].items()},
        )


@dataclass
class Draft:
    """A row on its way to a judgement: who it is in the file (``key``), and what would be given."""

    row: Row
    values: dict[str, str]
    username: str
    home: UnitView | None = None
    person: Person | None = None
    grants: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Who this is within the file."""
        if self.row.target:
            return self.row.target
        return self.values.get(CITIZEN_ID) or f"@{self.username}"


def judge(rows: Sequence[Row], known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One judgement a row. A person may stand in several rows with one role each; a row that says nothing new is not
    taken for another, and rows that contradict each other are all reported.
    """
    register = Register.of(known)
    drafts = [_read(row, register) for row in rows]
    _report_clashes(drafts)
    seen: set[str] = set()
    verdicts = []
    for draft in drafts:
        verdicts.append(_verdict(draft, is_first=draft.key not in seen))
        seen.add(draft.key)
    return [draft.row.judgement(verdict) for draft, verdict in zip(drafts, verdicts, strict=True)]


def _read(row: Row, register: Register) -> Draft:
    values = {name: text for name in FIELDS if (text := _value(row, name))}
    draft = Draft(row, {name: text for name, text in cleaned(values).items() if text}, _username(row))
    if not draft.username and CITIZEN_ID not in draft.values and not row.errors:
        row.error(CITIZEN_ID, "identity", "ต้องมีเลขประจำตัวประชาชน หรือชื่อผู้ใช้ อย่างใดอย่างหนึ่ง")
    draft.person = _find(draft, register)
    # of somebody who is known a cell may be empty: it takes nothing away
    for fault in person_faults(values, partial=draft.person is not None):
        row.error(fault.pointer, fault.code, fault.message)
    draft.home = _unit(row, ORGANISATION, register) or _default_home(row, register)
    draft.grants = list(_grants(draft, register))
    return draft


def _value(row: Row, name: str) -> str:
    if name == CITIZEN_ID:
        return _citizen_id(row)
    if name == PHONE:
        return row.repaired(PHONE, _telephone(row))
    return row.text(name)


def _citizen_id(row: Row) -> str:
    """rounds.md §1.2: Excel takes leading zeros and writes 1.57E+12; what is gone for good is an error."""
    mended = mend_digits(row.raw(CITIZEN_ID))
    if is_damaged(mended.text):
        row.error(CITIZEN_ID, "citizen_id.damaged", "เลขประจำตัวประชาชน: Excel ตัดเลขทิ้ง (E+12) กู้คืนไม่ได้ กรุณาพิมพ์ใหม่")
        return ""
    if _TWELVE.match(mended.text) and national_id.is_valid(f"0{mended.text}"):
        mended = mended.then(PAD, f"0{mended.text}")
    return row.repaired(CITIZEN_ID, mended)


def _telephone(row: Row) -> Mended:
    """A telephone number whose leading 0 a spreadsheet took; hyphens are how people write one."""
    mended = Mended(row.text(PHONE))
    digits = mend_digits(mended.text).text
    return mended.then(PAD, f"0{digits}") if _PHONE_CUT.match(digits) else mended


def _username(row: Row) -> str:
    written = normal_username(row.text(USERNAME))
    for fault in username_faults(written) if written else ():
        row.error(USERNAME, fault.code, fault.message)
    return written


def _unit(row: Row, name: str, register: Register) -> UnitView | None:
    """The unit that a cell names; None where nothing, or nothing clear, stands."""
    written = mend_digits(row.raw(name)).text if row.raw(name) else ""
    if not written:
        return None
    found = find_units(written, register.units) or find_units(row.text(name), register.units)
    if len(found) == 1:
        return found[0]
    if found:
        row.error(name, "unit.ambiguous", f"{row.title(name)}: มีชื่อนี้ {len(found)} แห่ง กรุณาใช้รหัส")
    else:
        row.error(name, "unit.unknown", f"{row.title(name)}: ไม่พบ “{row.text(name)[:60]}” ในหน่วยงานที่ท่านดูแล")
    return None


def _default_home(row: Row, register: Register) -> UnitView | None:
    if row.raw(ORGANISATION):
        return None
    if register.scope["kind"] == "SCHOOL":
        return register.scope
    row.error(ORGANISATION, "required", "หน่วยงาน: ต้องระบุรหัส SMIS ชื่อโรงเรียน หรือชื่อกลุ่ม")
    return None


def _find(draft: Draft, register: Register) -> Person | None:
    """Who of the register this is. Of somebody elsewhere nothing is told but that they are there."""
    row, citizen_id = draft.row, draft.values.get(CITIZEN_ID, "")
    person, named = register.by_citizen_id.get(citizen_id), register.by_username.get(draft.username)
    if person is None and named is not None:
        if not named["visible"] or (citizen_id and named["citizen_id"]):
            # it is somebody else's, or that of a person with another citizen id
            row.error(USERNAME, "username.taken", "ชื่อผู้ใช้: มีผู้อื่นใช้แล้ว กรุณาเลือกชื่ออื่น")
            return None
        person = named
    if person is None:
        return None
    if not person["visible"]:
        row.error(CITIZEN_ID, "person.elsewhere", ELSEWHERE)
        return None
    row.target = person["id"]
    if person["state"] == PersonState.RETIRED:
        row.error(CITIZEN_ID, "person.retired", "บุคคลนี้พ้นจากราชการแล้ว หากกลับมาให้บันทึกการกลับเข้ารับราชการก่อน")
    if person["username"] and draft.username not in ("", person["username"]):
        row.error(USERNAME, "username.differs", f"ชื่อผู้ใช้: บุคคลนี้มีบัญชีแล้ว ชื่อผู้ใช้คือ {person['username']} เปลี่ยนไม่ได้")
    elif named is not None and named["id"] != person["id"]:
        row.error(USERNAME, "username.taken", "ชื่อผู้ใช้: มีผู้อื่นใช้แล้ว กรุณาเลือกชื่ออื่น")
    return person


def _grants(draft: Draft, register: Register) -> Iterator[dict[str, Any]]:
    """The roles that the row gives and the person does not hold yet."""
    row = draft.row
    roles, strange = read_roles(row.text(ROLE))
    for part in strange:
        row.error(ROLE, "role.unknown", f"บทบาท: ไม่รู้จักบทบาท “{part[:60]}”")
    first, last = _day(row, FROM), _day(row, UNTIL)
    named = _unit(row, HELD_AT, register)
    if not draft.home:
        return
    for role in roles:
        place = named or place_of(role, draft.home, register.units)
        if place is None:
            row.error(ROLE, "role.place", f"บทบาท: ให้บทบาท{ROLES[role]}ที่หน่วยงานนี้ไม่ได้ ระบุในคอลัมน์ ให้บทบาทที่")
            continue
        _check_grant(row, role, place, first, last, register)
        if not _holds(draft.person, role, place, first or register.today, last):
            yield {
                "role": role,
                "organisation": place["code"],
                "name": place["name"],
                "from": first.isoformat() if first else None,
                "until": last.isoformat() if last else None,
            }


def _check_grant(
    row: Row, role: str, place: UnitView, first: dt.date | None, last: dt.date | None, register: Register
) -> None:
    for fault in grant_faults(role, place["kind"], first or register.today, last, register.today):
        row.error(fault.pointer if fault.pointer in (ROLE, UNTIL) else FROM, fault.code, fault.message)
    if not register.reach.governs(role, place["path"]):
        row.error(ROLE, "role.forbidden", f"บทบาท: ท่านให้บทบาท{ROLES[role]}ที่{place['name']}ไม่ได้")
    if row.target == register.caller:
        row.error(ROLE, "account.self", "บทบาท: ให้สิทธิ์แก่ตนเองไม่ได้ ให้ผู้ดูแลบัญชีอีกคนเป็นผู้ทำ")


def _holds(person: Person | None, role: str, place: UnitView, first: dt.date, last: dt.date | None) -> bool:
    """Whether the role is held there already on one of the days: then it is not given once more."""
    for held in person["grants"] if person else ():
        if (held["role"], held["organisation"]) != (role, place["code"]):
            continue
        begins = dt.date.fromisoformat(held["from"])
        ends = dt.date.fromisoformat(held["until"]) if held["until"] else None
        if (ends is None or first <= ends) and (last is None or begins <= last):
            return True
    return False


def _day(row: Row, name: str) -> dt.date | None:
    text = row.text(name)
    if not text:
        return None
    try:
        return parse_date(text).day
    except DateFault as fault:
        row.error(name, "date", f"{row.title(name)}: {DATE_WORDS[fault.problem]}")
        return None


def _verdict(draft: Draft, *, is_first: bool) -> Verdict:
    """What applying the row would do, and its plan."""
    row, home = draft.row, draft.home
    row.plan = {
        # by these the person is found once a row further up has entered them
        "citizen_id": draft.values.get(CITIZEN_ID),
        "known_as": draft.username or None,
        "fields": {},
        "username": None,
        "organisation": home["code"] if home else None,
        "grants": draft.grants,
    }
    is_new = draft.person is None and is_first
    if is_new:
        row.plan |= {"fields": draft.values, "username": draft.username or None}
        for name, value in draft.values.items():
            row.change(name, None, value)
        if home:
            row.change(ORGANISATION, None, home["name"])
        row.change(USERNAME, None, draft.username)
        if not draft.username:
            row.note(USERNAME, "account.none", "ไม่มีชื่อผู้ใช้ จึงยังไม่เปิดบัญชีให้")
    elif draft.person is not None:
        _change(draft, draft.person)
    for grant in draft.grants:
        row.change(ROLE, None, _grant_words(grant))
    if is_new:
        return Verdict.NEW
    return Verdict.CHANGE if row.changes else Verdict.SAME


def _change(draft: Draft, person: Person) -> None:
    """What becomes of somebody who is known. Empty cells take nothing away, and nobody is moved by a list."""
    row, home = draft.row, draft.home
    changed = {name: value for name, value in draft.values.items() if value != person[name]}
    if changed and person["citizen_id"] and CITIZEN_ID in changed:
        row.error(CITIZEN_ID, "citizen_id.differs", "เลขประจำตัวประชาชน: ไม่ตรงกับที่บันทึกไว้ในระบบ")
    if changed and not person["covered"]:
        row.note(GIVEN, "record.elsewhere", "ข้อมูลส่วนตัวต่างจากในระบบ แต่แก้ได้เฉพาะหน่วยงานต้นสังกัด จึงไม่ถูกแก้")
        changed = {}
    row.plan["fields"] = changed
    for name, value in changed.items():
        row.change(name, person[name], value)
    if draft.username and not person["username"]:
        row.plan["username"] = draft.username
        row.change(USERNAME, None, draft.username)
    if home and row.raw(ORGANISATION) and home["code"] != person["unit"]:
        row.note(ORGANISATION, "unit.stays", f"สังกัดในระบบคือ {person['unit_name']} การย้ายสังกัดทำที่หน้าบุคลากร")


def _grant_words(grant: Mapping[str, Any]) -> str:
    since = f"ตั้งแต่ {_slashed(grant['from'])}" if grant["from"] else "ตั้งแต่วันที่นำเข้า"
    until = f" ถึง {_slashed(grant['until'])}" if grant["until"] else ""
    return f"{ROLES[grant['role']]} ที่ {grant['name']} {since}{until}"


def _slashed(day: str) -> str:
    return format_slashed(dt.date.fromisoformat(day))


def _report_clashes(drafts: Sequence[Draft]) -> None:
    """Rows of one person that contradict each other or repeat themselves, and user names that two people want."""
    people: defaultdict[str, list[Draft]] = defaultdict(list)
    wanted: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.key != "@":
            people[draft.key].append(draft)
        if draft.username:
            wanted[draft.username].append(draft)
    for same in people.values():
        _report_same_person(same)
    for several in wanted.values():
        if len({draft.key for draft in several}) > 1:
            for draft in several:
                draft.row.error(USERNAME, "username.twice", f"ชื่อผู้ใช้: ซ้ำกับแถว {_others(draft, several)}")


def _report_same_person(same: Sequence[Draft]) -> None:
    if len({(tuple(sorted(draft.values.items())), draft.username) for draft in same}) > 1:
        for draft in same:
            words = f"บุคคลเดียวกับแถว {_others(draft, same)} แต่ข้อมูลไม่ตรงกัน"
            draft.row.error(CITIZEN_ID, "row.contradiction", words)
        return
    given: defaultdict[tuple[Any, ...], list[Draft]] = defaultdict(list)
    for draft in same:
        home = draft.home["code"] if draft.home else None
        given[home, draft.row.text(ROLE), draft.row.text(HELD_AT), draft.row.text(FROM)].append(draft)
    for repeated in given.values():
        for draft in repeated if len(repeated) > 1 else ():
            draft.row.error(CITIZEN_ID, "row.duplicate", f"ซ้ำกับแถว {_others(draft, repeated)}")


def _others(draft: Draft, among: Sequence[Draft]) -> str:
    return ", ".join(str(other.row.number) for other in among if other is not draft)
