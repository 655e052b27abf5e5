"""Counting what one person has shown of pupils within an hour."""

from __future__ import annotations

from sqlalchemy import select

from services.rounds.pupils.rules import check_downloaded, check_shown, hour_of
from services.rounds.pupils.tables import RevealCount
from shared.db.rows import insert_once
from shared.db.unit import Unit


def count_pupil(unit: Unit) -> None:
    """Note that the caller is shown one more pupil.

    Raises:
        Problem: ``reveal.limit`` (429).
    """
    known = _counted(unit)
    check_shown(known.count, unit.now())
    known.count += 1


def count_file(unit: Unit) -> None:
    """Note that the caller is handed one more file with whole ids.

    Raises:
        Problem: ``download.limit`` (429).
    """
    known = _counted(unit)
    check_downloaded(known.files, unit.now())
    known.files += 1


def check_file_left(unit: Unit) -> None:
    """Refuse early, before a file is made with much work, what :func:`count_file` would refuse.

    Raises:
        Problem: ``download.limit`` (429).
    """
    known = unit.session.get(RevealCount, unit.identity.person_id)
    if known is not None and known.hour == hour_of(unit.now()):
        check_downloaded(known.files, unit.now())


def _counted(unit: Unit) -> RevealCount:
    person, hour = unit.identity.person_id, hour_of(unit.now())
    insert_once(unit.session, RevealCount, person_id=person, hour=hour, count=0, files=0)
    known = unit.session.execute(select(RevealCount).filter_by(person_id=person).with_for_update()).scalar_one()
    if known.hour != hour:
        known.hour, known.count, known.files = hour, 0, 0
    return known
