"""Facts of the schools service."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.bus.contracts.registry import declare


class SchoolState(Schema):
    """A school as the area knows it. Codes are text; what the source lacks is null, never guessed.

    ``main_school`` is where the pupils of a co-located school are taught (เรียนรวม), ``successor`` where those of a
    closed one went. When a school is given another SMIS code, its old one is told once more, as closed, with
    ``renumbered_to``. How a school is reached stays with its owner: its telephone is often somebody's own.
    """

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
    renumbered_to = fields.String()
    main_school = fields.String(allow_none=True)
    successor = fields.String(allow_none=True)
    cluster = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    village = fields.String(allow_none=True)
    postcode = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    founded = fields.String(allow_none=True)
    founded_year_be = fields.Integer(allow_none=True)
    local_authority = fields.String(allow_none=True)
    km_to_area = fields.Float(allow_none=True)
    km_to_amphoe = fields.Float(allow_none=True)
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    highland = fields.Boolean(allow_none=True)


class ProfileState(Schema):
    """The yearly profile of a school: rooms per grade as the school declares them (DMC menu 2.2)."""

    smis = fields.String(required=True)
    org_path = fields.String(required=True)
    year_be = fields.Integer(required=True)
    rooms_by_grade = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class UnitState(Schema):
    """An area or a group of it; schools are told of by themselves."""

    code = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["AREA", "GROUP"]))
    name = fields.String(required=True)
    org_path = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["OPEN", "CLOSED"]))


class HeldGrant(Schema):
    """A role held at a unit, from a day until a day (both included; null: until further notice)."""

    role = fields.String(required=True)
    scope = fields.String(required=True)
    organisation = fields.String(required=True)
    acting = fields.Boolean(required=True)
    valid_from = fields.String(required=True)
    valid_until = fields.String(required=True, allow_none=True)
    order_no = fields.String(required=True, allow_none=True)


class StaffState(Schema):
    """Who works where and holds what; no name and nothing else about the person, that stays with the owner.

    Grants that are over at the moment of telling are left out.
    """

    staff_id = fields.String(required=True)
    unit = fields.String(required=True)
    org_path = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["ACTIVE", "RETIRED"]))
    grants = fields.List(fields.Nested(HeldGrant), required=True)


SCHOOL_RECORDED = declare("schools", "school_recorded", SchoolState, "A school was entered or changed.")
PROFILE_RECORDED = declare("schools", "profile_recorded", ProfileState, "A yearly profile was entered or changed.")
UNIT_RECORDED = declare("schools", "unit_recorded", UnitState, "An area or a group was entered or changed.")
STAFF_RECORDED = declare("schools", "staff_recorded", StaffState, "Somebody was entered, moved, or holds other roles.")
