"""What is told of a letter that was sent round: once for all of its readers, and of who reads a moment later."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from services.documents.circulations.tables import Circulation, CirculationReader
from shared.bus.contracts.documents import CIRCULATION_RECORDED
from shared.db.unit import Unit


def tell(unit: Unit, circulation: Circulation) -> None:
    """Put a circulation as it is now on the bus, with who has not read it."""
    unit.session.flush()
    rows = unit.session.execute(
        select(CirculationReader.person_id, CirculationReader.opened_at)
        .filter_by(circulation_id=circulation.id)
        .order_by(CirculationReader.person_id)
    ).all()
    circulation.revision += 1
    state = {
        "circulation_id": circulation.id,
        "letter_id": circulation.letter_id,
        "org_path": circulation.org_path,
        "readers": len(rows),
        "unread": [] if circulation.withdrawn_at else [row.person_id for row in rows if row.opened_at is None],
        "sent_at": circulation.sent_at.isoformat(),
        "withdrawn_at": circulation.withdrawn_at.isoformat() if circulation.withdrawn_at else None,
    }
    subject = f"circulation/{circulation.id}"
    unit.emit(CIRCULATION_RECORDED, subject, circulation.revision, state, circulation.org_path)


def tell_read(app: Any) -> None:
    """Tell of the letters that somebody has read since they were last told of: a hundred people who read in one minute
    are one event.
    """
    with app.read() as unit:
        found = select(CirculationReader.circulation_id).filter_by(is_untold=True).distinct()
        waiting = unit.session.execute(found).scalars().all()
    for circulation_id in waiting:
        with app.write() as unit:
            locked = select(Circulation).filter_by(id=circulation_id).with_for_update()
            circulation = unit.session.execute(locked).scalar_one()
            # before what is told is read: who reads meanwhile is told of next time
            told = update(CirculationReader).filter_by(circulation_id=circulation_id, is_untold=True)
            read = unit.session.execute(told.values(is_untold=False).returning(CirculationReader.person_id)).all()
            # another process may have been quicker
            if read:
                tell(unit, circulation)
