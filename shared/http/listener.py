"""A listening socket with eventlet's HTTP protocol on every connection, and an orderly end."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import eventlet
from eventlet import greenio, wsgi
from eventlet.semaphore import Semaphore

from shared.http.answers import problem_answer
from shared.http.framing import check_head, not_http
from shared.http.settings import HttpSettings
from shared.http.trace import Trace
from shared.http.wire import COMMON_HEADERS
from shared.problems import Problem

_log = logging.getLogger("khet.http")
_LINGER = 5.0
_POLL = 0.02
# Errors of one connection that died in the backlog, and of a process that is out of descriptors for the moment.
_PASSING = {errno.ECONNABORTED, errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EPROTO}

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Lines:
    """The lines of a head as they are read, kept for whoever looks at them more closely than the parser."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.read: list[bytes] = []

    def readline(self, size: int = -1) -> bytes:
        line: bytes = self._stream.readline(size)
        self.read.append(line)
        return line


class Connection(wsgi.HttpProtocol):  # type: ignore[misc]
    """One client's connection; the application finds it in ``environ["khet.connection"]``."""

    rfile: Any
    is_abandoned = False

    def refuse_rest(self) -> None:
        """Answer without reading the rest of the body, and close afterwards."""
        self.close_connection = True
        self.is_abandoned = True

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["khet.connection"] = self
        return environ

    def _read_request_line(self) -> bytes:
        # eventlet limits each read, not the line: a byte now and then would hold the connection for ever.
        with eventlet.Timeout(self.server.keepalive, False):
            line: bytes = super()._read_request_line() or b""
            if len(line) < self.server.url_length_limit:
                return line
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
        return b""

    def parse_request(self) -> bool:
        lines = self.rfile = _Lines(self.rfile)
        with eventlet.Timeout(self.server.socket_timeout, False):
            return self._parse_strictly(lines)
        self.close_connection = True
        return False

    def _parse_strictly(self, lines: _Lines) -> bool:
        try:
            if not super().parse_request():
                return False
            check_head(self.raw_requestline, lines.read)
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        except Problem as problem:
            self._refuse(problem)
            return False
        return True

    def send_error(self, code: int, *_words: Any) -> None:
        """What is not even HTTP gets a problem document too."""
        self._refuse(not_http(int(code)))

    def _refuse(self, problem: Problem) -> None:
        trace_id = Trace.begin().trace_id
        answer = problem_answer(problem, trace_id)
        headers = {**COMMON_HEADERS, **answer.headers, "Content-Type": answer.content_type, "X-Request-Id": trace_id}
        body = bytes(answer.body)  # type: ignore[arg-type]
        head = [
            f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        self.wfile.write("\r\n".join([*head, "", ""]).encode() + body)
        self.refuse_rest()
        _log.info("refused what is no request: %s", problem, extra={"trace_id": trace_id, "status": problem.status})

    def log_message(self, words: str, *values: Any) -> None:
        _log.debug(words, *values)

    def finish(self) -> None:
        if self.is_abandoned:
            self._linger()
        super().finish()

    def _linger(self) -> None:
        """Let a client that is still sending read the answer: closing at once would reset the connection under it."""
        with contextlib.suppress(OSError), eventlet.Timeout(_LINGER, False):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(1 << 16):
                eventlet.sleep(0)


class Listener:
    """Accepts connections and serves ``application`` on each, in green threads made by ``spawn``."""

    def __init__(self, application: WsgiApplication, settings: HttpSettings, spawn: Callable[..., Any]) -> None:
        self._application = application
        self._settings = settings
        self._spawn = spawn
        self._free = Semaphore(settings.connections)
        self._connections: dict[int, list[Any]] = {}
        self._socket: Any = None
        self._acceptor: Any = None
        self.address: tuple[str, int] | None = None

    def start(self) -> None:
        """Bind, listen, serve."""
        family = socket.AF_INET6 if ":" in self._settings.host else socket.AF_INET
        self._socket = eventlet.listen((self._settings.host, self._settings.port), family=family, backlog=256)
        # kombu may have set a process-wide default; waiting for connections has no end of time.
        self._socket.settimeout(None)
        self.address = self._socket.getsockname()[:2]
        self._server = wsgi.Server(
            self._socket,
            self.address,
            self._application,
            protocol=Connection,
            keepalive=self._settings.keepalive,
            socket_timeout=self._settings.socket_timeout,
            log_output=False,
            debug=False,
        )
        self._acceptor = self._spawn(self._accept)
        _log.info("listening on %s:%d", *self.address, extra={"host": self.address[0], "port": self.address[1]})

    def stop(self) -> None:
        """Accept nobody, close idle connections, let running requests finish within the drain timeout."""
        if self._socket is None:
            return
        self._acceptor.kill()
        self._socket.close()
        for state in list(self._connections.values()):
            is_idle, state[2] = state[2] == wsgi.STATE_IDLE, wsgi.STATE_CLOSE
            if is_idle:
                greenio.shutdown_safe(state[1])
        with eventlet.Timeout(self._settings.drain_timeout, False):
            while self._connections:
                eventlet.sleep(_POLL)
        self._cut("unfinished requests were cut off")

    def kill(self) -> None:
        """Stop without grace."""
        if self._socket is None:
            return
        self._acceptor.kill()
        self._socket.close()
        self._cut("requests were cut off")

    def _cut(self, reason: str) -> None:
        if self._connections:
            _log.warning("%s: %d", reason, len(self._connections))
        for state in list(self._connections.values()):
            greenio.shutdown_safe(state[1])

    def _accept(self) -> None:
        while True:
            self._free.acquire()
            try:
                client, peer = self._socket.accept()
            except OSError as error:
                self._free.release()
                if error.errno not in _PASSING:
                    raise
                _log.warning("could not accept a connection: %s", error)
                eventlet.sleep(0.1)
                continue
            client.settimeout(self._settings.socket_timeout)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            state = [peer, client, wsgi.STATE_IDLE]
            self._connections[id(state)] = state
            self._spawn(lambda state=state: self._serve(state))

    def _serve(self, state: list[Any]) -> None:
        # Nothing may escape: nameko kills the container when one of its threads raises.
        try:
            self._server.process_request(state)
        except (OSError, eventlet.Timeout) as error:
            _log.debug("connection of %s ended: %s", state[0], error)
        except Exception:
            _log.exception("connection of %s failed", state[0])
        finally:
            del self._connections[id(state)]
            with contextlib.suppress(OSError):
                state[1].close()
            self._free.release()
