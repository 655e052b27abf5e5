"""Server-sent events as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import requests


def events_of(answer: requests.Response) -> Iterator[tuple[str, Any]]:
    """Name and data of each event, as they come; a stream of events is UTF-8 whatever its header says."""
    name = ""
    for line in (raw.decode() for raw in answer.iter_lines()):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
