"""The audit log, and who saw what."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.audit_log import entries
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging

routes = Routes(tag="audit")

AUDITORS = Access(roles=("auditor", "area_admin"), scope="area")
DISCLOSURE_READERS = Access(roles=("auditor", "area_admin", "school_director"))


class AuditQuery(Paging):
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200), metadata={"title": "จำนวนต่อหน้า"})
    cursor = fields.String(validate=validate.Length(max=100), metadata={"title": "หน้าถัดไป"})
    actor = fields.String(validate=validate.Length(max=60), metadata={"title": "ผู้ทำรายการ (รหัสบุคคล)"})
    action = fields.String(validate=validate.Length(max=60), metadata={"title": "การกระทำ"})
    subject = fields.String(validate=validate.Length(max=120), metadata={"title": "สิ่งที่ถูกกระทำ"})
    since = fields.String(validate=validate.Length(max=40), metadata={"title": "ตั้งแต่"})
    until = fields.String(validate=validate.Length(max=40), metadata={"title": "ก่อน"})


class AuditEntry(Schema):
    id = fields.String(required=True)
    service = fields.String(required=True)
    at = fields.String(required=True)
    actor = fields.String(required=True)
    actor_name = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    subject = fields.String(required=True)
    subject_name = fields.String(required=True, allow_none=True)
    org_path = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    change = fields.Dict(required=True)


class AuditEntries(Schema):
    items = fields.List(fields.Nested(AuditEntry), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    unavailable = fields.List(fields.String(), required=True)


@routes.get("/api/v1/audit", query=AuditQuery, answers=AuditEntries, access=AUDITORS, problems=("invalid",))
def list_audit(request: Request, office: Office) -> Any:
    """Every state change in the caller's area, newest first, from the logs of all services."""
    return entries(request, office, disclosures=False, **request.query)


@routes.get(
    "/api/v1/disclosures", query=AuditQuery, answers=AuditEntries, access=DISCLOSURE_READERS, problems=("invalid",)
)
def list_disclosures(request: Request, office: Office) -> Any:
    """Who saw what: every showing of something that is otherwise masked, with its reason.

    An area's auditor and administrator see all of the area, a school's director what was shown of the school.
    """
    return entries(request, office, disclosures=True, **request.query)
