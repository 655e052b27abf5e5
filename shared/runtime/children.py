"""A persistent pool of exec'd child processes for heavy work: reading workbooks, checking, building reports.

A child has limits on memory and time; job and result are files in memory, progress comes as lines. A child that dies
or runs too long is replaced, its job fails, and the service lives on.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
import orjson
from eventlet.green import subprocess
from eventlet.queue import Empty, LightQueue

from shared.db.engine import is_unavailable
from shared.files.memory import memory_path, scratch_folder, sweep_scratch

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]


class JobFailed(Exception):
    """The job did not give a result: the child died (memory), ran out of time, the task raised, or none was free."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause = cause
        self.detail = detail


def attempt(work: Callable[[], None], failed: Callable[[JobFailed], None], what: str) -> None:
    """Do ``work``, jobs of children and the storing of what they found. Whatever goes wrong with it is handed to
    ``failed``, to be tried again or given up; only a database that is away is nobody's failure.
    """
    try:
        work()
    except JobFailed as failure:
        failed(failure)
    except Exception as error:
        if is_unavailable(error):
            raise
        log.exception("%s failed", what)
        failed(JobFailed("raised", f"{type(error).__name__}: {error}"))


class _Child:
    def __init__(self, memory_mb: int) -> None:
        self._folder = scratch_folder()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shared.runtime.child", str(memory_mb), str(os.getpid()), str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, order: Mapping[str, Any], progress: Progress) -> None:
        """Hand over one order and read lines until it is done."""
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise JobFailed("died", "the child was gone") from error
        while True:
            line = self._process.stdout.readline()
            if not line:
                raise JobFailed("died", f"exit code {self._process.wait()}")
            message = json.loads(line)
            if "progress" in message:
                progress(*message["progress"])
            elif "error" in message:
                raise JobFailed(message["error"], message["detail"])
            else:
                return

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class ChildPool:
    """``size`` children, started when first needed and kept."""

    def __init__(self, size: int, memory_mb: int, seconds: float, patience: float | None = None) -> None:
        """A job may take ``seconds``, and waits ``patience`` seconds for a free child, as long as needed when None."""
        self._memory_mb = memory_mb
        self._seconds = seconds
        self._patience = patience
        sweep_scratch()
        self._idle: LightQueue = LightQueue()
        for _ in range(size):
            self._idle.put(None)

    def run(self, task: str, job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        """Run ``task`` (``package.module:function``) on ``job`` in a child; waits for a free one.

        Raises:
            JobFailed: no result.
        """
        try:
            child = self._idle.get(timeout=self._patience)
        except Empty:
            raise JobFailed("busy", f"no child was free within {self._patience} s") from None
        try:
            with memory_path() as source, memory_path() as target:
                source.write_bytes(orjson.dumps(job, option=orjson.OPT_NON_STR_KEYS))
                child = child or _Child(self._memory_mb)
                order = {"task": task, "job": str(source), "result": str(target)}
                with eventlet.Timeout(self._seconds, JobFailed("timeout", f"longer than {self._seconds} s")):
                    child.run(order, progress)
                result: dict[str, Any] = orjson.loads(target.read_bytes())
                return result
        except JobFailed as failure:
            log.warning("child task %s failed: %s", task, failure)
            if child is not None and failure.cause in {"died", "timeout", "memory"}:
                child.kill()
                child = None
            raise
        except BaseException:
            # killed in the middle: the child may still be writing to its pipe
            if child is not None:
                child.kill()
                child = None
            raise
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """End the idle children."""
        while not self._idle.empty():
            child = self._idle.get()
            if child is not None:
                child.kill()
