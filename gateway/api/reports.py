"""Reports, as JSON, XLSX and CSV. A new one needs nothing here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import READS
from gateway.office import Office
from gateway.web import report_files, workbook
from shared.http.answers import Answer, content_disposition
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="reports")

COUNTS = replace(READS, elsewhere=403)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


ROUND = fields.String(
    required=True,
    validate=validate.Length(max=36),
    metadata={"title": "รอบ", "example": "01a2045e-4429-7361-b545-8f3084c753bc"},
)


class ReportQuery(Schema):
    """Which part of a round, how its lines are cut, and for whom: `public` hides cells of 1 to 4 pupils."""

    round_id = ROUND
    school = fields.String(validate=validate.Length(max=8), metadata={"title": "รหัสโรงเรียน", "example": "57040001"})
    amphoe = fields.String(validate=validate.Length(max=100), metadata={"title": "อำเภอ", "example": "เชียงของ"})
    cluster = fields.String(validate=validate.Length(max=200), metadata={"title": "กลุ่มโรงเรียน"})
    by = fields.String(validate=validate.Length(max=20), metadata={"title": "แยกตาม", "example": "school"})
    audience = fields.String(
        validate=validate.OneOf(["office", "public"]), metadata={"title": "สำหรับ", "example": "public"}
    )


class Report(Schema):
    """A table: `columns` name the cells of `rows` and `total`; each row has its `kind` (grade, line, subtotal, total).

    Where there is no table `evaluated` is false and `reason` says why; `has_no_data`: nobody has sent what it needs.
    Hidden cells are `<5` or `*`. `previous` is the round whose numbers stand in the columns `previous_…`.
    """

    report = fields.String(required=True)
    title = fields.String(required=True)
    round_id = fields.String(required=True)
    round_title = fields.String(required=True)
    as_of = fields.String(required=True)
    by = fields.String(required=True)
    audience = fields.String(required=True)
    evaluated = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    has_no_data = fields.Boolean(required=True)
    columns = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Dict(), required=True)
    total = fields.Dict(required=True, allow_none=True)
    chart = fields.Dict(required=True, allow_none=True)
    notes = fields.List(fields.String(), required=True)
    provisional = fields.Boolean(required=True)
    provisional_schools = fields.List(fields.String(), required=True)
    missing_schools = fields.List(fields.String(), required=True)
    not_evaluated_schools = fields.List(fields.String(), required=True)
    previous = fields.Dict(required=True, allow_none=True)


class SizesQuery(Schema):
    round_id = ROUND
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


@routes.get("/api/v1/reports/sizes", query=SizesQuery, answers=Sizes, access=READS, problems=("not_found", "invalid"))
def get_sizes(request: Request, office: Office) -> Any:
    """Schools by size class with their names: the first form of the report `size`, kept for programs that read it."""
    return office.ask(request, "reporting", "sizes", **request.query)


@routes.get(
    "/api/v1/reports/sizes.xlsx", query=SizesQuery, access=READS, produces=XLSX, problems=("not_found", "invalid")
)
def get_sizes_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook."""
    report = office.ask(request, "reporting", "sizes", **request.query)
    name = f"ขนาดโรงเรียน {report['round_title']}.xlsx"
    return Answer(200, workbook.of_sizes(report), XLSX, {"Content-Disposition": content_disposition(name)})


@routes.get(
    "/api/v1/reports/{key}", query=ReportQuery, answers=Report, access=COUNTS, problems=("not_found", "invalid")
)
def get_report(request: Request, office: Office) -> Any:
    """A report of a school, an amphoe, a cluster or the area, the previous round beside. `/reports` lists the keys."""
    return _ask(request, office)


@routes.get(
    "/api/v1/reports/{key}.xlsx",
    query=ReportQuery,
    access=COUNTS,
    produces=XLSX,
    problems=("not_found", "invalid"),
)
def get_report_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook that prints on A4."""
    return _file(_ask(request, office), report_files.as_xlsx, XLSX, "xlsx")


@routes.get(
    "/api/v1/reports/{key}.csv", query=ReportQuery, access=COUNTS, produces=CSV, problems=("not_found", "invalid")
)
def get_report_csv(request: Request, office: Office) -> Answer:
    """The same as CSV in UTF-8 with a byte order mark."""
    return _file(_ask(request, office), report_files.as_csv, CSV, "csv")


def _ask(request: Request, office: Office) -> Any:
    return office.ask(request, "reporting", "report", key=request.params["key"], **request.query)


def _file(report: Any, write: Callable[[Any], bytes], media_type: str, ending: str) -> Answer:
    name = report_files.name_of(report, ending)
    return Answer(200, write(report), media_type, {"Content-Disposition": content_disposition(name)})
