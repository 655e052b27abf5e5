"""What every nameko service class of the house has: its application, its events, and the operations of ops."""

from __future__ import annotations

from typing import Any, ClassVar

from shared.audit import reading
from shared.bus.consumer import receive_dead_letters, receive_events
from shared.bus.rpc import rpc
from shared.runtime import ops
from shared.runtime.application import Definition
from shared.runtime.container import ApplicationProvider


class KhetService:
    """Base of the service classes. A subclass sets ``name`` and ``definition`` and adds one line per operation."""

    definition: ClassVar[Definition]
    app = ApplicationProvider()

    @receive_events
    def on_events(self, bodies: list[bytes]) -> None:
        self.app.inbox.consume_all(bodies)

    @receive_dead_letters
    def on_dead_letter(self, body: bytes) -> None:
        self.app.inbox.park(body, "โบรกเกอร์ส่งข้อความนี้ซ้ำเกินจำนวนครั้งที่กำหนด")

    @rpc
    def audit_entries(self, request: Any) -> Any:
        return self.app.query(reading.list_entries, request)

    @rpc
    def ops_status(self, request: Any) -> Any:
        return self.app.procedure(ops.status, request)

    @rpc
    def ops_parked(self, request: Any) -> Any:
        return self.app.procedure(ops.parked, request)

    @rpc
    def ops_replay(self, request: Any) -> Any:
        return self.app.procedure(ops.replay_parked, request)

    @rpc
    def ops_drop(self, request: Any) -> Any:
        return self.app.procedure(ops.drop_parked, request)

    @rpc
    def ops_rebuild(self, request: Any) -> Any:
        return self.app.procedure(ops.rebuild, request)
