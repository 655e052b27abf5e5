"""Lists read and judged as the children do it, against a register made by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.schools.imports.judging import judge
from services.schools.imports.reading import read
from services.schools.organisations.details.rules import FIELDS
from shared.workbooks.container import inspect
from tests.running import emis

AREA = "5704"
DAY = "2026-11-22"


def nobody_listens(_stage: str, _done: int, _total: int) -> None:
    """The progress of a job of which nobody waits for the end."""


def read_file(content: bytes, name: str, kind: str) -> dict[str, Any]:
    """What the child makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        job = {"path": str(path), "container": inspect(path, name).kind, "kind": kind}
        return read(job, nobody_listens)


def judge_file(
    content: bytes, name: str, kind: str, known: Mapping[str, Any], decisions: Mapping[int, Any] | None = None
) -> dict[int, dict[str, Any]]:
    """The judgements by row; ``decisions`` by row as they are stored."""
    result = read_file(content, name, kind)
    assert "fault" not in result, result
    rows = [{**row, "decisions": (decisions or {}).get(row["row"], {})} for row in result["rows"]]
    job = {"kind": kind, "sheets": result["sheets"], "rows": rows, "known": known}
    judgements = judge(job, nobody_listens)["judgements"]
    return {row["row"]: judgement for row, judgement in zip(rows, judgements, strict=True)}


def school(row: Mapping[str, str], **values: Any) -> dict[str, Any]:
    """A school of the public list as the register has it."""
    return {
        **dict.fromkeys(FIELDS),
        "founded_year_be": None,
        "cluster": None,
        "smis": row["smis_code"],
        "ministry_code": row["ministry_code"] or None,
        "obec6_code": row["obec6_code"] or None,
        "name": row["name_th"],
        "education_range": row["education_range"],
        "tambon": row["tambon"] or None,
        "amphoe": row["amphoe"] or None,
        "province": row["province"] or None,
        "state": "OPEN",
        **values,
    }


def school_register(schools: Sequence[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """What is known of the schools of the area: all of the public list, and one that was closed."""
    if schools is None:
        gone = school({**emis.public_schools()[0], "smis_code": "57040007", "ministry_code": "", "obec6_code": ""})
        schools = [*(school(row) for row in emis.public_schools()), {**gone, "state": "CLOSED", "name": "ยุบแล้ว"}]
    taken: dict[str, list[str]] = {"SMIS8": [], "MOE10": [], "PER6": []}
    known = {"area": AREA, "this_year_be": 2569, "schools": list(schools)}
    return {**known, "clusters": {}, "former": {}, "taken": taken, **more}


def unit(code: str, name: str, kind: str = "SCHOOL") -> dict[str, str]:
    """A unit in which people work."""
    below = {"AREA": "", "GROUP": f"{code.partition('-')[2]}/", "SCHOOL": f"{code}/"}[kind]
    return {"code": code, "name": name, "kind": kind, "path": f"/obec/5704/{below}"}


OFFICE = (
    unit("5704", "สพป.เชียงราย เขต 4", "AREA"),
    unit("5704-g-ict", "กลุ่มส่งเสริมการศึกษาทางไกล", "GROUP"),
    unit("57040001", "บ้านศรีลานนา"),
    unit("57040002", "บ้านหลวง"),
)


def people_register(*people: dict[str, Any], director_of: str = "", **more: Any) -> dict[str, Any]:
    """What is known of people (:func:`someone`) to an admin of the area, or to a director."""
    reach = {"areas": ["/obec/5704/"], "schools": [], "runs_system": False}
    units = [one for one in OFFICE if not director_of or one["code"] == director_of]
    if director_of:
        reach = {**reach, "areas": [], "schools": [f"/obec/5704/{director_of}/"]}
    return {
        "caller": "caller",
        "today": DAY,
        "reach": reach,
        "scope": next(one for one in OFFICE if one["code"] == (director_of or "5704")),
        "units": units,
        "people": {person["id"]: person for person in people},
        "by_citizen_id": {person["citizen_id"]: person["id"] for person in people if person.get("citizen_id")},
        "by_username": {person["username"]: person["id"] for person in people if person.get("username")},
        **more,
    }


def someone(person_id: str, **values: Any) -> dict[str, Any]:
    """A person of the register."""
    return {
        "id": person_id,
        "visible": True,
        "covered": True,
        "state": "ACTIVE",
        "unit": "57040001",
        "unit_name": "บ้านศรีลานนา",
        "username": None,
        "title": "นางสาว",
        "given_name": "ดาราข",
        "family_name": "สมมติชน",
        "citizen_id": None,
        "position": "ครู",
        "email": None,
        "phone": None,
        "grants": [],
        **values,
    }


def codes(judgement: Mapping[str, Any]) -> set[str]:
    """The codes of a judgement's errors."""
    return {error["code"] for error in judgement["errors"]}


def changes(judgement: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Field → before, after."""
    return {change["field"]: (change["before"], change["after"]) for change in judgement["changes"]}


def repairs(judgement: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Key → the kinds of the repair, what it leads to."""
    return {repair["key"]: (repair["repair"], repair["after"]) for repair in judgement["repairs"]}


def notes(judgement: Mapping[str, Any]) -> set[str]:
    """The codes of what is only noted."""
    return {note["code"] for note in judgement["notes"]}
