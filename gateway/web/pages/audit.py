"""บันทึกการใช้งาน: who changed what, and who saw what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gateway.api.audit import AUDITORS, DISCLOSURE_READERS
from gateway.audit_log import entries
from gateway.office import Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.audit_words import ACTIONS, action_name, details, subject_words
from gateway.web.forms import Form
from gateway.web.site import show
from gateway.web.thai import typed_date
from shared.clock import BANGKOK
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import FieldError, invalid
from shared.thai.dates import DateFault

routes = Routes(tag="pages")

SHOWN = 50
# kinds of actions a reader may choose from
KINDS = tuple(sorted(name for name in ACTIONS if "." not in name))


@routes.page("/audit", access=AUDITORS)
def show_audit(request: Request, office: Office) -> Answer:
    """Every state change in the area, newest first, by kind and day."""
    return _show(request, office, "audit.html", disclosures=False)


@routes.page("/disclosures", access=DISCLOSURE_READERS)
def show_disclosures(request: Request, office: Office) -> Answer:
    """Who saw what is otherwise masked, when and for which reason."""
    return _show(request, office, "disclosures.html", disclosures=True)


def _show(request: Request, office: Office, template: str, *, disclosures: bool) -> Answer:
    query = split_pairs(request.query_string)
    kind = query.get("kind", "")
    period = {"since": _start_of(query.get("since", ""), "since"), "until": _end_of(query.get("until", ""))}
    found = entries(
        request,
        office,
        disclosures=disclosures,
        limit=SHOWN,
        cursor=query.get("cursor") or None,
        action=kind if kind in KINDS else None,
        actor=query.get("actor") or None,
        subject=query.get("subject") or None,
        **period,
    )
    following = {**query, "cursor": found["next_cursor"]} if found["next_cursor"] else None
    return show(
        request,
        template,
        path=request.path,
        entries=[_entry(item) for item in found["items"]],
        next_page=with_query(request.path, **following) if following else None,
        is_later=bool(query.get("cursor")),
        is_filtered=any(query.get(name) for name in ("kind", "since", "until", "actor", "subject")),
        kinds=[(name, action_name(name)) for name in KINDS],
        form=Form("audit", query),
        unavailable=[labels.label(labels.SERVICES, name) for name in found["unavailable"]],
    )


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    return {
        **item,
        "action_name": action_name(item["action"]),
        "about": subject_words(item["subject"], item["subject_name"]),
        "details": details(item["change"]),
    }


def _start_of(typed: str, name: str) -> str | None:
    """The first instant of a typed day.

    Raises:
        Problem: ``invalid`` (422) for what is no day.
    """
    try:
        day = typed_date(typed)
    except DateFault:
        raise invalid([FieldError(name, "date", "อ่านวันที่ไม่ได้ พิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 10/06/2569")]) from None
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), BANGKOK).isoformat() if day else None


def _end_of(typed: str) -> str | None:
    """The first instant after a typed day."""
    start = _start_of(typed, "until")
    return (dt.datetime.fromisoformat(start) + dt.timedelta(days=1)).isoformat() if start else None
