"""Numbers for paper while there is no system: handed out in a row, entered afterwards, the rest void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from services.documents.registers import rules
from services.documents.registers.allocation import allocate, numbered_in
from services.documents.registers.commands import void
from services.documents.registers.finding import kept_book, read_day
from services.documents.registers.recording import record
from services.documents.registers.rules import BlockState, EntryState, register_year
from services.documents.registers.tables import OfflineBlock, RegisterEntry
from services.documents.registers.views import block_view
from shared.bus.envelope import new_id
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import FieldError, Problem, conflict, invalid, not_found


def hand_out_block(unit: Unit, book_id: str, size: int, purpose: str) -> dict[str, Any]:
    """Take numbers that follow each other, to be written by hand while there is no power or no line.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.closed`` (409).
    """
    book = kept_book(unit, book_id, "กันเลขสำหรับใช้นอกระบบ")
    if not 1 <= size <= rules.MAX_BLOCK:
        raise invalid([FieldError("size", "range", f"จำนวนเลข: 1 ถึง {rules.MAX_BLOCK}")])
    wanted, now = rules.check_purpose(purpose), unit.now()
    year = register_year(now)
    counting, circular = numbered_in(unit, book)
    last = allocate(unit, counting, year, size)
    block = OfflineBlock(
        id=new_id(), book_id=counting.id, be_year=year, first_no=last - size + 1, last_no=last, purpose=wanted,
        state=BlockState.OUT.value, created_at=now, created_by=unit.actor,
    )  # fmt: skip
    unit.session.add(block)
    for no in range(block.first_no, last + 1):
        entry = RegisterEntry(
            id=new_id(), book_id=counting.id, be_year=year, no=no, suffix="",
            display_no=counting.numbering.written(year, no, circular=circular), circular=circular,
            state=EntryState.RESERVED.value, purpose=wanted, block_id=block.id,
            entry_date=now.astimezone(BANGKOK).date(), entered_at=now, entered_by=unit.actor,
        )  # fmt: skip
        unit.session.add(entry)
        record(unit, counting, entry, "entry.reserve")
    return block_view(block)


def reconcile_block(unit: Unit, book_id: str, block_id: str, used: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Enter what was written by hand: ``used`` is [{no, purpose, entry_date}]; every other number of the block is void.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422) naming each line, ``block.reconciled`` (409).
    """
    book = kept_book(unit, book_id, "บันทึกเลขที่ใช้นอกระบบ")
    found = select(OfflineBlock).filter_by(id=block_id, book_id=book.id).with_for_update()
    block = unit.session.execute(found).scalar_one_or_none()
    if block is None:
        raise not_found("ไม่พบชุดเลขนี้")
    if block.state == BlockState.RECONCILED:
        raise conflict("block.reconciled", "บันทึกการใช้เลขชุดนี้แล้ว")
    held = select(RegisterEntry).filter_by(block_id=block.id).order_by(RegisterEntry.no)
    entries = {entry.no: entry for entry in unit.session.execute(held).scalars()}
    written = _read_used(unit, entries, block, used)
    for no, entry in entries.items():
        if no in written:
            entry.purpose, entry.entry_date = written[no]
            entry.state = EntryState.ISSUED.value
            record(unit, book, entry, "entry.use")
        elif entry.state == EntryState.RESERVED:
            void(unit, book, entry, "ไม่ได้ใช้ระหว่างทำงานนอกระบบ")
    block.state, block.reconciled_at = BlockState.RECONCILED.value, unit.now()
    unit.audit("block.reconcile", f"block/{block.id}", book.org_path, {"used": len(written), "of": len(entries)})
    return block_view(block)


def _read_used(
    unit: Unit, entries: dict[int, RegisterEntry], block: OfflineBlock, used: Sequence[dict[str, Any]]
) -> dict[int, tuple[str, Any]]:
    errors, written = [], {}
    for place, line in enumerate(used):
        no = line["no"]
        if no not in entries or entries[no].state != EntryState.RESERVED or no in written:
            words = f"เลข {no}: ไม่อยู่ในชุดเลข {block.first_no}–{block.last_no} หรือกรอกซ้ำ"
            errors.append(FieldError(f"used.{place}.no", "unknown", words))
            continue
        try:
            written[no] = rules.check_purpose(line["purpose"]), read_day(line["entry_date"], unit).date()
        except Problem as problem:
            errors += [replace(one, pointer=f"used.{place}.{one.pointer}", message=f"เลข {no}: {one.message}")
                       for one in problem.errors]  # fmt: skip
    if errors:
        raise invalid(errors)
    return written
