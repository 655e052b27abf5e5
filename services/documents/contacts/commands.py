"""Keeping the contact book: entered by any clerk, corrected and merged by the registry of the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from services.documents import access
from services.documents.contacts import rules
from services.documents.contacts.queries import contact_view, find_contact
from services.documents.contacts.rules import Details, read_details
from services.documents.contacts.tables import Contact
from services.documents.days.queries import area_of
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, forbidden, invalid

_FIELDS = ("kind", "name", "address", "telephone", "email")


def add_contact(unit: Unit, values: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a correspondent of the area.

    Raises:
        Problem: ``forbidden``, ``invalid`` (422), ``contact.known`` (409) naming the one that is there.
    """
    if not unit.identity.scopes(access.KEEPS_BOOKS):
        raise forbidden("เพิ่มผู้ติดต่อทำได้เฉพาะสารบรรณและธุรการ")
    area, details = area_of(unit.identity), read_details(values)
    _refuse_known(unit, area, details)
    contact = Contact(
        id=new_id(),
        org_path=area,
        name_key=details.key,
        version=1,
        created_at=unit.now(),
        created_by=unit.actor,
        **_columns(details),
    )
    try:
        with unit.session.savepoint():
            unit.session.add(contact)
    except IntegrityError:
        # somebody else entered it at the same moment
        _refuse_known(unit, area, details)
        raise
    unit.audit("contact.add", f"contact/{contact.id}", area, {"kind": contact.kind})
    return contact_view(contact)


def change_contact(
    unit: Unit, contact_id: str, values: Mapping[str, Any], if_match: str | None = None
) -> dict[str, Any]:
    """Put a correspondent right; letters keep the name they were keyed in with.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``contact.known`` (409), ``precondition.*``.
    """
    contact = _find_kept(unit, contact_id)
    require_seen(f"c{contact.version}", if_match)
    details = read_details({**contact_view(contact), **values})
    _refuse_known(unit, contact.org_path, details, contact)
    changed = {name: value for name, value in _columns(details).items() if getattr(contact, name) != value}
    for name, value in changed.items():
        setattr(contact, name, value)
    contact.name_key = details.key
    contact.version += 1
    unit.audit("contact.change", f"contact/{contact.id}", contact.org_path, {"fields": sorted(changed)})
    return contact_view(contact)


def merge_contact(unit: Unit, contact_id: str, into: str) -> dict[str, Any]:
    """Two are one: the other stays and is found by both names; what is known of this one alone goes over to it.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422) for one into itself.
    """
    contact, other = _find_kept(unit, contact_id), find_contact(unit, into)
    if contact.id == other.id:
        raise invalid([FieldError("into", "same", "รวมเข้ากับ: เลือกผู้ติดต่ออีกรายหนึ่ง")])
    for name in ("address", "telephone", "email"):
        setattr(other, name, getattr(other, name) or getattr(contact, name))
    other.version += 1
    merged = update(Contact).where(Contact.merged_into == contact.id).values(merged_into=other.id)
    unit.session.execute(merged)
    contact.merged_into = other.id
    unit.audit("contact.merge", f"contact/{contact.id}", contact.org_path, {"into": other.id})
    return contact_view(other)


def _find_kept(unit: Unit, contact_id: str) -> Contact:
    contact = find_contact(unit, contact_id)
    access.require_at(unit, access.KEEPS_BOOKS, contact.org_path, "แก้ไขสมุดผู้ติดต่อ")
    return contact


def _columns(details: Details) -> dict[str, Any]:
    return {name: str(getattr(details, name)) for name in _FIELDS}


def _refuse_known(unit: Unit, area: str, details: Details, own: Contact | None = None) -> None:
    found = select(Contact).filter_by(org_path=area, name_key=details.key)
    known = unit.session.execute(found).scalar_one_or_none()
    if known is not None and known is not own:
        standing = find_contact(unit, known.id)
        raise rules.known_already(standing.id, standing.name)
