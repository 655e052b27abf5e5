"""Reports, as JSON and as XLSX."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import READS
from gateway.office import Office
from gateway.web import workbook
from shared.http.answers import Answer, content_disposition
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="reports")

COUNTS = replace(READS, elsewhere=403)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class HeadcountQuery(Schema):
    round_id = fields.String(
        required=True,
        validate=validate.Length(max=36),
        metadata={"title": "รอบ", "example": "01a2045e-4429-7361-b545-8f3084c753bc"},
    )
    school = fields.String(validate=validate.Length(max=8), metadata={"title": "รหัสโรงเรียน", "example": "57040001"})
    amphoe = fields.String(validate=validate.Length(max=100), metadata={"title": "อำเภอ", "example": "เชียงของ"})


class Headcount(Schema):
    columns = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Dict(), required=True)
    total = fields.Dict(required=True)
    as_of = fields.String(required=True)
    provisional = fields.Boolean(required=True)


class SizesQuery(Schema):
    round_id = fields.String(
        required=True,
        validate=validate.Length(max=36),
        metadata={"title": "รอบ", "example": "01a2045e-4429-7361-b545-8f3084c753bc"},
    )
    scheme = fields.String(validate=validate.Length(max=20), metadata={"title": "เกณฑ์ขนาด", "example": "primary4"})
    amphoe = fields.String(validate=validate.Length(max=100), metadata={"title": "อำเภอ", "example": "เชียงของ"})


class SizedSchool(Schema):
    smis = fields.String(required=True)
    name = fields.String(required=True)
    amphoe = fields.String(required=True, allow_none=True)
    pupils = fields.Integer(required=True)
    provisional = fields.Boolean(required=True)


class SizeClass(Schema):
    label = fields.String(required=True)
    schools = fields.Integer(required=True)
    pupils = fields.Integer(required=True)
    members = fields.List(fields.Nested(SizedSchool), required=True)


class Sizes(Schema):
    """Schools by size, reckoned from the head count of the round; `missing_schools` have sent no numbers."""

    round_id = fields.String(required=True)
    as_of = fields.String(required=True)
    scheme = fields.String(required=True)
    scheme_title = fields.String(required=True)
    classes = fields.List(fields.Nested(SizeClass), required=True)
    total = fields.Dict(required=True)
    provisional = fields.Boolean(required=True)
    missing_schools = fields.List(fields.Dict(), required=True)


class Reports(Schema):
    items = fields.List(fields.Dict(), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/reports", answers=Reports, access=READS)
def list_reports(request: Request, office: Office) -> Any:
    """The reports there are."""
    return office.ask(request, "reporting", "list_reports")


@routes.get(
    "/api/v1/reports/headcount", query=HeadcountQuery, answers=Headcount, access=COUNTS, problems=("not_found",)
)
def get_headcount(request: Request, office: Office) -> Any:
    """Pupils by grade and sex, and rooms, of a school, an amphoe or the area."""
    return office.ask(request, "reporting", "headcount", **request.query)


@routes.get(
    "/api/v1/reports/headcount.xlsx", query=HeadcountQuery, access=COUNTS, produces=XLSX, problems=("not_found",)
)
def get_headcount_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook."""
    report = office.ask(request, "reporting", "headcount", **request.query)
    name = f"จำนวนนักเรียน {report['round_title']}.xlsx"
    return Answer(200, workbook.of_headcount(report), XLSX, {"Content-Disposition": content_disposition(name)})


@routes.get("/api/v1/reports/sizes", query=SizesQuery, answers=Sizes, access=READS, problems=("not_found", "invalid"))
def get_sizes(request: Request, office: Office) -> Any:
    """Schools by size class, from the head count of a round: how many of each, and which."""
    return office.ask(request, "reporting", "sizes", **request.query)


@routes.get(
    "/api/v1/reports/sizes.xlsx", query=SizesQuery, access=READS, produces=XLSX, problems=("not_found", "invalid")
)
def get_sizes_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook."""
    report = office.ask(request, "reporting", "sizes", **request.query)
    name = f"ขนาดโรงเรียน {report['round_title']}.xlsx"
    return Answer(200, workbook.of_sizes(report), XLSX, {"Content-Disposition": content_disposition(name)})
