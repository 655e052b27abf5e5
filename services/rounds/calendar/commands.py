"""Creating, announcing, opening and closing rounds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.rules import (
    RULE_SETS,
    SYSTEMS,
    RoundPhase,
    read_dates,
    read_instant,
    step,
    title_of,
)
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, round_view
from services.rounds.gates.publishing import move, publish, record
from services.rounds.gates.rules import SIGNED, Event, SchoolState
from services.rounds.gates.tables import SchoolRound, Snapshot
from services.rounds.schools.tables import School
from services.rounds.submissions.tables import Submission
from shared.bus.contracts import rounds as contracts
from shared.bus.contracts.registry import EventType
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, forbidden, invalid
from shared.security.access import require
from shared.thai.dates import BANGKOK

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
    _advance(unit, round_, "announce")
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
        _open(unit, round_)
    return round_view(round_)


def close_round(unit: Unit, round_id: str) -> dict[str, Any]:
    """Lock every school and keep the numbers of those that confirmed; may be done by hand before its time.

    Raises:
        Problem: ``forbidden``, ``not_found``, ``round.state`` (409).
    """
    round_ = _runnable(unit, round_id)
    if not _done_by_the_clock(round_, (RoundPhase.CLOSED,)):
        _close(unit, round_)
    return round_view(round_)


def _done_by_the_clock(round_: Round, phases: tuple[RoundPhase, ...]) -> bool:
    """Whether the system was a moment ahead of the officer, who then has what was asked for."""
    return round_.moved_by_clock and round_.state in phases


def advance_by_the_clock(app: Any) -> None:
    """Open, begin the confirm window and close what is due; one round a transaction.

    What was already past when the step before it was taken by hand is left to the hand too: a round announced after
    its opening date is opened, and one opened after its closing date is closed, by an officer.
    """
    now = app.clock.now()
    running = (RoundPhase.ANNOUNCED.value, RoundPhase.OPEN.value, RoundPhase.CONFIRM_WINDOW.value)
    with app.read() as unit:
        ids = unit.session.execute(select(Round.id).where(Round.state.in_(running))).scalars().all()
        due = [round_id for round_id in ids if _is_due(unit.session.get(Round, round_id), now)]
    for round_id in due:
        with app.write() as unit:
            round_ = find_round(unit, round_id, lock=True)
            if _is_due(round_, now):
                _take_due_step(unit, round_, now)


def _is_due(round_: Round, now: dt.datetime) -> bool:
    return _due_step(round_, now) is not None


def _due_step(round_: Round, now: dt.datetime) -> str | None:
    announced = round_.announced_at
    if round_.state == RoundPhase.ANNOUNCED and announced and announced < round_.open_at <= now < round_.close_at:
        return "open"
    if round_.state in (RoundPhase.OPEN, RoundPhase.CONFIRM_WINDOW):
        if round_.opened_at and round_.opened_at < round_.close_at <= now:
            return "close"
        if round_.state == RoundPhase.OPEN and round_.school_deadline <= now:
            return "begin_confirm_window"
    return None


def _take_due_step(unit: Unit, round_: Round, now: dt.datetime) -> None:
    name = _due_step(round_, now)
    if name == "open":
        _open(unit, round_)
    elif name == "close":
        _close(unit, round_)
    elif name == "begin_confirm_window":
        _advance(unit, round_, name)
        publish_round(unit, round_, contracts.CONFIRM_WINDOW_BEGAN)


def _open(unit: Unit, round_: Round) -> None:
    _advance(unit, round_, "open")
    round_.opened_at = unit.now()
    # frozen here: what was corrected in the rules between announcing and opening still counts
    round_.rule_set = RULE_SETS[round_.system]
    publish_round(unit, round_, contracts.ROUND_OPENED)


def _close(unit: Unit, round_: Round) -> None:
    _advance(unit, round_, "close")
    round_.closed_at = unit.now()
    schools = unit.session.execute(
        select(SchoolRound).filter_by(round_id=round_.id).order_by(SchoolRound.smis).with_for_update()
    ).scalars()
    for school in schools:
        if school.state != SchoolState.EXEMPT:
            _lock(unit, round_, school)
    publish_round(unit, round_, contracts.ROUND_CLOSED)


def _lock(unit: Unit, round_: Round, school: SchoolRound) -> None:
    school.locked_from = school.state
    move(unit, school, Event.LOCK)
    if school.locked_from in SIGNED and school.submission_id:
        _take_snapshot(unit, school)
    publish(unit, round_, school, contracts.SCHOOL_LOCKED)


def _take_snapshot(unit: Unit, school: SchoolRound) -> None:
    submission = unit.session.get_one(Submission, school.submission_id)
    snapshot = Snapshot(
        id=new_id(),
        round_id=school.round_id,
        smis=school.smis,
        submission_id=submission.id,
        version=submission.version,
        sha256=submission.sha256 or "",
        locked_from=school.locked_from,
        taken_at=unit.now(),
        counts=submission.counts,
        tables=submission.tables,
    )
    unit.session.add(snapshot)
    data = {
        "round_id": snapshot.round_id,
        "smis": snapshot.smis,
        "org_path": school.org_path,
        "submission_id": snapshot.submission_id,
        "version": snapshot.version,
        "sha256": snapshot.sha256,
        "locked_from": snapshot.locked_from,
        "taken_at": snapshot.taken_at.isoformat(),
        "tables": snapshot.tables,
    }
    unit.emit(contracts.SNAPSHOT_TAKEN, f"snapshot/{school.round_id}/{school.smis}", 1, data, school.org_path)


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


def _advance(unit: Unit, round_: Round, name: str) -> None:
    origin = round_.state
    round_.moved_by_clock = unit.caller is None
    round_.state = step(RoundPhase(origin), name).value
    change = {"from": origin, "to": round_.state}
    unit.audit(f"round.{name}", f"round/{round_.id}", round_.org_path, change)


def publish_round(unit: Unit, round_: Round, event: EventType) -> None:
    """Tell the others how the round stands now."""
    round_.revision += 1
    data = {
        "round_id": round_.id,
        "rule_set": round_.rule_set,
        **{name: getattr(round_, name) for name in ("system", "year_be", "round_no", "title", "state", "org_path")},
        "as_of_date": round_.as_of_date.isoformat(),
        **{
            name: getattr(round_, name).isoformat()
            for name in ("open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at")
        },
    }
    unit.emit(event, f"round/{round_.id}", round_.revision, data, round_.org_path)


def _area_of(unit: Unit) -> tuple[str, str]:
    """The path and name of the area for which the caller runs rounds. An officer of one group runs none."""
    for grant in unit.identity.grants:
        if grant.role in access.RUNS_ROUNDS and access.is_area(grant.scope):
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


