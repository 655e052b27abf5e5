"""A listening socket with eventlet's HTTP protocol on every connection, and an orderly end."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import eventlet
from eventlet import greenio, wsgi
from eventlet.semaphore import Semaphore

from shared.http.settings import HttpSettings

_log = logging.getLogger("khet.http")
_LINGER = 5.0
_POLL = 0.02
# Errors of one connection that died in the backlog, and of a process that is out of descriptors for the moment.
_PASSING = {errno.ECONNABORTED, errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EPROTO}

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Connection(wsgi.HttpProtocol):  # type: ignore[misc]
    """One client's connection; the application finds it in ``environ["khet.connection"]``."""

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
            return super()._read_request_line() or b""
        return b""

    def parse_request(self) -> bool:
        with eventlet.Timeout(self.server.socket_timeout, False):
            return bool(super().parse_request())
        self.close_connection = True
        return False

    def send_error(self, code: int, *_words: Any) -> None:
        """What is not even HTTP gets a problem document too."""
        phrase = HTTPStatus(code).phrase
        problem = {"type": "urn:khet:problem:http", "code": "http", "status": int(code), "title": phrase}
        body = json.dumps(problem).encode()
        head = (
            f"HTTP/1.1 {int(code)} {phrase}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)
        self.close_connection = True

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
