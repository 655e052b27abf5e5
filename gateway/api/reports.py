"""Reports, as JSON and as XLSX."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import READS
from gateway.office import Office
from gateway.web import workbook
from shared.http.answers import Answer, content_disposition
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="reports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class HeadcountQuery(Schema):
    round_id = fields.String(required=True, validate=validate.Length(max=36), metadata={"title": "รอบ"})
    school = fields.String(validate=validate.Length(max=8), metadata={"title": "รหัสโรงเรียน"})
    amphoe = fields.String(validate=validate.Length(max=100), metadata={"title": "อำเภอ"})


class Headcount(Schema):
    columns = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Dict(), required=True)
    total = fields.Dict(required=True)
    as_of = fields.String(required=True)
    provisional = fields.Boolean(required=True)


class Reports(Schema):
    items = fields.List(fields.Dict(), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/reports", answers=Reports, access=READS)
def list_reports(request: Request, office: Office) -> Any:
    """The reports there are."""
    return office.ask(request, "reporting", "list_reports")


@routes.get("/api/v1/reports/headcount", query=HeadcountQuery, answers=Headcount, access=READS, problems=("not_found",))
def get_headcount(request: Request, office: Office) -> Any:
    """Pupils by grade and sex, and rooms, of a school, an amphoe or the area."""
    return office.ask(request, "reporting", "headcount", **request.query)


@routes.get(
    "/api/v1/reports/headcount.xlsx", query=HeadcountQuery, access=READS, produces=XLSX, problems=("not_found",)
)
def get_headcount_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook."""
    report = office.ask(request, "reporting", "headcount", **request.query)
    name = f"จำนวนนักเรียน {report['round_title']}.xlsx"
    return Answer(200, workbook.of_headcount(report), XLSX, {"Content-Disposition": content_disposition(name)})
