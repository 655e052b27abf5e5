"""The shapes that every resource shares."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields, validate


class Paging(Schema):
    """The query of a list; resources derive their filters from it."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200), metadata={"title": "จำนวนต่อหน้า"})
    cursor = fields.String(validate=validate.Length(max=500), metadata={"title": "ตำแหน่งหน้าถัดไป"})


@cache
def listing(item: type[Schema]) -> type[Schema]:
    """The answer of a list of ``item``: ``{items, next_cursor}``; one schema, however many operations list it."""
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(members, name=f"{item.__name__}List")
