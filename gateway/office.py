"""The gateway's way to the services, and its short memory of who is logged in."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.recent import Recent
from shared.bus.rpc import Call, Caller, Context
from shared.http.request import Request
from shared.problems import Problem

IDENTITY_SECONDS = 5.0
REMEMBERED = 5000


@dataclass(frozen=True)
class Login:
    """A caller: the token they came with and the identity that services verify."""

    token: str
    identity: str
    from_cookie: bool


class Identities:
    """Fresh identities by access token, for a few seconds: a revoked session or grant stops here within them."""

    def __init__(self) -> None:
        self._known: Recent[str, tuple[float, str]] = Recent(REMEMBERED)

    def get(self, token: str) -> str | None:
        known = self._known.get(token)
        return known[1] if known and known[0] > time.monotonic() else None

    def put(self, token: str, identity: str) -> None:
        self._known.put(token, (time.monotonic() + IDENTITY_SECONDS, identity))

    def forget(self) -> None:
        """After a logout or a change of password, ask anew for everybody: one person may have many tokens."""
        self._known.clear()


IDENTITIES = Identities()


class Office:
    """What route handlers are given: calls to the services in the name of the request's caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def ask(self, request: Request, service: str, operation: str, **args: Any) -> Any:
        """One call to the owner.

        Raises:
            Problem: what the owner says, or ``unavailable`` (503).
        """
        return self._caller.call(Call(service, operation, args), context_of(request))

    def gather(self, request: Request, **calls: Call) -> tuple[dict[str, Any], list[str]]:
        """Several calls at once: the answers, and the services that did not answer in time."""
        return self._caller.gather(calls, context_of(request))

    def identify(self, request: Request, token: str, *, from_cookie: bool) -> Login:
        """The identity behind a token. While ``schools`` is away an unexpired token speaks for itself.

        Raises:
            Problem: ``unauthenticated`` (401).
        """
        identity = IDENTITIES.get(token)
        if identity is None:
            identity = self._fresh_identity(request, token, from_cookie)
            IDENTITIES.put(token, identity)
        return Login(token, identity, from_cookie)

    def _fresh_identity(self, request: Request, token: str, from_cookie: bool) -> str:
        arguments: Mapping[str, Any] = {"access_token": token, "browser": from_cookie}
        try:
            answer = self._caller.call(Call("schools", "identify", arguments), context_of(request))
        except Problem as problem:
            if problem.code == "unavailable":
                return token
            raise
        return str(answer["identity"])


def context_of(request: Request) -> Context:
    """What travels with every call of this request."""
    login: Login | None = request.session
    return Context(
        identity=login.identity if login else None,
        idempotency_key=request.idempotency_key,
        correlation_id=request.trace_id,
        traceparent=request.traceparent,
        made=request.calls,
    )
