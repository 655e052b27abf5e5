"""What the notifications service is."""

from __future__ import annotations

from services.notifications.database import TABLES, Base
from services.notifications.inbox.commands import deliver
from services.notifications.inbox.rules import NOTICES
from shared.bus.contracts.rounds import SCHOOL_ROUND_EVENTS
from shared.bus.handlers import dispatch, reacts
from shared.runtime.application import Definition

HANDLERS = dispatch(*(reacts(event, deliver) for event in SCHOOL_ROUND_EVENTS if event.type in NOTICES))

DEFINITION = Definition(name="notifications", base=Base, tables=TABLES, handlers=HANDLERS)
