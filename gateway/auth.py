"""Who calls: bearer tokens of programs, session cookies of browsers."""

from __future__ import annotations

from typing import Any

from gateway.environment import SETTINGS
from gateway.office import Login, Office
from shared.bus.rpc import unavailable
from shared.clock import Clock
from shared.http.answers import Cookie
from shared.http.request import Request
from shared.http.routing import Route
from shared.problems import Problem, forbidden
from shared.security.identity import Identity, IdentityVerifier, unauthenticated
from shared.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD"})
UNAUTHENTICATED = frozenset({"unauthenticated"})


class Authenticator:
    """The router's hook: fills ``request.session`` and ``request.identity``, and refuses who may not pass.

    Services check everything again; what is refused here only saves them the work.
    """

    def __init__(self, verifier: IdentityVerifier, clock: Clock) -> None:
        self._verifier = verifier
        self._clock = clock

    def __call__(self, request: Request, route: Route, office: Office | None) -> None:
        if office is None:
            return
        token, from_cookie = _credential(request)
        if token is None:
            _require_public(route)
            return
        if from_cookie and request.method not in SAFE_METHODS:
            check_same_origin(request)
        try:
            request.session = office.identify(request, token, from_cookie=from_cookie)
            request.identity = self._verified(request.session)
        except Problem as problem:
            if route.access.public and problem.code in UNAUTHENTICATED:
                return
            raise
        _require_roles(request.identity, route)

    def _verified(self, login: Login) -> Identity:
        try:
            return self._verifier.verify(login.identity)
        except Problem:
            if login.from_cookie and login.identity == login.token:
                # the cookie's token has expired and the owner of sessions is away: nobody can say that it is over
                raise unavailable("schools") from None
            raise


def check_same_origin(request: Request) -> None:
    """Refuse what another site made the browser send along with its cookie.

    Raises:
        Problem: ``csrf`` (403).
    """
    site = request.headers.get("Sec-Fetch-Site")
    # plain http sites and old browsers do not say it; they name the origin of the page with every form
    same = site in ("same-origin", "none") if site else request.headers.get("Origin") in _origins(request)
    if not same:
        raise Problem("csrf", 403, "คำขอไม่ได้มาจากหน้าเว็บของระบบนี้", "กรุณาเปิดหน้าใหม่แล้วลองอีกครั้ง")


def _origins(request: Request) -> set[str]:
    """The origins of our own pages: as this request names us, and as people do behind a proxy."""
    hosts = {request.host, SETTINGS.public_url.partition("://")[2].rstrip("/")} - {""}
    schemes = ("https",) if SETTINGS.is_https else ("http", "https")
    return {f"{scheme}://{host}" for scheme in schemes for host in hosts}


def cookie_name(settings: Settings) -> str:
    """The name of the session's cookie. By its prefix browsers let neither plain http nor another host of the domain
    set it (RFC 6265bis §4.1.3.2), so nobody can put a session of theirs into somebody else's browser.
    """
    return "__Host-khet_session" if settings.is_https else "khet_session"


def session_cookie(token: str) -> Cookie:
    """The cookie of a browser's session; the session itself lives in the schools service."""
    return Cookie(COOKIE, token, secure=SETTINGS.is_https)


def no_session_cookie() -> Cookie:
    """Forget it."""
    return Cookie(COOKIE, "", max_age=0, secure=SETTINGS.is_https)


COOKIE = cookie_name(SETTINGS)


def _credential(request: Request) -> tuple[str | None, bool]:
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated("ต้องใช้ Authorization: Bearer <access_token>")
        return token.strip(), False
    return request.cookies.get(COOKIE) or None, True


def _require_public(route: Route) -> None:
    if not route.access.public:
        raise unauthenticated()


def _require_roles(identity: Identity, route: Route) -> None:
    roles: Any = route.access.roles
    if roles and not identity.roles & set(roles):
        raise forbidden()
