"""The gateway's entrypoint: one line."""

from __future__ import annotations

from gateway.app import ROUTER
from gateway.office import Office
from shared.bus.rpc import CallerProvider
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.server import serve


class Gateway:
    """HTTP API and pages."""

    name = "gateway"
    caller = CallerProvider()

    @serve(ROUTER)
    def handle(self, request: Request) -> Answer:
        return ROUTER.answer(request, Office(self.caller))
