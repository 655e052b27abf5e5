"""The caller's own views, each with the number of letters behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.documents.listing.finding import COUNTED, count_of
from services.documents.listing.rules import Named, read_wanted
from services.documents.savedviews.tables import SavedView
from shared.db.unit import Unit
from shared.problems import not_found
from shared.thai.collation import sort_key


def list_views(unit: Unit, meant: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The caller's views by name in Thai order, each with its ``count`` (at most :data:`COUNTED`; ``more`` when there
    are others beyond). Who is meant by names in ``q`` and ``assignee`` is known to the owner of people alone: such a
    view is counted only when ``meant`` says it by its id, ``{people, assignees}`` as for a list; before, it has None.
    """
    own = unit.session.execute(select(SavedView).filter_by(person_id=unit.identity.person_id)).scalars()
    items = [_counted(unit, kept, meant or {}) for kept in sorted(own, key=lambda kept: sort_key(kept.name))]
    return {"items": items, "next_cursor": None}


def find_view(unit: Unit, view_id: str) -> SavedView:
    """A view of the caller's own; another's is not there.

    Raises:
        Problem: ``not_found``.
    """
    kept = unit.session.get(SavedView, view_id)
    if kept is None or kept.person_id != unit.identity.person_id:
        raise not_found("ไม่พบรายการที่บันทึกไว้นี้")
    return kept


def view_of(kept: SavedView) -> dict[str, Any]:
    """A view without its number."""
    return {"id": kept.id, "name": kept.name, "filter": kept.filter, "etag": f"v{kept.version}"}


def _counted(unit: Unit, kept: SavedView, meant: Mapping[str, Any]) -> dict[str, Any]:
    names_somebody = "q" in kept.filter or "assignee" in kept.filter
    if names_somebody and kept.id not in meant:
        return {**view_of(kept), "count": None, "more": False}
    known = meant.get(kept.id, {})
    wanted = read_wanted(kept.filter, known.get("assignees"))
    count = count_of(unit, wanted, Named.of(known.get("people")))
    return {**view_of(kept), "count": min(count, COUNTED), "more": count > COUNTED}
