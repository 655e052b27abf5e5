"""The job a child process runs: read a file from outside, check it, answer with findings, counts and tables.

Job and result are plain JSON. What is wrong with the file becomes findings; an exception is a defect of ours and makes
the submission FAILED, to be tried again. This module joins readers and rules; the rules know of neither file nor job.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.rounds.rules.dmc.checking import created_at, judge
from services.rounds.rules.dmc.grades import offered_codes
from services.rounds.rules.dmc.layout import Layout, find_layout
from services.rounds.rules.dmc.pupils import Pupil, read_pupils
from services.rounds.rules.dmc.roll import entries, read_roll, roll_of
from services.rounds.rules.dmc.rulebook import RULES, Beside, File, Previous, School, Setting
from services.rounds.rules.dmc.tables import Tables, build_tables, empty_tables
from services.rounds.rules.model import Finding, Hit, NotEvaluated, RuleSet, Severity
from services.rounds.rules.registry import load_rule_set
from services.rounds.rules.wording import FindingWriter, Place, count_by_severity, sort_key
from shared.workbooks.faults import ReadFault
from shared.workbooks.packing import pack, unpack
from shared.workbooks.reading import read_book
from shared.workbooks.sheet import Book, Sheet

Progress = Callable[[str, int, int], None]
# of a rule, and of all rules together where many of them have as much to say
LISTED = 1000
LISTED_IN_ALL = 10_000
NOTHING_KEPT: Mapping[str, Any] = {"roll": False, "entries": []}


@dataclass(frozen=True)
class _Reading:
    """What was found in the file; everything empty when no file was sent."""

    sheet: Sheet | None = None
    layout: Layout | None = None
    pupils: tuple[Pupil, ...] = ()
    external_links: bool = False


def check_each(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Check several submissions: ``jobs`` as :func:`check` takes them, ``results`` in their order.

    Of a single one the progress is its own, of several how many are done.
    """
    jobs = job["jobs"]
    if len(jobs) == 1:
        return {"results": [check(jobs[0], progress)]}
    results = []
    for number, one in enumerate(jobs):
        progress("check", number, len(jobs))
        results.append(check(one, lambda *_: None))
    return {"results": results}


def check(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Check one submission of the register the job names (``dmc``).

    ``progress(stage, done, total)`` is called with the stages ``scan``, ``read`` and ``check``. Raises LookupError for
    an unknown register or rule set.
    """
    if job["register"] != "dmc":
        raise LookupError(f"no rules for register {job['register']!r}")
    rules = load_rule_set(job["rule_set"])
    secret = bytes.fromhex(job["row_key_secret"])
    try:
        reading = _read(job, progress)
    except ReadFault as fault:
        return _refused(fault, rules, FindingWriter(None, secret))
    beside = _beside(job)
    setting = _setting(job, rules, beside)
    writer = FindingWriter(reading.sheet.name if reading.sheet else None, secret)
    stamp = created_at(reading.sheet.rows, reading.layout.header_row) if reading.sheet and reading.layout else None
    file = _file(job, rules, reading, beside, stamp)
    judgement = judge(file, setting, writer, lambda done, total: progress("check", done, total))
    tables = build_tables(reading.pupils, reading.layout, setting.as_of) if reading.layout else empty_tables()
    result = _result(
        rules, judgement.findings, judgement.not_evaluated, pupils=reading.pupils, tables=tables, stamp=stamp
    )
    return result | _keep(job, reading, accepted=result["accepted"])


def _keep(job: Mapping[str, Any], reading: _Reading, *, accepted: bool) -> dict[str, Any]:
    """Write the roll of an accepted file where the job says, and tell what the index keeps of it.

    A job that names no place only tries the file.
    """
    if not accepted or "roll_path" not in job or reading.layout is None or not reading.pupils:
        return dict(NOTHING_KEPT)
    Path(job["roll_path"]).write_bytes(pack(roll_of(reading.pupils, reading.layout)))
    return {"roll": True, "entries": entries(reading.pupils, bytes.fromhex(job["index_secret"]))}


def unreadable(rule_set: str) -> dict[str, Any]:
    """The result for a file that no child process survives reading: F01, as for any other unreadable file."""
    return _refused(ReadFault("unreadable"), load_rule_set(rule_set), FindingWriter(None, b""))


def unreadable_finding(fault: ReadFault, rules: RuleSet, writer: FindingWriter) -> Finding:
    """The F01 of a file that cannot be read."""
    hit = Hit(fault.cause, words={"title": fault.title, "detail": fault.detail})
    return writer.finding(rules.rules["F01"], hit, Place(), None)


def _read(job: Mapping[str, Any], progress: Progress) -> _Reading:
    """The sheet with the register's header (the first sheet if none has one) and its pupils."""
    if job["path"] is None:
        return _Reading()
    progress("scan", 0, 1)
    book = read_book(Path(job["path"]), job["kind"])
    progress("scan", 1, 1)
    sheet, layout = register_sheet(book)
    if sheet is None or layout is None:
        return _Reading(sheet or Sheet("-", [], typed=True), external_links=book.external_links)
    if layout.missing_mandatory:
        return _Reading(sheet, layout, external_links=book.external_links)
    pupils = read_pupils(
        sheet.rows,
        layout,
        typed=sheet.typed,
        numbers=sheet.numbers,
        progress=lambda done, total: progress("read", done, total),
    )
    return _Reading(sheet, layout, tuple(pupils), book.external_links)


def _beside(job: Mapping[str, Any]) -> Beside:
    standing = job.get("standing")
    return Beside(
        previous=_previous(job.get("previous")),
        earlier=_previous(job.get("earlier")),
        standing=_pupils_of(standing) if standing else None,
        rooms=job.get("rooms"),
        elsewhere=job.get("elsewhere"),
        reference=job.get("reference"),
    )


def _previous(previous: Mapping[str, Any] | None) -> Previous | None:
    if previous is None:
        return None
    return Previous(
        year_be=previous["year_be"],
        round_no=previous["round_no"],
        as_of=date.fromisoformat(previous["as_of_date"]),
        pupils=_pupils_of(previous) if previous["path"] else (),
    )


def _pupils_of(roll: Mapping[str, Any]) -> list[Pupil]:
    return read_roll(unpack(Path(roll["path"]).read_bytes()))


def register_sheet(book: Book) -> tuple[Sheet | None, Layout | None]:
    """The sheet with the register's header, and its layout; the first sheet and none where no sheet has one."""
    for sheet in book.sheets:
        layout = find_layout(sheet.rows)
        if layout is not None:
            return sheet, layout
    return (book.sheets[0] if book.sheets else None), None


def _setting(job: Mapping[str, Any], rules: RuleSet, beside: Beside) -> Setting:
    return Setting(
        as_of=date.fromisoformat(job["as_of_date"]),
        today=date.fromisoformat(job["today"]),
        year_be=job["year_be"],
        offered=offered_codes((job.get("school") or {}).get("education_range")),
        rules=rules,
        params={},
        **vars(beside),
    )


def _file(job: Mapping[str, Any], rules: RuleSet, reading: _Reading, beside: Beside, created: str | None) -> File:
    school = job.get("school") or {}
    known = job.get("known_smis")
    return File(
        filename=job.get("filename") or "",
        year_be=job["year_be"],
        round_no=job["round_no"],
        school=School(school.get("smis"), school.get("name") or "", school.get("education_range")),
        closed_smis=frozenset(job.get("closed_smis") or ()),
        known_smis=frozenset(known) if known is not None else None,
        no_pupils=bool(job.get("no_pupils")),
        same_bytes_as_version=job.get("same_bytes_as_version"),
        external_links=reading.external_links,
        sheet=reading.sheet,
        layout=reading.layout,
        pupils=reading.pupils,
        rules=rules,
        created=_instant(created),
        opens_at=_instant(job.get("opens_at")),
        received_at=_instant(job.get("received_at")),
        **vars(beside),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _refused(fault: ReadFault, rules: RuleSet, writer: FindingWriter) -> dict[str, Any]:
    """A file that cannot be read is one F01, and no other rule has run."""
    finding = unreadable_finding(fault, rules, writer)
    others = sorted(rules.rules.keys() - {"F01"} - RULES.rounds.keys())
    skipped = [NotEvaluated(rule_id, "อ่านไฟล์ไม่ได้") for rule_id in others]
    return {**_result(rules, [finding], skipped, pupils=(), tables=empty_tables(), stamp=None), **NOTHING_KEPT}


def _result(
    rules: RuleSet,
    findings: list[Finding],
    skipped: list[NotEvaluated],
    *,
    pupils: tuple[Pupil, ...],
    tables: Tables,
    stamp: str | None,
) -> dict[str, Any]:
    pending = sum(pupil.pending for pupil in pupils)
    return {
        "accepted": not any(finding.severity is Severity.BLOCK for finding in findings),
        "findings": [finding.as_dict() for finding in listed(sorted(findings, key=sort_key))],
        "counts": {
            "rows": len(pupils),
            "pupils": len(pupils) - pending,
            "pending": pending,
            **count_by_severity(findings),
        },
        "not_evaluated": [{"rule": rule.rule, "reason": rule.reason} for rule in skipped],
        "created_at": stamp,
        "rule_set": rules.id,
        "tables": tables,
    }


def listed(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that are shown one by one, and for what is left out of a rule one that says how many there are.

    A file that is wrong everywhere would otherwise give hundreds of thousands, which nobody reads and which keep the
    service from answering others while they are stored. The last one has the rule's severity: nothing passes unseen.
    """
    kinds = {(finding.rule, finding.severity) for finding in findings}
    most = min(LISTED, LISTED_IN_ALL // max(len(kinds), 1))
    places: Counter[tuple[str, Severity]] = Counter()
    listed: list[Finding] = []
    first: dict[tuple[str, Severity], Finding] = {}
    for finding in findings:
        key = finding.rule, finding.severity
        places[key] += 1
        first.setdefault(key, finding)
        if places[key] <= most:
            listed.append(finding)
    return listed + [_rest(first[key], count, most) for key, count in places.items() if count > most]


def _rest(sample: Finding, count: int, shown: int) -> Finding:
    message = f"พบลักษณะเดียวกันทั้งหมด {count:,} แห่ง แสดงเพียง {shown:,} แห่งแรก"
    return replace(
        sample, row=None, column=None, value_masked=None, value=None, message=message, row_key=None, value_hash=None
    )
