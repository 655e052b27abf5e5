"""Static files of the web pages: from memory, compressed once, cached by browsers for as long as they are the same."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routes import PUBLIC, Routes
from shared.http.wire import compress
from shared.problems import not_found

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True)
class _Asset:
    age: tuple[int, int]
    version: str
    content_type: str
    plain: bytes
    gzipped: bytes | None


class StaticFiles:
    """The files below ``root`` under ``/static``; pages write their addresses with :meth:`url`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._assets: dict[str, _Asset] = {}
        self.routes = Routes(tag="static")
        self.routes.page("/static/{name:path}", access=PUBLIC, worker=False)(self.static_file)

    def url(self, name: str) -> str:
        """The address of a file, with its version, so that it may be cached for ever."""
        return f"/static/{name}?v={self._asset(name).version}"

    def static_file(self, request: Request, _office: Any) -> Answer:
        """A style sheet, script, font or picture."""
        asset = self._asset(request.params["name"])
        is_versioned = request.query_string == f"v={asset.version}" or asset.version in request.params["name"]
        headers = {"Cache-Control": _FOR_EVER if is_versioned else _ASK_AGAIN}
        if asset.gzipped is None:
            return Answer(200, asset.plain, asset.content_type, headers, etag=asset.version)
        headers["Vary"] = "Accept-Encoding"
        if request.accepts_gzip:
            headers["Content-Encoding"] = "gzip"
            return Answer(200, asset.gzipped, asset.content_type, headers, etag=f"{asset.version}-gzip")
        return Answer(200, asset.plain, asset.content_type, headers, etag=asset.version)

    def _asset(self, name: str) -> _Asset:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root) or not path.is_file():
            raise not_found("ไม่พบไฟล์")
        found = path.stat()
        age = (found.st_mtime_ns, found.st_size)
        asset = self._assets.get(name)
        if asset is None or asset.age != age:
            asset = self._assets[name] = _read(path, age)
        return asset


def _read(path: Path, age: tuple[int, int]) -> _Asset:
    plain = path.read_bytes()
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = guessed.startswith("text/") or guessed in ("application/javascript", "image/svg+xml", "application/json")
    content_type = f"{guessed}; charset=utf-8" if is_text else guessed
    gzipped = compress(plain) if is_text and len(plain) >= 1024 else None
    return _Asset(age, hashlib.sha256(plain).hexdigest()[:16], content_type, plain, gzipped)
