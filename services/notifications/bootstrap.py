"""What the notifications service is."""

from __future__ import annotations

from services.notifications.database import TABLES, Base
from services.notifications.digests.commands import send_due
from services.notifications.digests.projections import store_circulation, store_round, store_school_round, store_task
from services.notifications.digests.tables import CirculationFact, RoundFact, SchoolRoundFact, TaskFact
from services.notifications.digests.telling import tell_due
from services.notifications.inbox.commands import deliver
from services.notifications.inbox.rules import NOTICES
from shared.bus.contracts.documents import CIRCULATION_RECORDED, TASK_MOVED
from shared.bus.contracts.rounds import DUPLICATE_EVENTS, ROUND_EVENTS, SCHOOL_ROUND_EVENTS
from shared.bus.handlers import dispatch, projects, reacts
from shared.runtime.application import Definition, Ticker

TOLD = (*SCHOOL_ROUND_EVENTS, *DUPLICATE_EVENTS)
HANDLERS = dispatch(
    *(projects(event, store_round) for event in ROUND_EVENTS),
    *(projects(event, store_school_round) for event in SCHOOL_ROUND_EVENTS),
    projects(TASK_MOVED, store_task),
    projects(CIRCULATION_RECORDED, store_circulation),
    *(reacts(event, deliver) for event in TOLD if event.type in NOTICES),
)

DEFINITION = Definition(
    name="notifications",
    base=Base,
    tables=TABLES,
    handlers=HANDLERS,
    projections=(RoundFact, SchoolRoundFact, TaskFact, CirculationFact),
    tickers=(Ticker("digests", 2.0, send_due), Ticker("letters", 2.0, tell_due)),
)
