"""The entrypoints of the notifications service: one line each."""

from __future__ import annotations

from typing import Any

from services.notifications.bootstrap import DEFINITION
from services.notifications.inbox import commands, queries
from shared.bus.rpc import rpc
from shared.runtime.service import KhetService


class Notifications(KhetService):
    """The inbox."""

    name = "notifications"
    definition = DEFINITION

    @rpc
    def list_messages(self, request: Any) -> Any:
        return self.app.query(queries.list_messages, request)

    @rpc
    def mark_read(self, request: Any) -> Any:
        return self.app.command(commands.mark_read, request)
