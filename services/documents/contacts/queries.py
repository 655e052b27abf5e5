"""Looking up correspondents: the book, one of them, the name that a letter bears."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from services.documents.contacts.tables import Contact
from services.documents.days.queries import area_of
from services.documents.listing.rules import By, Place
from services.documents.search.rules import closeness, query_of
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.thai.collation import THAI
from shared.thai.fold import fold_for_search

# who writes letters, or decides about them; others need nobody's telephone number
READS = ("registrar", "officer", "group_director", "deputy_director", "area_director")
_ALIKE, _ALIKE_SHOWN = 0.6, 5


def list_contacts(
    unit: Unit, q: str | None = None, limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """The correspondents of the caller's area by name in Thai order; ``q`` is a part of a name in any spelling, also of
    a name under which one stood before it was merged.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422) for a cursor that is none of ours.
    """
    name = Contact.name.collate(THAI)
    statement = select(Contact).where(Contact.org_path == _area_read(unit), Contact.merged_into.is_(None))
    if folded := fold_for_search(q or ""):
        position = func.strpos if unit.session.get_bind().dialect.name == "postgresql" else func.instr
        former = aliased(Contact)
        by_former = exists().where(former.merged_into == Contact.id, position(former.name_key, folded) > 0)
        statement = statement.where(or_(position(Contact.name_key, folded) > 0, by_former))
    if cursor is not None:
        after = Place.of(cursor, By.FROM)
        statement = statement.where(or_(name > after.value, and_(name == after.value, Contact.id > after.row_id)))
    rows = list(unit.session.execute(statement.order_by(name, Contact.id).limit(limit + 1)).scalars())
    shown = rows[:limit]
    following = Place(shown[-1].name, shown[-1].id).cursor if len(rows) > limit else None
    return {"items": [contact_view(one) for one in shown], "next_cursor": following}


def get_contact(unit: Unit, contact_id: str) -> dict[str, Any]:
    """One correspondent with the names of those that were merged into it (``former``), and others whose names are so
    like its own that they may be the same (``alike``: id and name, the likest first).

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    _area_read(unit)
    contact = find_contact(unit, contact_id)
    others = select(Contact).where(Contact.org_path == contact.org_path, Contact.id != contact.id)
    found = list(unit.session.execute(others).scalars())
    query = query_of(f'"{contact.name}"')
    near = [(closeness(query, one.name_key), one) for one in found if one.merged_into is None]
    alike = sorted((pair for pair in near if pair[0] >= _ALIKE), key=lambda pair: (-pair[0], pair[1].name_key))
    return {
        **contact_view(contact),
        "former": sorted(one.name for one in found if one.merged_into == contact.id),
        "alike": [{"id": one.id, "name": one.name} for _, one in alike[:_ALIKE_SHOWN]],
    }


def find_contact(unit: Unit, contact_id: str) -> Contact:
    """A correspondent of the caller's area, for one that was merged the one it went into.

    Raises:
        Problem: ``not_found``.
    """
    contact = unit.session.get(Contact, contact_id)
    if contact is None or contact.org_path != area_of(unit.identity):
        raise not_found("ไม่พบผู้ติดต่อนี้")
    return contact if contact.merged_into is None else unit.session.get_one(Contact, contact.merged_into)


def contact_view(contact: Contact) -> dict[str, Any]:
    """A correspondent."""
    names = ("id", "kind", "name", "address", "telephone", "email")
    return {**{name: getattr(contact, name) for name in names}, "etag": f"c{contact.version}"}


def _area_read(unit: Unit) -> str:
    if not unit.identity.scopes(READS):
        raise forbidden("สมุดผู้ติดต่อเปิดได้เฉพาะสารบรรณ เจ้าหน้าที่ และผู้บริหาร")
    return area_of(unit.identity)
