"""Whose request it is: what other sites make browsers send, and whose password somebody else set."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Headers

from gateway import auth
from gateway.web.addresses import local, page_behind
from gateway.web.guard import Guard
from shared.http.request import Request
from shared.http.routes import PUBLIC, SIGNED_IN, Access, Route
from shared.problems import Problem
from shared.security.identity import Identity
from shared.settings import Settings

HERE = "khet.example.go.th"


def request(host: str = HERE, method: str = "POST", **headers: str) -> Request:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, "/inbox", headers=Headers({"Host": host, **names}))


def passes(asked: Request) -> bool:
    try:
        auth.check_same_origin(asked)
    except Problem as problem:
        assert (problem.code, problem.status) == ("csrf", 403)
        return False
    return True


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_browser_says_that_the_page_was_ours(site: str) -> None:
    assert passes(request(Sec_Fetch_Site=site))


@pytest.mark.parametrize("site", ["same-site", "cross-site", "", "SAME-ORIGIN", "same-origin, cross-site"])
def test_the_browser_says_that_the_page_was_anothers(site: str) -> None:
    assert not passes(request(Sec_Fetch_Site=site, Origin="https://evil.test"))


@pytest.mark.parametrize("origin", [f"https://{HERE}", f"http://{HERE}"])
def test_an_older_browser_names_our_origin(origin: str) -> None:
    assert passes(request(Origin=origin))


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.test",
        f"https://sub.{HERE}",
        f"https://{HERE}.evil.test",
        f"https://{HERE}:8443",
        f"https://evil.test/{HERE}",
        f"https://{HERE}@evil.test",
        f"ftp://{HERE}",
        HERE,
        "http://[",
        f"https://{HERE} https://evil.test",
    ],
)
def test_an_older_browser_names_another_origin(origin: str) -> None:
    assert not passes(request(Origin=origin))


@pytest.mark.parametrize("origin", [None, "null", "", "http://", "https://"])
def test_who_names_no_host_is_not_of_here(origin: str | None) -> None:
    assert not passes(request(host="", **({} if origin is None else {"Origin": origin})))


def test_behind_a_proxy_the_address_that_people_type_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "SETTINGS", Settings(public_url=f"https://{HERE}/"))
    assert passes(request(host="10.0.0.7:8080", Origin=f"https://{HERE}"))
    assert not passes(request(host="10.0.0.7:8080", Origin=f"http://{HERE}")), "somebody on the way may have written it"
    assert not passes(request(host="10.0.0.7:8080", Origin="https://evil.test"))


def test_browsers_keep_the_cookie_of_an_https_site_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert auth.cookie_name(Settings()) == "khet_session"
    assert auth.cookie_name(Settings(public_url=f"https://{HERE}")) == "__Host-khet_session"


@pytest.mark.parametrize(
    "address",
    ["//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "https://evil.test", "//[", "javascript:alert(1)",
     "/\t/evil.test", "/\r\nLocation: x", "evil.test", "", " /", "/x\x00", "http:/evil.test", "/\\[", "https:evil"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_by_a_link_to_our_login(address: str) -> None:
    assert local(address) == "/"


@pytest.mark.parametrize("address", ["/", "/rounds/1?done=x&y=%2F%2Fevil.test", "/schools?q=บ้าน", "/a//b"])
def test_paths_of_our_own_are_followed(address: str) -> None:
    assert local(address) == address


@pytest.mark.parametrize(
    "referer", ["http://[", "https://evil.test/x", f"https://{HERE}//evil.test", f"https://{HERE}", ""]
)
def test_after_a_form_nobody_is_sent_elsewhere(referer: str) -> None:
    assert page_behind(request(Referer=referer)) == "/"


def held(path: str, *, must_change: bool, access: Access = SIGNED_IN, kind: str = "api") -> bool:
    """Whether somebody with a password from a slip is turned away."""
    identity = Identity("p1", "somebody", "ใครคนหนึ่ง", "s1", (), must_change)

    def authenticate(asked: Request, _route: Route, _office: object) -> None:
        asked.identity = identity

    route = Route("GET", path, lambda: None, access=access, kind=kind)  # type: ignore[arg-type]
    try:
        Guard(authenticate)(request(), route, None)
    except Problem as problem:
        assert (problem.code, problem.status) == ("password.must_change", 403)
        return True
    return False


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/people", "api"), ("/people", "page"), ("/", "page")])
def test_nothing_is_done_by_a_password_that_somebody_else_knows(path: str, kind: str) -> None:
    assert held(path, must_change=True, kind=kind)
    assert not held(path, must_change=False, kind=kind)


@pytest.mark.parametrize("path", ["/password", "/api/v1/auth/password", "/api/v1/me"])
def test_but_to_choose_another(path: str) -> None:
    assert not held(path, must_change=True)


def test_and_what_is_open_to_everybody() -> None:
    assert not held("/api/v1/auth/revoke", must_change=True, access=PUBLIC)
