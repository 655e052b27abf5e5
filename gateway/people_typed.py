"""Whose names stand in what somebody looks for: asked of their owner, so that letters are looked for by ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.office import Office
from shared.bus.rpc import unavailable
from shared.http.request import Request
from shared.problems import Problem

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
# a name has letters; numbers are looked up among letters alone
_WORD = re.compile(r"[^\W\d_]{2}")


def people_meant(request: Request, office: Office, asked: Mapping[str, Any]) -> dict[str, Any]:
    """``asked`` of a list of letters as ``documents`` takes it: ``people`` for those named in ``q``, ``assignees`` for
    the one in ``assignee`` (a name or an id). While the owner of names does not answer, letters are found by words.

    Raises:
        Problem: ``unavailable`` (503) when the list is narrowed to a name and its owner does not answer.
    """
    taken = all_meant(request, office, [asked])
    if taken is not None:
        return taken[0]
    if asked.get("assignee"):
        raise unavailable("schools")
    return dict(asked)


def all_meant(
    request: Request, office: Office, lists: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]] | None:
    """What :func:`people_meant` makes of each of several lists, asked at once; None when the owner of names does not
    answer.
    """
    taken = [{name: value for name, value in asked.items() if name != "assignee"} for asked in lists]
    typed: dict[tuple[int, str], str] = {}
    for place, asked in enumerate(lists):
        words, assignee = asked.get("q") or "", asked.get("assignee") or ""
        if _WORD.search(words):
            typed[place, "people"] = words
        if _ID.match(assignee):
            taken[place]["assignees"] = [assignee]
        elif assignee:
            typed[place, "assignees"] = assignee
    if not typed:
        return taken
    try:
        told = office.ask(request, "schools", "find_named", texts=list(typed.values()))["found"]
    except Problem as problem:
        if problem.code != "unavailable":
            raise
        return None
    for (place, name), found in zip(typed, told, strict=True):
        if name == "assignees":
            # what is typed beside a name is none of that person
            taken[place][name] = [] if found["rest"] else found["person_ids"]
        elif found["person_ids"]:
            taken[place][name] = found
    return taken
