"""The program of a child process: reads orders from standard input, does them, reports on standard output."""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import orjson

PR_SET_PDEATHSIG = 1
# A workbook is a million values at once, all of them needed: looking for garbage among them is a fifth of the work.
GARBAGE_THRESHOLDS = (200_000, 20, 100)


def _limit(memory_mb: int, parent: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("the parent is gone")


def _say(message: dict[str, Any]) -> None:
    sys.__stdout__.write(json.dumps(message, ensure_ascii=False) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def _progress(stage: str, done: int, total: int) -> None:
    _say({"progress": [stage, done, total]})


def _do(order: dict[str, str], scratch: Path) -> None:
    module, name = order["task"].split(":")
    function = getattr(importlib.import_module(module), name)
    try:
        result = function(orjson.loads(Path(order["job"]).read_bytes()), _progress)
    finally:
        for left in scratch.iterdir():  # openpyxl keeps what it writes until the process ends
            left.unlink()
    Path(order["result"]).write_bytes(orjson.dumps(result, option=orjson.OPT_NON_STR_KEYS))
    _say({"done": True})


def main() -> None:
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    scratch = Path(sys.argv[3])
    tempfile.tempdir = str(scratch)
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    sys.stdout = sys.stderr  # nothing but reports may go to the pipe
    for line in sys.stdin:
        try:
            _do(json.loads(line), scratch)
        except MemoryError:
            _say({"error": "memory", "detail": "out of memory"})
        except Exception as error:
            traceback.print_exc()
            _say({"error": "raised", "detail": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
