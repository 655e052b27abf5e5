"""Answers: what a handler gives back, and the helpers that make them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.http import dump_cookie
from werkzeug.urls import iri_to_uri

from shared.http.compression import CommonPart
from shared.http.json_text import encode_json
from shared.problems import Problem

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
HTML = "text/html; charset=utf-8"
_CHUNK = 64 << 10

# Pages bring no foreign scripts, styles or frames; a page that needs more says so in its headers.
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Cookie:
    """A cookie to set; ``max_age=0`` deletes it, ``None`` keeps it until the browser closes."""

    name: str
    value: str
    max_age: int | None = None
    path: str = "/"
    secure: bool = True
    http_only: bool = True
    same_site: str = "Lax"

    def header(self) -> str:
        """The value of its Set-Cookie header."""
        return dump_cookie(
            self.name,
            self.value,
            max_age=self.max_age,
            path=self.path,
            secure=self.secure,
            httponly=self.http_only,
            samesite=self.same_site,
        )


@dataclass
class Answer:
    """A status, a body and what describes it. ``etag`` is the bare version; the server adds quotes and compares.

    ``common`` is a part of the body that other answers have too.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[Cookie] = field(default_factory=list)
    etag: str | None = None
    common: CommonPart | None = None


@dataclass(frozen=True)
class ServerEvent:
    """One event of a stream: JSON-ready ``data`` under a name, with an id the browser repeats when it reconnects."""

    data: Any
    event: str = "message"
    id: str = ""

    def encoded(self) -> bytes:
        head = f"id: {_one_line(self.id)}\n" if self.id else ""
        return f"{head}event: {_one_line(self.event)}\ndata: ".encode() + encode_json(self.data) + b"\n\n"


class EventStream:
    """The body of a server-sent-events answer; ``pause`` and ``ending`` come from the server that sends it.

    ``source`` yields events, or ``None`` when there is nothing new; the server then waits ``every`` seconds before
    it asks again, writes a comment when nothing was said for ``heartbeat`` seconds (so that proxies keep the
    connection and a browser that went away is noticed), and stops when the process drains.
    """

    def __init__(self, source: Iterable[ServerEvent | None], every: float, heartbeat: float) -> None:
        self._source = iter(source)
        self._every = every
        self._heartbeat = heartbeat

    def chunks(self, pause: Callable[[float], None], ending: Callable[[], bool]) -> Iterator[bytes]:
        """The bytes, for as long as the source has events."""
        yield b"retry: 3000\n\n"
        spoken = time.monotonic()
        for event in self._source:
            if event is not None:
                yield event.encoded()
                spoken = time.monotonic()
            else:
                if time.monotonic() - spoken >= self._heartbeat:
                    yield b": still here\n\n"
                    spoken = time.monotonic()
                pause(self._every)
            if ending():
                return

    def close(self) -> None:
        """Let the source clean up, whether or not it was read."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks(time.sleep, lambda: False)


class FileBody:
    """A file from the store, read in pieces; open until it is sent or dropped."""

    def __init__(self, opened: AbstractContextManager[Path]) -> None:
        with ExitStack() as stack:
            path = stack.enter_context(opened)
            self._stream = stack.enter_context(path.open("rb"))
            self.size = path.stat().st_size
            self._stack = stack.pop_all()

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._stream.read(_CHUNK), b"")

    def close(self) -> None:
        """Give the file back."""
        self._stack.close()


def json_answer(
    value: Any, status: int = 200, *, etag: str | int | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """``value`` as JSON."""
    tag = None if etag is None else str(etag)
    return Answer(status, encode_json(value), JSON, dict(headers or {}), etag=tag)


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A web page, with the headers that keep foreign content out."""
    return Answer(status, html.encode(), HTML, {"Content-Security-Policy": _PAGE_POLICY, **(headers or {})})


def redirect(location: str) -> Answer:
    """See other: the browser fetches ``location`` with GET."""
    return Answer(303, b"", HTML, {"Location": iri_to_uri(location)})


def event_stream(source: Iterable[ServerEvent | None], every: float = 1.0, heartbeat: float = 15.0) -> Answer:
    """A stream of server-sent events.

    ``source`` is read after the worker has ended: it must not touch anything that was injected into the worker.
    """
    body = EventStream(source, every, heartbeat)
    return Answer(200, body, "text/event-stream", {"X-Accel-Buffering": "no"})


def file_answer(
    opened: AbstractContextManager[Path], filename: str, content_type: str, *, inline: bool = False
) -> Answer:
    """A file from the store (``store.path_for_reading(...)``), saved by the browser as ``filename``."""
    disposition = content_disposition(filename, "inline" if inline else "attachment")
    return Answer(200, FileBody(opened), content_type, {"Content-Disposition": disposition})


def content_disposition(filename: str, kind: str = "attachment") -> str:
    """RFC 6266: an ASCII name for the old, the real one in UTF-8 for the rest."""
    fallback = "".join(c if c.isascii() and (c.isalnum() or c in " .-_()") else "_" for c in filename)
    if fallback == filename:
        return f'{kind}; filename="{filename}"'
    encoded = quote(filename.encode("utf-8", "replace"), safe="")
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{encoded}"


def problem_answer(problem: Problem, trace_id: str) -> Answer:
    """The problem document, with the trace id a user can quote."""
    document = {**problem.as_dict(), "trace_id": trace_id}
    return Answer(problem.status, encode_json(document), PROBLEM_JSON, problem_headers(problem))


def problem_headers(problem: Problem) -> dict[str, str]:
    """The headers HTTP asks for beside some statuses; a page that shows the problem carries them too."""
    headers = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "allow" in problem.extra:
        headers["Allow"] = ", ".join(problem.extra["allow"])
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    return headers


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
