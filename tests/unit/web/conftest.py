"""Reading a page as somebody who has chosen a language, digits and dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from werkzeug.datastructures import Headers

from gateway.web import preferences
from shared.http.request import Request

Choose = Callable[..., None]


@pytest.fixture
def choose() -> Iterator[Choose]:
    """``choose("en", digits="thai")``: from then on everything is written so, until the test ends."""

    def choose_(language: str = "th", digits: str = "arabic", dates: str = "short") -> None:
        cookie = f"{preferences.COOKIE}={language}.{digits}.{dates}"
        preferences.use(Request("GET", "/", headers=Headers({"Cookie": cookie})))

    yield choose_
    preferences.use(Request("GET", "/"))
