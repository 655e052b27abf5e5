"""Background steps work in the name of the person who asked for them, with the grants that person holds now."""

from __future__ import annotations

from services.schools.access.queries import find_member, identity_of
from services.schools.access.rules import AccountState
from shared.db.unit import Unit
from shared.problems import forbidden

SESSION = "import"


def act_as(unit: Unit, person_id: str) -> None:
    """Make the person the caller of this unit.

    Raises:
        Problem: ``forbidden`` (403): the account may no longer be used.
    """
    member = find_member(unit, person_id=person_id)
    if member is None or member.state != AccountState.ACTIVE:
        raise forbidden("บัญชีของผู้สั่งงานนี้ใช้ไม่ได้แล้ว กรุณาให้ผู้ดูแลคนอื่นส่งไฟล์ใหม่")
    unit.caller = identity_of(unit, member, SESSION)
