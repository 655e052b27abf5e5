"""The late list: which schools of a round are behind, who owes what, and whom to telephone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from gateway.office import Office
from gateway.web import overdue_view, workbook
from shared.bus.rpc import Call, unavailable
from shared.http.answers import Answer, content_disposition
from shared.http.request import Request
from shared.http.routing import Access, Routes

routes = Routes(tag="rounds")

FOLLOWS_UP = Access(
    roles=("officer", "group_director", "deputy_director", "area_director", "auditor"), scope="area"
)
LATE = "/api/v1/rounds/{id}/late"
EVERY_SCHOOL = 500


class LateSchool(Schema):
    """`owes` is the role that has not done its part, `days_late` are days of the calendar since `deadline`."""

    smis = fields.String(required=True)
    name = fields.String(required=True)
    amphoe = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    owes = fields.String(required=True)
    deadline = fields.String(required=True)
    days_late = fields.Integer(required=True)
    extended_until = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class LateList(Schema):
    """`unavailable` names the service whose part (telephones) is missing."""

    round_id = fields.String(required=True)
    round_title = fields.String(required=True)
    created_at = fields.String(required=True)
    schools = fields.List(fields.Nested(LateSchool), required=True)
    unavailable = fields.List(fields.String(), required=True)


@routes.get(LATE, answers=LateList, access=FOLLOWS_UP, problems=("not_found",))
def list_late_schools(request: Request, office: Office) -> Any:
    """The schools that are behind, the longest first, with their telephone numbers."""
    return late_list(request, office)


@routes.get(LATE + ".xlsx", access=FOLLOWS_UP, produces=workbook.XLSX, problems=("not_found",))
def get_late_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook."""
    return workbook_of(late_list(request, office))


def late_list(request: Request, office: Office) -> dict[str, Any]:
    """The list of `rounds` with the telephones of `schools`: they are people's own and travel in no event.

    Raises:
        Problem: what `rounds` says, or ``unavailable`` (503) when it does not answer; without `schools` the list stands
            without telephones.
    """
    everybody = {"limit": EVERY_SCHOOL, "state": "ALL", "details": True}
    answers, missing = office.gather(
        request,
        late=Call("rounds", "list_overdue", {"round_id": request.params["id"]}),
        schools=Call("schools", "list_schools", everybody),
    )
    if "late" not in answers:
        raise unavailable("rounds")
    phones = {school["org_path"]: school["phone"] for school in answers.get("schools", {}).get("items", [])}
    late = answers["late"]
    return {
        **late,
        "schools": [{**school, "phone": phones.get(school["org_path"])} for school in late["schools"]],
        "unavailable": missing,
    }


def workbook_of(late: Mapping[str, Any]) -> Answer:
    """The list as XLSX."""
    name = f"โรงเรียนล่าช้า {late['round_title']}"
    body = workbook.of_table("โรงเรียนล่าช้า", [name], overdue_view.columns(), overdue_view.rows(late["schools"]))
    return Answer(200, body, workbook.XLSX, {"Content-Disposition": content_disposition(f"{name}.xlsx")})
