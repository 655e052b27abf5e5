"""Saved views: lists of letters that somebody named, each person's own."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.letter_lists import SORTS, LetterFilter
from gateway.api.letters import ACTS, ALL
from gateway.memory import Memory, reader_of
from gateway.office import Office
from gateway.people_typed import all_meant
from shared.bus.rpc import Call
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import listing

routes = Routes(tag="letters")

VIEWS = ALL + "/views"
ONE = VIEWS + "/{view_id}"
# of each reader, by the ids of their views, whom these mean: with that they are counted when they are first asked for;
# people come and go, so that it is found out anew each minute
MEANT: Memory[str, dict[str, Any]] = Memory(seconds=60.0, most=1000)


class SavedFilter(LetterFilter):
    sort = fields.String(validate=validate.OneOf(SORTS), metadata={"title": "เรียงตาม"})


class NewName(Schema):
    name = fields.String(
        required=True, validate=validate.Length(max=200), metadata={"title": "ชื่อรายการ", "example": "ด่วนที่สุดของกลุ่ม"}
    )


class NewView(NewName):
    filter = fields.Nested(
        SavedFilter, required=True, metadata={"title": "ตัวกรอง", "example": {"speed": "most_urgent"}}
    )


class SavedView(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    filter = fields.Dict(required=True)
    etag = fields.String(required=True)


class CountedView(SavedView):
    """`count` letters are behind it, `more`: and others beyond that. Null: who is meant by a name in it cannot be asked
    now.
    """

    count = fields.Integer(required=True, allow_none=True)
    more = fields.Boolean(required=True)


def counted(request: Request, office: Office, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Views as :func:`views_of` told of them, with the numbers of those that name somebody who was not asked for
    lately: these take two more questions, and have no number while the owner of names does not answer.
    """
    taken = all_meant(request, office, [view["filter"] for view in uncounted(views)])
    meant = meant_by(reader_of(request), views, taken)
    return office.ask(request, "documents", "list_views", meant=meant)["items"] if meant else views


def views_of(reader: str) -> Call:
    """The question for the views of a reader, with whom they mean as far as that is remembered."""
    return Call("documents", "list_views", {"meant": MEANT.get(reader, {})})


def uncounted(views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of ``views`` of which it must be asked whom they mean."""
    return [view for view in views if view["count"] is None]


def meant_by(reader: str, views: list[dict[str, Any]], taken: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Whom the views mean that are not counted, beside what is remembered, as ``list_views`` takes it; nothing where
    all of them are counted.
    """
    known = ({name: one[name] for name in ("people", "assignees") if name in one} for one in taken or ())
    meant = dict(zip((view["id"] for view in uncounted(views)), known, strict=False))
    if not meant:
        return {}
    both = {**MEANT.get(reader, {}), **meant}
    MEANT.keep(reader, both)
    return both


@routes.get(VIEWS, answers=listing(CountedView), access=ACTS)
def list_letter_views(request: Request, office: Office) -> Any:
    """The caller's own views by name, each with the number of letters behind it."""
    first = views_of(reader_of(request))
    views = office.ask(request, first.service, first.operation, **first.args)["items"]
    return {"items": counted(request, office, views), "next_cursor": None}


@routes.post(
    VIEWS, body=NewView, answers=SavedView, status=201, access=ACTS, idempotent=True,
    problems=("invalid", "view.many"),
)  # fmt: skip
def save_letter_view(request: Request, office: Office) -> Any:
    """Keep a way to narrow and sort the list of letters under a name."""
    return office.ask(request, "documents", "save_view", name=request.json["name"], asked=request.json["filter"])


@routes.patch(
    ONE, body=NewName, answers=SavedView, access=ACTS, if_match=True,
    problems=("not_found", "invalid", "precondition.stale"),
)  # fmt: skip
def rename_letter_view(request: Request, office: Office) -> Answer:
    """Call it something else."""
    place = {"view_id": request.params["view_id"], "if_match": request.if_match}
    view = office.ask(request, "documents", "rename_view", **place, **request.json)
    return json_answer(view, etag=view["etag"])


@routes.delete(ONE, answers=SavedView, access=ACTS, problems=("not_found",))
def remove_letter_view(request: Request, office: Office) -> Any:
    """Forget it; the letters stay."""
    return office.ask(request, "documents", "remove_view", view_id=request.params["view_id"])
