"""How long pages take beside the slowest answer they wait for, and how many answers they wait for one after another."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.running.api import PASSWORD
from tests.running.office_pages import PEOPLE, pages_of
from tests.running.two_areas import Side

RUNS = 15
MOST_STEPS = 3
MOST_RATIO = 1.5


@dataclass
class PageView:
    """One view of a page: how long it took, and the calls it made (start, seconds, name)."""

    seconds: float
    calls: list[tuple[float, float, str]]

    @property
    def slowest(self) -> float:
        return max((seconds for _, seconds, _ in self.calls), default=0.0)

    @property
    def steps(self) -> int:
        """The longest row of calls of which each began after the one before had ended."""
        steps, free_from = 0, 0.0
        for started, seconds, _ in sorted(self.calls, key=lambda call: call[0] + call[1]):
            if started >= free_from:
                steps, free_from = steps + 1, started + seconds
        return steps


@dataclass(frozen=True)
class PageTimes:
    """The views of one page by somebody with a role."""

    role: str
    path: str
    views: list[PageView]

    @property
    def median(self) -> float:
        return statistics.median(view.seconds for view in self.views)

    @property
    def slowest_call(self) -> float:
        return statistics.median(view.slowest for view in self.views)

    @property
    def ratio(self) -> float:
        return self.median / self.slowest_call

    @property
    def steps(self) -> int:
        return max(view.steps for view in self.views)

    @property
    def is_slow(self) -> bool:
        """Whether it asks too often one after another, or does too much beside asking."""
        return self.steps > MOST_STEPS or self.ratio > MOST_RATIO

    def line(self) -> str:
        return (
            f"{self.role} {self.path}: p50 {self.median * 1000:.1f} ms; "
            f"slowest call p50 {self.slowest_call * 1000:.1f} ms; "
            f"ratio {self.ratio:.2f}; {self.steps} calls deep"
        )


def times_of_pages(side: Side, log: Path) -> list[PageTimes]:
    """Every page of every role that makes a call, viewed ``RUNS`` times."""
    url = side.system.url
    wanted: dict[str, tuple[str, str]] = {}
    for role, username in PEOPLE.items():
        if username is None:
            continue
        browser = signed_in(url, username)
        # one after another, as people read them: what else the machine does for a moment falls on one view of many
        # pages instead of on every view of one
        for run in range(RUNS):
            for path in pages_of(role, side):
                answer = browser.get(url + path, timeout=30)
                assert answer.status_code == 200, f"{username} {path}: {answer.status_code}"
                if run:  # the first finds cold caches
                    wanted[answer.headers["X-Request-Id"]] = (role, path)
    return [page for page in times_of(log, wanted) if page.slowest_call]


def signed_in(url: str, username: str) -> requests.Session:
    """A browser of ``username``, without its rendering."""
    browser = requests.Session()
    form = {"username": username, "password": PASSWORD, "next": "/inbox"}
    answer = browser.post(f"{url}/login", data=form, headers={"Origin": url}, timeout=30)
    assert answer.status_code == 200, answer.text[:300]
    return browser


def times_of(log: Path, wanted: dict[str, tuple[str, str]]) -> list[PageTimes]:
    """The views of the pages ``wanted`` by trace id, from the gateway's log."""
    by_page: dict[tuple[str, str], list[PageView]] = defaultdict(list)
    for line in lines_of(log):
        page = wanted.get(line.get("trace_id", ""))
        if page is not None and "duration_ms" in line:
            calls = [(call["after_ms"] / 1000, call["took_ms"] / 1000, call["name"]) for call in line["calls"]]
            by_page[page].append(PageView(line["duration_ms"] / 1000, calls))
    return [PageTimes(role, path, found) for (role, path), found in by_page.items()]


def lines_of(log: Path) -> list[dict[str, Any]]:
    """The JSON lines of a log."""
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
