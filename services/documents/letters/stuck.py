"""Letters that were proposed and that nobody decides about (correspondence.md §3.4, "stuck item"): a group without a
head has nobody for whom they wait, so they wait at the office. What is urgent skips a level after a while (§3.1).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from services.documents import access
from services.documents.delegations.standing import absent
from services.documents.directory.queries import members_of
from services.documents.letters.rules import HURRIED, LetterState, Move
from services.documents.letters.tables import Letter, LetterStep
from shared.db.unit import Unit
from shared.security.access import is_area

# half a working day: what is most urgent is acted on the day it came (§3.3)
SKIPPED_AFTER = dt.timedelta(hours=4)


def stuck(unit: Unit, kept: Iterable[str]) -> ColumnElement[bool]:
    """The condition on letters that wait for the caller because nobody at their unit decides about them: for the
    registry of their office (``kept`` are the paths that the caller keeps) and for those who direct it. For these also
    what is urgent and has waited at a group for too long.
    """
    today = unit.clock.today()
    stood_in = (place for _, member in absent(unit) for place in access.decides_at(member, today) if is_area(place))
    directed = {*unit.identity.scopes(access.DIRECTS), *stood_in}
    offices = {path for path in {*kept, *directed} if access.office_of(path) == path}
    found = [and_(Letter.org_path == path, Letter.holder_path.not_in(_led(unit, path))) for path in sorted(offices)]
    if directed:
        found.append(and_(Letter.org_path.in_(sorted(directed)), _skips_a_level(unit)))
    return and_(Letter.state == LetterState.PROPOSED, or_(false(), *found))


def may_unstick(unit: Unit, letter: Letter) -> bool:
    """Whether the caller may take a letter back into the registry because nobody is there to decide about it."""
    if letter.state != LetterState.PROPOSED or not access.acts_at(unit, access.KEEPS_BOOKS, letter.org_path):
        return False
    return letter.holder_path not in _led(unit, letter.org_path)


def _led(unit: Unit, office: str) -> set[str]:
    """The units of an office, and the office itself, about whose letters somebody decides today."""
    today = unit.clock.today()
    return {place for member in members_of(unit, office) for place in access.decides_at(member, today)}


def _skips_a_level(unit: Unit) -> ColumnElement[bool]:
    proposed_at = (
        select(func.max(LetterStep.at))
        .where(LetterStep.letter_id == Letter.id, LetterStep.move == Move.PROPOSE)
        .scalar_subquery()
    )
    is_below = Letter.holder_path != Letter.org_path
    return and_(is_below, Letter.speed.in_(sorted(HURRIED)), proposed_at < unit.now() - SKIPPED_AFTER)
