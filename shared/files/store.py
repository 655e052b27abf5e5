"""Content-addressed files, a prefix per service: ``<root>/<prefix>/<first two hex>/<sha256>``.

A file is written to a name of its own, flushed to disk and renamed, so a name that exists is always whole and two
uploads of the same bytes cannot hurt each other. The gateway writes only to :data:`INCOMING`; the owner of the
document claims the file by its hash and a sweeper empties what nobody claimed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from shared.files.sniff import HEAD_BYTES, sniff
from shared.problems import Problem, not_found

INCOMING = "incoming"

_PREFIX = re.compile(r"[a-z][a-z0-9_-]{0,40}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UNFINISHED = ".unfinished"
_COPY_CHUNK = 1 << 20


class FileStore:
    """The files of one installation under ``root``.

    ``min_free`` bytes of the disk are never taken by uploads, because the databases may share it.
    """

    def __init__(self, root: Path, min_free: int = 200 << 20) -> None:
        self.root = root
        self._min_free = min_free

    def receive(self, prefix: str, limit: int | None = None, code: str = "too_large") -> FileWriter:
        """A writer for one new file of ``prefix`` of at most ``limit`` bytes (else 413 with ``code``); nothing is
        visible before ``finish``."""
        folder = self._folder(prefix) / _UNFINISHED
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < self._min_free:
            raise Problem("file.store_full", 507, "พื้นที่เก็บไฟล์เต็ม", "ระบบรับไฟล์ไม่ได้ในขณะนี้ กรุณาแจ้งผู้ดูแลระบบ")
        return FileWriter(self, prefix, folder / uuid.uuid4().hex, limit, code)

    def exists(self, prefix: str, sha256: str) -> bool:
        """Whether the file is there, whole."""
        return self._path(prefix, sha256).is_file()

    def size(self, prefix: str, sha256: str) -> int:
        """Bytes of the file."""
        try:
            return self._path(prefix, sha256).stat().st_size
        except FileNotFoundError:
            raise _missing() from None

    @contextlib.contextmanager
    def path_for_reading(self, prefix: str, sha256: str) -> Iterator[Path]:
        """A readable path, good while the context is open; the bytes under it are the plain ones."""
        path = self._path(prefix, sha256)
        if not path.is_file():
            raise _missing()
        yield path

    @contextlib.contextmanager
    def open(self, prefix: str, sha256: str) -> Iterator[IO[bytes]]:
        """The file opened for reading."""
        with self.path_for_reading(prefix, sha256) as path, path.open("rb") as stream:
            yield stream

    def claim(self, sha256: str, from_prefix: str, to_prefix: str) -> None:
        """Give ``to_prefix`` the file that ``from_prefix`` holds; a second claim changes nothing.

        A hard link costs nothing and survives the sweep of the source; across file systems the bytes are copied.
        """
        source, target = self._path(from_prefix, sha256), self._path(to_prefix, sha256)
        if target.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except FileExistsError:
            return
        except FileNotFoundError:
            raise _missing() from None
        except OSError:
            self._copy(source, to_prefix)
            return
        _sync_folder(target.parent)

    def delete(self, prefix: str, sha256: str) -> None:
        """Remove the file from ``prefix``; what is not there is gone already."""
        self._path(prefix, sha256).unlink(missing_ok=True)

    def sweep(self, prefix: str, older_than_seconds: float) -> int:
        """Delete what was received longer ago, unfinished files included, and say how many went."""
        cutoff = time.time() - older_than_seconds
        folder = self._folder(prefix)
        return sum(_remove_if_older(path, cutoff, folder / _UNFINISHED) for path in _files_below(folder))

    def _copy(self, source: Path, to_prefix: str) -> None:
        try:
            with source.open("rb") as stream, self.receive(to_prefix) as writer:
                while chunk := stream.read(_COPY_CHUNK):
                    writer.write(chunk)
                writer.finish()
        except FileNotFoundError:
            raise _missing() from None

    def _folder(self, prefix: str) -> Path:
        if not _PREFIX.fullmatch(prefix):
            raise ValueError(f"not a prefix of the file store: {prefix!r}")
        return self.root / prefix

    def _path(self, prefix: str, sha256: str) -> Path:
        # The hash comes from outside (a body, a reference): only hex may become a path.
        if not _SHA256.fullmatch(sha256):
            raise _missing()
        return self._folder(prefix) / sha256[:2] / sha256


class FileWriter:
    """Receives one file; use as a context manager: what was not finished is removed at the end."""

    def __init__(self, store: FileStore, prefix: str, unfinished: Path, limit: int | None, code: str) -> None:
        self._store = store
        self._prefix = prefix
        self._unfinished = unfinished
        self._limit = limit
        self._code = code
        self._digest = hashlib.sha256()
        self._head = b""
        self._stream = unfinished.open("xb")
        self.size = 0

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.discard()

    @property
    def content_type(self) -> str:
        """What the bytes received so far say they are."""
        return sniff(self._head)

    def write(self, chunk: bytes) -> int:
        """Take the next bytes; past the limit the answer is a 413 problem."""
        self.size += len(chunk)
        if self._limit is not None and self.size > self._limit:
            raise too_large(self._limit, self._code)
        if len(self._head) < HEAD_BYTES:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._digest.update(chunk)
        return self._stream.write(chunk)

    def finish(self) -> str:
        """Flush to disk, make the file visible under its hash, and return the hash."""
        sha256 = self._digest.hexdigest()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        target = self._store._path(self._prefix, sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Replacing an equal file is deliberate: it renews the age the sweeper looks at.
        self._unfinished.replace(target)
        _sync_folder(target.parent)
        return sha256

    def discard(self) -> None:
        """Forget the bytes if they were not finished."""
        self._stream.close()
        self._unfinished.unlink(missing_ok=True)


def too_large(limit: int, code: str = "too_large") -> Problem:
    """The file or body is larger than ``limit`` bytes; ``code`` where the field has its own name for that."""
    shown = f"{limit // (1 << 20)} MB" if limit >= 1 << 20 else f"{limit:,} ไบต์"
    return Problem(code, 413, "ข้อมูลมีขนาดใหญ่เกินไป", f"ส่งได้ไม่เกิน {shown}", extra={"limit": limit})


def _missing() -> Problem:
    return not_found("ไม่พบไฟล์ อาจถูกลบหรือหมดเวลาเก็บพักแล้ว กรุณาส่งไฟล์ใหม่")


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*/*"):
        if path.is_file():
            yield path


def _remove_if_older(path: Path, cutoff: float, aside_folder: Path) -> int:
    """Delete ``path`` unless the same bytes are uploaded again at this very moment.

    Between looking at the age and deleting, a fresh upload may take the name; so the file is first moved aside,
    looked at again, and put back when it turns out to be young.
    """
    aside = aside_folder / f"sweep-{uuid.uuid4().hex}"
    try:
        if path.stat().st_mtime >= cutoff:
            return 0
        aside_folder.mkdir(exist_ok=True)
        path.replace(aside)
        if aside.stat().st_mtime >= cutoff:
            aside.replace(path)
            return 0
        aside.unlink()
    except FileNotFoundError:
        return 0  # another sweeper was faster
    return 1


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
