"""Naming a list of letters, naming it anew, forgetting it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from services.documents.directory.queries import home_of
from services.documents.savedviews import rules
from services.documents.savedviews.queries import find_view, view_of
from services.documents.savedviews.tables import SavedView
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen


def save_view(unit: Unit, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Keep what is ``asked`` of the list of letters under a name.

    Raises:
        Problem: ``invalid`` (422), ``view.many`` (409).
    """
    kept = SavedView(
        id=new_id(),
        person_id=unit.identity.person_id,
        name=rules.check_name(name),
        filter=rules.check_filter(asked),
        version=1,
        created_at=unit.now(),
    )
    own = select(func.count()).select_from(SavedView).filter_by(person_id=kept.person_id)
    rules.check_count(unit.session.execute(own).scalar_one())
    unit.session.add(kept)
    _write_down(unit, "view.save", kept)
    return view_of(kept)


def rename_view(unit: Unit, view_id: str, name: str, if_match: str | None = None) -> dict[str, Any]:
    """Call a view of one's own something else.

    Raises:
        Problem: ``not_found``, ``invalid`` (422), ``precondition.*``.
    """
    kept = find_view(unit, view_id)
    require_seen(f"v{kept.version}", if_match)
    kept.name = rules.check_name(name)
    kept.version += 1
    _write_down(unit, "view.rename", kept)
    return view_of(kept)


def remove_view(unit: Unit, view_id: str) -> dict[str, Any]:
    """Forget a view of one's own; the letters stay.

    Raises:
        Problem: ``not_found``.
    """
    kept = find_view(unit, view_id)
    unit.session.delete(kept)
    _write_down(unit, "view.remove", kept)
    return view_of(kept)


def _write_down(unit: Unit, action: str, kept: SavedView) -> None:
    # by what it narrows, not to what: that may be somebody's name
    home = home_of(unit, kept.person_id) or unit.identity.grants[0].scope
    unit.audit(action, f"view/{kept.id}", home, {"fields": sorted(kept.filter)})
