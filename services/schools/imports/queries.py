"""Looking at imports and their rows. Citizen ids are masked in everything that leaves here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, tuple_

from services.schools.access.rules import AccountState
from services.schools.access.tables import Account
from services.schools.imports.kinds import KINDS
from services.schools.imports.rules import WORKING, ImportState, Outcome, Verdict, parse_row_id, shown_first
from services.schools.imports.tables import Import, ImportRow
from services.schools.imports.views import iso, job_view, kind_view, row_view
from services.schools.organisations.tables import OrgUnit
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.problems import FieldError, Problem, invalid, not_found
from shared.security.access import scoped
from shared.security.identity import Identity
from shared.thai.dates import BANGKOK

MOST = 500
IMPORTERS = tuple(dict.fromkeys(role for kind in KINDS.values() for role in kind.roles))
REPORT = "services.schools.imports.workbooks:report"
TEMPLATE = "services.schools.imports.workbooks:template"
UNKNOWN_KIND = FieldError("kind", "choice", f"ชนิดของรายการต้องเป็น {' หรือ '.join(KINDS)}")


def list_kinds(unit: Unit) -> dict[str, Any]:
    """The kinds that the caller may import somewhere, with their columns."""
    mine = [kind for kind in KINDS.values() if unit.identity.roles & set(kind.roles)]
    return {"items": [kind_view(kind) for kind in mine], "next_cursor": None}


def list_imports(
    unit: Unit, limit: int = 50, cursor: str | None = None, kind: str | None = None, state: str | None = None
) -> dict[str, Any]:
    """The imports of the caller's part of the tree, the newest first.

    Raises:
        Problem: ``invalid`` (422) for a cursor that is none of ours.
    """
    statement = _visible(unit).order_by(Import.created_at.desc(), Import.id.desc())
    for name, value in (("kind", kind), ("state", state)):
        if value:
            statement = statement.filter_by(**{name: value})
    if cursor:
        last = unit.session.execute(_visible(unit).filter_by(id=cursor)).scalar_one_or_none()
        if last is None:
            raise _bad_cursor()
        statement = statement.where(tuple_(Import.created_at, Import.id) < (last.created_at, last.id))
    size = min(limit, MOST)
    found = list(unit.session.execute(statement.limit(size + 1)).scalars())
    return {
        "items": [import_view(unit, one) for one in found[:size]],
        "next_cursor": found[size - 1].id if len(found) > size else None,
    }


def get_import(unit: Unit, import_id: str) -> dict[str, Any]:
    """One import. Once it is applied, with the new people or schools it made (``created``), and with those people whose
    account waits for its first slip (``without_password``).

    Raises:
        Problem: ``not_found`` (404).
    """
    found = find_import(unit, import_id)
    applied = select(ImportRow.subject).filter_by(import_id=found.id, outcome=Outcome.APPLIED.value)
    created = applied.filter_by(verdict=Verdict.NEW.value)
    waiting = select(Account.person_id).where(
        Account.person_id.in_(applied), Account.password_hash == "", Account.state == AccountState.ACTIVE
    )
    return {
        **import_view(unit, found),
        "created": sorted(unit.session.execute(created).scalars()),
        "without_password": sorted(unit.session.execute(waiting).scalars()),
    }


def list_rows(
    unit: Unit,
    import_id: str,
    limit: int = 100,
    cursor: str | None = None,
    verdict: str | None = None,
    outcome: str | None = None,
    repair: str | None = None,
) -> dict[str, Any]:
    """The rows of the file in its order, each with what is said of it.

    Raises:
        Problem: ``not_found``; ``invalid`` (422) for a cursor that is none of ours; ``import.purged`` (410).
    """
    found = find_import(unit, import_id)
    _refuse_purged(found)
    statement = select(ImportRow).filter_by(import_id=found.id).order_by(ImportRow.sheet, ImportRow.row)
    for name, value in (("verdict", verdict), ("outcome", outcome)):
        if value:
            statement = statement.filter_by(**{name: value})
    if repair:
        statement = statement.where(ImportRow.repairs.contains(f"|{repair}|", autoescape=True))
    if cursor:
        place = parse_row_id(cursor)
        if place is None:
            raise _bad_cursor()
        statement = statement.where(tuple_(ImportRow.sheet, ImportRow.row) > place)
    size = min(limit, MOST)
    rows = list(unit.session.execute(statement.limit(size + 1)).scalars())
    columns = KINDS[found.kind].columns
    return {
        "items": [row_view(_as_plain(row), found.sheets, columns) for row in rows[:size]],
        "next_cursor": rows[size - 1].id if len(rows) > size else None,
    }


def get_import_with_rows(
    unit: Unit, import_id: str, everything: bool = False, limit: int = 100, cursor: str | None = None, **choice: str
) -> dict[str, Any]:
    """One import (``import``) and those of its ``rows`` that were chosen; without a choice those that want an answer,
    unless ``everything`` was asked for. ``choice`` says which they are. ``rows`` is None where there are none to show.

    Raises:
        Problem: ``not_found``; ``invalid`` (422) for a cursor that is none of ours.
    """
    view = get_import(unit, import_id)
    state = ImportState(view["state"])
    chosen = choice or ({} if everything else shown_first(state, view["counts"]))
    has_rows = bool(view["checked_at"]) and not view["purged_at"] and state not in WORKING
    rows = list_rows(unit, import_id, limit, cursor, **chosen) if has_rows else None
    return {"import": view, "rows": rows, "choice": chosen}


def get_report(app: Any, caller: Identity | None, import_id: str) -> dict[str, Any]:
    """The whole report as a workbook (``name``, ``content`` in base64), written in a child process.

    Raises:
        Problem: ``not_found``; ``import.purged`` (410); ``import.not_checked`` (409).
    """
    with app.read(caller) as unit:
        found = find_import(unit, import_id)
        _refuse_purged(found)
        if found.checked_at is None:
            raise Problem("import.not_checked", 409, "ยังไม่มีรายงาน", "ไฟล์นี้ยังตรวจไม่เสร็จ หรือระบบไม่รับไฟล์นี้")
        rows = unit.session.execute(
            select(ImportRow).filter_by(import_id=found.id).order_by(ImportRow.sheet, ImportRow.row)
        ).scalars()
        job = {"import": import_view(unit, found), "sheets": found.sheets, "rows": [_as_plain(row) for row in rows]}
        name = f"ผลการนำเข้า{KINDS[found.kind].title} {found.created_at.astimezone(BANGKOK):%Y-%m-%d}.xlsx"
    return {"name": name, **app.adapters.children.run(REPORT, job, _silent)}


def get_template(app: Any, caller: Identity | None, kind: str) -> dict[str, Any]:
    """A workbook to be filled in (``name``, ``content`` in base64), written in a child process.

    Raises:
        Problem: ``not_found`` for an unknown kind, and one that the caller imports nowhere.
    """
    if kind not in KINDS or caller is None or not caller.roles & set(KINDS[kind].roles):
        raise not_found("ไม่มีแบบฟอร์มชนิดนี้")
    return {"name": f"แบบฟอร์ม{KINDS[kind].title}.xlsx", **app.adapters.children.run(TEMPLATE, {"kind": kind}, _silent)}


def find_import(unit: Unit, import_id: str, *, lock: bool = False) -> Import:
    """The import, if it is of the caller's part of the tree.

    Raises:
        Problem: ``not_found`` (404).
    """
    statement = _visible(unit).filter_by(id=import_id)
    found: Import | None = unit.session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
    if found is None:
        raise not_found("ไม่พบรายการนำเข้านี้")
    return found


def import_view(unit: Unit, found: Import) -> dict[str, Any]:
    """An import with the unit it is for and the people who sent and applied it."""
    scope = unit.session.get_one(OrgUnit, found.unit_id)
    kind = KINDS[found.kind]
    return {
        **job_view(found, kind),
        "organisation": {"code": scope.code, "name": scope.name, "kind": scope.kind},
        "created_by": _name_of(unit, found.created_by),
        "applied_by": _name_of(unit, found.applied_by) if found.applied_by else None,
    }


def _visible(unit: Unit) -> Any:
    return scoped(select(Import), Import.org_path, unit.identity, IMPORTERS)


def _name_of(unit: Unit, person_id: str) -> str:
    return str(unit.session.get_one(Person, person_id).name)


def _as_plain(row: ImportRow) -> dict[str, Any]:
    return {"read": row.read, "judged": row.judged, "outcome": row.outcome, "said": row.said, "subject": row.subject}


def _refuse_purged(found: Import) -> None:
    if found.purged_at is not None:
        raise Problem(
            "import.purged", 410, "ลบข้อมูลรายแถวแล้ว", "ระบบลบไฟล์และข้อมูลรายแถวตามกำหนด เหลือไว้เฉพาะสถานะและจำนวน",
            extra={"purged_at": iso(found.purged_at)},
        )  # fmt: skip


def _bad_cursor() -> Problem:
    return invalid([FieldError("cursor", "unknown", "ตัวชี้หน้าถัดไปไม่ถูกต้อง")])


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches a workbook being written."""
