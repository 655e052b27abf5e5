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
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO

from eventlet import GreenPool, tpool
from eventlet.patcher import is_monkey_patched

from shared.files import sealing
from shared.files.memory import memory_path
from shared.files.sealing import Header, PieceWriter
from shared.files.sniff import HEAD_BYTES, sniff
from shared.problems import Problem, not_found
from shared.security.vault import Tampered, Vaults

INCOMING = "incoming"

_PREFIX = re.compile(r"[a-z][a-z0-9_-]{0,40}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UNFINISHED = ".unfinished"
_COPY_CHUNK = 1 << 20
FLUSHED_AT_ONCE = 8


class FileStore:
    """The files of one installation under ``root``, each sealed for the owner of its prefix.

    ``vaults`` opens the prefixes whose keys this process was given. ``min_free`` bytes of the disk are never taken by
    uploads, because the databases may share it.
    """

    def __init__(self, root: Path, vaults: Vaults, min_free: int = 200 << 20) -> None:
        self.root = root
        self._vaults = vaults
        self._min_free = min_free

    def receive(self, prefix: str, limit: int | None = None, code: str = "too_large") -> FileWriter:
        """A writer for one new file of ``prefix`` of at most ``limit`` bytes (else 413 with ``code``); nothing is
        visible before ``finish``."""
        folder = self._folder(prefix) / _UNFINISHED
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < self._min_free:
            raise Problem("file.store_full", 507, "พื้นที่เก็บไฟล์เต็ม", "ระบบรับไฟล์ไม่ได้ในขณะนี้ กรุณาแจ้งผู้ดูแลระบบ")
        return FileWriter(self, prefix, folder / uuid.uuid4().hex, limit, code)

    def keep(self, prefix: str, path: Path) -> tuple[str, int]:
        """Store what lies under ``path``, sealed, as a file of ``prefix``: its hash and its size in bytes."""
        with path.open("rb") as stream, self.receive(prefix) as writer:
            while chunk := stream.read(_COPY_CHUNK):
                writer.write(chunk)
            return writer.finish(), writer.size

    def keep_all(self, prefix: str, contents: Iterable[bytes]) -> list[str]:
        """Store several files of ``prefix``, sealed; their hashes. The disk works on many of them at once."""
        keep = partial(self._keep_bytes, prefix)
        if not is_monkey_patched("thread"):
            return [keep(content) for content in contents]
        # in a green process the disk is waited for in threads of the system, and the others are answered meanwhile
        return list(GreenPool(FLUSHED_AT_ONCE).imap(partial(tpool.execute, keep), contents))

    def _keep_bytes(self, prefix: str, content: bytes) -> str:
        with self.receive(prefix) as writer:
            writer.write(content)
            return writer.finish()

    def exists(self, prefix: str, sha256: str) -> bool:
        """Whether the file is there, whole."""
        return self._path(prefix, sha256).is_file()

    def size(self, prefix: str, sha256: str) -> int:
        """Bytes of the file."""
        try:
            return sealing.plain_size(self._path(prefix, sha256).stat().st_size)
        except FileNotFoundError:
            raise _missing() from None

    @contextlib.contextmanager
    def path_for_reading(self, prefix: str, sha256: str) -> Iterator[Path]:
        """A readable path, also for child processes, good while the context is open.

        The bytes under it are the plain ones; they are in memory, never on a disk.

        Raises:
            Problem: ``not_found``.
            KeyMissing, Tampered: the file does not open.
        """
        self._seal_old(prefix, sha256)
        with self._opened(prefix, sha256) as (header, stream):
            file_key = header.file_key(self._vaults.of(prefix), _context(prefix, sha256))
            with _plain_path(stream, file_key) as path:
                yield path

    @contextlib.contextmanager
    def path_by_key(self, prefix: str, sha256: str, file_key: bytes) -> Iterator[Path]:
        """The same for a process that was given the key of this one file, not the owner's."""
        with self._opened(prefix, sha256) as (_, stream), _plain_path(stream, file_key) as path:
            yield path

    def file_key(self, prefix: str, sha256: str) -> bytes:
        """The key of one file, to be handed on in a download reference."""
        with self._opened(prefix, sha256) as (header, _):
            return header.file_key(self._vaults.of(prefix), _context(prefix, sha256))

    def claim(self, sha256: str, from_prefix: str, to_prefix: str) -> None:
        """Give ``to_prefix`` the file that ``from_prefix`` holds; a second claim changes nothing."""
        self._seal_old(from_prefix, sha256)
        if self._path(to_prefix, sha256).is_file():
            return
        file_key = self.file_key(from_prefix, sha256)
        header = Header.made(self._vaults.of(to_prefix), _context(to_prefix, sha256), file_key)
        self._write_anew(from_prefix, sha256, to_prefix, header)

    def reseal(self, prefix: str) -> Iterator[bool]:
        """Seal the keys of the files of ``prefix`` with the active key, one file a step; whether it was needed."""
        vault = self._vaults.of(prefix)
        vault.look_again()
        for path in _files_below(self._folder(prefix)):
            with contextlib.suppress(Problem):  # deleted meanwhile
                self._seal_old(prefix, path.name)
                with self._opened(prefix, path.name) as (header, _):
                    is_old = header.key_id != vault.ring.active
                if is_old:
                    context = _context(prefix, path.name)
                    fresh = Header.made(vault, context, header.file_key(vault, context))
                    self._write_anew(prefix, path.name, prefix, fresh)
                yield is_old

    def delete(self, prefix: str, sha256: str) -> None:
        """Remove the file from ``prefix``; what is not there is gone already."""
        self._path(prefix, sha256).unlink(missing_ok=True)

    def sweep(self, prefix: str, older_than_seconds: float) -> int:
        """Delete what was received longer ago, unfinished files included, and say how many went."""
        cutoff = time.time() - older_than_seconds
        folder = self._folder(prefix)
        return sum(_remove_if_older(path, cutoff, folder / _UNFINISHED) for path in _files_below(folder))

    @contextlib.contextmanager
    def _opened(self, prefix: str, sha256: str) -> Iterator[tuple[Header, IO[bytes]]]:
        try:
            stream = self._path(prefix, sha256).open("rb")
        except FileNotFoundError:
            raise _missing() from None
        with stream:
            yield Header.read(stream), stream

    def _seal_old(self, prefix: str, sha256: str) -> None:
        """Seal a file that was stored before files were sealed."""
        path = self._path(prefix, sha256)
        if not path.is_file() or sealing.is_sealed(path):
            return
        if self.keep(prefix, path)[0] != sha256:
            raise Tampered(f"the file {sha256} of {prefix} is not what it is called")

    def _write_anew(self, from_prefix: str, sha256: str, to_prefix: str, header: Header) -> None:
        """The same sealed pieces behind another header, whole or not at all."""
        folder = self._folder(to_prefix) / _UNFINISHED
        folder.mkdir(parents=True, exist_ok=True)
        unfinished, target = folder / uuid.uuid4().hex, self._path(to_prefix, sha256)
        try:
            with self._opened(from_prefix, sha256) as (_, source), unfinished.open("xb") as stream:
                stream.write(header.encode())
                shutil.copyfileobj(source, stream, _COPY_CHUNK)
                stream.flush()
                os.fsync(stream.fileno())
            _make_visible(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)

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
        self._file_key = sealing.new_file_key()
        self._stream = unfinished.open("xb")
        self._stream.write(bytes(sealing.HEADER_BYTES))
        self._pieces = PieceWriter(self._stream, self._file_key)
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
        self._pieces.write(chunk)
        return len(chunk)

    def finish(self) -> str:
        """Flush to disk, make the file visible under its hash, and return the hash."""
        sha256 = self._digest.hexdigest()
        self._pieces.finish()
        # only now is the hash known that binds the key to this file
        vault = self._store._vaults.of(self._prefix)
        header = Header.made(vault, _context(self._prefix, sha256), self._file_key)
        self._stream.seek(0)
        self._stream.write(header.encode())
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        # Replacing an equal file is deliberate: it renews the age the sweeper looks at.
        _make_visible(self._unfinished, self._store._path(self._prefix, sha256))
        return sha256

    def discard(self) -> None:
        """Forget the bytes if they were not finished."""
        self._stream.close()
        self._unfinished.unlink(missing_ok=True)


def too_large(limit: int, code: str = "too_large") -> Problem:
    """The file or body is larger than ``limit`` bytes; ``code`` where the field has its own name for that."""
    shown = f"{limit // (1 << 20)} MB" if limit >= 1 << 20 else f"{limit:,} ไบต์"
    return Problem(code, 413, "ข้อมูลมีขนาดใหญ่เกินไป", f"ส่งได้ไม่เกิน {shown}", extra={"limit": limit})


def _context(prefix: str, sha256: str) -> str:
    return f"file:{prefix}/{sha256}"


def _make_visible(unfinished: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(target)
    _sync_folder(target.parent)


@contextlib.contextmanager
def _plain_path(stream: IO[bytes], file_key: bytes) -> Iterator[Path]:
    with memory_path() as path:
        with path.open("wb") as plain:
            for piece in sealing.pieces(stream, file_key):
                plain.write(piece)
        yield path


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
