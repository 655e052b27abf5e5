"""The workbook back: annotated, corrected cell by cell; a file tried without handing it in; the sample.

What a child does takes a while, so these open units of their own before and after it and hold none meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.adapters import INCOMING, PREFIX
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, local, require_announced, require_reader
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.publishing import subject_of
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.limits import check_file_left, count_file
from services.rounds.retention.commands import keep_bytes
from services.rounds.submissions.commands import caller_as_sender, new_version, school_that_sends
from services.rounds.submissions.disclosures import CONTENT_TYPES, allowed, audit_shown, hand_out_file
from services.rounds.submissions.jobs import job_of, rolls_opened
from services.rounds.submissions.queries import etag_of, find_submission
from services.rounds.submissions.rules import SubmissionPhase
from services.rounds.submissions.storing import reasons_of, standing_findings
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.submissions.views import finding_view, submission_view
from services.rounds.workbooks import work
from services.rounds.workbooks.rules import Correction, read_corrections
from services.rounds.workbooks.views import checked_view
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.problems import FieldError, Problem, conflict, invalid
from shared.runtime import desk
from shared.security.access import require
from shared.security.identity import Identity
from shared.workbooks import part
from shared.workbooks.claiming import kind_of

TYPES = {
    ".xlsx": CONTENT_TYPES["xlsx"],
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}
ANNOTATED = "-ผลตรวจ"
UNCHECKED = frozenset({SubmissionPhase.RECORDING, SubmissionPhase.FAILED})


def hand_out_annotated(
    app: Any, caller: Identity | None, submission_id: str, reason: str | None = None
) -> dict[str, Any]:
    """A reference to the school's workbook with every finding at its cell; it reveals ids and is written down as that.

    What is made lies where uploads wait to be claimed, and is swept with them.

    Raises:
        Problem: ``not_found``; ``forbidden``; ``invalid`` (422) without a reason where one is needed;
            ``submission.no_file``, ``submission.state``, ``submission.unreadable`` (409); ``download.limit`` (429);
            ``desk.*``.
    """
    with app.read(caller) as unit:
        submission, _ = allowed(unit, submission_id, reason)
        check_file_left(unit)
        sha256 = _file_of_checked(submission)
        job = {"kind": submission.kind, "heading": _heading(unit, submission), "findings": _findings(unit, submission)}
    with app.adapters.files.path_for_reading(PREFIX, sha256) as path:
        made, made_sha256, _ = desk.run_into_file(app.adapters, work.ANNOTATE, {**job, "path": str(path)})
    if "unreadable" in made:
        raise conflict("submission.unreadable", "ระบบเปิดไฟล์ฉบับนี้ไม่ได้ จึงทำเครื่องหมายให้ไม่ได้")
    with app.write(caller) as unit:
        submission, text = allowed(unit, submission_id, reason)
        count_file(unit)
        audit_shown(unit, "reveal.annotated", submission, {"sha256": made_sha256}, text)
        name = f"{PurePath(submission.filename).stem}{ANNOTATED}{made['ending']}"
        return handout(unit, INCOMING, made_sha256, name, TYPES[made["ending"]])


def hand_out_sent(
    app: Any, caller: Identity | None, submission_id: str, reason: str | None = None
) -> dict[str, Any]:
    """A reference to the file as it was sent; of an area's file a new workbook with the rows of the school alone.

    Raises:
        Problem: as :func:`services.rounds.submissions.disclosures.hand_out_file`; ``desk.*``.
    """
    handed_out = hand_out_file(app, caller, submission_id, reason)
    with app.read(caller) as unit:
        submission = find_submission(unit, submission_id)
        sha256, name = _file_of(submission), PurePath(submission.filename).stem
        if submission.kind != part.KIND:
            return handed_out
    with app.adapters.files.path_for_reading(PREFIX, sha256) as path:
        _, made_sha256, _ = desk.run_into_file(app.adapters, work.PART, {"path": str(path), "kind": part.KIND})
    with app.read(caller) as unit:
        return handout(unit, INCOMING, made_sha256, f"{name}.xlsx", TYPES[".xlsx"])


def correct_cells(
    app: Any, caller: Identity | None, submission_id: str, cells: list[dict[str, Any]], if_match: str
) -> dict[str, Any]:
    """Write ``cells`` [{row, column, value}] into a copy of the version that stands: the next version, checked as any.

    Raises:
        Problem: ``not_found``; ``forbidden``; ``invalid`` (422) naming every cell that cannot be corrected;
            ``precondition.stale`` (412) when another version stands than the caller saw; ``submission.state``,
            ``submission.no_file``, ``submission.same_file`` and the guards of an upload (409); ``desk.*``.
    """
    corrections, errors = read_corrections(cells)
    with app.read(caller) as unit:
        submission, _ = _correctable(unit, submission_id, if_match)
        if errors:
            raise invalid(errors)
        sha256 = _file_of_checked(submission)
        job = {"kind": submission.kind, "cells": [vars(correction) for correction in corrections]}
    with app.adapters.files.path_for_reading(PREFIX, sha256) as path:
        made, made_sha256, size = desk.run_into_file(app.adapters, work.CORRECT, {**job, "path": str(path)})
    if "errors" in made:
        raise invalid([FieldError(**error) for error in made["errors"]])
    with app.write(caller) as unit:
        submission, school = _correctable(unit, submission_id, if_match)
        keep_bytes(unit, made_sha256)
        app.adapters.files.claim(made_sha256, INCOMING, PREFIX)
        name = str(PurePath(submission.filename).with_suffix(made["ending"]))
        file = {"sha256": made_sha256, "size": size, "filename": name}
        corrected = new_version(unit, school, file, "xlsx", caller_as_sender(unit, school), submission.version)
        _audit_cells(unit, corrected, corrections, made["fields"])
        return {**submission_view(corrected), "etag": etag_of(corrected)}


def check_only(
    app: Any, caller: Identity | None, round_id: str, smis: str, file: dict[str, Any]
) -> dict[str, Any]:
    """What the check would say of a file: nothing of it is kept, the file itself goes at once.

    Allowed from the announcement on, also before the round opens. The findings are compared with those of the version
    that stands, and given its reasons, as they would be.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``F01.<cause>`` (4xx) for a file that is no readable container;
            ``desk.*``.
    """
    files = app.adapters.files
    try:
        with app.read(caller) as unit:
            round_, school = _school_checked(unit, round_id, smis)
            job = {**job_of(unit, round_, smis, unit.now()), "filename": file["filename"]}
            earlier, reasons = standing_findings(unit, school), reasons_of(unit, school)
            standing = school.version if school.submission_id else None
        with files.path_for_reading(INCOMING, file["sha256"]) as path, rolls_opened(files, job) as rolls:
            kind = kind_of(path, file["filename"])
            order = {**job, "path": str(path), "kind": kind, **rolls}
            result = desk.run(app.adapters, work.CHECK, order)
    finally:
        files.delete(INCOMING, file["sha256"])
    with app.write(caller) as unit:
        _, school = _school_checked(unit, round_id, smis)
        change = {"accepted": result["accepted"], "counts": result["counts"]}
        unit.audit("school_round.check_only", subject_of(school), school.org_path, change)
    return checked_view(result, file["filename"], earlier, reasons, standing)


def hand_out_sample(app: Any, caller: Identity | None, round_id: str, smis: str | None = None) -> dict[str, Any]:
    """A reference to the sample workbook of a round, for one school or without one.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``desk.busy``.
    """
    with app.read(caller) as unit:
        require_reader(unit.identity)
        round_ = find_round(unit, round_id)
        require_announced(unit, round_)
        school = _readable_school(unit, round_id, smis) if smis else None
        job = {"title": round_.title, "smis": smis, "school": school.name if school else None}
        name = f"{round_.year_be}-{round_.round_no}-student-{smis or 'แบบกรอก'}.xlsx"
    _, sha256, _ = desk.run_into_file(app.adapters, work.SAMPLE, job)
    with app.read(caller) as unit:
        return handout(unit, INCOMING, sha256, name, TYPES[".xlsx"])


def _readable_school(unit: Unit, round_id: str, smis: str) -> SchoolRound:
    school = find_school_round(unit, round_id, smis)
    require(unit.identity, access.READS_SCHOOL, school.org_path)
    return school


def _school_checked(unit: Unit, round_id: str, smis: str) -> tuple[Round, SchoolRound]:
    round_ = find_round(unit, round_id)
    school = find_school_round(unit, round_id, smis)
    require(unit.identity, access.UPLOADS, school.org_path)
    return round_, school


def _correctable(unit: Unit, submission_id: str, if_match: str) -> tuple[Submission, SchoolRound]:
    """The version that stands, and its school, locked, if the caller saw that version and may send the next.

    What counts of an ETag is the version: a reason given meanwhile changes no cell.
    """
    submission = find_submission(unit, submission_id)
    require(unit.identity, access.CONFIRMS, submission.org_path)
    school = school_that_sends(unit, submission.round_id, submission.smis, access.CONFIRMS)
    seen = if_match.partition(".")[0]
    if seen not in ("*", str(school.version)):
        raise Problem(
            "precondition.stale",
            412,
            "ข้อมูลถูกแก้ไขไปก่อนแล้ว",
            f"ฉบับปัจจุบันคือฉบับที่ {school.version} แต่ท่านแก้จากฉบับที่ {seen[:20]} กรุณาเปิดหน้าใหม่แล้วแก้อีกครั้ง",
            extra={"current": str(school.version), "given": seen},
        )
    if submission.id != school.submission_id:
        raise conflict("submission.state", "แก้ไขได้เฉพาะฉบับปัจจุบันที่ตรวจแล้ว", state=submission.state)
    return submission, school


def _file_of_checked(submission: Submission) -> str:
    """The hash of the file of a version that was checked."""
    sha256 = _file_of(submission)
    if SubmissionPhase(submission.state) in UNCHECKED:
        raise conflict("submission.state", "ฉบับนี้ยังตรวจไม่เสร็จ", state=submission.state)
    return sha256


def _file_of(submission: Submission) -> str:
    if submission.sha256 is None:
        raise conflict("submission.no_file", "ฉบับนี้เป็นการแจ้งว่าไม่มีนักเรียน จึงไม่มีไฟล์")
    return submission.sha256


def _heading(unit: Unit, submission: Submission) -> list[str]:
    round_ = unit.session.get_one(Round, submission.round_id)
    school = find_school_round(unit, submission.round_id, submission.smis)
    return [
        f"โรงเรียน{school.name} ({school.smis})",
        f"{round_.title} ฉบับที่ {submission.version} ตรวจเมื่อ {local(submission.checked_at)}",
    ]


def _findings(unit: Unit, submission: Submission) -> list[dict[str, Any]]:
    rows = unit.session.execute(select(Finding).filter_by(submission_id=submission.id).order_by(Finding.seq)).scalars()
    return [finding_view(row) for row in rows]


def _audit_cells(
    unit: Unit, corrected: Submission, corrections: Sequence[Correction], fields: Sequence[str]
) -> None:
    """Which cells were written; what stands in them is a pupil's, and no business of the log."""
    cells = [
        {"row": correction.row, "column": correction.column, "field": field}
        for correction, field in zip(corrections, fields, strict=True)
    ]
    change = {"version": corrected.version, "from_version": corrected.corrected_from, "cells": cells}
    unit.audit("submission.cells_corrected", f"submission/{corrected.id}", corrected.org_path, change)
