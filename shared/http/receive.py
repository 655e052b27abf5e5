"""Receiving a body, whole, before any worker is taken: JSON and forms into memory, files into the store."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from typing import IO, Any, Protocol

from eventlet import sleep, tpool
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from shared.files.store import INCOMING, FileStore, FileWriter, too_large
from shared.http.request import ReceivedFile, Request
from shared.http.settings import KIB, HttpSettings
from shared.problems import Problem

_BUFFER = 64 * KIB
_FIELD_LIMIT = 256 * KIB  # must exceed the buffer, or the parser refuses every chunk
_MOST_PARTS = 50


class Readable(Protocol):
    """The part of ``wsgi.input`` that is used."""

    def read(self, size: int, /) -> bytes: ...


def body_limit(request: Request, settings: HttpSettings) -> int:
    """How much this request may send."""
    return settings.upload_limit if request.media_type == "multipart/form-data" else settings.body_limit


def receive_body(request: Request, stream: Readable, length: int, settings: HttpSettings) -> None:
    """Read exactly ``length`` bytes into ``request.raw``, or into ``request.posted`` and ``request.files``."""
    if length > body_limit(request, settings):
        raise too_large(body_limit(request, settings), _too_large_code(request))
    exact = _ExactStream(stream, length)
    if request.media_type != "multipart/form-data":
        request.raw = exact.read_all()
    elif settings.incoming is None:
        raise Problem("media_type", 415, "ที่อยู่นี้ไม่รับไฟล์")
    else:
        _receive_parts(request, exact, settings.incoming, settings.file_limit)


def _too_large_code(request: Request) -> str:
    return request.route.too_large if request.route else "too_large"


class _ExactStream:
    """The body and nothing after it; a client that goes away midway is a 400, not a short body."""

    def __init__(self, stream: Readable, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int) -> bytes:
        if not self._left:
            return b""
        chunk = self._stream.read(min(size, self._left))
        if not chunk:
            raise Problem("incomplete", 400, "ได้รับข้อมูลไม่ครบ", "การเชื่อมต่อขาดระหว่างส่ง กรุณาส่งใหม่")
        self._left -= len(chunk)
        sleep(0)  # a fast client must not keep the others from being served
        return chunk

    def read_all(self) -> bytes:
        chunks = []
        while chunk := self.read(_BUFFER):
            chunks.append(chunk)
        return b"".join(chunks)


class _PartStream:
    """What werkzeug's parser writes a file part to."""

    def __init__(self, writer: FileWriter) -> None:
        self.writer = writer
        self.write: Callable[[bytes], int] = writer.write

    def seek(self, _position: int) -> None:
        """The parser rewinds what it wrote; nobody reads it here."""


def _receive_parts(request: Request, exact: _ExactStream, store: FileStore, file_limit: int) -> None:
    with ExitStack() as unfinished:

        def new_part(*_args: Any, **_named: Any) -> Any:
            return _PartStream(unfinished.enter_context(store.receive(INCOMING, file_limit, _too_large_code(request))))

        form, parts = _parse(request, exact, new_part)
        request.posted = form
        for field, part in parts.items(multi=True):
            received = _finished(field, part)
            if received is not None:
                request.files.append(received)


def _parse(
    request: Request, exact: _ExactStream, new_part: Callable[..., IO[bytes]]
) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    options = parse_options_header(request.headers.get("Content-Type", ""))[1]
    parser = MultiPartParser(
        stream_factory=new_part, max_form_memory_size=_FIELD_LIMIT, buffer_size=_BUFFER, max_form_parts=_MOST_PARTS
    )
    boundary = options.get("boundary", "").encode("ascii", "replace")
    if not 1 <= len(boundary) <= 200:
        raise _unreadable()
    try:
        form, parts = parser.parse(exact, boundary, None)  # type: ignore[arg-type]  # it only reads
    except RequestEntityTooLarge:
        detail = f"มีส่วนข้อมูลมากเกิน {_MOST_PARTS} ส่วน หรือข้อความยาวเกินกำหนด"
        raise Problem("too_large", 413, "ข้อมูลมีขนาดใหญ่เกินไป", detail) from None
    except ValueError:
        raise _unreadable() from None
    if any(name is None for name in (*form, *parts)):
        raise _unreadable()
    return form, parts


def _finished(field: str, part: FileStorage) -> ReceivedFile | None:
    writer: FileWriter = part.stream.writer  # type: ignore[attr-defined]
    if not part.filename and not writer.size:
        return None  # a file input that was left empty
    # Flushing to disk may take a while: off the hub.
    sha256 = tpool.execute(writer.finish)
    return ReceivedFile(field, safe_filename(part.filename or ""), sha256, writer.size, writer.content_type)


_NAME_LENGTH, _SUFFIX_LENGTH = 200, 20


def safe_filename(name: str) -> str:
    """The last part of the name a browser sent, in one normal form, without what no file system or header takes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if not unicodedata.category(c).startswith("C"))
    stem, dot, suffix = kept.strip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    ending = f"{dot}{suffix}"[:_SUFFIX_LENGTH]
    return f"{stem[: _NAME_LENGTH - len(ending)]}{ending}" or "file"


def _unreadable() -> Problem:
    return Problem("multipart", 400, "อ่านไฟล์ที่ส่งมาไม่ได้", "รูปแบบ multipart/form-data ไม่ถูกต้อง")
