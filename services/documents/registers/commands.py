"""Issuing, reserving, inserting and voiding numbers; requests, blocks for paper, and closing a year.

Rows are written before the number is taken (:mod:`allocation`), so that nobody waits for a check.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.directory.queries import find_unit
from services.documents.registers import rules
from services.documents.registers.allocation import allocate, enter, numbered_in
from services.documents.registers.queries import find_book, integrity_of, read_year, register_lines
from services.documents.registers.recording import record
from services.documents.registers.rules import (
    BlockState,
    BookKind,
    CircularPolicy,
    EntryState,
    RequestState,
    register_year,
)
from services.documents.registers.tables import (
    NumberRequest,
    OfflineBlock,
    RegisterBook,
    RegisterCounter,
    RegisterEntry,
)
from services.documents.registers.views import block_view, book_view, entry_view, etag_of, number_view, request_view
from shared.bus.envelope import new_id
from shared.clock import BANGKOK
from shared.db.rows import insert_once
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, conflict, forbidden, invalid, not_found
from shared.thai.dates import read_instant

EXPIRED_AT_ONCE = 100


def issue_number(unit: Unit, book_id: str, purpose: str, reserve_until: str | None = None) -> dict[str, Any]:
    """Take the next number of a book, or reserve it until an instant.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.received``, ``book.closed`` (409).
    """
    book = _kept(unit, book_id, "ออกเลข")
    rules.check_issuable(BookKind(book.kind))
    wanted = rules.check_purpose(purpose)
    until = None
    if reserve_until is not None:
        try:
            until = read_instant(reserve_until)
        except ValueError:
            raise invalid([FieldError("reserve_until", "date", "จองถึง: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
        rules.check_reservation(until, unit.now())
    state, action = (EntryState.RESERVED, "entry.reserve") if until else (EntryState.ISSUED, "entry.issue")
    entry = enter(unit, book, wanted, state=state, reserved_until=until)
    record(unit, book, entry, action)
    return number_view(entry)


def use_reserved(unit: Unit, book_id: str, no: int, be_year: int, purpose: str | None = None) -> dict[str, Any]:
    """What was reserved is used: the number stands from now on.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``entry.not_reserved``, ``book.closed`` (409).
    """
    book = _kept(unit, book_id, "ใช้เลขที่จองไว้")
    entry = _entry_of(unit, book, be_year, no, "")
    if entry.state != EntryState.RESERVED:
        raise conflict("entry.not_reserved", "เลขนี้ไม่ได้จองไว้ หรือใช้ไปแล้ว")
    if purpose is not None:
        entry.purpose = rules.check_purpose(purpose)
    entry.state, entry.reserved_until = EntryState.ISSUED.value, None
    record(unit, book, entry, "entry.use")
    return number_view(entry)


def insert_entry(
    unit: Unit, book_id: str, after_no: int, be_year: int, purpose: str, entry_date: str, reason: str
) -> dict[str, Any]:
    """Enter something late behind a number that stands, with a suffix: nothing is numbered anew.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.closed`` (409).
    """
    book = _kept(unit, book_id, "แทรกเลขย้อนหลัง")
    wanted, why = rules.check_purpose(purpose), rules.check_reason(reason)
    day = _day(entry_date, unit)
    if register_year(day) != be_year:
        raise invalid([FieldError("entry_date", "year", f"วันที่ในทะเบียน: ต้องอยู่ในปี {be_year}")])
    standing = _entry_of(unit, book, be_year, after_no, "")
    others = select(RegisterEntry.suffix).filter_by(book_id=book.id, be_year=be_year, no=after_no)
    suffix = rules.next_suffix(unit.session.execute(others).scalars())
    entry = RegisterEntry(
        id=new_id(),
        book_id=book.id,
        be_year=be_year,
        no=after_no,
        suffix=suffix,
        display_no=book.numbering.written(be_year, after_no, suffix, circular=standing.circular),
        circular=standing.circular,
        state=EntryState.ISSUED.value,
        purpose=wanted,
        entry_date=day.date(),
        entered_at=unit.now(),
        entered_by=unit.actor,
    )
    unit.session.add(entry)
    record(unit, book, entry, "entry.insert", why)
    return number_view(entry)


def void_entry(unit: Unit, book_id: str, no: int, be_year: int, reason: str, suffix: str = "") -> dict[str, Any]:
    """Take a number back: it stays in the book, struck through, and is never given again.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``entry.void``, ``entry.letter``,
            ``book.closed`` (409).
    """
    book = find_book(unit, book_id)
    if not access.acts_at(unit, access.KEEPS_BOOKS, book.org_path) and not _directs(unit, book):
        raise forbidden("ยกเลิกเลขทำได้เฉพาะสารบรรณของหน่วยงานนั้น หรือผู้บริหาร")
    why = rules.check_reason(reason)
    entry = _entry_of(unit, book, be_year, no, suffix)
    rules.check_voidable(EntryState(entry.state))
    if entry.letter_id is not None:
        raise conflict("entry.letter", "เลขนี้มีหนังสืออยู่ ให้ยกเลิกที่หนังสือ", letter_id=entry.letter_id)
    void(unit, book, entry, why)
    return entry_view(entry)


def void(unit: Unit, book: RegisterBook, entry: RegisterEntry, reason: str, action: str = "entry.void") -> None:
    """Strike an entry through; the caller has decided that it may be."""
    entry.state, entry.void_reason, entry.reserved_until = EntryState.VOID.value, reason, None
    entry.voided_at, entry.voided_by = unit.now(), unit.actor
    record(unit, book, entry, action, reason)


def expire_reservations(app: Any) -> bool:
    """What was reserved and not used in time is void. True when there may be more."""
    with app.read() as unit:
        overdue = (
            select(RegisterEntry)
            .where(RegisterEntry.state == EntryState.RESERVED, RegisterEntry.reserved_until <= unit.now())
            .order_by(RegisterEntry.reserved_until)
        )
        if unit.session.execute(overdue.limit(1)).first() is None:
            return False
    with app.write() as unit:
        rows = overdue.limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)
        for entry in unit.session.execute(rows).scalars().all():
            void(unit, unit.session.get_one(RegisterBook, entry.book_id), entry, rules.UNUSED, "entry.expire")
    return True


def change_book(
    unit: Unit,
    book_id: str,
    if_match: str | None = None,
    prefix: str | None = None,
    circular_policy: str | None = None,
) -> dict[str, Any]:
    """Set how the numbers of a book are written from now on; those that were given stay as they are.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``precondition.required``, ``precondition.stale``.
    """
    book = _kept(unit, book_id, "ตั้งค่าทะเบียน", lock=True)
    require_seen(etag_of(book), if_match)
    before = {"prefix": book.prefix, "circular_policy": book.circular_policy}
    if prefix is not None:
        book.prefix = " ".join(prefix.split())
        if not book.prefix or len(book.prefix) > rules.MAX_PREFIX or "/" in book.prefix:
            raise invalid([FieldError("prefix", "prefix", "รหัสหนังสือ: ต้องกรอก และไม่มีเครื่องหมาย /")])
    if circular_policy is not None:
        book.circular_policy = CircularPolicy(circular_policy).value
    book.version += 1
    after = {"prefix": book.prefix, "circular_policy": book.circular_policy}
    unit.audit("book.change", f"book/{book.id}", book.org_path, {"before": before, "after": after})
    return book_view(book, find_unit(unit, book.owner).name, may_issue=True)


def set_opening(unit: Unit, book_id: str, be_year: int, last_no: int) -> dict[str, Any]:
    """The office used numbers of this year on paper or in another system: the next one here follows the last of them.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.in_use`` (409).
    """
    book = _kept(unit, book_id, "ตั้งเลขเริ่มต้น", lock=True)
    counter = _counter(unit, book, be_year)
    used = counter.last_no - counter.opening_no
    rules.check_opening(last_no, used)
    before, counter.opening_no, counter.last_no = counter.opening_no, last_no, last_no
    change = {"be_year": be_year, "before": before, "after": last_no}
    unit.audit("book.open", f"book/{book.id}", book.org_path, change)
    return read_year(unit, book, be_year)


def request_number(unit: Unit, book_id: str, purpose: str) -> dict[str, Any]:
    """Ask who keeps a book for a number.

    Raises:
        Problem: ``not_found``, ``invalid`` (422), ``book.received`` (409).
    """
    book = find_book(unit, book_id, access.ASKS_FOR_NUMBERS)
    rules.check_issuable(BookKind(book.kind))
    request = NumberRequest(
        id=new_id(),
        book_id=book.id,
        requester_id=unit.actor,
        requester_name=unit.identity.name,
        purpose=rules.check_purpose(purpose),
        state=RequestState.PENDING.value,
        created_at=unit.now(),
    )
    unit.session.add(request)
    unit.audit("number.request", f"request/{request.id}", book.org_path, {"book": book.id})
    return request_view(request, None)


def grant_request(unit: Unit, book_id: str, request_id: str) -> dict[str, Any]:
    """Give the number that was asked for: the request ends and the entry begins in one.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``request.ended``, ``book.closed`` (409).
    """
    book = _kept(unit, book_id, "ออกเลขตามคำขอ")
    request = _pending(unit, book, request_id)
    entry = enter(unit, book, request.purpose)
    unit.session.flush()
    request.entry_id = entry.id
    _decide(unit, book, request, RequestState.ISSUED)
    record(unit, book, entry, "entry.issue")
    return request_view(request, entry)


def reject_request(unit: Unit, book_id: str, request_id: str, reason: str) -> dict[str, Any]:
    """Refuse it, saying why.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``request.ended`` (409).
    """
    book = _kept(unit, book_id, "ปฏิเสธคำขอเลข")
    request = _pending(unit, book, request_id)
    request.reason = rules.check_reason(reason)
    _decide(unit, book, request, RequestState.REJECTED, request.reason)
    return request_view(request, None)


def withdraw_request(unit: Unit, book_id: str, request_id: str) -> dict[str, Any]:
    """Take the own request back.

    Raises:
        Problem: ``not_found``, ``request.ended`` (409).
    """
    book = find_book(unit, book_id, access.ASKS_FOR_NUMBERS)
    request = _pending(unit, book, request_id, unit.actor)
    _decide(unit, book, request, RequestState.WITHDRAWN)
    return request_view(request, None)


def hand_out_block(unit: Unit, book_id: str, size: int, purpose: str) -> dict[str, Any]:
    """Take numbers that follow each other, to be written by hand while there is no power or no line.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.closed`` (409).
    """
    book = _kept(unit, book_id, "กันเลขสำหรับใช้นอกระบบ")
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
    """Enter what was written by hand: ``used`` is [{no, for, entry_date}]; every other number of the block is void.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422) naming each line, ``block.reconciled`` (409).
    """
    book = _kept(unit, book_id, "บันทึกเลขที่ใช้นอกระบบ")
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


def close_year(unit: Unit, book_id: str, be_year: int) -> dict[str, Any]:
    """Close a year that is over: nothing is entered or changed in it any more, and its last digest is written down.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422): the year is not over, ``book.closed``,
            ``book.reserved`` (409): numbers are still out.
    """
    book = _kept(unit, book_id, "ปิดทะเบียน", lock=True)
    if be_year >= register_year(unit.now()):
        raise invalid([FieldError("be_year", "not_over", f"ปี พ.ศ.: ปี {be_year} ยังไม่สิ้นสุด ปิดทะเบียนไม่ได้")])
    counter = _counter(unit, book, be_year)
    report = integrity_of(unit, book, be_year)
    if report["reserved"]:
        held = ", ".join(one["display_no"] for one in report["reserved"][:10])
        raise conflict("book.reserved", f"ยังมีเลขที่จองค้างอยู่ {len(report['reserved'])} เลข: {held}")
    lines = list(rules.chained(register_lines(unit, book, be_year)))
    counter.closed_at, counter.head = unit.now(), lines[-1]["digest"] if lines else rules.digest("", {})
    change = {"be_year": be_year, "head": counter.head, "is_sound": report["is_sound"]}
    unit.audit("book.close", f"book/{book.id}", book.org_path, change)
    return read_year(unit, book, be_year)


def _kept(unit: Unit, book_id: str, what: str, *, lock: bool = False) -> RegisterBook:
    """A book that the caller keeps."""
    book = find_book(unit, book_id, lock=lock)
    access.require_at(unit, access.KEEPS_BOOKS, book.org_path, what)
    return book


def _directs(unit: Unit, book: RegisterBook) -> bool:
    return unit.identity.holds(access.DIRECTS, book.org_path)


def _entry_of(unit: Unit, book: RegisterBook, be_year: int, no: int, suffix: str) -> RegisterEntry:
    """An entry of a year that is open, locked."""
    _refuse_closed(unit, book, be_year)
    found = select(RegisterEntry).filter_by(book_id=book.id, be_year=be_year, no=no, suffix=suffix)
    entry = unit.session.execute(found.with_for_update()).scalar_one_or_none()
    if entry is None:
        raise not_found("ไม่พบเลขนี้ในทะเบียน")
    return entry


def _refuse_closed(unit: Unit, book: RegisterBook, be_year: int) -> None:
    # shared: whoever closes the year waits for those who write in it, and they for whoever closes
    held = select(RegisterCounter).filter_by(book_id=book.id, be_year=be_year).with_for_update(read=True)
    counter = unit.session.execute(held).scalar_one_or_none()
    if counter is not None and counter.closed_at is not None:
        raise rules.year_closed(be_year)


def _counter(unit: Unit, book: RegisterBook, be_year: int) -> RegisterCounter:
    """The counter of a year that is open, locked."""
    insert_once(unit.session, RegisterCounter, book_id=book.id, be_year=be_year, last_no=0, opening_no=0)
    found = select(RegisterCounter).filter_by(book_id=book.id, be_year=be_year).with_for_update()
    counter = unit.session.execute(found).scalar_one()
    if counter.closed_at is not None:
        raise rules.year_closed(be_year)
    return counter


def _pending(unit: Unit, book: RegisterBook, request_id: str, requester: str | None = None) -> NumberRequest:
    found = select(NumberRequest).filter_by(id=request_id, book_id=book.id).with_for_update()
    request = unit.session.execute(found).scalar_one_or_none()
    if request is None or requester not in (None, request.requester_id):
        raise not_found("ไม่พบคำขอนี้")
    if request.state != RequestState.PENDING:
        raise conflict("request.ended", "คำขอนี้สิ้นสุดไปแล้ว")
    return request


def _decide(
    unit: Unit, book: RegisterBook, request: NumberRequest, state: RequestState, reason: str | None = None
) -> None:
    request.state, request.decided_at, request.decided_by = state.value, unit.now(), unit.actor
    unit.audit(f"number.{state.value}", f"request/{request.id}", book.org_path, {"entry": request.entry_id}, reason)


def _day(written: str, unit: Unit) -> Any:
    try:
        day = read_instant(written).astimezone(BANGKOK)
    except ValueError:
        raise invalid([FieldError("entry_date", "date", "วันที่ในทะเบียน: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
    if day.date() > unit.clock.today():
        raise invalid([FieldError("entry_date", "future", "วันที่ในทะเบียน: ต้องไม่เป็นวันในอนาคต")])
    return day


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
        written[no] = rules.check_purpose(line["for"]), _day(line["entry_date"], unit).date()
    if errors:
        raise invalid(errors)
    return written
