"""Every page has a help of its own, and says who does what next."""

from __future__ import annotations

import pytest

from gateway.web import helping
from shared.http.routes import Route
from tests.contracts.openapi import printed


def page_at(path: str) -> Route:
    return Route("GET", path, handler=page_at, kind="page")


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """The paths of all pages of the gateway."""
    return sorted({
        route["path"]
        for route in printed()["routes"]
        if route["kind"] == "page" and route["method"] == "GET" and not route["path"].startswith("/static")
    })


def test_every_page_has_a_topic_of_its_own_or_of_the_page_it_stands_below(pages: list[str]) -> None:
    """A new page gets a line in ``gateway/web/helping.py`` and two texts in ``gateway/web/help/``."""
    general = {path for path in pages if helping.topic_of(page_at(path)) == "help"}
    assert general <= {"/help", "/help/{topic}", "/design"}
    assert len(pages) > 40


def test_a_page_below_another_has_the_help_of_that_one() -> None:
    paths = {
        "/": "home",
        "/rounds": "rounds",
        "/rounds/{id}": "board",
        "/rounds/{id}/schools/{smis}": "school-round",
        "/ops/parked/{id}": "ops",
    }
    assert {path: helping.topic_of(page_at(path)) for path in paths} == paths
    assert helping.topic_of(None) == "home"
