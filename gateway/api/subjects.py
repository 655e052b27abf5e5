"""What is held about one pupil: a copy for whose data it is (PDPA, section 30)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.submissions import REVEALS
from gateway.office import Office
from gateway.subject import export
from gateway.web import subject_file
from gateway.web.workbook import XLSX
from shared.http.answers import Answer, content_disposition, json_answer
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="pupils")

# who asks gets what their own school or area holds: of others an empty answer, whether they hold something or not
EXPORTS = replace(REVEALS, elsewhere=None)
PROBLEMS = ("invalid", "reveal.limit")
FILENAME = "สำเนาข้อมูลนักเรียน.xlsx"


class SubjectRequest(Schema):
    """In the body, never in an address: addresses are written down everywhere."""

    citizen_id = fields.String(
        required=True,
        validate=validate.Length(max=30),
        metadata={"title": "เลขประจำตัวประชาชนหรือรหัส G ของนักเรียน", "example": "1570400000061"},
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata={"title": "เหตุผลที่ขอ", "example": "ผู้ปกครองยื่นคำขอเมื่อ 12 มิ.ย. 2569"},
    )


class SubjectCopy(Schema):
    """``places``: rows of the files that stand, with findings and who was shown them; ``older_versions`` are still held
    but not looked through. ``mentions``: findings of files in which the pupil has no row. All empty: nothing is held.
    """

    masked_id = fields.String(required=True)
    created_at = fields.String(required=True)
    places = fields.List(fields.Dict(), required=True)
    mentions = fields.List(fields.Dict(), required=True)
    duplicates = fields.List(fields.Dict(), required=True)


@routes.post("/api/v1/pupils/export", body=SubjectRequest, answers=SubjectCopy, access=EXPORTS, problems=PROBLEMS)
def export_pupil(request: Request, office: Office) -> Answer:
    """Everything that is held about one pupil within the caller's reach, unmasked; counted and written down."""
    return json_answer(_copied(request, office), headers={"Cache-Control": "no-store"})


@routes.post(
    "/api/v1/pupils/export.xlsx", body=SubjectRequest, access=EXPORTS, produces=XLSX, problems=PROBLEMS
)
def export_pupil_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook to be handed over."""
    return workbook_of(_copied(request, office))


def workbook_of(copied: dict[str, Any]) -> Answer:
    """The copy as a file that no browser keeps."""
    headers = {"Content-Disposition": content_disposition(FILENAME), "Cache-Control": "no-store"}
    return Answer(200, subject_file.of_copy(copied), XLSX, headers)


def _copied(request: Request, office: Office) -> dict[str, Any]:
    return export(request, office, request.json["citizen_id"], request.json["reason"])
