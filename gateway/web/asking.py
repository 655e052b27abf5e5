"""Several questions at once for a page, of which some answers it cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.office import Office
from shared.bus.rpc import Call, unavailable
from shared.http.request import Request


def ask_all(request: Request, office: Office, **calls: Call) -> dict[str, Any]:
    """Every answer.

    Raises:
        Problem: what an owner says, or ``unavailable`` (503) when one did not answer.
    """
    return ask_at_once(request, office, calls, {})[0]


def ask_at_once(
    request: Request, office: Office, needed: Mapping[str, Call], optional: Mapping[str, Call]
) -> tuple[dict[str, Any], list[str]]:
    """Every answer that is needed, the others that came, and the services that did not answer.

    Raises:
        Problem: what an owner says, or ``unavailable`` (503) when one that is needed did not answer.
    """
    answers, missing = office.gather(request, **needed, **optional)
    for name, call in needed.items():
        if name not in answers:
            raise unavailable(call.service)
    return answers, missing
