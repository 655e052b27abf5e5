"""Creating, announcing, opening, closing, reopening and publishing rounds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.moving import advance, publish_round
from services.rounds.calendar.rules import (
    RULE_SETS,
    SYSTEMS,
    RoundPhase,
    read_dates,
    read_future,
    title_of,
)
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, round_view
from services.rounds.gates.locking import lock_schools, unlock_schools
from services.rounds.gates.publishing import publish, record
from services.rounds.gates.rules import SchoolState, need_reason
from services.rounds.gates.tables import SchoolRound
from services.rounds.schools.tables import School
from shared.bus.contracts import rounds as contracts
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, forbidden, invalid
from shared.security.access import is_area, require
from shared.thai.dates import BANGKOK, read_instant

YEARS = range(2560, 2601)
CLOSED_REASON = "โรงเรียนยุบหรือเลิกแล้วเมื่อประกาศรอบ"


def create_round(unit: Unit, **fields: Any) -> dict[str, Any]:
    """Create a round in DRAFT for the caller's area.

    Raises:
        Problem: ``forbidden``; ``invalid`` (422) for dates, system, number or schools; ``round.exists`` (409).
    """
    area, area_name = _area_of(unit)
    dates = read_dates(fields)
    as_of_date = _as_of(fields)
    _check_kind(fields)
    codes = fields.get("school_codes")
    if codes is not None:
        _check_codes(unit, area, codes)
    values = {name: fields[name] for name in ("system", "year_be", "round_no")}
    if unit.session.execute(select(Round.id).filter_by(org_path=area, **values)).first():
        raise conflict("round.exists", f"มี {title_of(**values)} อยู่แล้ว")
    round_ = Round(
        id=new_id(),
        org_path=area,
        area_name=area_name,
        title=fields.get("title") or title_of(**values),
        as_of_date=as_of_date,
        rule_set=RULE_SETS[values["system"]],
        school_codes=sorted(set(codes)) if codes is not None else None,
        state=RoundPhase.DRAFT.value,
        revision=0,
        created_at=unit.now(),
        **values,
        **{name: getattr(dates, name) for name in dates.__dataclass_fields__},
    )
    unit.session.add(round_)
    unit.audit("round.create", f"round/{round_.id}", area, {"title": round_.title})
    return round_view(round_)


def delete_draft(unit: Unit, round_id: str) -> None:
    """Throw a draft away, to make it anew; nobody outside the area has heard of it.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``round.state`` (409) once it is announced.
    """
    round_ = _runnable(unit, round_id)
    if round_.state != RoundPhase.DRAFT:
        raise conflict("round.state", "ลบได้เฉพาะรอบที่ยังเป็นร่าง", state=round_.state)
    unit.audit("round.delete", f"round/{round_.id}", round_.org_path, {"title": round_.title})
    unit.session.delete(round_)


def announce_round(unit: Unit, round_id: str) -> dict[str, Any]:
    """Freeze the set of schools and tell each of them.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``round.state`` (409).
    """
    round_ = _runnable(unit, round_id)
    advance(unit, round_, "announce")
    round_.announced_at = unit.now()
    for school in _school_set(unit, round_):
        _enter(unit, round_, school)
    publish_round(unit, round_, contracts.ROUND_ANNOUNCED)
    return round_view(round_)


def open_round(unit: Unit, round_id: str) -> dict[str, Any]:
    """Let the schools upload; may be done by hand before its time.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``round.state`` (409).
    """
    round_ = _runnable(unit, round_id)
    if not _done_by_the_clock(round_, (RoundPhase.OPEN, RoundPhase.CONFIRM_WINDOW)):
        open_(unit, round_)
    return round_view(round_)


def close_round(unit: Unit, round_id: str) -> dict[str, Any]:
    """Lock every school and keep the numbers of those that confirmed; may be done by hand before its time.

    A school whose extension runs on is locked when that is over.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``round.state`` (409).
    """
    round_ = _runnable(unit, round_id)
    if not _done_by_the_clock(round_, (RoundPhase.CLOSED,)):
        close(unit, round_)
    return round_view(round_)


def _done_by_the_clock(round_: Round, phases: tuple[RoundPhase, ...]) -> bool:
    """Whether the system was a moment ahead of the officer, who then has what was asked for."""
    return round_.moved_by_clock and round_.state in phases


def reopen_round(
    unit: Unit, round_id: str, reason: str | None = None, close_at: str | None = None
) -> dict[str, Any]:
    """Take a closed round up again where it stood: every school gets back the state from which it was locked.

    With ``close_at`` it closes again by itself then; without, the date it had decides: one that is past leaves the
    close to an officer. A published round is not reopened: schools are extended, and their new numbers amend it.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``invalid`` (422) without a reason or with a date that is past;
            ``round.state`` (409).
    """
    round_ = find_round(unit, round_id, lock=True)
    require(unit.identity, access.REOPENS, round_.org_path)
    text = need_reason(reason)
    new_close = read_future(close_at, "close_at", "วันปิดรอบใหม่", unit.now()) if close_at else None
    advance(unit, round_, "reopen", text)
    round_.reopened_at, round_.closed_at = unit.now(), None
    round_.close_at = new_close or round_.close_at
    unlock_schools(unit, round_, text)
    publish_round(unit, round_, contracts.ROUND_REOPENED)
    return round_view(round_)


def make_public(unit: Unit, round_id: str) -> dict[str, Any]:
    """Publish the numbers of a closed round. From then on they are only amended.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``round.state`` (409).
    """
    round_ = _runnable(unit, round_id)
    advance(unit, round_, "publish")
    round_.published_at = unit.now()
    publish_round(unit, round_, contracts.ROUND_PUBLISHED)
    return round_view(round_)


def open_(unit: Unit, round_: Round) -> None:
    """Open a round, by hand or by the clock."""
    advance(unit, round_, "open")
    round_.opened_at = unit.now()
    # frozen here: what was corrected in the rules between announcing and opening still counts
    round_.rule_set = RULE_SETS[round_.system]
    publish_round(unit, round_, contracts.ROUND_OPENED)


def close(unit: Unit, round_: Round) -> None:
    """Close a round, by hand or by the clock."""
    advance(unit, round_, "close")
    round_.closed_at = unit.now()
    lock_schools(unit, round_)
    publish_round(unit, round_, contracts.ROUND_CLOSED)


def _enter(unit: Unit, round_: Round, school: School) -> None:
    is_open = school.state == "OPEN"
    entry = SchoolRound(
        id=new_id(),
        round_id=round_.id,
        smis=school.smis,
        name=school.name,
        amphoe=school.amphoe,
        education_range=school.education_range,
        one_teacher=school.one_teacher,
        org_path=school.org_path,
        state=(SchoolState.NOT_STARTED if is_open else SchoolState.EXEMPT).value,
        revision=0,
        version=0,
        last_version=0,
        school_deadline=round_.school_deadline,
        certify_deadline=round_.certify_deadline,
        returns=0,
        reason=None if is_open else CLOSED_REASON,
    )
    unit.session.add(entry)
    unit.session.flush()
    record(unit, entry, "announce", None, reason=entry.reason)
    publish(unit, round_, entry, contracts.SCHOOL_ANNOUNCED)


def _school_set(unit: Unit, round_: Round) -> list[School]:
    """The schools of a round: those named when it was created, else every open school of the area."""
    statement = select(School).where(School.org_path.startswith(round_.org_path, autoescape=True)).order_by(School.smis)
    if round_.school_codes is None:
        statement = statement.where(School.state == "OPEN")
    else:
        statement = statement.where(School.smis.in_(round_.school_codes))
    return list(unit.session.execute(statement).scalars())


def _runnable(unit: Unit, round_id: str) -> Round:
    round_ = find_round(unit, round_id, lock=True)
    require(unit.identity, access.RUNS_ROUNDS, round_.org_path)
    return round_


def _area_of(unit: Unit) -> tuple[str, str]:
    """The path and name of the area for which the caller runs rounds. An officer of one group runs none."""
    for grant in unit.identity.grants:
        if grant.role in access.RUNS_ROUNDS and is_area(grant.scope):
            return grant.scope, grant.name
    raise forbidden("การสร้างรอบทำได้เฉพาะเจ้าหน้าที่ของเขต")


def _as_of(fields: dict[str, Any]) -> dt.date:
    try:
        return read_instant(fields["as_of_date"]).astimezone(BANGKOK).date()
    except ValueError as error:
        message = "ข้อมูล ณ วันที่ ไม่ใช่วันที่ที่ถูกต้อง"
        raise invalid([FieldError("as_of_date", "date", message)], "วันที่ของรอบไม่ถูกต้อง") from error


def _check_kind(fields: dict[str, Any]) -> None:
    errors = []
    if fields["system"] not in SYSTEMS:
        errors.append(FieldError("system", "unknown", "ขณะนี้รองรับเฉพาะระบบ dmc"))
    if fields["year_be"] not in YEARS:
        errors.append(FieldError("year_be", "range", "ปีการศึกษาต้องเป็น พ.ศ. สี่หลัก เช่น 2569"))
    if fields["round_no"] not in (1, 2, 3):
        errors.append(FieldError("round_no", "range", "รอบต้องเป็น 1, 2 หรือ 3"))
    if errors:
        raise invalid(errors)


def _check_codes(unit: Unit, area: str, codes: list[str]) -> None:
    if not codes:
        raise invalid([FieldError("school_codes", "empty", "กรุณาเลือกอย่างน้อยหนึ่งโรงเรียน")])
    in_area = School.org_path.startswith(area, autoescape=True)
    known = set(unit.session.execute(select(School.smis).where(in_area, School.smis.in_(codes))).scalars())
    unknown = sorted(set(codes) - known)
    if unknown:
        message = f"ไม่พบโรงเรียนรหัส {', '.join(unknown[:10])} ในเขตนี้"
        raise invalid([FieldError("school_codes", "unknown", message)])


