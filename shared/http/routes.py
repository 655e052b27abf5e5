"""What a module of the gateway declares: its routes, who may call them, what they take and give."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from marshmallow import Schema

Handler = Callable[..., Any]
HandlerT = TypeVar("HandlerT", bound=Handler)

PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_][a-z0-9_]*)(?::(?P<kind>int|uuid|path))?\}")


@dataclass(frozen=True)
class Access:
    """Who may call a route: anybody, or a holder of one of ``roles`` at ``scope`` (no role named: who is signed in).

    ``scope`` is ``school``, ``area`` or ``system``, empty where everybody gets their own. ``elsewhere`` is what a
    holder of the role at another school of the area is told about this one: 403, 404 where even existence is not
    theirs to know, None where they may ask too. Another area is always refused.
    """

    public: bool = False
    roles: tuple[str, ...] = ()
    scope: str = ""
    elsewhere: int | None = None


PUBLIC = Access(public=True)
SIGNED_IN = Access()


@dataclass(frozen=True)
class FileField:
    """A file part of a multipart body; written ``"file"`` (exactly one) or ``"attachments*"`` (any number)."""

    name: str
    many: bool

    @classmethod
    def parse(cls, written: str) -> FileField:
        return cls(written.removesuffix("*"), written.endswith("*"))


@dataclass(frozen=True)
class Route:
    """One method on one path.

    ``path`` holds ``{name}`` or ``{name:int|uuid|path}``; ``body`` and ``query`` are schemas (``many``:
    the body is a list of such); ``answers`` describes a JSON answer, ``produces`` names the type of any other;
    ``if_match`` asks for the header (428 without); ``problems`` are the codes the handler may answer, ``too_large``
    the code for a body over its limit. A route with ``worker=False`` answers from memory in the connection's own green
    thread: it gets no office and must not wait for anything.
    """

    method: str
    path: str
    handler: Handler
    tag: str = ""
    kind: Literal["api", "page"] = "api"
    body: type[Schema] | None = None
    many: bool = False
    query: type[Schema] | None = None
    answers: type[Schema] | None = None
    status: int = 200
    produces: str = "application/json"
    access: Access = SIGNED_IN
    idempotent: bool = False
    if_match: bool = False
    files: tuple[FileField, ...] = ()
    problems: tuple[str, ...] = ()
    too_large: str = "too_large"
    worker: bool = True

    @property
    def name(self) -> str:
        """The handler's name: operationId, label of metrics."""
        return str(self.handler.__name__)

    @property
    def path_params(self) -> list[tuple[str, str]]:
        """The names in the path with their kind (``text`` when none is written)."""
        return [(found["name"], found["kind"] or "text") for found in PLACEHOLDER.finditer(self.path)]

    @cached_property
    def media_types(self) -> tuple[str, ...]:
        """The body types this route reads. The API takes no plain form, so no foreign site's form can post to it."""
        plain = "application/json" if self.kind == "api" else "application/x-www-form-urlencoded"
        return (plain, "multipart/form-data") if self.files else (plain,)


@dataclass
class Routes:
    """The routes of one module, in the order written; the decorators return the handler unchanged."""

    tag: str
    items: list[Route] = field(default_factory=list)

    def get(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """A question."""
        return self._add("GET", path, options)

    def post(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """A command."""
        return self._add("POST", path, options)

    def put(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Replace; If-Match is asked for unless ``if_match=False``."""
        return self._add("PUT", path, {"if_match": True, **options})

    def patch(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Change; If-Match is asked for unless ``if_match=False``."""
        return self._add("PATCH", path, {"if_match": True, **options})

    def delete(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Remove."""
        return self._add("DELETE", path, options)

    def page(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """A web page."""
        return self._add("GET", path, {**options, "kind": "page", "produces": "text/html"})

    def form(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """What a web page's form posts to."""
        return self._add("POST", path, {**options, "kind": "page", "produces": "text/html"})

    def _add(self, method: str, path: str, options: dict[str, Any]) -> Callable[[HandlerT], HandlerT]:
        files: Sequence[str] = options.pop("files", ())
        fields = tuple(FileField.parse(written) for written in files)

        def register(handler: HandlerT) -> HandlerT:
            self.items.append(Route(method, path, handler, tag=self.tag, files=fields, **options))
            return handler

        return register
