"""Letters looked for: narrowed, sorted, by words and by the names of those to whom they were given."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.letters import ALL, KINDS, READS, SECRECIES, SPEEDS, STATES, WAITING, ListedLetter
from gateway.office import Office
from gateway.people_typed import people_meant
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="letters")

SORTS = tuple(way + key for key in ("subject", "from", "number", "doc_date", "received_at") for way in ("", "-"))


class FoundLetters(listing(ListedLetter)):  # type: ignore[misc]
    """`near`: nothing says what was typed, and these nearly do."""

    near = fields.Boolean(required=True)


class LetterFilter(Schema):
    """What letters are narrowed to; days in Thai or ISO form."""

    q = fields.String(validate=validate.Length(max=200), metadata={"title": "คำค้น"})
    state = fields.String(validate=validate.OneOf(STATES), metadata={"title": "สถานะ"})
    book = fields.String(validate=validate.Length(max=36), metadata={"title": "ทะเบียน"})
    holder = fields.String(validate=validate.Length(max=40), metadata={"title": "หน่วยงานที่หนังสืออยู่"})
    waiting = fields.String(validate=validate.OneOf(WAITING), metadata={"title": "สิ่งที่ผู้เรียกต้องทำ"})
    kind = fields.String(validate=validate.OneOf(KINDS), metadata={"title": "ชนิดของหนังสือ"})
    speed = fields.String(validate=validate.OneOf(SPEEDS), metadata={"title": "ชั้นความเร็ว"})
    secrecy = fields.String(validate=validate.OneOf(SECRECIES), metadata={"title": "ชั้นความลับ"})
    unit = fields.String(validate=validate.Length(max=40), metadata={"title": "หน่วยงานที่หนังสือผ่าน"})
    received_from = fields.String(validate=validate.Length(max=60), metadata={"title": "รับตั้งแต่วันที่"})
    received_until = fields.String(validate=validate.Length(max=60), metadata={"title": "รับถึงวันที่"})
    doc_from = fields.String(validate=validate.Length(max=60), metadata={"title": "ลงวันที่ตั้งแต่"})
    doc_until = fields.String(validate=validate.Length(max=60), metadata={"title": "ลงวันที่ถึง"})
    assignee = fields.String(validate=validate.Length(max=200), metadata={"title": "ชื่อหรือรหัสของผู้ได้รับมอบหมาย"})


class LetterQuery(Paging, LetterFilter):
    """Which letters, and in which order: a key, or `-key` for the other way round."""

    # it holds what the last letter was sorted by, which may be a long subject
    cursor = fields.String(validate=validate.Length(max=3000), metadata={"title": "ตำแหน่งหน้าถัดไป"})
    sort = fields.String(validate=validate.OneOf(SORTS), metadata={"title": "เรียงตาม"})


@routes.get(ALL, query=LetterQuery, answers=FoundLetters, access=READS, problems=("invalid",))
def list_letters(request: Request, office: Office) -> Any:
    """The letters within the caller's reach, the newest first, or as they fit what was typed, or sorted; found by the
    names of those to whom they were given, too.
    """
    return office.ask(request, "documents", "list_letters", **people_meant(request, office, request.query))
