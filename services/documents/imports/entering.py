"""Entering the registers that wait: read in a child, then the sound rows come into the book, a part a transaction.

The counters of the years are raised first, so that who asks for a number meanwhile gets one behind the register and
nobody waits longer than a part takes. A part, how many there were and the event that tells of it are one transaction:
a process that dies leaves whole parts, and who takes over reads the file again and enters what the book has not.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from services.documents.adapters import INCOMING
from services.documents.imports.rules import AT_ONCE, WORKING, ImportPhase
from services.documents.imports.tables import RegisterImport
from services.documents.registers.finding import counter_of, refuse_closed
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterBook, RegisterEntry
from shared.bus.contracts.documents import ENTRIES_IMPORTED
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.files.memory import memory_path
from shared.problems import Problem
from shared.runtime.children import JobFailed, Progress, attempt
from shared.runtime.leases import ATTEMPTS, Holding, claim, put_back

log = logging.getLogger(__name__)

TASK = "services.documents.imports.reading:read_lines"
IMPORTED = "นำเข้าจากระบบเดิม"
# what a job may have; who waits in a browser is content with less (``oldregisters.reading.MOST_ROWS``)
MOST_ROWS = 100_000
OURS = {
    "code": "oldregister.too_heavy",
    "title": "อ่านทะเบียนนี้ไม่สำเร็จ",
    "detail": "ระบบลองหลายครั้งแล้วอ่านไม่จบ กรุณาแยกเป็นปีละไฟล์แล้วส่งใหม่ แถวที่เข้าแล้วไม่เข้าซ้ำ",
}


@dataclass(frozen=True)
class Claimed:
    """An import in hand: our lease on it, how often it was tried, and of what."""

    id: str
    lease: str
    attempts: int
    book_id: str
    sha256: str
    filename: str
    kind: str


def enter_next(app: Any) -> bool:
    """Read and enter what waits longest. True when there was something."""
    waiting = (
        select(RegisterImport)
        .where(RegisterImport.ended_at.is_(None), RegisterImport.state.in_(WORKING))
        .order_by(RegisterImport.created_at, RegisterImport.id)
    )
    claimed = next(iter(claim(app, waiting, _claimed)), None)
    if claimed is None:
        return False
    attempt(lambda: _work(app, claimed), lambda failure: _failed(app, claimed, failure), f"importing {claimed.id}")
    return True


def job_of(unit: Unit, book: RegisterBook, filename: str) -> dict[str, Any]:
    """What a child has to know of a book to read a register for it."""
    lines = select(RegisterEntry.be_year, RegisterEntry.no, RegisterEntry.suffix).filter_by(book_id=book.id)
    return {
        "filename": filename,
        "book_kind": book.kind,
        "known": [list(number) for number in unit.session.execute(lines)],
        "today": unit.clock.today().isoformat(),
    }


def _claimed(_unit: Unit, imports: Sequence[RegisterImport]) -> list[Claimed]:
    return [
        Claimed(one.id, one.lease or "", one.attempts, one.book_id, one.sha256, one.filename, one.kind)
        for one in imports
    ]


def _work(app: Any, claimed: Claimed) -> None:
    holding = Holding(app, update(RegisterImport).filter_by(id=claimed.id, lease=claimed.lease))
    try:
        with holding.renewing(), memory_path() as out:
            report = _report(app, claimed, out, holding)
            with app.write() as unit:
                goes_on = _begin(unit, claimed, report)
            if goes_on:
                _enter_all(app, claimed, out, report["sound"], holding)
    except Problem as problem:
        # what is wrong is wrong with the file or the book: trying again helps nobody
        with app.write() as unit:
            if found := _in_hand(unit, claimed):
                why = {"code": problem.code, "title": problem.title, "detail": problem.detail}
                _end(unit, found, ImportPhase.REFUSED, why)


def _report(app: Any, claimed: Claimed, out: Path, progress: Progress) -> dict[str, Any]:
    """What a child finds in the file; the lines that can be entered lie under ``out``.

    Raises:
        Problem: it is no register that can be read.
    """
    with app.read() as unit:
        book = unit.session.get_one(RegisterBook, claimed.book_id)
        job = {**job_of(unit, book, claimed.filename), "most_rows": MOST_ROWS}
    with app.adapters.files.path_for_reading(INCOMING, claimed.sha256) as path:
        files = {"path": str(path), "kind": claimed.kind, "out": str(out)}
        report: dict[str, Any] = app.adapters.children.run(TASK, {**job, **files}, progress)
    if "fault" in report:
        fault = report["fault"]
        raise Problem(fault["code"], 422, fault["title"], fault["detail"])
    return report


def _begin(unit: Unit, claimed: Claimed, report: Mapping[str, Any]) -> bool:
    """Keep what was found, and let the numbers go on behind it; whether there is something to enter.

    Raises:
        Problem: ``book.closed`` for a year of it that is closed.
    """
    found = _in_hand(unit, claimed)
    if found is None:
        return False
    if found.state == ImportPhase.READING:
        found.report = dict(report)
        if found.dry_run:
            _end(unit, found, ImportPhase.DONE)
            return False
        found.state = ImportPhase.ENTERING.value
        book = unit.session.get_one(RegisterBook, found.book_id)
        # in the order of the years, as whoever locks several
        for year in sorted(report["years"], key=lambda one: one["be_year"]):
            counter = counter_of(unit, book, year["be_year"])
            counter.last_no = max(counter.last_no, year["last"])
    return True


def _enter_all(app: Any, claimed: Claimed, out: Path, total: int, progress: Progress) -> None:
    for number, lines in enumerate(_parts(out)):
        progress("enter", number * AT_ONCE, total)
        with app.write() as unit:
            found = _in_hand(unit, claimed)
            if found is None:
                return
            _enter_part(unit, found, lines)
    with app.write() as unit:
        if found := _in_hand(unit, claimed):
            _end(unit, found, ImportPhase.DONE)


def _parts(out: Path) -> Iterator[list[dict[str, Any]]]:
    with out.open("rb") as stream:
        while lines := [orjson.loads(line) for line in islice(stream, AT_ONCE)]:
            yield lines


def _enter_part(unit: Unit, found: RegisterImport, lines: Sequence[Mapping[str, Any]]) -> None:
    """Some lines into the book, and one event that tells of them; a number that was used meanwhile is passed over."""
    book = unit.session.get_one(RegisterBook, found.book_id)
    numbers = [line["number"] for line in lines]
    for be_year in sorted({number["be_year"] for number in numbers}):
        refuse_closed(unit, book, be_year)
    taken = select(RegisterEntry.be_year, RegisterEntry.no, RegisterEntry.suffix).where(
        RegisterEntry.book_id == book.id,
        RegisterEntry.be_year.in_({number["be_year"] for number in numbers}),
        RegisterEntry.no.in_({number["no"] for number in numbers}),
    )
    known = {tuple(number) for number in unit.session.execute(taken)}
    rows = [
        _row(unit, book, found.created_by, line) for line in lines if tuple(line["number"].values()) not in known
    ]
    if not rows:
        return
    unit.session.execute(insert(RegisterEntry), rows)
    found.entered += len(rows)
    found.parts += 1
    state = {
        "import_id": found.id,
        "part": found.parts,
        "book_id": book.id,
        "book_kind": book.kind,
        "owner": book.owner,
        "org_path": book.org_path,
        "entries": [
            {
                "entry_id": row["id"],
                **{name: row[name] for name in ("be_year", "no", "suffix", "state")},
                "entry_date": row["entry_date"].isoformat(),
            }
            for row in rows
        ],
    }
    unit.emit(ENTRIES_IMPORTED, f"import/{found.id}/{found.parts}", 1, state, book.org_path)


def _row(unit: Unit, book: RegisterBook, entered_by: str, line: Mapping[str, Any]) -> dict[str, Any]:
    number, now = line["number"], unit.now()
    doc_date, entry_date = (_day(line[name]) for name in ("doc_date", "entry_date"))
    is_void = line["is_void"]
    return {
        "id": new_id(),
        "book_id": book.id,
        "be_year": number["be_year"],
        "no": number["no"],
        "suffix": number["suffix"],
        "display_no": book.numbering.written(
            number["be_year"], number["no"], number["suffix"], circular=line["is_circular"]
        ),
        "circular": line["is_circular"],
        "state": (EntryState.VOID if is_void else EntryState.ISSUED).value,
        "purpose": line["subject"],
        "letter_id": None,
        "block_id": None,
        "entry_date": entry_date or doc_date or unit.clock.today(),
        "entered_at": now,
        "entered_by": entered_by,
        "reserved_until": None,
        "void_reason": IMPORTED if is_void else None,
        "voided_at": now if is_void else None,
        "voided_by": entered_by if is_void else None,
        "doc_no": line["doc_no"],
        "doc_date": doc_date,
        "sender": line["sender"],
        "receiver": line["recipient"],
        "action": line["action"],
        "note": line["note"],
    }


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def _failed(app: Any, claimed: Claimed, failure: JobFailed) -> None:
    """Our fault: tried again by itself, then left for a person; whole parts that were entered stay."""
    log.error("importing %s failed (%s of %s): %s", claimed.id, claimed.attempts, ATTEMPTS, failure)
    with app.write() as unit:
        found = _in_hand(unit, claimed)
        if found is None:
            return
        if claimed.attempts < ATTEMPTS:
            put_back(found, unit.now())
        else:
            _end(unit, found, ImportPhase.FAILED, OURS)


def _in_hand(unit: Unit, claimed: Claimed) -> RegisterImport | None:
    """The import, locked, if it still is ours."""
    chosen = select(RegisterImport).filter_by(id=claimed.id).with_for_update()
    found = unit.session.execute(chosen).scalar_one()
    return found if found.ended_at is None and found.lease == claimed.lease else None


def _end(
    unit: Unit, found: RegisterImport, phase: ImportPhase, problem: dict[str, Any] | None = None
) -> None:
    found.state, found.ended_at, found.problem = phase.value, unit.now(), problem
    found.lease = found.lease_until = None
    found.progress = {"stage": "done", "done": found.entered, "total": found.entered}
    book = unit.session.get_one(RegisterBook, found.book_id)
    change = {
        "import": found.id,
        "by": found.created_by,
        "state": phase.value,
        "sha256": found.sha256,
        "entered": found.entered,
        "years": [year["be_year"] for year in (found.report or {}).get("years", ())],
    }
    if not found.dry_run:
        unit.audit("book.import", f"book/{book.id}", book.org_path, change)
