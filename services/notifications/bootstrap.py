"""What the notifications service is."""

from __future__ import annotations

from services.notifications.database import TABLES, Base
from services.notifications.inbox.commands import deliver
from services.notifications.inbox.rules import NOTICES
from shared.bus.contracts.rounds import DUPLICATE_EVENTS, SCHOOL_ROUND_EVENTS
from shared.bus.handlers import dispatch, reacts
from shared.runtime.application import Definition

TOLD = (*SCHOOL_ROUND_EVENTS, *DUPLICATE_EVENTS)
HANDLERS = dispatch(*(reacts(event, deliver) for event in TOLD if event.type in NOTICES))

DEFINITION = Definition(name="notifications", base=Base, tables=TABLES, handlers=HANDLERS)
