"""Static files of the web pages: from memory, compressed once, cached by browsers for as long as they are the same."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import stat_result
from pathlib import Path
from stat import S_ISREG
from typing import Any

from shared.http.answers import Answer
from shared.http.compression import compress
from shared.http.request import Request
from shared.http.routes import PUBLIC, Routes
from shared.problems import not_found

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"
# what every system says of these files, whatever its own table of types holds
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

_Age = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Asset:
    age: _Age
    version: str
    content_type: str
    plain: bytes
    gzipped: bytes | None


class StaticFiles:
    """The files below ``root`` under ``/static``; pages write their addresses with :meth:`url`.

    ``bundles`` are files that people keep in parts and browsers fetch in one piece: a name and the parts in order.
    Parts that are not there (a build that has not run) are left out.
    """

    def __init__(self, root: Path, bundles: Mapping[str, Sequence[str]] | None = None) -> None:
        self._root = root.resolve()
        self._bundles = dict(bundles or {})
        self._assets: dict[str, _Asset] = {}
        self._found: dict[str, Path] = {}
        self.routes = Routes(tag="static")
        self.routes.page("/static/{name:path}", access=PUBLIC, worker=False)(self.static_file)

    def url(self, name: str) -> str:
        """The address of a file, with its version, so that it may be cached for ever."""
        return f"/static/{name}?v={self._asset(name).version}"

    def has(self, name: str) -> bool:
        """Whether there is such a file now."""
        return bool(self._parts(name))

    def static_file(self, request: Request, _office: Any) -> Answer:
        """A style sheet, script, font or picture."""
        asset = self._asset(request.params["name"])
        # a build writes the version into the name of a file that another file names
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
        parts = self._parts(name)
        if not parts:
            raise not_found("ไม่พบไฟล์")
        age = tuple((file.st_mtime_ns, file.st_size) for file in parts.values())
        asset = self._assets.get(name)
        if asset is None or asset.age != age:
            asset = self._assets[name] = _read(name, list(parts), age)
        return asset

    def _parts(self, name: str) -> dict[Path, stat_result]:
        """Where the parts of a file lie that are there, and how old they are.

        Every page asks for several files, and following the links of a path costs more than all the rest: what was
        there once is found at once again.
        """
        found = {}
        for part in self._bundles.get(name, (name,)):
            path = self._found.get(part) or self._own(part)
            file = path and _regular(path)
            if path and file:
                self._found[part] = path
                found[path] = file
        return found

    def _own(self, part: str) -> Path | None:
        """Where a file would lie; None when that is not ours to serve."""
        path = (self._root / part).resolve()
        return path if path.is_relative_to(self._root) else None


def _regular(path: Path) -> stat_result | None:
    """How old and how large a file is; None where there is none, or its name is too long for any."""
    try:
        file = path.stat()
    except (OSError, ValueError):
        return None
    return file if S_ISREG(file.st_mode) else None


def version_of(content: bytes) -> str:
    """The version of a file that changes when its content does."""
    return hashlib.sha256(content).hexdigest()[:16]


def _read(name: str, paths: Sequence[Path], age: _Age) -> _Asset:
    plain = b"\n".join(path.read_bytes() for path in paths)
    guessed = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_text = guessed.startswith("text/") or guessed in ("image/svg+xml", "application/json")
    content_type = f"{guessed}; charset=utf-8" if is_text else guessed
    gzipped = compress(plain, level=9) if is_text and len(plain) >= 1024 else None
    return _Asset(age, version_of(plain), content_type, plain, gzipped)
