"""Schools and their yearly profiles."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="schools")


class SchoolQuery(Paging):
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=500), metadata={"title": "จำนวนต่อหน้า"})
    q = fields.String(validate=validate.Length(max=100), metadata={"title": "ค้นหา"})
    amphoe = fields.String(validate=validate.Length(max=100), metadata={"title": "อำเภอ"})
    state = fields.String(validate=validate.OneOf(("OPEN", "CLOSED")), metadata={"title": "สถานะ"})


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


class Profile(Schema):
    year_be = fields.Integer(required=True, strict=True, metadata={"title": "ปีการศึกษา (พ.ศ.)"})
    rooms_by_grade = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True), required=True, metadata={"title": "ห้องเรียนรายชั้น"}
    )
    teachers = fields.Integer(strict=True, allow_none=True, metadata={"title": "จำนวนครู"})


class SchoolDetail(School):
    area_name = fields.String(required=True)
    one_teacher = fields.Boolean(required=True)
    grades = fields.List(fields.String(), required=True)
    profile = fields.Dict(required=True, allow_none=True)
    etag = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/schools", query=SchoolQuery, answers=listing(School))
def list_schools(request: Request, office: Office) -> Any:
    """The schools of the caller's area, by SMIS code."""
    return office.ask(request, "schools", "list_schools", **request.query)


@routes.get("/api/v1/schools/{smis}", answers=SchoolDetail, problems=("not_found",))
def get_school(request: Request, office: Office) -> Answer:
    """One school, with its newest profile."""
    school = office.ask(request, "schools", "get_school", smis=request.params["smis"])
    # the tag is that of the profile, which is what can be edited here
    return json_answer(school, etag=school["etag"])


@routes.put(
    "/api/v1/schools/{smis}/profile",
    body=Profile,
    answers=Profile,
    if_match=False,
    access=Access(roles=("data_officer", "officer"), scope="school"),
    problems=("precondition.required", "precondition.stale", "invalid"),
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
    return json_answer(profile, etag=profile["etag"].strip('"'))
