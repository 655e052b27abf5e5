"""One piece of work in a process of its own: how long it takes, how much processor and memory. Prints JSON.

``python -m tests.bench.alone calamine|check FILE``; a check has the limits and habits of a service's child.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KIBI = 1024
RULE_SET, SECRET = "dmc-2569-2", "5e" * 32
ROUND = {"year_be": 2569, "round_no": 1}


@dataclass(frozen=True)
class Alone:
    """Seconds on the wall and of the processor, and the peak of resident memory in MB."""

    seconds: float
    processor: float
    peak_mb: float


def begin(task: str, path: Path) -> subprocess.Popen[str]:
    """Start the work."""
    arguments = [sys.executable, "-m", "tests.bench.alone", task, str(path)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def result(process: subprocess.Popen[str]) -> Alone:
    """What it took."""
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return Alone(**json.loads(out))


def alone(task: str, path: Path) -> Alone:
    return result(begin(task, path))


def calamine(path: str) -> None:
    """What python-calamine takes to read the sheet into lists, and nothing else."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - what is not needed is not measured

    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def check(path: str) -> None:
    """The whole work of the children: the file split, and every part checked."""
    from services.rounds.batches.splitting import split  # noqa: PLC0415 - as above
    from services.rounds.rules.check import check as check_one  # noqa: PLC0415 - as above
    from shared.runtime.child import GARBAGE_THRESHOLDS  # noqa: PLC0415 - as above
    from tests.bench.big_file import SCHOOLS  # noqa: PLC0415 - as above

    gc.set_threshold(*GARBAGE_THRESHOLDS)
    with tempfile.TemporaryDirectory() as folder:
        out, part = Path(folder) / "parts", Path(folder) / "part"
        order = {"known": list(SCHOOLS), "closed": [], "row_key_secret": SECRET, "rule_set": RULE_SET}
        parts = split({**order, **ROUND, "path": path, "kind": "xlsx", "out": str(out)}, lambda *_: None)["parts"]
        assert len(parts) == len(SCHOOLS)
        content = out.read_bytes()
        for one in parts:
            part.write_bytes(content[one["start"] : one["start"] + one["size"]])
            found = check_one(job(part, one["smis"], Path(path).name), lambda *_: None)
            assert found["accepted"], found["findings"]


def job(path: Path, smis: str, filename: str) -> dict[str, Any]:
    return {
        "register": "dmc", "path": str(path), "filename": filename, "kind": "part", **ROUND,
        "as_of_date": "2026-06-10", "today": "2026-06-10",
        "school": {"smis": smis, "name": "บ้านตัวอย่าง", "education_range": "อนุบาล-ประถมศึกษา"},
        "closed_smis": [], "no_pupils": False, "same_bytes_as_version": None, "rule_set": RULE_SET,
        "row_key_secret": SECRET,
    }  # fmt: skip


def main() -> None:
    task = {"calamine": calamine, "check": check}[sys.argv[1]]
    started = time.perf_counter()
    task(sys.argv[2])
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(vars(Alone(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / KIBI))))


if __name__ == "__main__":
    main()
