"""The WSGI application between a connection and the router: limits, the whole body, then somebody who answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import eventlet
from prometheus_client import Histogram
from werkzeug.datastructures import EnvironHeaders, Headers

from shared.http.answers import Answer, EventStream
from shared.http.listener import Connection
from shared.http.receive import receive_body
from shared.http.request import Request
from shared.http.routing import Router
from shared.http.settings import KIB, HttpSettings
from shared.http.trace import Trace
from shared.http.wire import WireAnswer, to_wire
from shared.problems import Problem

_access_log = logging.getLogger("khet.http.access")
_log = logging.getLogger("khet.http")
_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
_DISCARDED_QUIETLY: Final = 64 * KIB

_SECONDS = Histogram(
    "khet_http_request_seconds", "From the request line to the last byte of the answer.", ["route", "method", "status"]
)


class Application:
    """Serves ``router``; ``run`` answers a request whose route wants a worker, ``draining`` says when to refuse."""

    def __init__(
        self,
        router: Router,
        settings: HttpSettings,
        run: Callable[[Request], Answer],
        draining: Callable[[], bool],
    ) -> None:
        self._router = router
        self._settings = settings
        self._run = run
        self._draining = draining

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.monotonic()
        connection: Connection = environ["khet.connection"]
        request = self._request(environ)
        try:
            answer = self._answer(request, environ)
        except Exception as error:
            answer = self._router.refuse(request, error)
            _give_up_on_body(environ, connection)
        if self._draining():
            connection.close_connection = True
        wire = self._wire(request, answer)
        environ["eventlet.posthooks"].append((_written_down, (request, int(wire.status[:3]), started), {}))
        start_response(wire.status, wire.headers)
        return self._body(wire, environ, connection)

    def _request(self, environ: dict[str, Any]) -> Request:
        headers = Headers(list(EnvironHeaders(environ)))
        peer = environ["REMOTE_ADDR"]
        trusts = self._settings.trusts(peer)
        return Request(
            method=environ["REQUEST_METHOD"],
            # WSGI hands the bytes over as Latin-1; what is not UTF-8 cannot match any route.
            path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            query_string=environ.get("QUERY_STRING", ""),
            headers=headers,
            remote=self._settings.client_address(peer, headers.get("X-Forwarded-For", "")),
            scheme=headers.get("X-Forwarded-Proto", "http") if trusts else "http",
            trace=Trace.continued(headers.get("Traceparent")),
        )

    def _answer(self, request: Request, environ: dict[str, Any]) -> Answer:
        if self._draining():
            raise draining_problem()
        length = int(environ.get("CONTENT_LENGTH") or 0)  # the listener has looked at it
        request.route, request.params = self._router.match(request.method, request.path)
        if length and request.method in _WITH_BODY:
            self._router.check_credentials(request, request.route)
            self._router.check_media_type(request, request.route)
            self._receive(request, environ, length)
        elif length > _DISCARDED_QUIETLY:
            _give_up_on_body(environ, environ["khet.connection"])
        if request.route.worker:
            return self._run(request)
        return self._router.answer(request)

    def _receive(self, request: Request, environ: dict[str, Any], length: int) -> None:
        try:
            with eventlet.Timeout(self._settings.receive_timeout):
                receive_body(request, environ["wsgi.input"], length, self._settings)
        except (TimeoutError, eventlet.Timeout):
            raise Problem("too_slow", 408, "ส่งข้อมูลช้าเกินไป", "การเชื่อมต่อเงียบไปนาน กรุณาส่งใหม่") from None
        except OSError as error:
            raise Problem("incomplete", 400, "ได้รับข้อมูลไม่ครบ", "การเชื่อมต่อขาดระหว่างส่ง") from error

    def _wire(self, request: Request, answer: Answer) -> WireAnswer:
        try:
            return to_wire(request, answer, https=self._settings.https)
        except Exception as error:
            return to_wire(request, self._router.refuse(request, error), https=self._settings.https)

    def _body(self, wire: WireAnswer, environ: dict[str, Any], connection: Connection) -> Iterable[bytes]:
        if isinstance(wire.body, list):
            return wire.body
        if isinstance(wire.body, EventStream):
            # Without this eventlet gathers 4 KiB before it writes, and events arrive all at the end.
            environ["eventlet.minimum_write_chunk_size"] = 1
            connection.close_connection = True
            return _Streamed(wire.body, wire.body.chunks(eventlet.sleep, self._draining))
        return _Streamed(wire.body, wire.body)


class _Streamed:
    """A body in pieces that lets others run between them and always closes what it reads from."""

    def __init__(self, source: Any, chunks: Iterable[bytes]) -> None:
        self._source = source
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._chunks:
                yield chunk
                eventlet.sleep(0)
        except Exception:
            # The status is out already; breaking the connection is the only way left to say that this is not all.
            _log.exception("an answer broke off")
            raise

    def close(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()


def draining_problem() -> Problem:
    """The process is on its way out; another will answer."""
    return Problem("draining", 503, "ระบบกำลังเริ่มใหม่", "กรุณาลองอีกครั้งในอีกสักครู่", extra={"retry_after": 5})


def _give_up_on_body(environ: dict[str, Any], connection: Connection) -> None:
    """A body that was not read: a small one is skipped by eventlet, anything else closes the connection."""
    stream = environ["eventlet.input"]
    rest = (stream.content_length or 0) - stream.position
    if stream.chunked_input or rest > _DISCARDED_QUIETLY or stream.should_send_hundred_continue:
        connection.refuse_rest()


def _written_down(environ: dict[str, Any], request: Request, status: int, started: float) -> None:
    """The access log line with the calls it took, and the metric; the query is left out, it may name people."""
    seconds = time.monotonic() - started
    route = request.route.name if request.route else ""
    _SECONDS.labels(route, request.method if route else "", status).observe(seconds)
    _access_log.info(
        "%s %s %d",
        request.method,
        request.path,
        status,
        extra={
            "method": request.method,
            "path": request.path,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 2),
            "remote": request.remote,
            "trace_id": request.trace_id,
            "bytes_in": environ["eventlet.input"].position,
            "calls": [
                {
                    "name": call.name,
                    "after_ms": round((call.started - started) * 1000, 2),
                    "took_ms": round(call.seconds * 1000, 2),
                }
                for call in request.calls
            ],
        },
    )
