"""Judging the rows of a school list: which school a row is, what in its codes is repaired, what would change.

A school is found by its codes, and by its name only as a proposal (rounds.md §2.1, "Same names"). Everything here is
pure: what the register knows comes as plain JSON from :mod:`register`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from services.schools.imports.judged import Row
from services.schools.imports.kinds.schools.codes import SCHEMES, Register, School, find_target, read_codes
from services.schools.imports.kinds.schools.columns import (
    AREA,
    CLUSTER,
    FACTS,
    NAME,
    NUMBERS,
    PLACES,
    RANGE,
    SMIS,
    TEXTS,
)
from services.schools.imports.repairs import PAD, SCHOOL_WORD, Mended, mend_digits, mend_text
from services.schools.imports.rules import Verdict
from services.schools.organisations.codes.rules import code_faults, pair_faults
from services.schools.organisations.details.rules import FIELDS, Surroundings, doubts, read_details, record_faults
from services.schools.organisations.lifecycle.rules import name_faults
from services.schools.organisations.places.checks import place_faults
from services.schools.organisations.rules import RANGES
from shared.thai.dates import DateFault, parse_date
from shared.thai.digits import parse_number

SCHOOL_WORDS = ("โรงเรียน", "รร.")
COUNTS = ("teachers", "pupils", "rooms")
LEFT_OUT = "ช่องนี้ไม่ถูกนำเข้า"
MOBILE_OR_LAND = range(8, 10)  # digits of a telephone number that lost its leading 0

EMPTY_RECORD = {**dict.fromkeys(FIELDS), "founded_year_be": None}


def judge(rows: Sequence[Row], known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One judgement a row. Two rows that are the same school are both reported."""
    register = Register(known)
    drafts = [(row, *_judged(row, register)) for row in rows]
    bearers: defaultdict[str, list[Row]] = defaultdict(list)
    for row, _verdict, codes in drafts:
        for name, code in codes.items():
            bearers[f"{name}:{code}"].append(row)
        if row.target:
            bearers[row.target].append(row)
    for same in bearers.values():
        for row in same:
            others = [other for other in same if other is not row]
            if others and not any(error["code"] == "row.duplicate" for error in row.errors):
                places = ", ".join(str(other.number) for other in others)
                row.error(SMIS, "row.duplicate", f"โรงเรียนเดียวกันหรือรหัสเดียวกันอยู่ในแถว {places} ด้วย")
    return [row.judgement(verdict) for row, verdict, _codes in drafts]


def _judged(row: Row, known: Register) -> tuple[Verdict, dict[str, str]]:
    """The verdict on a row by itself, and the codes that nobody else in the file may have."""
    _check_area(row, known)
    name = _name(row)
    codes, school = find_target(row, read_codes(row, known), name, known)
    _note_facts(row)
    if any(error["code"] == "codes.disagree" for error in row.errors):
        return Verdict.ERROR, codes
    if school is None:
        _open(row, name, codes, known)
        return Verdict.NEW, codes
    _change(row, school, name, codes, known)
    return (Verdict.CHANGE if row.changes else Verdict.SAME), codes


def _check_area(row: Row, known: Register) -> None:
    area = row.text(AREA)
    if area and area != known.area:
        row.error(AREA, "area.differs", f"แถวนี้เป็นของเขตพื้นที่ {area} ไม่ใช่ {known.area}")


def _name(row: Row) -> str:
    mended = mend_text(row.raw(NAME))
    for word in SCHOOL_WORDS:
        if mended.text.startswith(word):
            mended = mended.then(SCHOOL_WORD, mended.text.removeprefix(word).strip())
    return row.repaired(NAME, mended)


def _open(row: Row, name: str, codes: Mapping[str, str], known: Register) -> None:
    """Plan a school that the register does not know."""
    if SMIS not in codes:
        if not row.errors:
            row.error(SMIS, "school.unknown", "ไม่พบโรงเรียนในทะเบียน โรงเรียนใหม่ต้องมีรหัส SMIS 8 หลัก")
        return
    for fault in name_faults(NAME, name):
        row.error(NAME, fault.code, f"ชื่อโรงเรียน: {fault.message}")
    education_range = _range(row)
    if not education_range:
        row.error(RANGE, "required", "โรงเรียนใหม่ต้องระบุระดับที่เปิดสอน เช่น อนุบาล-ประถมศึกษา")
    place = {field: row.text(field) or None for field in PLACES}
    _check_codes(row, codes, {}, known)
    _check_place(row, place)
    after = {NAME: name, RANGE: education_range, **place}
    for field, value in {**codes, **after}.items():
        row.change(field, None, value)
    details = _details(row, {}, known)
    row.plan = {
        "smis": codes[SMIS],
        "open": {**after, "codes": _by_scheme(codes)},
        "details": details,
        "cluster": _cluster(row, None, known),
    }


def _change(row: Row, school: School, name: str, codes: Mapping[str, str], known: Register) -> None:
    """Plan what becomes of a school that the register knows; what the file leaves empty stays as it is."""
    changed = {field: code for field, code in codes.items() if code != school[field]}
    _check_codes(row, changed, school, known)
    given = {NAME: name, RANGE: _range(row), **{field: row.text(field) for field in PLACES}}
    correct = {field: value for field, value in given.items() if value and value != school[field]}
    if NAME in correct:
        for fault in name_faults(NAME, name):
            row.error(NAME, fault.code, f"ชื่อโรงเรียน: {fault.message}")
    if set(correct) & set(PLACES):
        _check_place(row, {field: correct.get(field, school[field]) for field in PLACES})
    for field, value in {**changed, **correct}.items():
        row.change(field, school[field], value)
    row.plan = {
        "smis": school[SMIS],
        "codes": _by_scheme(changed),
        "correct": correct,
        "details": _details(row, school, known),
        "cluster": _cluster(row, school[CLUSTER], known),
    }


def _range(row: Row) -> str:
    """The grades on offer; a wording that no list of ours has is not taken."""
    written = row.text(RANGE).replace(" ", "")
    if written and written not in RANGES:
        row.note(RANGE, "range.unknown", f"ระดับที่เปิดสอน: ไม่รู้จัก “{written[:60]}” {LEFT_OUT}")
        return ""
    return written


def _check_codes(row: Row, codes: Mapping[str, str], school: School, known: Register) -> None:
    """EM01-EM03 of the codes that a school would get; a wrong code that it has already is only noted."""
    for field, code in codes.items():
        for fault in code_faults(field, SCHEMES[field], code, known.province):
            row.error(field, fault.code, fault.message)
        if known.is_taken(field, code):
            row.error(field, "code.taken", f"{row.title(field)}: รหัสนี้มีหน่วยงานอื่นใช้อยู่หรือเคยใช้แล้ว")
    pair = {field: codes.get(field) or school.get(field) for field in SCHEMES}
    if not row.errors and codes:
        for fault in pair_faults("ministry_code", pair["ministry_code"], pair["obec6_code"]):
            row.error("ministry_code", fault.code, fault.message)
    smis = pair[SMIS] or ""
    if smis and known.province and not smis.startswith(known.area):
        row.note(SMIS, "EM03", f"รหัส Smis ไม่ขึ้นต้นด้วยรหัสเขต {known.area} เป็นไปได้เมื่อมีการรวมเขต")


def _check_place(row: Row, place: Mapping[str, str | None]) -> None:
    for fault in place_faults(place["tambon"], place["amphoe"], place["province"]):
        row.error(fault.pointer, fault.code, fault.message)


def _details(row: Row, school: School, known: Register) -> dict[str, Any]:
    """What changes in the record of the school. What cannot stand there is said, and left out."""
    record = {field: school.get(field) for field in EMPTY_RECORD}
    given = {field: _detail(row, field) for field in (*TEXTS, *NUMBERS)}
    values, faults = read_details({field: value for field, value in given.items() if value is not None})
    refused = {fault.pointer: fault for fault in faults}
    refused |= {fault.pointer: fault for fault, _ in record_faults({**record, **values}) if fault.pointer in values}
    for field, fault in refused.items():
        row.note(field, fault.code, f"{fault.message} {LEFT_OUT}")
    taken = {field: value for field, value in values.items() if field in given and field not in refused}
    around = Surroundings(this_year_be=known.this_year_be)
    for doubt in doubts({**record, **values}, around):
        if doubt.pointer in taken:
            row.note(doubt.pointer, doubt.code, doubt.message)
    changed = {field: value for field, value in taken.items() if value is not None and value != record[field]}
    for field, value in changed.items():
        row.change(field, record[field], value)
    return changed


def _detail(row: Row, field: str) -> Any:
    """A field of the record as it is meant to be stored; None where nothing stands."""
    text = row.text(field)
    if not text:
        return None
    if field in NUMBERS:
        number = parse_number(text)
        return text if number is None else number
    if field == "postcode":
        return row.repaired(field, mend_digits(row.raw(field))) or None
    if field in ("phone", "fax"):
        return row.repaired(field, _telephone(text)) or None
    return text


def _telephone(text: str) -> Mended:
    mended = Mended(text)
    digits = mend_digits(text).text
    is_cut = digits.isascii() and digits.isdigit() and len(digits) in MOBILE_OR_LAND and not digits.startswith("0")
    return mended.then(PAD, f"0{digits}") if is_cut else mended


def _cluster(row: Row, current: str | None, known: Register) -> str | None:
    """The id of the cluster into which the school comes; clusters are not made by a list."""
    name = row.text(CLUSTER)
    if not name or name == current:
        return None
    found: str | None = known.clusters.get(name)
    if found is None:
        row.note(CLUSTER, "cluster.unknown", f"เครือข่าย: ยังไม่มีกลุ่มโรงเรียน “{name[:60]}” ในระบบ {LEFT_OUT}")
    else:
        row.change(CLUSTER, current, name)
    return found


def _note_facts(row: Row) -> None:
    """Numbers and dates that stand beside the row in the report, as far as they can be read."""
    for field in FACTS:
        text = row.text(field)
        if field in COUNTS and text and parse_number(text) is None:
            row.note(field, "number", f"{row.title(field)}: อ่านเป็นตัวเลขไม่ได้")
        if field == "updated" and text and not _is_day(text):
            row.note(field, "date", f"{row.title(field)}: อ่านเป็นวันที่ไม่ได้")


def _is_day(text: str) -> bool:
    try:
        parse_date(text)
    except DateFault:
        return False
    return True


def _by_scheme(codes: Mapping[str, str]) -> dict[str, str]:
    return {SCHEMES[field].value: code for field, code in codes.items()}
