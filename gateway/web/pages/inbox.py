"""กล่องข้อความ: messages to the roles one holds."""

from __future__ import annotations

from gateway.office import Office
from gateway.web.addresses import duplicates, late_schools, round_of, school_round, with_query
from gateway.web.forms import text
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")

TO_TELEPHONE = frozenset({"digest.escalation"})


@routes.page("/inbox")
def show_inbox(request: Request, office: Office) -> Answer:
    """Newest first; all, or only the unread."""
    query = split_pairs(request.query_string)
    unread = bool(query.get("unread"))
    found = office.ask(
        request, "notifications", "list_messages", limit=50, cursor=query.get("cursor") or None, unread=unread
    )
    return show(request, "inbox.html", messages=found["items"], next_cursor=found["next_cursor"], unread=unread)


@routes.form("/inbox/{id}/open")
def open_message(request: Request, office: Office) -> Answer:
    """Mark a message as read and go to what it is about."""
    office.ask(request, "notifications", "mark_read", message_id=request.params["id"])
    round_id, smis = text(request, "round_id"), text(request, "smis")
    kind = text(request, "kind")
    if round_id and kind.startswith("duplicate."):
        return redirect(with_query(duplicates(round_id), smis=smis))
    if round_id and smis:
        return redirect(school_round(round_id, smis))
    if round_id:
        return redirect(late_schools(round_id) if kind in TO_TELEPHONE else round_of(round_id))
    return redirect(with_query("/inbox", done="read"))
