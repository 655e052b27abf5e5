"""Taking a register of an old system: looked at while somebody waits, or an import that goes on by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.documents.adapters import INCOMING
from services.documents.imports.entering import job_of
from services.documents.imports.rules import ImportPhase
from services.documents.imports.tables import RegisterImport
from services.documents.imports.views import import_view, looked_at
from services.documents.registers.finding import kept_book
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import Problem
from shared.runtime.children import JobFailed
from shared.security.identity import Identity
from shared.workbooks.claiming import kind_of

LOOK = "services.documents.imports.reading:look"
WHAT = "นำเข้าทะเบียน"


def look_at_register(app: Any, caller: Identity | None, book_id: str, file: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a register export, said while somebody waits; nothing is entered (:func:`receive_import`).

    ``file`` is {sha256, filename} of a file in the store's ``incoming``, which is not kept.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``F01.<cause>`` (4xx), ``oldregister.*`` (422) for a file that cannot be
            read.
    """
    with app.read(caller) as unit:
        job = job_of(unit, kept_book(unit, book_id, WHAT), file["filename"])
    with app.adapters.files.path_for_reading(INCOMING, file["sha256"]) as path:
        told = {**job, "path": str(path), "kind": kind_of(path, file["filename"])}
        try:
            report: dict[str, Any] = app.adapters.children.run(LOOK, told, lambda *_: None)
        except JobFailed:
            said = "ไฟล์ใช้เวลาอ่านนานหรือใช้หน่วยความจำมากเกินไป กรุณาแยกเป็นปีละไฟล์"
            raise Problem("oldregister.too_heavy", 422, "อ่านทะเบียนนี้ไม่สำเร็จ", said) from None
    if "fault" in report:
        fault = report["fault"]
        raise Problem(fault["code"], 422, fault["title"], fault["detail"])
    return looked_at(book_id, file, report)


def receive_import(
    unit: Unit, book_id: str, file: Mapping[str, Any], dry_run: bool = False
) -> dict[str, Any]:
    """Take a register export; it is read afterwards, and unless it is a ``dry_run`` every sound row is entered then.

    The numbers of the book go on behind the highest one that the register had. Rows of which something is wrong are
    told of and entered by nobody.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``F01.<cause>`` (4xx) for a file that is no readable container.
    """
    book = kept_book(unit, book_id, WHAT)
    with unit.adapters.files.path_for_reading(INCOMING, file["sha256"]) as path:
        kind = kind_of(path, file["filename"])
    found = RegisterImport(
        id=new_id(),
        book_id=book.id,
        dry_run=dry_run,
        state=ImportPhase.READING.value,
        filename=file["filename"],
        kind=kind,
        sha256=file["sha256"],
        entered=0,
        parts=0,
        created_at=unit.now(),
        created_by=unit.identity.person_id,
        progress={"stage": "waiting", "done": 0, "total": 0},
    )
    unit.session.add(found)
    change = {"book": book.id, "sha256": found.sha256, "dry_run": dry_run}
    unit.audit("book.import_received", f"import/{found.id}", book.org_path, change)
    return import_view(found)
