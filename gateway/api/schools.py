"""Schools: the list, one school with its record, codes, history and yearly profiles."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from gateway.web import workbook
from shared.http.answers import Answer, content_disposition, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="schools")

EVERY_SCHOOL = 500
ONE = "/api/v1/schools/{smis}"
KEEPS_PROFILE = Access(roles=("data_officer", "officer"), scope="school", elsewhere=403)
KEEPS_RECORD = Access(roles=("data_officer", "school_director", "officer", "area_admin"), scope="school", elsewhere=403)


def _text(title: str, longest: int, example: str) -> fields.String:
    limit = validate.Length(max=longest)
    return fields.String(allow_none=True, validate=limit, metadata={"title": title, "example": example})


def _number(title: str, example: float) -> fields.Float:
    return fields.Float(allow_none=True, allow_nan=False, metadata={"title": title, "example": example})


class SchoolFilters(Schema):
    q = fields.String(
        validate=validate.Length(max=100),
        metadata={"title": "ค้นหา", "description": "ชื่อ หรือต้นรหัสใด ๆ รวมรหัสเดิม", "example": "บ้าน"},
    )
    amphoe = fields.String(validate=validate.Length(max=100), metadata={"title": "อำเภอ", "example": "เทิง"})
    cluster = fields.String(
        validate=validate.Length(max=36), metadata={"title": "กลุ่มโรงเรียน", "description": "none: ไม่อยู่ในกลุ่มใด"}
    )
    state = fields.String(
        validate=validate.OneOf(("OPEN", "CLOSED", "ALL")), metadata={"title": "สถานะ", "example": "OPEN"}
    )


class SchoolQuery(SchoolFilters, Paging):
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=500), metadata={"title": "จำนวนต่อหน้า"})


class DayQuery(Schema):
    on = fields.String(
        validate=validate.Length(max=10),
        metadata={"title": "ณ วันที่", "description": "ชื่อ รหัส ระดับ และสถานะ ตามที่เป็นในวันนั้น", "example": "2026-06-10"},
    )


class YearQuery(Schema):
    year_be = fields.Integer(
        required=True,
        validate=validate.Range(min=2400, max=2700),
        metadata={"title": "ปีการศึกษา (พ.ศ.)", "example": 2569},
    )


class School(Schema):
    smis = fields.String(required=True)
    ministry_code = fields.String(required=True, allow_none=True)
    obec6_code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    education_range = fields.String(required=True)
    tambon = fields.String(required=True, allow_none=True)
    amphoe = fields.String(required=True, allow_none=True)
    province = fields.String(required=True, allow_none=True)
    area_code = fields.String(required=True)
    state = fields.String(required=True)
    org_path = fields.String(required=True)
    cluster_id = fields.String(required=True, allow_none=True)
    cluster = fields.String(required=True, allow_none=True)
    main_school = fields.String(required=True, allow_none=True, metadata={"title": "โรงเรียนหลัก (เรียนรวม)"})
    successor = fields.String(required=True, allow_none=True, metadata={"title": "โรงเรียนที่รับช่วง"})


class Record(Schema):
    """What is not sent stays as it is."""

    name_en = _text("ชื่อภาษาอังกฤษ", 200, "Ban Si Lan Na School")
    village = _text("ที่อยู่ หมู่บ้าน", 200, "บ้านศรีลานนา หมู่ 3")
    postcode = _text("รหัสไปรษณีย์", 20, "57140")
    phone = _text("โทรศัพท์", 100, "053795123")
    fax = _text("โทรสาร", 100, "053795124")
    email = _text("อีเมล", 200, "school@example.ac.th")
    website = _text("เว็บไซต์", 300, "https://www.example.ac.th")
    founded = _text("วันที่ก่อตั้งตามที่เขียน", 60, "1 พ.ค. 2482")
    local_authority = _text("อปท.", 200, "อบต.ครึ่ง")
    km_to_area = _number("ระยะทางถึงเขต (กม.)", 35.5)
    km_to_amphoe = _number("ระยะทางถึงอำเภอ (กม.)", 12)
    latitude = _number("ละติจูด", 20.058)
    longitude = _number("ลองจิจูด", 100.402)
    highland = fields.Boolean(allow_none=True, metadata={"title": "พื้นที่สูงหรือถิ่นทุรกันดาร", "example": False})


class StoredRecord(Record):
    founded_year_be = fields.Integer(allow_none=True)


class Doubt(Schema):
    """Something that is probably wrong; ``suggestion`` is what was probably meant and is never applied by itself."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)
    suggestion = fields.Dict(required=True, allow_none=True)


class Profile(Schema):
    year_be = fields.Integer(required=True, strict=True, metadata={"title": "ปีการศึกษา (พ.ศ.)", "example": 2569})
    rooms_by_grade = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(strict=True),
        required=True,
        metadata={"title": "ห้องเรียนรายชั้น", "example": {"ป.1": 1}},
    )
    teachers = fields.Integer(strict=True, allow_none=True, metadata={"title": "จำนวนครู", "example": 8})


class SchoolDetail(School):
    on = fields.String(required=True, allow_none=True)
    area_name = fields.String(required=True)
    one_teacher = fields.Boolean(required=True)
    grades = fields.List(fields.String(), required=True)
    details = fields.Nested(StoredRecord, required=True)
    details_at = fields.String(required=True, allow_none=True)
    warnings = fields.List(fields.Nested(Doubt), required=True)
    guests = fields.List(fields.String(), required=True, metadata={"title": "โรงเรียนที่มาเรียนรวม"})
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    profile = fields.Dict(required=True, allow_none=True)
    etag = fields.String(required=True)


class Code(Schema):
    scheme = fields.String(required=True)
    code = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True)
    valid_to = fields.String(required=True, allow_none=True)
    current = fields.Boolean(required=True)
    planned = fields.Boolean(required=True)


@routes.get("/api/v1/schools", query=SchoolQuery, answers=listing(School))
def list_schools(request: Request, office: Office) -> Any:
    """The schools of the caller's area, by SMIS code."""
    return office.ask(request, "schools", "list_schools", **request.query)


@routes.get("/api/v1/schools.xlsx", query=SchoolFilters, produces=workbook.XLSX)
def get_schools_workbook(request: Request, office: Office) -> Answer:
    """The same with everything that is kept of each, as a workbook."""
    found = office.ask(request, "schools", "list_schools", limit=EVERY_SCHOOL, details=True, **request.query)
    written = workbook.of_schools(found["items"])
    return Answer(200, written, workbook.XLSX, {"Content-Disposition": content_disposition("โรงเรียนในเขต.xlsx")})


@routes.get(ONE, query=DayQuery, answers=SchoolDetail, problems=("not_found", "invalid"))
def get_school(request: Request, office: Office) -> Answer:
    """One school with its record and newest profile; `on` shows it as it was. The ETag is for `PATCH`."""
    school = office.ask(request, "schools", "get_school", smis=request.params["smis"], **request.query)
    return json_answer(school, etag=school["etag"])


@routes.patch(
    ONE,
    body=Record,
    answers=SchoolDetail,
    access=KEEPS_RECORD,
    problems=("not_found", "school.closed", "precondition.stale", "invalid"),
)
def record_school(request: Request, office: Office) -> Answer:
    """Change the record of a school. What is probably wrong is stored and answered in `warnings`."""
    school = office.ask(
        request,
        "schools",
        "record_details",
        smis=request.params["smis"],
        body=request.json,
        if_match=request.if_match,
    )
    return json_answer(school, etag=school["etag"])


@routes.get(ONE + "/codes", answers=listing(Code), problems=("not_found",))
def list_school_codes(request: Request, office: Office) -> Any:
    """The codes of a school by scheme, with the days from and to which they are valid."""
    return office.ask(request, "schools", "list_codes", smis=request.params["smis"])


@routes.get(ONE + "/profile", query=YearQuery, answers=Profile, problems=("not_found",))
def get_profile(request: Request, office: Office) -> Answer:
    """The profile of one academic year, with the ETag that a change of it names."""
    profile = office.ask(request, "schools", "get_profile", smis=request.params["smis"], **request.query)
    return json_answer(profile, etag=profile["etag"])


@routes.get(ONE + "/profiles", answers=listing(Profile), problems=("not_found",))
def list_profiles(request: Request, office: Office) -> Any:
    """The yearly profiles of a school, the newest first."""
    return office.ask(request, "schools", "list_profiles", smis=request.params["smis"])


@routes.put(
    ONE + "/profile",
    body=Profile,
    answers=Profile,
    if_match=False,
    access=KEEPS_PROFILE,
    problems=("precondition.required", "precondition.stale", "invalid", "school.closed"),
)
def put_profile(request: Request, office: Office) -> Answer:
    """Write the yearly profile (rooms by grade). First write with `If-None-Match: *`, later with `If-Match`."""
    profile = office.ask(
        request,
        "schools",
        "put_profile",
        smis=request.params["smis"],
        body=request.json,
        if_match=request.if_match,
        if_none_match=request.if_none_match,
    )
    return json_answer(profile, etag=profile["etag"])
