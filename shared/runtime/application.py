"""A service put together: its definition (what it is) and its application (one running instance of it)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase

from shared.bus import replay
from shared.bus.handlers import Handler
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.bus.publisher import publisher_for
from shared.clock import clock_for
from shared.db.ending import UnitSession
from shared.db.engine import database_for, is_deadlock, is_unavailable
from shared.db.once import known_answer, once, once_in_steps
from shared.db.plumbing import Plumbing
from shared.db.resealing import Resealing
from shared.db.together import Steps, Together
from shared.db.unit import Trace, Unit
from shared.observability import metrics
from shared.problems import Problem
from shared.security import secrets
from shared.security.identity import Identity, IdentityVerifier
from shared.security.vault import Vaults
from shared.settings import Settings

log = logging.getLogger(__name__)

# so often a command is done again that PostgreSQL ended for the sake of another
DEADLOCKS = 3

# what ties everything that one call leads to together, also the units that a procedure opens by itself
_TRACE: ContextVar[Trace | None] = ContextVar("trace", default=None)
# the call that is answered, for what is written down of it
_OPERATION: ContextVar[str] = ContextVar("operation", default="")

Request = Mapping[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Ticker:
    """Something a service does by itself every ``seconds``: ``step(app)``; it returns true when there is more to do."""

    name: str
    seconds: float
    step: Callable[[Any], Any]


@dataclass(frozen=True)
class Definition:
    """What a service is. ``projections`` are the tables built from events alone; ``adapters`` makes what its commands
    need beside the database (files, child processes, keys); ``files`` is its prefix in the file store, which those
    adapters then have as ``files``."""

    name: str
    base: type[DeclarativeBase]
    tables: Plumbing
    handlers: Mapping[str, tuple[Handler, ...]] = field(default_factory=dict)
    projections: tuple[type[DeclarativeBase], ...] = ()
    tickers: tuple[Ticker, ...] = ()
    files: str = ""
    adapters: Callable[[Settings, Any], Any] = lambda _settings, _clock: None

    @property
    def projected_owners(self) -> tuple[str, ...]:
        """The services whose facts this one keeps as projections."""
        return tuple(
            sorted({entry.event.owner for entries in self.handlers.values() for entry in entries if entry.projects})
        )


class Application:
    """One running instance of a service: its database, its bus, its clock; opens units of work for commands."""

    def __init__(self, definition: Definition, settings: Settings) -> None:
        self.definition = definition
        self.name = definition.name
        self.settings = settings
        self.clock = clock_for(settings.clock_file)
        self.vault = Vaults(settings.vault_root).of(definition.name)
        self.database = database_for(definition.name, settings)
        self.verifier = IdentityVerifier(secrets.read(settings.secrets_root, "identity.public.pem"), self.clock)
        self.adapters = definition.adapters(settings, self.clock)
        self.inbox = Inbox(self)
        self._together = Together(self.database)
        self.relay = Relay(self, publisher_for(settings))
        self.replay_publisher = publisher_for(settings)
        self.resealing = Resealing()
        self.changed: Callable[[], None] = lambda: None

    def unit(self, session: UnitSession, caller: Identity | None, trace: Trace) -> Unit:
        return Unit(
            self.name, session, self.clock, self.definition.tables, caller, trace, self.vault, self.adapters,
            _OPERATION.get(),
        )  # fmt: skip

    @contextmanager
    def write(self, caller: Identity | None = None, trace: Trace | None = None) -> Any:
        """A unit of work that commits at the end of the block."""
        with self._attesting() as begun, self.database.write() as session:
            begun.append(self.unit(session, caller, trace or _TRACE.get() or Trace()))
            yield begun[0]
        self.changed()

    @contextmanager
    def read(self, caller: Identity | None = None) -> Any:
        """A unit of work that keeps nothing."""
        with self._attesting() as begun, self.database.read() as session:
            begun.append(self.unit(session, caller, _TRACE.get() or Trace()))
            yield begun[0]

    @contextmanager
    def _attesting(self) -> Iterator[list[Unit]]:
        """Write down what the unit that is put into the list has attested, however it ended: before its answer goes."""
        begun: list[Unit] = []
        try:
            yield begun
        finally:
            attested = [(unit, seen) for unit in begun for seen in unit.attested]
            if attested:
                with self.database.write() as session:
                    for unit, seen in attested:
                        self.unit(session, unit.caller, unit.trace).audit(*seen)

    def command(self, function: Callable[..., Any], request: Request) -> dict[str, Any]:
        """Answer a call that changes something: ``function(unit, **args)`` in one transaction."""
        return self._answer(function, request, lambda: self._commanded(function, request))

    def command_in_steps(self, function: Callable[..., Steps[Any]], request: Request) -> dict[str, Any]:
        """Answer a call as :meth:`command` does; those that come at the same moment share a transaction."""
        return self._answer(function, request, lambda: self._commanded_in_steps(function, request))

    def query(self, function: Callable[..., Any], request: Request) -> dict[str, Any]:
        """Answer a call that only looks: ``function(unit, **args)`` on a consistent view."""
        return self._answer(function, request, lambda: self._queried(function, request))

    def procedure(self, function: Callable[..., Any], request: Request) -> dict[str, Any]:
        """Answer a call that must wait for something in between: ``function(app, caller, **args)`` opens own units."""
        return self._answer(
            function, request, lambda: function(self, self._caller(request), **request.get("args", {}))
        )

    def _commanded(self, function: Callable[..., Any], request: Request) -> Any:
        args, key = request.get("args", {}), request.get("idempotency_key")

        def commanded(caller: Identity | None) -> Any:
            with self.write(caller) as unit:
                step = partial(function, unit, **args)
                return once(unit, function.__name__, args, key, step) if key and caller else step()

        return self._once(function, request, commanded)

    def _commanded_in_steps(self, function: Callable[..., Steps[Any]], request: Request) -> Any:
        args, key = request.get("args", {}), request.get("idempotency_key")

        def begin(unit: Unit) -> Steps[Any]:
            steps = function(unit, **args)
            return once_in_steps(unit, function.__name__, args, key, steps) if key and unit.caller else steps

        return self._once(function, request, lambda caller: self.done_together(caller, begin))

    def done_together(self, caller: Identity | None, begin: Callable[[Unit], Steps[Result]]) -> Result:
        """A unit of work for a command in steps, which commits with those that are called at the same moment."""
        trace = _TRACE.get() or Trace()
        with self._attesting() as begun:

            def begin_in(session: UnitSession) -> Steps[Result]:
                begun[:] = [self.unit(session, caller, trace)]
                return begin(begun[0])

            result: Result = self._together.do(begin_in)
        self.changed()
        return result

    def _once(self, function: Callable[..., Any], request: Request, commanded: Callable[[Identity | None], Any]) -> Any:
        caller, key = self._caller(request), request.get("idempotency_key")
        try:
            return _again_after_deadlock(lambda: commanded(caller))
        except IntegrityError:
            if not key or caller is None:
                raise
            # the same call at the same moment was faster: everything of this one is undone, and its answer stands
            with self.read(caller) as unit:
                known = known_answer(unit, function.__name__, request.get("args", {}), key)
            if known is None:
                raise
            return known["result"]

    def _queried(self, function: Callable[..., Any], request: Request) -> Any:
        with self.read(self._caller(request)) as unit:
            return function(unit, **request.get("args", {}))

    def _caller(self, request: Request) -> Identity | None:
        token = request.get("identity")
        return self.verifier.verify(token) if token else None

    def _answer(self, function: Callable[..., Any], request: Request, step: Callable[[], Any]) -> dict[str, Any]:
        started, outcome = time.monotonic(), "ok"
        token, named = _TRACE.set(_trace(request)), _OPERATION.set(function.__name__)
        try:
            return {"result": step()}
        except Problem as problem:
            outcome = "problem"
            return {"problem": problem.as_dict()}
        except Exception as error:
            outcome = "error"
            if is_unavailable(error):
                log.warning("database away: %s", error)
                return {"problem": database_away().as_dict()}
            log.exception("%s failed", function.__name__, extra={"correlation_id": _trace(request).correlation_id})
            raise
        finally:
            _TRACE.reset(token)
            _OPERATION.reset(named)
            metrics.CALLS.labels(self.name, function.__name__, outcome).observe(time.monotonic() - started)

    def readiness(self) -> tuple[bool, dict[str, Any]]:
        """Whether this service can serve: database there, consuming, and every first replay stored. What the adapters
        tell of themselves (``health()``) stands beside it and stops nothing.
        """
        details: dict[str, Any] = {"database": "ok", "replays": "complete"}
        try:
            if not replay.is_complete(self):
                details["replays"] = "waiting"
        except Exception as error:
            log.warning("not ready: %s", error)
            details["database"] = "away"
        if self.inbox.blocked_since is not None:
            details["database"] = "away"
        is_ready = details == {"database": "ok", "replays": "complete"}
        telling = getattr(self.adapters, "health", None)
        return is_ready, {**details, **(telling() if telling else {})}

    def close(self) -> None:
        self.relay.close()
        self.replay_publisher.close()
        closing = getattr(self.adapters, "close", None)
        if closing is not None:
            closing()
        self.database.close()


def _again_after_deadlock(step: Callable[[], Result]) -> Result:
    for _ in range(DEADLOCKS):
        try:
            return step()
        except DBAPIError as error:
            if not is_deadlock(error):
                raise
            log.info("done again: two commands waited for each other")
    return step()


def database_away() -> Problem:
    return Problem("unavailable", 503, "ระบบยังไม่พร้อมใช้งานชั่วคราว", "ฐานข้อมูลไม่ตอบสนอง กรุณาลองใหม่อีกครั้ง")


def _trace(request: Request) -> Trace:
    correlation_id = request.get("correlation_id")
    traceparent = request.get("traceparent", "")
    return Trace(correlation_id, "", traceparent) if correlation_id else Trace(traceparent=traceparent)
