"""Reports of letters by month, quarter and year, as JSON, XLSX and CSV. A new one needs nothing here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.reports import CSV, XLSX, Reports
from gateway.letter_names import with_names
from gateway.office import Office
from gateway.web import letter_report_files, report_files
from shared.http.answers import Answer, content_disposition
from shared.http.request import Request
from shared.http.routing import Access, Routes

routes = Routes(tag="letter reports")

ALL = "/api/v1/letter-reports"
ONE = ALL + "/{key}"
PERIODS = ("month", "quarter", "be_year")
# each reads of the own part of the tree: a unit's clerk and head of it, directors and auditors of the whole office
READS = Access(
    roles=("registrar", "group_director", "school_director", "deputy_director", "area_director", "auditor")
)


class LetterReportQuery(Schema):
    """The `period` in which the day `on` (today) lies; how it is cut; of one unit alone."""

    period = fields.String(
        validate=validate.OneOf(PERIODS), metadata={"title": "ช่วงเวลา", "example": "month"}
    )
    on = fields.String(validate=validate.Length(max=10), metadata={"title": "วันในช่วงนั้น", "example": "2026-06-10"})
    by = fields.String(validate=validate.Length(max=20), metadata={"title": "แยกตาม", "example": "unit"})
    code = fields.String(
        data_key="unit", validate=validate.Length(max=40), metadata={"title": "หน่วยงาน", "example": "5704-g-ict"}
    )


class LetterReport(Schema):
    """A table: `columns` name the cells of `rows` and `total`. `previous` is the period whose numbers stand in the
    columns `previous_…`, where `is_compared`; `next` is null while the period runs. Rows of people bear `person_id`,
    rows of letters `letter_id`.
    """

    report = fields.String(required=True)
    title = fields.String(required=True)
    by = fields.String(required=True)
    period = fields.Dict(required=True)
    previous = fields.Dict(required=True)
    next = fields.Dict(required=True, allow_none=True)
    is_compared = fields.Boolean(required=True)
    is_empty = fields.Boolean(required=True)
    unit = fields.String(required=True, allow_none=True)
    units = fields.List(fields.Dict(), required=True)
    columns = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Dict(), required=True)
    total = fields.Dict(required=True, allow_none=True)
    chart = fields.Dict(required=True, allow_none=True)
    notes = fields.List(fields.String(), required=True)
    created_at = fields.String(required=True)


@routes.get(ALL, answers=Reports, access=READS)
def list_letter_reports(request: Request, office: Office) -> Any:
    """The reports of letters there are."""
    return office.ask(request, "reporting", "list_letter_reports")


@routes.get(ONE, query=LetterReportQuery, answers=LetterReport, access=READS, problems=("not_found", "invalid"))
def get_letter_report(request: Request, office: Office) -> Any:
    """A report of the letters within the caller's reach, the period before beside. `/letter-reports` lists the keys."""
    return _ask(request, office)


@routes.get(
    ONE + ".xlsx", query=LetterReportQuery, access=READS, produces=XLSX, problems=("not_found", "invalid")
)
def get_letter_report_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook that prints on A4."""
    return _file(_ask(request, office), letter_report_files.as_xlsx, XLSX, "xlsx")


@routes.get(ONE + ".csv", query=LetterReportQuery, access=READS, produces=CSV, problems=("not_found", "invalid"))
def get_letter_report_csv(request: Request, office: Office) -> Answer:
    """The same as CSV in UTF-8 with a byte order mark."""
    return _file(_ask(request, office), report_files.as_csv, CSV, "csv")


def _ask(request: Request, office: Office) -> Any:
    report = office.ask(request, "reporting", "letter_report", key=request.params["key"], **request.query)
    return with_names(request, office, report)


def _file(report: Any, write: Callable[[Any], bytes], media_type: str, ending: str) -> Answer:
    name = letter_report_files.name_of(report, ending)
    return Answer(200, write(report), media_type, {"Content-Disposition": content_disposition(name)})
