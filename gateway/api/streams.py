"""Server-sent events made of questions: the owner is asked once a second for as long as somebody listens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from gateway.office import Office
from shared.http.answers import ServerEvent
from shared.http.request import Request
from shared.problems import Problem

DONE = "done"
PROBLEM = "problem"

Ask = Callable[[Request, Office], Any]
EventOf = Callable[[Any], ServerEvent | None]


def follow(request: Request, office: Office, first: Any, ask: Ask, event_of: EventOf) -> Iterator[ServerEvent | None]:
    """What ``event_of`` makes of every answer, None where it has nothing to say, until it says ``done``.

    The caller is identified anew for every question, for a stream may outlive the two minutes of an identity: one whose
    session or grant has ended is told so, as a ``problem``, and the stream ends.
    """
    answer = first
    while True:
        event = event_of(answer)
        yield event
        if event is not None and event.event == DONE:
            return
        try:
            request.session = office.identify(request, request.session.token, from_cookie=request.session.from_cookie)
            answer = ask(request, office)
        except Problem as problem:
            yield ServerEvent(problem.as_dict(), PROBLEM)
            return


def progress(members: Sequence[str], working: Collection[str]) -> EventOf:
    """The events of one listener to work that goes on: each state once, by its ``members``; ``done`` when it ends."""
    shown = None

    def event_of(answer: Any) -> ServerEvent | None:
        nonlocal shown
        state = {name: answer[name] for name in members}
        if state == shown:
            return None
        shown = state
        return ServerEvent(state, "progress" if answer["state"] in working else DONE)

    return event_of
