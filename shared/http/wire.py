"""From an answer to what goes over the wire: conditions, compression, lengths, the headers every answer carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from shared.http.answers import Answer, FileBody
from shared.http.compression import CommonPart, compress
from shared.http.request import Request

_COMPRESS_FROM = 1024
_TEXT = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml")


# What every answer says unless it says otherwise. Almost everything here is somebody's data: nobody keeps it, no other
# site shows it in a frame or takes it into its own page, and whoever opens it by itself runs nothing of it.
COMMON_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# RFC 6797, for a year: a browser that was here once does not come by plain http again
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


@dataclass
class WireAnswer:
    """What WSGI wants: the status line's text, header pairs, and a body that is a list when it is complete."""

    status: str
    headers: list[tuple[str, str]]
    body: Iterable[bytes]


def to_wire(request: Request, answer: Answer, *, https: bool = False) -> WireAnswer:
    """Apply HTTP's own rules to ``answer``; raises ``ValueError`` for a header that would break out of its line.

    ``https``: people reach the system that way alone.
    """
    headers = {
        "Content-Type": answer.content_type,
        "X-Request-Id": request.trace_id,
        **COMMON_HEADERS,
        **(HTTPS_ONLY if https else {}),
        **answer.headers,
    }
    if answer.etag is not None:
        headers["ETag"] = f'"{answer.etag}"'
    body, status = answer.body, answer.status
    if _is_unchanged(request, answer):
        status, body = 304, _dropped(body)
    if status in (204, 304):
        del headers["Content-Type"]
        body = _dropped(body)
    elif isinstance(body, bytes):
        body = _compressed(request, body, headers, answer.common)
        headers["Content-Length"] = str(len(body))
    elif isinstance(body, FileBody):
        headers["Content-Length"] = str(body.size)
    if request.method == "HEAD":
        body = _dropped(body)
    pairs = [*headers.items(), *(("Set-Cookie", cookie.header()) for cookie in answer.cookies)]
    _refuse_line_breaks(pairs)
    phrase = HTTPStatus(status).phrase
    return WireAnswer(f"{status} {phrase}", pairs, _listed(body) if isinstance(body, bytes) else body)


def _is_unchanged(request: Request, answer: Answer) -> bool:
    is_question = request.method in ("GET", "HEAD") and answer.status == 200
    return is_question and answer.etag is not None and request.has_seen(answer.etag)


def _compressed(request: Request, body: bytes, headers: dict[str, str], common: CommonPart | None) -> bytes:
    is_text = headers["Content-Type"].startswith(_TEXT)
    if not is_text or len(body) < _COMPRESS_FROM or "Content-Encoding" in headers:
        return body
    headers["Vary"] = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
    if not request.accepts_gzip:
        return body
    headers["Content-Encoding"] = "gzip"
    return common.compress_around(body) if common else compress(body)


def _dropped(body: bytes | Iterable[bytes]) -> bytes:
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return b""


def _listed(body: bytes) -> list[bytes]:
    return [body] if body else []


def _refuse_line_breaks(pairs: list[tuple[str, str]]) -> None:
    for name, value in pairs:
        if not (name + value).isascii() or any(control in name + value for control in "\r\n\0"):
            raise ValueError(f"header {name} holds what a header cannot")
