"""What stands above every page: made once for somebody, and nobody is shown another's."""

from __future__ import annotations

from itertools import product

from werkzeug.datastructures import Headers

from gateway.web.preferences import COOKIE
from gateway.web.site import show
from shared.http.request import Request
from shared.security.identity import Grant, Identity


def page(name: str | None, path: str = "/inbox", language: str = "th") -> str:
    """An empty list, as somebody sees it."""
    held = (Grant("officer", "/obec/5704/", "5704", "เขต 4"),)
    identity = Identity(name, name, name, "s", held) if name else None
    asked = Request("GET", path, headers=Headers({"Cookie": f"{COOKIE}={language}.arabic.short"}), identity=identity)
    return show(asked, "inbox.html", messages=[], unread=False, next_cursor=None).body.decode()


def test_everybody_has_the_own_name_place_and_language_above_the_page_however_often_they_look() -> None:
    for _ in range(2):
        for name, path, language in product(("สมศรี", "สมชาย"), ("/inbox", "/rounds"), ("th", "en")):
            seen = page(name, path, language)
            other = {"สมศรี": "สมชาย", "สมชาย": "สมศรี"}[name]
            assert seen.count(name) == 2 and other not in seen
            assert f'<a href="{path}" aria-current="page">' in seen and seen.count('aria-current="page"') == 1
            assert ("Sign out" in seen) is (language == "en")
            assert f'name="next" value="{path}"' in seen


def test_who_is_not_signed_in_has_no_menu_and_no_account() -> None:
    page("สมศรี")
    seen = page(None)
    assert "สมศรี" not in seen and 'class="menu"' not in seen and "/logout" not in seen
