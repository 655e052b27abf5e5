"""What happens to schools: opened, renamed, given other codes and grades, taught elsewhere, merged, closed."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import listing

routes = Routes(tag="schools")

ONE = "/api/v1/schools/{smis}"
CHANGES = Access(roles=("officer", "area_admin"), scope="area")
REFUSALS = ("not_found", "invalid", "school.closed", "school.earlier", "school.planned")
ENDINGS = (*REFUSALS, "school.depended_on")
DAY = "วันที่ ISO 8601 (ค.ศ.)"


def _text(title: str, longest: int, example: str, **options: Any) -> fields.String:
    limit = validate.Length(max=longest)
    return fields.String(validate=limit, metadata={"title": title, "example": example}, **options)


def _day(title: str, example: str) -> fields.String:
    shown = {"title": title, "description": DAY, "example": example}
    return fields.String(required=True, validate=validate.Length(max=10), metadata=shown)


class Order(Schema):
    """On whose word something changes. What takes effect later is planned until its day."""

    order_no = _text("เลขที่คำสั่งหรือประกาศ", 100, "ศธ 04006/123", required=True)
    order_date = _day("ลงวันที่", "2026-05-01")
    effective_on = _day("วันที่มีผล", "2027-05-16")
    effective_year_be = fields.Integer(
        strict=True, allow_none=True, metadata={"title": "ปีการศึกษาที่มีผล (พ.ศ.)", "example": 2570}
    )
    note = _text("หมายเหตุ", 1000, "ตามมติคณะกรรมการสถานศึกษา", allow_none=True)


class Place(Schema):
    tambon = _text("ตำบล", 100, "งิ้ว", allow_none=True)
    amphoe = _text("อำเภอ", 100, "เทิง", allow_none=True)
    province = _text("จังหวัด", 100, "เชียงราย", allow_none=True)


class OpenSchool(Order, Place):
    smis = _text("รหัส SMIS 8 หลัก", 20, "57040199", required=True)
    name = _text("ชื่อโรงเรียน", 200, "บ้านใหม่", required=True)
    education_range = _text("ระดับที่เปิดสอน", 100, "อนุบาล-ประถมศึกษา", required=True)
    ministry_code = _text("รหัสกระทรวง 10 หลัก", 20, "1057120999", allow_none=True)
    obec6_code = _text("รหัส 6 หลัก", 20, "120999", allow_none=True)
    area = _text("รหัสเขตพื้นที่ (เมื่อมีสิทธิ์หลายเขต)", 10, "5704")


class Rename(Order):
    name = _text("ชื่อใหม่", 200, "บ้านศรีลานนาวิทยา", required=True)


class Range(Order):
    education_range = _text("ระดับที่เปิดสอน", 100, "อนุบาล-มัธยมศึกษาตอนต้น", required=True)


class NewCode(Order):
    scheme = fields.String(
        required=True,
        validate=validate.OneOf(("SMIS8", "MOE10", "PER6")),
        metadata={"title": "ระบบรหัส", "example": "PER6"},
    )
    code = _text("รหัสใหม่", 20, "120998", required=True)


class Receiver(Order):
    successor = _text("รหัส SMIS ของโรงเรียนที่รับ", 20, "57040002", required=True)


class Closing(Order):
    successor = _text("รหัส SMIS ของโรงเรียนที่รับนักเรียน", 20, "57040002", allow_none=True)


class Correction(Place):
    name = _text("ชื่อโรงเรียน", 200, "บ้านศรีลานนา")
    education_range = _text("ระดับที่เปิดสอน", 100, "อนุบาล-ประถมศึกษา")
    reason = _text("เหตุผล", 500, "พิมพ์ผิดเมื่อบันทึกครั้งแรก", required=True)


class Withdrawal(Schema):
    reason = _text("เหตุผล", 500, "ยกเลิกประกาศ", required=True)


class NamedSchool(Schema):
    smis = fields.String(required=True)
    name = fields.String(required=True)


class SchoolEvent(Schema):
    """PLANNED until its day, then APPLIED; WITHDRAWN, or FAILED when it was no longer possible on its day.

    Who recorded and settled it is named to people of the same area; what is due by its day is settled by `system`.
    """

    id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    school = fields.Nested(NamedSchool, required=True)
    other = fields.Nested(NamedSchool, required=True, allow_none=True)
    order_no = fields.String(required=True, allow_none=True)
    order_date = fields.String(required=True, allow_none=True)
    effective_on = fields.String(required=True)
    effective_year_be = fields.Integer(required=True)
    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True)
    note = fields.String(required=True, allow_none=True)
    recorded_at = fields.String(required=True)
    recorded_by = fields.String(required=True, allow_none=True)
    settled_at = fields.String(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    settled_note = fields.String(required=True, allow_none=True)


@routes.post(
    "/api/v1/schools", body=OpenSchool, answers=SchoolEvent, status=201, access=CHANGES, idempotent=True,
    problems=("invalid", "not_found"),
)  # fmt: skip
def open_school(request: Request, office: Office) -> Any:
    """Open a school in the caller's area."""
    return office.ask(request, "schools", "open_school", **request.json)


@routes.get(ONE + "/history", answers=listing(SchoolEvent), problems=("not_found",))
def get_school_history(request: Request, office: Office) -> Any:
    """Everything recorded of a school, the newest first, with what is planned."""
    return office.ask(request, "schools", "history", smis=request.params["smis"])


@routes.post(ONE + "/rename", body=Rename, answers=SchoolEvent, access=CHANGES, idempotent=True, problems=REFUSALS)
def rename_school(request: Request, office: Office) -> Any:
    """Give a school another name."""
    return _change(request, office, "rename_school")


@routes.post(ONE + "/range", body=Range, answers=SchoolEvent, access=CHANGES, idempotent=True, problems=REFUSALS)
def change_range(request: Request, office: Office) -> Any:
    """Let a school offer other grades."""
    return _change(request, office, "change_range")


@routes.post(ONE + "/codes", body=NewCode, answers=SchoolEvent, access=CHANGES, idempotent=True, problems=REFUSALS)
def change_code(request: Request, office: Office) -> Any:
    """Give a school another code from a day on; the former one keeps finding it."""
    return _change(request, office, "change_code")


@routes.post(ONE + "/merge", body=Receiver, answers=SchoolEvent, access=CHANGES, idempotent=True, problems=ENDINGS)
def merge_school(request: Request, office: Office) -> Any:
    """Merge a school into another one of the area; roles held there end."""
    return _change(request, office, "merge_school")


@routes.post(ONE + "/close", body=Closing, answers=SchoolEvent, access=CHANGES, idempotent=True, problems=ENDINGS)
def close_school(request: Request, office: Office) -> Any:
    """Close a school; roles held there end."""
    return _change(request, office, "close_school")


@routes.post(
    ONE + "/co-locate", body=Receiver, answers=SchoolEvent, access=CHANGES, idempotent=True,
    problems=(*ENDINGS, "school.co_located"),
)  # fmt: skip
def co_locate_school(request: Request, office: Office) -> Any:
    """Have the pupils of a school taught at a main school; it keeps its code."""
    return _change(request, office, "co_locate_school")


@routes.post(
    ONE + "/separate", body=Order, answers=SchoolEvent, access=CHANGES, idempotent=True,
    problems=(*REFUSALS, "school.not_co_located"),
)  # fmt: skip
def separate_school(request: Request, office: Office) -> Any:
    """Have the pupils of a co-located school taught at their own again."""
    return _change(request, office, "separate_school")


@routes.post(
    ONE + "/reopen", body=Order, answers=SchoolEvent, access=CHANGES, idempotent=True,
    problems=("not_found", "invalid", "school.open", "school.earlier", "school.planned"),
)  # fmt: skip
def reopen_school(request: Request, office: Office) -> Any:
    """Open a closed school again; roles are given anew."""
    return _change(request, office, "reopen_school")


@routes.post(
    ONE + "/correct", body=Correction, answers=SchoolEvent, access=CHANGES, idempotent=True,
    problems=("not_found", "invalid"),
)  # fmt: skip
def correct_school(request: Request, office: Office) -> Any:
    """Put right what was typed wrong; it counts for the past too."""
    return _change(request, office, "correct_school")


@routes.get("/api/v1/school-plans", answers=listing(SchoolEvent))
def list_plans(request: Request, office: Office) -> Any:
    """What is planned for the schools of the caller's areas, also schools that are to be opened."""
    return office.ask(request, "schools", "list_plans")


@routes.post(
    "/api/v1/school-plans/{id}/withdraw", body=Withdrawal, answers=SchoolEvent, access=CHANGES, idempotent=True,
    problems=("not_found", "invalid", "plan.settled", "school.planned"),
)  # fmt: skip
def withdraw_plan(request: Request, office: Office) -> Any:
    """Take back a planned change."""
    return office.ask(request, "schools", "withdraw_plan", event_id=request.params["id"], **request.json)


def _change(request: Request, office: Office, operation: str) -> Any:
    return office.ask(request, "schools", operation, smis=request.params["smis"], **request.json)
