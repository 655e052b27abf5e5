"""What the register knows of schools, and how a row of a list is entered into it: by the commands a clerk uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from services.schools.faults import refuse
from services.schools.imports.judged import Row
from services.schools.imports.kinds.schools.codes import SCHEMES
from services.schools.imports.repairs import mend_digits
from services.schools.organisations.clusters.commands import add_schools
from services.schools.organisations.clusters.tables import Cluster
from services.schools.organisations.codes.holding import NEW_SCHOOL, taken_faults
from services.schools.organisations.codes.rules import Held, Validity
from services.schools.organisations.details.commands import record_details
from services.schools.organisations.lifecycle.commands import correct_school
from services.schools.organisations.lifecycle.recording import Draft, changeable, record, record_opening
from services.schools.organisations.lifecycle.rules import EventKind, Order
from services.schools.organisations.queries import SchoolRow, details_view, school_view, visible_schools
from services.schools.organisations.rules import Scheme, UnitState
from services.schools.organisations.tables import OrgCode, OrgUnit
from shared.db.unit import Unit
from shared.thai.dates import academic_year, be_year

REASON = "นำเข้าจากรายชื่อโรงเรียน"
ANY_VERSION = "*"
# more values than this in one statement no database likes
CHUNK = 500


def know(unit: Unit, scope: OrgUnit, rows: Sequence[Row]) -> dict[str, Any]:
    """The schools of the area ``scope``, its clusters, and which codes of the rows other units have or had."""
    own = visible_schools(unit).where(OrgUnit.org_path.startswith(scope.org_path, autoescape=True))
    schools = [SchoolRow(*found) for found in unit.session.execute(own.order_by(OrgUnit.code))]
    ids = {school.unit.id for school in schools}
    codes = {form for row in rows for field in SCHEMES for form in _forms(mend_digits(row.raw(field)).text)}
    return {
        "area": scope.code,
        "this_year_be": be_year(unit.clock.today().year),
        "schools": [{**school_view(school), **details_view(school)} for school in schools],
        "clusters": _clusters(unit, scope),
        "former": _former(unit, {school.unit.id: school.unit.code for school in schools}),
        "taken": _taken(unit, codes, ids),
    }


def write(unit: Unit, scope: OrgUnit, judgement: Mapping[str, Any]) -> str:
    """Do what a judgement plans; the SMIS code of the school.

    Raises:
        Problem: what the commands behind it refuse.
    """
    plan = judgement["plan"]
    smis: str = plan["smis"]
    if "open" in plan:
        _open(unit, scope, smis, plan["open"])
    else:
        for scheme, code in plan["codes"].items():
            _change_code(unit, smis, scheme, code)
        if plan["correct"]:
            correct_school(unit, smis, reason=REASON, **plan["correct"])
    if plan["details"]:
        record_details(unit, smis, plan["details"], ANY_VERSION)
    if plan["cluster"]:
        add_schools(unit, plan["cluster"], [smis])
    return smis


def _open(unit: Unit, scope: OrgUnit, smis: str, after: Mapping[str, Any]) -> None:
    """A school that the register lacked. A list says nothing of an order, nor since when: it counts from today."""
    _refuse_taken(unit, NEW_SCHOOL, after["codes"])
    record_opening(unit, scope, smis, Draft(EventKind.OPENED, after, _order(unit)))


def _change_code(unit: Unit, smis: str, scheme: str, code: str) -> None:
    row = changeable(unit, smis)
    _refuse_taken(unit, row.unit.id, {scheme: code})
    record(unit, row, Draft(EventKind.CODE_CHANGED, {"codes": {scheme: code}}, _order(unit), scheme=scheme))


def _refuse_taken(unit: Unit, unit_id: str, codes: Mapping[str, str]) -> None:
    today = Validity(unit.clock.today())
    for scheme, code in codes.items():
        refuse(taken_faults(unit, "codes", Held(unit_id, scheme, code, today)))


def _order(unit: Unit) -> Order:
    today = unit.clock.today()
    return Order("", None, today, academic_year(today), REASON)


def _forms(code: str) -> tuple[str, ...]:
    """A code, and what may become of it by a repair."""
    return (code, f"0{code}", f"{code[0]}0{code[1:]}") if code else ()


def _clusters(unit: Unit, scope: OrgUnit) -> dict[str, str]:
    statement = select(Cluster).filter_by(area_id=scope.id, state=UnitState.OPEN)
    return {cluster.name: cluster.id for cluster in unit.session.execute(statement).scalars()}


def _former(unit: Unit, current: Mapping[str, str]) -> dict[str, str]:
    """Where the SMIS codes lead that schools of the area bore before."""
    ended = select(OrgCode).where(OrgCode.scheme == Scheme.SMIS8, OrgCode.valid_to.is_not(None))
    found = unit.session.execute(ended).scalars()
    return {held.code: current[held.org_unit_id] for held in found if held.org_unit_id in current}


def _taken(unit: Unit, codes: Iterable[str], own: set[str]) -> dict[str, list[str]]:
    """By scheme, which of the codes are held elsewhere; a SMIS code never goes to another school, also later."""
    taken: dict[str, list[str]] = {scheme: [] for scheme in SCHEMES.values()}
    wanted = sorted(codes)
    for start in range(0, len(wanted), CHUNK):
        held = select(OrgCode).where(OrgCode.scheme.in_(taken), OrgCode.code.in_(wanted[start : start + CHUNK]))
        for entry in unit.session.execute(held).scalars():
            is_held = entry.valid_to is None or entry.scheme == Scheme.SMIS8
            if entry.org_unit_id not in own and is_held:
                taken[entry.scheme].append(entry.code)
    return taken
