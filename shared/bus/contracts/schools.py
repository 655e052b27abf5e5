"""Facts of the schools service."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.bus.contracts.registry import declare


class SchoolState(Schema):
    """A school as the area knows it. Codes are text; what the source lacks is null, never guessed."""

    smis = fields.String(required=True)
    ministry_code = fields.String(required=True, allow_none=True)
    obec6_code = fields.String(required=True, allow_none=True)
    area_code = fields.String(required=True)
    area_name = fields.String(required=True)
    name = fields.String(required=True)
    education_range = fields.String(required=True)
    tambon = fields.String(required=True, allow_none=True)
    amphoe = fields.String(required=True, allow_none=True)
    province = fields.String(required=True, allow_none=True)
    org_path = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["OPEN", "CLOSED"]))
    one_teacher = fields.Boolean(required=True)


class ProfileState(Schema):
    """The yearly profile of a school: rooms per grade as the school declares them (DMC menu 2.2)."""

    smis = fields.String(required=True)
    org_path = fields.String(required=True)
    year_be = fields.Integer(required=True)
    rooms_by_grade = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


SCHOOL_RECORDED = declare("schools", "school_recorded", SchoolState, "A school was entered or changed.")
PROFILE_RECORDED = declare("schools", "profile_recorded", ProfileState, "A yearly profile was entered or changed.")
