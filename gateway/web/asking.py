"""Several questions at once for a page that makes no sense with half of the answers."""

from __future__ import annotations

from typing import Any

from gateway.office import Office
from shared.bus.rpc import Call, unavailable
from shared.http.request import Request


def ask_all(request: Request, office: Office, **calls: Call) -> dict[str, Any]:
    """Every answer.

    Raises:
        Problem: what an owner says, or ``unavailable`` (503) when one did not answer.
    """
    answers, missing = office.gather(request, **calls)
    if missing:
        raise unavailable(missing[0])
    return answers
