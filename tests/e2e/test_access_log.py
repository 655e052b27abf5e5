"""The line that ops read when a page was slow: how long it took, and which services it waited for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests

from tests.bench.pages import lines_of, signed_in
from tests.running.system import System
from tests.running.waiting import until


def line_of(log: Path, trace_id: str) -> dict[str, Any] | None:
    """The access line of a request, once it is written."""
    return next((line for line in lines_of(log) if line.get("trace_id") == trace_id and "duration_ms" in line), None)


def test_the_line_of_a_page_names_its_calls_and_how_long_each_took(office: System) -> None:
    """Without a call of its own a page names none, and no line tells whom it was about."""
    log = office.folder / "khet.log"
    page = signed_in(office.url, "officer").get(f"{office.url}/schools?q=secret", timeout=30)
    line = until(lambda: line_of(log, page.headers["X-Request-Id"]))
    assert "schools.list_schools" in {call["name"] for call in line["calls"]}
    for call in line["calls"]:
        assert call["after_ms"] >= 0 and call["took_ms"] > 0
        assert call["after_ms"] + call["took_ms"] <= line["duration_ms"]
    assert "secret" not in json.dumps(line)
    plain = requests.get(f"{office.url}/static/app.js", timeout=30)
    assert until(lambda: line_of(log, plain.headers["X-Request-Id"]))["calls"] == []
