"""Who plays in the demo office: what its past is made with by those who own it."""

from __future__ import annotations

import json

from services.schools.access.queries import find_member, identity_of
from services.schools.database import TABLES
from services.schools.seed import office
from shared.bus.contracts.schools import SCHOOL_RECORDED
from shared.bus.envelope import Envelope
from shared.bus.replay import last_events
from shared.clock import clock_for
from shared.db.engine import Database, database_for
from shared.db.unit import Trace, Unit
from shared.security.identity import Identity
from shared.security.vault import Vaults
from shared.settings import Settings

NO_SESSION = "seed"


def cast_of(settings: Settings) -> tuple[dict[str, Identity], list[Envelope]]:
    """The demo people of the first area by user name, with the grants they hold today, and its schools as last told."""
    database = database_for("schools", settings)
    try:
        return _people(database, settings), _schools(database)
    finally:
        database.close()


def _people(database: Database, settings: Settings) -> dict[str, Identity]:
    people = {}
    with database.read() as session:
        vault = Vaults(settings.vault_root).of("schools")
        unit = Unit("schools", session, clock_for(settings.clock_file), TABLES, None, Trace(), vault)
        for post in office.posts(office.AREAS[0]):
            member = find_member(unit, username=post.username)
            if member is not None:
                people[post.username] = identity_of(unit, member, NO_SESSION)
    return people


def _schools(database: Database) -> list[Envelope]:
    """The events that tell of the area's schools, those of units that are no more left out."""
    bodies = [body for page in last_events(database, TABLES.outbox) for body in page]
    told = [Envelope.decode(body) for body in bodies if json.loads(body)["type"] == SCHOOL_RECORDED.type]
    return [envelope for envelope in told if envelope.data["area_code"] == office.AREAS[0].code]
