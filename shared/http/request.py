"""A request as handlers see it: received whole, matched to its route, validated."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags, parse_options_header

from shared.http.routes import Route
from shared.http.trace import Trace
from shared.problems import Problem

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_CALLS = 20
_ENTITY_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"|(\*)')


@dataclass(frozen=True)
class ReceivedFile:
    """A file that lies in the store's ``incoming`` under ``sha256``; ``content_type`` is told by its bytes."""

    field: str
    filename: str
    sha256: str
    size: int
    content_type: str


@dataclass
class Request:
    """One request. ``params``, ``query``, ``json`` and ``form`` are validated; ``posted`` is a form as it came.

    ``identity`` and ``session`` are empty until the gateway's ``authenticate`` fills them. ``calls`` are the last
    that were made to answer it, for the access log (``name``, ``started``, ``seconds``); a stream asks for hours.
    """

    method: str
    path: str
    query_string: str = ""
    headers: Headers = field(default_factory=Headers)
    remote: str = ""
    scheme: str = "http"
    raw: bytes = b""
    posted: MultiDict[str, str] = field(default_factory=MultiDict)
    files: list[ReceivedFile] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace.begin)
    route: Route | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    json: Any = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    identity: Any = None
    session: Any = None
    calls: deque[Any] = field(default_factory=lambda: deque(maxlen=_CALLS))

    @property
    def trace_id(self) -> str:
        """The id a user can quote when something went wrong."""
        return self.trace.trace_id

    @property
    def traceparent(self) -> str:
        """The header for whatever this request calls."""
        return self.trace.traceparent

    @cached_property
    def cookies(self) -> Mapping[str, str]:
        """The cookies the browser sent."""
        return parse_cookie(self.headers.get("Cookie", ""))

    @property
    def host(self) -> str:
        """The name under which the caller reached us."""
        return self.headers.get("Host", "")

    @cached_property
    def media_type(self) -> str:
        """The type of the body without its parameters."""
        return parse_options_header(self.headers.get("Content-Type", ""))[0].lower()

    @property
    def is_page(self) -> bool:
        """Whether a person looks at the answer: errors are then pages, not problem documents."""
        if self.route is not None:
            return self.route.kind == "page"
        is_api = self.path == "/api" or self.path.startswith("/api/")
        return not is_api and self.method in ("GET", "HEAD") and self._accepts_html

    @property
    def _accepts_html(self) -> bool:
        return any(media == "text/html" and quality > 0 for media, quality in parse_accept_header(self._accept))

    @property
    def _accept(self) -> str:
        return self.headers.get("Accept", "")

    @property
    def accepts_gzip(self) -> bool:
        """Whether the answer may be compressed."""
        encodings = parse_accept_header(self.headers.get("Accept-Encoding", ""))
        return any(name.lower() == "gzip" and quality > 0 for name, quality in encodings)

    @property
    def idempotency_key(self) -> str | None:
        """The client's name for this command, if it gave one; a page's form brings it in a field."""
        key = self.headers.get("Idempotency-Key") or self.posted.get("idempotency_key")
        if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
            raise Problem("idempotency_key", 400, "Idempotency-Key ไม่ถูกต้อง", "ใช้ตัวอักษร ASCII 1–255 ตัว ไม่เว้นวรรค")
        return key

    @property
    def if_match(self) -> str | None:
        """The version the client has seen: the text inside the tag's quotes, or ``*``."""
        header = self.headers.get("If-Match")
        if header is None:
            return None
        # A proxy that compresses may have made the tag weak; the version inside is still the one we gave.
        tag = _ENTITY_TAG.fullmatch(header.strip())
        if tag is None:
            raise Problem("if_match", 400, "If-Match ไม่ถูกต้อง", 'ระบุรุ่นเดียวตามที่ได้จาก ETag เช่น "7"')
        return tag[1] if tag[2] is None else tag[2]

    @property
    def if_none_match(self) -> str | None:
        """The header as sent; answers with an ETag are compared with it by the server."""
        return self.headers.get("If-None-Match")

    def has_seen(self, etag: str) -> bool:
        """Whether the client holds the version ``etag`` (the text inside the quotes) already."""
        return parse_etags(self.if_none_match).contains_weak(etag)
