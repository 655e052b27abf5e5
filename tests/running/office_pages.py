"""Every page of the product from its own routes, and an office in which each of them has something to show.

Nothing here names a page but to say what stands for its parameters: a new page is looked at, and measured, by being
there.
"""

from __future__ import annotations

import re

from sqlalchemy import create_engine, text

from tests.contracts.openapi import printed
from tests.running.two_areas import Side

PARKED = "01990000-0000-7000-8000-000000000001"

# files, parts of pages, and addresses that lead on to a page
NO_PAGE = re.compile(r"^/static/|\.(xlsx|csv|jsonl)$|/\{step\}$|/withdraw$|^/reports(/sizes)?$|/suggest$")
# who stands for a role in the demo office; the empty one is nobody
PEOPLE = {
    "": None,
    "area_admin": "admin",
    "officer": "officer",
    "group_director": "groupdirector",
    "deputy_director": "deputydirector",
    "area_director": "areadirector",
    "registrar": "registrar",
    "records_officer": "recordsofficer",
    "auditor": "auditor",
    "ops": "ops",
    "data_officer": "data-57040001",
    "school_director": "director-57040001",
    "teacher": "teacher",
}
AT_SCHOOL = frozenset({"data_officer", "school_director", "teacher"})
# what is not shown to everybody with a role for it, and the roles to which it is here
SEES = {
    "/letters/{id}": ("registrar", "deputy_director", "area_director", "auditor"),
    "/letters/{id}/stamps/{entry_id}": ("registrar", "deputy_director", "area_director", "auditor"),
    "/letters/{id}/assign": ("deputy_director", "area_director"),
    "/letters/{id}/circulate": ("registrar", "deputy_director", "area_director"),
    "/letters/{id}/edit": ("registrar",),
}


def park_a_message(database_url: str) -> None:
    """Leave one in the database of ``reporting`` as its inbox leaves it after the last attempt."""
    row = {
        "id": PARKED, "type": "rounds.snapshot_taken.v1", "body": b'{"data": {}}',
        "error": "ValueError: no such school\nTraceback", "when": "2026-06-10 09:00:00.000000",
    }  # fmt: skip
    statement = "INSERT INTO deferred VALUES (:id, NULL, :type, :body, 'parked', 7, :when, :error, :when, :when)"
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(statement), row)
    engine.dispose()


def address(path: str, side: Side, role: str = "") -> str:
    """The address of a page about the things of the story; a school's people see the books of their school."""
    things = side.things
    whose = "school_" if role in AT_SCHOOL else ""
    found = re.sub(r"^/rounds/{id}", f"/rounds/{things['round']}", path)
    found = found.replace("/submissions/{id}", f"/submissions/{things['submission']}")
    found = found.replace("/clusters/{id}", f"/clusters/{things['cluster']}")
    found = re.sub("^(/books/.*)/{import_id}", rf"\1/{things[whose + 'register_import']}", found)
    found = found.replace("/books/{id}", f"/books/{things[whose + 'book']}")
    # as the letter links it
    found = found.replace("/letters/{id}/assign", f"/letters/{things['letter']}/assign?unit={side.area.code}")
    found = found.replace("/letters/{id}/edit", f"/letters/{things['arrived']}/edit")
    found = found.replace("/letters/{id}", f"/letters/{things['letter']}")
    found = found.replace("/letter-reports/{key}", "/letter-reports/turnaround")
    found = found.replace("/reports/{key}", "/reports/disadvantage")
    found = found.replace("/ops/parked/{id}", f"/ops/parked/reporting.{PARKED}")
    values = {
        "smis": side.own, "person_id": things["person"], "import_id": things["import"], "service": "reporting",
        "no": 1, "request_id": things[whose + "asked"], "block_id": things[whose + "block"],
        "dup": things["duplicate"], "batch_id": things["batch"],
        "evidence_id": things["evidence"], "submission_id": things["submission"], "row": 3,
        "step": "decision", "finding_id": things["finding"], "change": "rename", "topic": "school-round",
        "entry_id": things["entry"],
        "contact_id": things["contact"],
    }  # fmt: skip
    return found.format(**values)


def pages_of(role: str, side: Side) -> list[str]:
    """The pages that somebody with ``role`` reaches (no role: nobody is signed in)."""
    routes = [
        route
        for route in printed()["routes"]
        if route["kind"] == "page" and route["method"] == "GET" and not NO_PAGE.search(route["path"])
    ]
    reached = [
        route["path"]
        for route in routes
        if route["public"] or (role and (not route["roles"] or role in route["roles"]))
    ]
    reached = [path for path in reached if role in SEES.get(path, (role,))]
    return [address(path, side, role) for path in sorted(reached) if not (role and path == "/login")]
