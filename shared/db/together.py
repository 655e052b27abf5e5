"""Commands that are called at the same moment, done in one transaction.

Such a command is written in steps: where it needs what everybody needs, it says so and goes on with what it is given
(``no = yield NextNumber(…)``). What all of them look up and check is done before that, what they wish for is granted at
once, and what they leave behind is written together. A row that each would lock in turn is locked once for all.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar

from shared.db.ending import UnitSession
from shared.db.engine import Database, is_unavailable

log = logging.getLogger(__name__)

# Everybody in a transaction waits for its end, and on SQLite everybody else as well.
MOST = 10
GATHERED_SECONDS = 0.002

Result = TypeVar("Result")


class Wish(Protocol):
    """What a step waits for."""

    @classmethod
    def grant(cls, session: UnitSession, wishes: Sequence[Self]) -> Sequence[Any]:
        """What each of ``wishes`` is given, in their order."""


Steps = Generator[Wish, Any, Result]
Begin = Callable[[UnitSession], Steps[Any]]


def alone(session: UnitSession, steps: Steps[Result]) -> Result:
    """Do a command in steps by itself, in a transaction that is open."""
    result: Result = _through(session, [steps.send])[0]
    return result


@dataclass(eq=False)
class _Call:
    begin: Begin
    context: Context = field(default_factory=copy_context)
    woken: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False
    result: Any = None
    error: Exception | None = None

    def answer(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.result

    def end(self, result: Any = None, error: Exception | None = None) -> None:
        self.result, self.error, self.is_over = result, error, True
        self.woken.set()


class Together:
    """Takes the calls of one process. One of the callers leads and does for all what waits; who comes meanwhile waits
    for the next transaction, and the first of them leads then.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Call] = deque()
        self._changing = threading.Condition()
        self._leader: _Call | None = None
        self._usual = 1

    def do(self, begin: Begin) -> Any:
        """What the command that ``begin`` starts in a session comes to. The calls that share its transaction see no
        more of each other than calls in transactions of their own would, and if one of them fails each is done by
        itself: what is refused to one is refused to it alone.

        Raises:
            Exception: what the command raises.
        """
        call = _Call(begin)
        with self._changing:
            self._waiting.append(call)
            self._leader = self._leader or call
            self._changing.notify()
        try:
            if self._leader is not call:
                call.woken.wait()
            while not call.is_over:
                self._do_next()
        finally:
            self._leave(call)
        return call.answer()

    def _leave(self, call: _Call) -> None:
        with self._changing:
            if call in self._waiting:
                # its caller was stopped
                self._waiting.remove(call)
            call.is_over = True
            if self._leader is call:
                self._leader = self._waiting[0] if self._waiting else None
                if self._leader is not None:
                    self._leader.woken.set()

    def _do_next(self) -> None:
        with self._changing:
            # after many that came together as many are likely to come again: those who were just answered
            self._changing.wait_for(lambda: len(self._waiting) >= self._usual, GATHERED_SECONDS)
            calls = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            self._usual = len(calls)
        try:
            if len(calls) == 1 or not self._are_done(calls):
                for call in calls:
                    self._do_alone(call)
        finally:
            # whoever leads may have been stopped in the middle
            with self._changing:
                self._waiting.extendleft(call for call in reversed(calls) if not call.is_over)

    def _are_done(self, calls: Sequence[_Call]) -> bool:
        try:
            results = self._written(calls)
        except Exception as error:
            if is_unavailable(error):
                for call in calls:
                    call.end(error=error)
                return True
            log.info("%s commands are done one by one, because of %s", len(calls), type(error).__name__)
            return False
        for call, result in zip(calls, results, strict=True):
            call.end(result)
        return True

    def _do_alone(self, call: _Call) -> None:
        try:
            (result,) = self._written([call])
        except Exception as error:
            call.end(error=error)
        else:
            call.end(result)

    def _written(self, calls: Sequence[_Call]) -> Sequence[Any]:
        with self._database.write() as session, session.no_autoflush:
            return _through(session, [_sender(call, session) for call in calls])


def _sender(call: _Call, session: UnitSession) -> Callable[[Any], Wish]:
    steps = call.context.run(call.begin, session)
    return lambda given: call.context.run(steps.send, given)


def _through(session: UnitSession, senders: Sequence[Callable[[Any], Wish]]) -> list[Any]:
    results: dict[int, Any] = {}
    given: dict[int, Any] = dict.fromkeys(range(len(senders)))
    while given:
        wished: defaultdict[type[Wish], dict[int, Wish]] = defaultdict(dict)
        for place, value in given.items():
            try:
                wish = senders[place](value)
            except StopIteration as end:
                results[place] = end.value
            else:
                wished[type(wish)][place] = wish
        given = {}
        for kind, wishes in wished.items():
            given.update(zip(wishes, kind.grant(session, list(wishes.values())), strict=True))
    return [results[place] for place in range(len(senders))]
