"""The form in which a received letter is keyed in, in the order of the printed register (form 13)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.web.forms import text
from gateway.web.thai import slashed, typed_date
from shared.http.request import Request
from shared.thai.dates import DateFault
from shared.thai.digits import to_arabic

TEXTS = ("doc_no", "doc_date", "from", "to", "subject", "note", "kind", "speed", "secrecy", "channel")
USUAL = {"kind": "external", "speed": "normal", "secrecy": "none", "channel": "paper"}
# what the next letter of a heap has in common with the one before
KEPT = ("to", "channel")
# several numbers in one field: between them a comma, or a line of its own for each
_BETWEEN = re.compile(r"[,;\n]+")
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})(\s*น\.?)?")


def keyed(request: Request) -> dict[str, Any]:
    """What was typed, as the owner takes it; what cannot be read goes as it is, and the owner names it."""
    values: dict[str, Any] = {name: text(request, name) for name in TEXTS}
    values["received_at"] = moment_of(request, "received_at", is_whole=True)
    if "refers_to" in request.posted:
        values["refers_to"] = _BETWEEN.split(text(request, "refers_to"))
    if values["speed"] == "within":
        values["speed_deadline"] = moment_of(request, "speed_deadline", is_whole=False)
    return values


def as_typed(letter: Mapping[str, Any], thread: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A letter as its form shows it; ``thread`` holds the letters that it refers to."""
    typed = {name: letter[name] for name in TEXTS}
    for name in ("received_at", "speed_deadline"):
        instant = letter[name] or ""
        typed |= {name: slashed(instant), f"{name}_time": instant[11:16].replace(":", ".")}
    known = {one["id"]: one for one in thread}
    named = [known[linked]["reference"] for linked in known[letter["id"]]["refers_to"]]
    return {**typed, "refers_to": ", ".join(named), "etag": letter["etag"]}


def moment_of(request: Request, name: str, *, is_whole: bool) -> str | None:
    """The instant of a day and a time of the day in ISO 8601; a day alone is its end, unless the instant must be whole.
    None when both fields are empty.
    """
    day, clock = text(request, name), text(request, f"{name}_time")
    if not day and not clock:
        return None
    found = _CLOCK.fullmatch(to_arabic(clock))
    if (clock and not found) or (is_whole and not clock):
        return f"{day} {clock}"
    try:
        iso = typed_date(day)
    except DateFault:
        return f"{day} {clock}"
    return f"{iso}T{int(found[1]):02d}:{found[2]}" if found else iso
