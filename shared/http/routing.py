"""The router: from a request to its handler, and from whatever goes wrong to a problem in Thai."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, Map, Rule

from shared.http import validation
from shared.http.answers import Answer, json_answer, problem_answer, problem_headers
from shared.http.json_text import parse_json
from shared.http.request import ReceivedFile, Request
from shared.http.routes import PLACEHOLDER, PUBLIC, SIGNED_IN, Access, FileField, Route, Routes
from shared.problems import FieldError, Problem, not_found

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Access",
    "FileField",
    "ReceivedFile",
    "Request",
    "Route",
    "Router",
    "Routes",
    "sign_in_required",
]

Authenticate = Callable[[Request, Route, Any], None]
RenderProblem = Callable[[Request, Problem], Answer]

_log = logging.getLogger("khet.http")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


class _Text(BaseConverter):
    regex = r"[^/]{1,200}"


class _WholeNumber(BaseConverter):
    # Eighteen digits always fit the 64 bits of a database.
    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)


class Router:
    """All routes of a process.

    ``authenticate(request, route, office)`` sets ``request.identity`` and ``request.session`` or raises a problem; it
    is called for public routes too, which may greet whoever is signed in. ``render_problem(request, problem)`` makes
    the error page where a person looks at the answer; it may be called before any worker runs.
    """

    def __init__(
        self,
        modules: Iterable[Routes],
        authenticate: Authenticate | None = None,
        render_problem: RenderProblem | None = None,
    ) -> None:
        self.routes: tuple[Route, ...] = tuple(route for module in modules for route in module.items)
        self._authenticate = authenticate
        self._render_problem = render_problem
        _refuse_duplicates(self.routes)
        converters = {"text": _Text, "int": _WholeNumber}
        rules = [Rule(_rule(r.path), methods=[r.method], endpoint=r) for r in self.routes]
        self._map = Map(rules, converters={**Map.default_converters, **converters}, merge_slashes=False)
        self._map.strict_slashes = False
        self._adapter = self._map.bind("khet.invalid")

    def match(self, method: str, path: str) -> tuple[Route, Mapping[str, Any]]:
        """The route and its path parameters; a 404 or 405 problem when there is none."""
        if _CONTROL.search(path):
            raise not_found("ไม่พบหน้าหรือข้อมูลตามที่อยู่นี้")
        try:
            route, params = self._adapter.match(path, method=method)
        except NotFound:
            raise not_found("ไม่พบหน้าหรือข้อมูลตามที่อยู่นี้") from None
        except MethodNotAllowed as error:
            raise _method_not_allowed(error.valid_methods or ()) from None
        if not method.isupper():  # werkzeug takes "get" for GET; nobody else does, and neither do our own checks
            raise _method_not_allowed([route.method])
        return route, params

    def answer(self, request: Request, office: Any = None) -> Answer:
        """Authenticate, validate, call the handler with ``(request, office)``; whatever happens, there is an answer."""
        try:
            if request.route is None:
                request.route, request.params = self.match(request.method, request.path)
            self._read_form(request, request.route)
            if self._authenticate is not None:
                self._authenticate(request, request.route, office)
            self._validate(request, request.route)
            return _as_answer(request.route.handler(request, office), request.route)
        except Exception as error:
            return self.refuse(request, error)

    def refuse(self, request: Request, error: Exception) -> Answer:
        """The answer to what went wrong: a page for people, a problem document for programs."""
        problem = error if isinstance(error, Problem) else self._unexpected(request, error)
        if request.is_page and self._render_problem is not None:
            try:
                answer = self._render_problem(request, problem)
            except Exception as broken:
                problem = self._unexpected(request, broken)
            else:
                answer.headers.update(problem_headers(problem))
                return answer
        return problem_answer(problem, request.trace_id)

    def check_credentials(self, request: Request, route: Route) -> None:
        """Refuse a body before reading it when its sender shows no credential: strangers fill no disks here."""
        if self._authenticate is not None and not route.access.public and not _shows_credential(request):
            raise sign_in_required()

    def check_media_type(self, request: Request, route: Route) -> None:
        """A body must be of a type the route reads; 415 names those it does."""
        if request.media_type not in route.media_types:
            readable = ", ".join(route.media_types)
            raise Problem("media_type", 415, "ชนิดข้อมูลที่ส่งมาใช้กับที่อยู่นี้ไม่ได้", f"ใช้ได้: {readable}")

    @staticmethod
    def _unexpected(request: Request, error: Exception) -> Problem:
        where = request.route.name if request.route else request.path
        _log.error(
            "unexpected failure in %s", where, exc_info=error, extra={"trace_id": request.trace_id, "route": where}
        )
        detail = f"ระบบบันทึกเหตุไว้แล้ว หากต้องการความช่วยเหลือ แจ้งรหัส {request.trace_id}"
        return Problem("unexpected", 500, "เกิดข้อผิดพลาดในระบบ", detail)

    @staticmethod
    def _read_form(request: Request, route: Route) -> None:
        # Before authentication, because that is where the form's token is checked.
        if route.kind == "page" and request.raw:
            try:
                request.posted = validation.split_pairs(request.raw.decode())
            except UnicodeDecodeError:
                raise Problem("pairs", 400, "อ่านข้อมูลที่ส่งมาไม่ได้", "ข้อความไม่ได้เข้ารหัสแบบ UTF-8") from None

    def _validate(self, request: Request, route: Route) -> None:
        is_api = route.kind == "api"
        if route.if_match and request.if_match is None:
            raise Problem("if_match_required", 428, "ต้องระบุรุ่นที่จะแก้ไข", "ส่งส่วนหัว If-Match ตาม ETag ที่ได้รับ")
        if route.query is not None:
            pairs = validation.split_pairs(request.query_string)
            request.query = validation.load_pairs(route.query, pairs, strict=is_api)
        if request.method in ("GET", "HEAD"):
            return
        _check_files(route.files, request.files)
        if is_api and request.media_type != "multipart/form-data":
            request.json = validation.load(route.body, parse_json(request.raw), many=route.many)
        else:
            request.form = validation.load_pairs(route.body, request.posted, strict=is_api)


def _method_not_allowed(methods: Iterable[str]) -> Problem:
    allow = sorted(methods)
    return Problem("method", 405, "ใช้วิธีนี้กับที่อยู่นี้ไม่ได้", f"ใช้ได้: {', '.join(allow)}", extra={"allow": allow})


def sign_in_required() -> Problem:
    """Nobody knows who is asking."""
    return Problem("sign_in", 401, "กรุณาเข้าสู่ระบบ", "ยังไม่ได้เข้าสู่ระบบ หรือหมดเวลาใช้งานแล้ว")


def _shows_credential(request: Request) -> bool:
    return "Authorization" in request.headers or "Cookie" in request.headers


def _rule(path: str) -> str:
    """Our ``{id}`` as werkzeug's ``<text:id>``."""
    return PLACEHOLDER.sub(lambda found: f"<{found['kind'] or 'text'}:{found['name']}>", path)


def _refuse_duplicates(routes: Iterable[Route]) -> None:
    seen: set[tuple[str, str] | str] = set()
    for route in routes:
        for key in ((route.method, PLACEHOLDER.sub("{}", route.path)), route.name):
            if key in seen:
                raise ValueError(f"declared twice: {key}")
            seen.add(key)


def _check_files(declared: tuple[FileField, ...], files: list[ReceivedFile]) -> None:
    known = {field.name: field for field in declared}
    errors = [
        FieldError(file.field, "unknown", f"{file.field}: ไม่รับไฟล์ในช่องนี้") for file in files if file.field not in known
    ]
    for field in declared:
        count = sum(file.field == field.name for file in files)
        if count == 0 and not field.many:
            errors.append(FieldError(field.name, "required", f"{field.name}: ต้องแนบไฟล์"))
        elif count > 1 and not field.many:
            errors.append(FieldError(field.name, "repeated", f"{field.name}: แนบได้ไฟล์เดียว"))
    validation.refuse(errors)


def _as_answer(result: Any, route: Route) -> Answer:
    if isinstance(result, Answer):
        return result
    if result is None:
        return Answer(204)
    return json_answer(result, route.status)
