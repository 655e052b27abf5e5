"""A report of letters with names: of people and letters it knows ids alone, which their owners put into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.names import names_of
from gateway.office import Office
from shared.bus.rpc import Call
from shared.http.request import Request

NAMELESS = "ไม่ทราบชื่อ"
SUBJECT = {"key": "subject", "title": "เรื่อง", "kind": "text"}


def with_names(request: Request, office: Office, report: Mapping[str, Any]) -> dict[str, Any]:
    """``report`` with the names that the caller may know: people by name (the id stays in ``person_id``), letters by
    number and subject (``letter_id``). What nobody tells now stays without.
    """
    kinds = {column["kind"]: column["key"] for column in report["columns"]}
    rows, columns = [dict(row) for row in report["rows"]], list(report["columns"])
    if "person" in kinds or "people" in kinds:
        columns = _name_people(request, office, rows, columns, kinds)
    if "letter" in kinds and rows:
        columns = _name_letters(request, office, rows, columns)
    return {**report, "columns": columns, "rows": rows}


def _name_people(
    request: Request, office: Office, rows: list[dict[str, Any]], columns: list[Any], kinds: Mapping[str, str]
) -> list[Any]:
    one, many = kinds.get("person", ""), kinds.get("people", "")
    concerned = {row[one] for row in rows if one} | {person for row in rows if many for person in row[many]}
    names = names_of(request, office, concerned)
    for row in rows:
        if one:
            row["person_id"], row[one] = row[one], names.get(row[one], NAMELESS)
        if many:
            row["people_ids"], row[many] = row[many], ", ".join(names.get(id_, NAMELESS) for id_ in row[many]) or None
    return [{**column, "kind": "text"} if column["key"] in (one, many) else column for column in columns]


def _name_letters(
    request: Request, office: Office, rows: list[dict[str, Any]], columns: list[Any]
) -> list[Any]:
    """The column of letters becomes two: their numbers, and what they are about."""
    ids = [row["letter"] for row in rows]
    answers, _ = office.gather(request, told=Call("documents", "name_letters", {"letter_ids": ids}))
    told = answers.get("told", {}).get("letters", {})
    for row in rows:
        known = told.get(row["letter"], {"no": "", "subject": None})
        row["letter_id"], row["letter"], row["subject"] = row["letter"], known["no"] or None, known["subject"]
    place = next(index for index, column in enumerate(columns) if column["kind"] == "letter") + 1
    return [*columns[:place], SUBJECT, *columns[place:]]
