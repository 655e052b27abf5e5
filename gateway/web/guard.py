"""Keeps a person whose password was given by somebody else on the page where it is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.http.request import Request
from shared.http.routing import Route
from shared.problems import Problem

MUST_CHANGE = "password.must_change"
ALLOWED = frozenset({"/password", "/logout", "/login"})


class PageGuard:
    """The router's ``authenticate`` hook with this one rule for pages behind it."""

    def __init__(self, authenticate: Callable[[Request, Route, Any], None]) -> None:
        self._authenticate = authenticate

    def __call__(self, request: Request, route: Route, office: Any) -> None:
        self._authenticate(request, route, office)
        is_held = route.kind == "page" and not route.access.public and route.path not in ALLOWED
        if is_held and request.identity and request.identity.must_change_password:
            raise Problem(MUST_CHANGE, 403, "ต้องเปลี่ยนรหัสผ่านก่อน", "รหัสผ่านนี้มีผู้อื่นตั้งให้ กรุณาตั้งใหม่ก่อนใช้งาน")
