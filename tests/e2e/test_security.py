"""The doors, tried from outside on the running system: logins, sessions, foreign sites, headers, framing.

Most of it runs in both modes; OWASP ASVS 4 chapters 3 (sessions), 4 (CSRF), 13 (API) and 14 (headers) are the list it
was written along.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import socket
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from shared.clock import Clock
from shared.security.identity import IdentitySigner, IdentityVerifier, create_keys
from tests.contracts.openapi import printed
from tests.running.api import PASSWORD, Api
from tests.running.browser import Browser
from tests.running.rounds import draft_round
from tests.running.system import EmbeddedSystem, System, running

FAILURES = 10
WINDOW_SECONDS = 15 * 60
PUBLIC_URL = "https://khet.example.go.th"
EVIL = "https://evil.test"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class Office:
    """A running system whose clock only goes forward, and who has to do with it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.url = system.url
        self._later = 0.0

    def later(self, seconds: float) -> None:
        self._later += seconds
        self.system.move_clock(self._later)

    def browser(self, username: str | None = None, password: str = PASSWORD) -> Browser:
        return Browser(self.url, username, password)

    def token(self, username: str, password: str) -> requests.Response:
        answer: requests.Response = Api(self.url).post(
            "/auth/token", {"username": username, "password": password}, expect=None
        )
        return answer

    def raw(self, request: bytes) -> bytes:
        """What comes back on a connection of its own until the server closes it."""
        with socket.create_connection(("127.0.0.1", self.system.port.port), timeout=10) as client:
            client.sendall(request)
            return client.makefile("rb").read()


@pytest.fixture(scope="module")
def office(system: System) -> Office:
    return Office(system)


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A system that people reach by https, with the hashes of a real one."""
    settings = {"KHET_PUBLIC_URL": PUBLIC_URL, "KHET_CHEAP_HASHES": "0"}
    with running(EmbeddedSystem(tmp_path_factory.mktemp("https"), settings=settings)) as started:
        yield Office(started)


def routes(kind: str, *methods: str) -> list[dict[str, Any]]:
    """The routes of the gateway as its process declares them: pages are in no document."""
    found = [route for route in printed()["routes"] if route["kind"] == kind and route["method"] in methods]
    assert found
    return found


def address(path: str) -> str:
    """An address of a route, whatever its parameters: who is refused at the door need not find anything."""
    return re.sub(r"{\w+(:\w+)?}", "x", re.sub(r"{\w+:int}", "1", path))


def questions() -> list[str]:
    """The address of every page and of every question of the API."""
    return [route["path"] for kind in ("page", "api") for route in routes(kind, "GET")]


# how often a password may be guessed


def test_ten_wrong_passwords_close_an_account_at_every_door(office: Office) -> None:
    victim, neighbour = "data-57040010", "data-57040011"
    inside = office.browser(victim)
    visitor = office.browser()
    for attempt in range(FAILURES):
        # typed in other letters and at another door it is still the same account
        if attempt % 2:
            assert visitor.log_in(f" {victim.upper()} ", "wrong").status_code == 401
        else:
            assert office.token(victim, "wrong").status_code == 401
    for _ in range(2):
        limited = office.token(victim, PASSWORD)
        assert (limited.status_code, limited.json()["code"]) == (429, "login.limited"), "the right one is refused too"
        assert 0 < int(limited.headers["Retry-After"]) <= WINDOW_SECONDS
    page = visitor.log_in(victim)
    assert (page.status_code, visitor.token) == (429, None)
    assert 0 < int(page.headers["Retry-After"]) <= WINDOW_SECONDS
    assert office.token(neighbour, PASSWORD).status_code == 200
    assert inside.who == victim, "who is inside stays inside"
    office.later(int(limited.headers["Retry-After"]) + 1)
    assert office.token(victim, PASSWORD).status_code == 200


def test_failures_older_than_a_quarter_of_an_hour_do_not_count(office: Office) -> None:
    name = "data-57040012"
    for _ in range(FAILURES - 1):
        assert office.token(name, "wrong").status_code == 401
    office.later(WINDOW_SECONDS + 1)
    assert office.token(name, "wrong").status_code == 401
    assert office.token(name, PASSWORD).status_code == 200


def test_a_refused_attempt_does_not_lengthen_the_wait(office: Office) -> None:
    name = "data-57040013"
    for _ in range(FAILURES):
        office.token(name, "wrong")
    first = int(office.token(name, "wrong").headers["Retry-After"])
    office.later(first - 5)
    assert office.token(name, "wrong").status_code == 429
    office.later(6)
    assert office.token(name, PASSWORD).status_code == 200


def test_a_name_that_does_not_exist_answers_like_one_that_does(office: Office) -> None:
    def said(answer: requests.Response) -> Any:
        return {**answer.json(), "trace_id": "", "detail": ""}, set(answer.headers), answer.status_code

    for _ in range(FAILURES + 1):
        known, unknown = (office.token(name, "wrong") for name in ("data-57040014", "nobody-of-that-name"))
        assert said(known) == said(unknown)
    assert known.status_code == 429


def test_a_name_that_does_not_exist_takes_as_long_as_one_that_does(https: Office) -> None:
    """Where only a known name cost the work of argon2, the clock would tell who has an account."""
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(20, 32):
        for kind, name in (("known", f"data-570400{number}"), ("unknown", f"data-570499{number}")):
            started = time.perf_counter()
            assert https.token(name, "wrong").status_code == 401
            spent[kind].append(time.perf_counter() - started)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.6 < known / unknown < 1.6, (known, unknown)


# whose session it is


def test_a_cookie_from_before_the_login_never_becomes_a_session(office: Office) -> None:
    attacker = office.browser("teacher")
    planted = attacker.token
    for value in (planted, "x", "", "0" * 400, 'a"b', "%00"):
        victim = office.browser()
        victim.session.headers["Cookie"] = f"khet_session={value}"
        answer = victim.log_in("officer")
        del victim.session.headers["Cookie"]
        assert answer.status_code == 303
        assert victim.token not in {None, value}
        assert victim.who == "officer"
        holder = office.browser()
        holder.session.headers["Cookie"] = f"khet_session={value}"
        assert holder.who is None, "what was planted opens nothing, and a session that was there has ended"


def test_every_login_gives_a_token_of_its_own(office: Office) -> None:
    here, there = office.browser("officer"), office.browser("officer")
    assert here.token != there.token
    before = here.token
    assert here.log_in("officer").status_code == 303
    assert here.token != before
    assert replayed(office, before) == 401, "logging in again leaves no session behind"
    assert there.who == "officer"


def test_a_logout_ends_the_session_and_no_other(office: Office) -> None:
    here, there, colleague = office.browser("officer"), office.browser("officer"), office.browser("auditor")
    kept = here.token
    answer = here.post("/logout")
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert here.token is None
    assert replayed(office, kept) == 401, "who copied the cookie has nothing"
    assert (there.who, colleague.who) == ("officer", "auditor")


def replayed(office: Office, token: str | None) -> int:
    """What a copy of a cookie still opens."""
    cookies = {"khet_session": str(token)}
    return requests.get(f"{office.url}/api/v1/me", cookies=cookies, timeout=10).status_code


def test_a_session_is_taken_from_nowhere_but_its_cookie(office: Office) -> None:
    token = office.browser("officer").token
    stranger = office.browser()
    for name in ("khet_session", "access_token", "token", "Authorization"):
        assert stranger.get("/api/v1/me", params={name: f"Bearer {token}"}).status_code in {401, 422}
        assert stranger.get("/inbox", params={name: str(token)}).status_code == 303
    assert stranger.get("/api/v1/me", headers={"X-Khet-Session": str(token)}).status_code == 401


def test_a_refresh_token_that_comes_back_ends_its_session_at_once(office: Office) -> None:
    """The gateway remembers identities for a few seconds; here nothing may be left of it."""
    first = office.token("officer", PASSWORD).json()
    second = Api(office.url).post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    bearers = [{"Authorization": f"Bearer {tokens['access_token']}"} for tokens in (first, second)]
    for bearer in bearers:
        assert requests.get(f"{office.url}/api/v1/me", headers=bearer, timeout=10).status_code == 200
    stolen = Api(office.url).post("/auth/refresh", {"refresh_token": first["refresh_token"]}, expect=None)
    assert stolen.status_code == 401
    for bearer in bearers:
        assert requests.get(f"{office.url}/api/v1/me", headers=bearer, timeout=10).status_code == 401


# tokens that are not ours


def forged(office: Office, folder: Path) -> Iterator[tuple[str, str]]:
    """The officer's token as people without our key would make it, with the grants of everybody."""
    token = office.token("officer", PASSWORD).json()["access_token"]
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["grants"] = [["area_admin", "/", "obec", "สพฐ.", False], ["ops", "/", "obec", "สพฐ.", False]]
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    create_keys(folder)
    elsewhere, verifier = (
        IdentitySigner((folder / "identity.private.pem").read_bytes(), Clock()),
        IdentityVerifier((folder / "identity.public.pem").read_bytes(), Clock()),
    )
    own = jwt.decode(token, options={"verify_signature": False})
    yield "another installation's", elsewhere.sign(
        verifier.verify(jwt.encode(own, (folder / "identity.private.pem").read_bytes(), "EdDSA"), allow_expired=True),
        dt.timedelta(days=1),
    )
    yield "no algorithm", jwt.encode(claims, None, algorithm="none")
    for name in ("none", "None", "NONE", "nOnE"):
        unsigned = base64.urlsafe_b64encode(json.dumps({"alg": name, "typ": "JWT"}).encode()).decode().rstrip("=")
        yield f"algorithm {name}", f"{unsigned}.{changed}."
    yield "our public key as a secret", _hmac_with(public_key(office), claims)
    yield "other claims", f"{head}.{changed}.{signature}"
    yield "no signature", f"{head}.{payload}."
    yield "a key in the header", jwt.encode(claims, "x" * 40, "HS256", headers={"jwk": {"kty": "oct", "k": "eHh4"}})
    yield "a key id that is a path", jwt.encode(claims, "x" * 40, "HS256", headers={"kid": "../../../../dev/null"})
    yield "not a token", "a.b.c"
    yield "long", "a" * 7_000


def public_key(office: Office) -> bytes:
    return (office.system.folder / "data" / "secrets" / "identity.public.pem").read_bytes()


def _hmac_with(key: bytes, claims: Any) -> str:
    """HS256 by hand: the library itself refuses to take a public key for a secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def test_a_token_that_is_not_ours_opens_nothing(office: Office, tmp_path: Path) -> None:
    for how, token in forged(office, tmp_path):
        for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"khet_session={token}"}):
            answer = requests.get(f"{office.url}/api/v1/me", headers=headers, timeout=10)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), f"{how}: {answer.text}"


# what other sites make a browser send

FOREIGN: dict[str, dict[str, str]] = {
    "nothing said": {},
    "a foreign origin": {"Origin": EVIL},
    "no origin": {"Origin": "null"},
    "a foreign site": {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"},
    "a neighbour of the domain": {"Origin": "https://blog.example.go.th", "Sec-Fetch-Site": "same-site"},
    "a site that hides": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "a site that says nothing else": {"Sec-Fetch-Site": "cross-site"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "a look-alike": {"Origin": "http://127.0.0.1.evil.test"},
    "ours as referer alone": {"Referer": "{ours}/inbox"},
}


@pytest.fixture(scope="module")
def signed_in(office: Office) -> Browser:
    return office.browser("officer")


@pytest.mark.parametrize("sent", FOREIGN.values(), ids=FOREIGN)
def test_no_other_site_makes_a_browser_send_a_form(office: Office, signed_in: Browser, sent: dict[str, str]) -> None:
    headers = {name: value.replace("{ours}", office.url) for name, value in sent.items()}
    wrong = {}
    for path in [route["path"] for route in routes("page", "POST")]:
        for kind in ({"data": {"a": "b"}}, {"data": b""}):
            answer = signed_in.ask("POST", address(path), headers=headers, **kind)
            if answer.status_code != 403 or "คำขอไม่ได้มาจากหน้าเว็บของระบบนี้" not in answer.text:
                wrong[path] = answer.status_code
    assert wrong == {}
    assert signed_in.who == "officer", "not even logged out"


@pytest.mark.parametrize("sent", FOREIGN.values(), ids=FOREIGN)
def test_no_other_site_makes_a_browser_call_the_api(office: Office, signed_in: Browser, sent: dict[str, str]) -> None:
    headers = {name: value.replace("{ours}", office.url) for name, value in sent.items()}
    wrong = {}
    for method, path in [(route["method"], route["path"]) for route in routes("api", *UNSAFE)]:
        for kind in ({}, {"json": {}}, {"data": b"{}", "type": "text/plain"}, {"data": {"a": "b"}}):
            options = {name: value for name, value in kind.items() if name != "type"}
            more = {"Content-Type": str(kind["type"])} if "type" in kind else {}
            answer = signed_in.ask(method, address(path), headers={**headers, **more}, **options)
            # what only a form or plain text could have sent is not even read
            is_refused = answer.status_code == 415 or (answer.status_code, answer.json()["code"]) == (403, "csrf")
            if not is_refused or (answer.status_code == 415 and not options):
                wrong[f"{method} {path}"] = answer.text[:200]
    assert wrong == {}


def test_nobody_is_logged_in_by_another_site(office: Office) -> None:
    for sent in FOREIGN.values():
        headers = {"Origin": "", "Sec-Fetch-Site": "", **sent}
        victim = office.browser()
        answer = victim.ask("POST", "/login", data={"username": "teacher", "password": PASSWORD}, headers=headers)
        assert (answer.status_code, victim.token) == (403, None)


def test_our_own_pages_are_heard(office: Office) -> None:
    browser = office.browser("recordsofficer")
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": ""},
        {"Sec-Fetch-Site": "same-origin", "Origin": office.url},
        {"Sec-Fetch-Site": "", "Origin": office.url},
    ):
        assert browser.post("/account/sessions", headers=headers).status_code == 303
        assert browser.log_in("recordsofficer").status_code == 303


def test_no_other_site_reads_an_answer(signed_in: Browser) -> None:
    for path in ("/api/v1/me", "/inbox", "/api/openapi.json"):
        answer = signed_in.ask("GET", path, headers={"Origin": EVIL})
        assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        preflight = signed_in.ask(
            "OPTIONS", path, headers={"Origin": EVIL, "Access-Control-Request-Method": "POST"}
        )
        assert preflight.status_code == 405


def test_looking_changes_nothing(tmp_path: Path) -> None:
    with running(EmbeddedSystem(tmp_path)) as system:
        office = Office(system)
        round_id = draft_round(Api(system.url, "officer"))
        browsers = [office.browser(name) for name in ("officer", "ops", "data-57040001", "admin")]
        before = stored(tmp_path)
        for browser in browsers:
            for path in questions():
                for method in ("GET", "HEAD"):
                    asked = address(path.replace("{id}", round_id).replace("{smis}", "57040001"))
                    if not asked.endswith("/events"):  # these end when the round does
                        assert browser.ask(method, asked).status_code < 500, asked
        assert stored(tmp_path) == before


def stored(folder: Path) -> dict[str, int]:
    """Every row of every table, as one number a table.

    That something was seen is written down, which is no change; and the services re-seal by themselves.
    """
    found = {}
    for file in sorted((folder / "data" / "db").glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                if not table.startswith(("audit", "disclosure", "resealed")):
                    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
                    found[f"{file.stem}.{table}"] = hash(tuple(sorted(map(repr, rows))))
    assert found
    return found


# cookies


def test_the_cookie_is_for_this_site_and_for_no_script(office: Office) -> None:
    answer = office.browser().log_in("officer")
    parts = answer.headers["Set-Cookie"].split("; ")
    assert parts[0].startswith("khet_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
    assert not [part for part in parts if part.lower().startswith("domain")]
    assert "Secure" not in parts, "a browser would not keep it on plain http"


def test_over_https_the_cookie_is_bound_to_the_host(https: Office) -> None:
    headers = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": ""}
    answer = https.browser().post("/login", {"username": "officer", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 303
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    value, *flags = rest.split("; ")
    assert name == "__Host-khet_session"
    assert set(flags) == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}
    for cookie, status in ((f"{name}={value}", 200), (f"khet_session={value}", 401)):
        me = requests.get(f"{https.url}/api/v1/me", headers={"Cookie": cookie}, timeout=10)
        assert me.status_code == status
    left = https.browser().post("/logout", headers={"Cookie": f"{name}={value}", **headers})
    assert left.headers["Set-Cookie"].startswith(f"{name}=;")
    assert {"Secure", "Path=/", "Max-Age=0"} <= set(left.headers["Set-Cookie"].split("; "))


def test_over_https_an_origin_of_plain_http_is_foreign(https: Office) -> None:
    for origin in (PUBLIC_URL.replace("https", "http"), https.url):
        form = {"username": "officer", "password": PASSWORD}
        answer = https.browser().post("/login", form, headers={"Origin": origin, "Sec-Fetch-Site": ""})
        assert answer.status_code == 403


def test_over_https_every_answer_says_so(https: Office) -> None:
    for path in ("/login", "/api/v1/me", "/static/favicon.svg", "/nothing", "/health/live"):
        answer = requests.get(https.url + path, timeout=10, allow_redirects=False)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path


# headers

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\bstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def test_every_page_and_every_answer_carries_the_headers(office: Office) -> None:
    round_id = draft_round(Api(office.url, "officer"), year_be=2568)
    wrong, pages = [], 0
    for browser in [office.browser(name) for name in (None, "officer", "admin", "data-57040001", "auditor")]:
        for path in [*questions(), "/nothing", "/api/v1/nothing"]:
            asked = address(path.replace("{id}", round_id).replace("{smis}", "57040001"))
            method = "HEAD" if asked.endswith("/events") else "GET"
            answer = browser.ask(method, asked, headers={"Accept": "text/html,*/*"})
            wrong += [(asked, name) for name, value in ALWAYS.items() if answer.headers.get(name) != value]
            wrong += [(asked, what) for what in policy_faults(answer)]
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                pages += 1
                wrong += [(asked, found[0]) for found in [INLINE.search(answer.text)] if found]
            if not asked.startswith("/static") and answer.headers["Cache-Control"] != "no-store":
                wrong.append((asked, answer.headers["Cache-Control"]))
    assert wrong == []
    assert pages > 50


def policy_faults(answer: requests.Response) -> Iterator[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    if directives.get("frame-ancestors") != ["'none'"]:
        yield "frames"
    if directives.get("default-src") not in (["'self'"], ["'none'"]):
        yield "default-src"
    if "unsafe" in policy or "*" in policy or "http" in policy:
        yield policy
    if directives["default-src"] == ["'self'"] and not {"object-src", "base-uri", "form-action"} <= set(directives):
        yield "what default-src does not cover"


def test_every_refusal_carries_them_too(office: Office) -> None:
    refusals = {
        (405, "DELETE", "/api/v1/schools"): {},
        (401, "GET", "/api/v1/me"): {},
        (415, "POST", "/api/v1/auth/token"): {"data": "x", "headers": {"Content-Type": "text/plain"}},
        (400, "POST", "/api/v1/auth/token"): {"data": "{", "headers": {"Content-Type": "application/json"}},
        (422, "POST", "/api/v1/auth/token"): {"json": {}},
        (413, "POST", "/api/v1/auth/token"): {"json": {"username": "x" * 2_000_000}},
    }
    for (status, method, path), options in refusals.items():
        answer = office.browser().ask(method, path, **options)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert list(policy_faults(answer)) == []
        assert answer.headers["Content-Type"] == "application/problem+json"


# being sent elsewhere

ELSEWHERE = (
    "https://evil.test", "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "http:evil.test", "//[",
    "/\t/evil.test", "javascript:alert(1)", "/\r\nLocation: https://evil.test", "//evil.test/%2f..", "@evil.test",
    "/%0d%0aLocation:%20https://evil.test", "/..//evil.test", "https:///evil.test", "\x00//evil.test", ".evil.test",
    "/\u2028/evil.test", "\uff48ttps://evil.test",
)  # fmt: skip


@pytest.mark.parametrize("onwards", ELSEWHERE)
def test_no_link_of_ours_leads_elsewhere(office: Office, signed_in: Browser, onwards: str) -> None:
    answers = [
        signed_in.get("/login", params={"next": onwards}),
        office.browser().log_in("officer", next=onwards),
        signed_in.post("/settings", {"language": "th", "next": onwards}),
        signed_in.post("/rounds/x/open", headers={"Referer": re.sub(r"[^!-~]", "", onwards)}),
    ]
    for answer in answers:
        target = answer.headers.get("Location", "/")
        assert answer.status_code < 500
        assert re.match(r"/(?![/\\])", target), target
        assert "\n" not in target
        assert not re.search(r"href=\"(https?:)?//evil", answer.text)


# smuggling, in what comes and in what goes


def test_nothing_that_comes_in_breaks_a_header_that_goes_out(office: Office, signed_in: Browser) -> None:
    evil = "x\r\nX-Injected: 1"
    answers = [
        signed_in.get("/login", params={"next": f"/{evil}"}),
        signed_in.get("/rounds", params={"done": evil, "cursor": evil}),
        signed_in.get("/api/v1/schools", params={"q": evil}),
        signed_in.get("/reports/headcount", params={"round_id": evil, "amphoe": evil}),
        signed_in.get("/api/v1/reports/headcount.xlsx", params={"round_id": evil}),
        signed_in.get("/api/v1/schools/57040001%0d%0aX-Injected:%201"),
        signed_in.get("/static/x%0d%0aX-Injected:%201"),
        signed_in.get("/api/v1/me", headers={"Traceparent": "00-" + "x" * 32 + "-0000000000000001-01"}),
        signed_in.post("/inbox/x/open", {"round_id": evil, "smis": evil}),
        signed_in.post("/settings", {"language": evil, "digits": evil, "dates": evil, "next": f"/{evil}"}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.url
        assert "X-Injected" not in answer.headers
        headers = {name: value for name, value in answer.headers.items() if "injected" in value.lower()}
        assert all(re.search("%(25)*0a", value.lower()) for value in headers.values()), headers


SMUGGLED = b"GET /api/v1/schools HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: abc\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 2\r\nContent-Length: 60\r\n",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"X: a\rContent-Length: 2\r\n",
        b"X: a\n Content-Length: 2\r\n",
        b"Host: evil.test\r\n",
    ],
)
def test_a_request_that_hides_another_is_refused_in_words(office: Office, head: bytes) -> None:
    first = b"POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    answer = office.raw(first + head + b"\r\n{}" + SMUGGLED)
    assert answer.count(b"HTTP/1.") == 1
    assert re.match(rb"HTTP/1\.1 4(00|11) ", answer)
    assert b"application/problem+json" in answer
    assert b"trace_id" in answer


def test_no_file_but_those_of_the_pages_is_given_out(office: Office) -> None:
    for path in (
        "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/%2e%2e%2f%2e%2e%2fauth.py",
        "/static/..%5capp.py", "/static/....//app.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd",
        "/static/css/../../site.py", "/static/%00", "/static/khet.css%00.py", "/static/.", "/static/", "/static/css",
        "/static/" + "a" * 300, "/static/" + "a/" * 3_000, "/static/~root", "/static/%ff", "/static/..;/app.py",
        "/static/\u0e01".encode().decode("latin-1"),
    ):  # fmt: skip
        asked = "".join(letter if letter.isascii() else f"%{ord(letter):02x}" for letter in path)
        answer = office.raw(f"GET {asked} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert re.match(rb"HTTP/1\.1 (404|308|303) ", answer), (path, answer[:300])
        assert b"import" not in answer
        assert b"root:" not in answer


def test_the_method_is_the_one_on_the_first_line(office: Office) -> None:
    officer = Api(office.url, "officer")
    round_id = draft_round(officer, year_be=2567)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        for method in ("GET", "POST"):
            officer.request(method, f"/rounds/{round_id}", headers={name: "DELETE"}, params={"_method": "DELETE"})
    assert officer.get(f"/rounds/{round_id}")["state"] == "DRAFT"
    for method in ("TRACE", "TRACK", "CONNECT", "PROPFIND", "get", "X" * 50):
        head = f"{method} /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nConnection: close\r\n\r\n"
        answer = office.raw(head.encode())
        assert answer.startswith(b"HTTP/1.1 405 ")
        assert b"a=b" not in answer


def announced(kind: str, length: int) -> bytes:
    """The rest of a request that announces a large body and begins with it."""
    return f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{{".encode()


def test_too_much_is_refused_and_the_next_one_is_served(office: Office) -> None:
    for request, status in (
        (b"GET /?" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 20_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 5_000 + b"\r\n", 431),
        (b"POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\n" + announced("application/json", 99_999_999_999), 413),
        (b"POST /login HTTP/1.1\r\nHost: x\r\n" + announced("application/x-www-form-urlencoded", 9_999_999), 413),
    ):
        answer = office.raw(request)
        assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
        assert answer.count(b"HTTP/1.1 ") == 1
    assert requests.get(f"{office.url}/health/live", timeout=10).status_code == 200


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "127.0.0.1", "[::1]", "x" * 200])
def test_no_page_repeats_the_host_that_somebody_typed(office: Office, host: str) -> None:
    for path in ("/login", "/", "/nothing", "/api/v1/me", "/api/openapi.json"):
        lines = [
            f"GET {path} HTTP/1.1", f"Host: {host}", "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: https",
            "Forwarded: host=evil.test", "Accept: text/html", "Connection: close",
        ]  # fmt: skip
        answer = office.raw("\r\n".join([*lines, "", ""]).encode())
        assert re.match(rb"HTTP/1\.1 (200|303|401|404) ", answer)
        assert b"evil.test" not in answer
        assert host.encode() not in answer or host == "127.0.0.1"
        assert b"domain=" not in answer.lower()
