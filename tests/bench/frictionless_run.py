"""frictionless on the same file: in a virtual environment of its own that lives as long as the bench."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("frictionless.lock")
# The header stands in the second row; no rules of a schema are asked for.
VALIDATE = """
import json, sys, time
from frictionless import Dialect, Resource
started = time.process_time()
report = Resource(sys.argv[1], dialect=Dialect(header_rows=[2])).validate()
print(json.dumps({"seconds": time.process_time() - started, "rows": report.tasks[0].stats["rows"]}))
"""


def frictionless_seconds(folder: Path, path: Path, rows: int) -> float | None:
    """Seconds of the processor to validate the file without rules; None where it cannot be installed."""
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK]
    if subprocess.run(install, check=False, stderr=subprocess.DEVNULL).returncode != 0:
        print("frictionless could not be installed here, so nothing is measured beside it")
        return None
    out = subprocess.run(
        [python, "-c", VALIDATE, path.name], cwd=path.parent, check=True, capture_output=True, text=True, timeout=400
    ).stdout
    found = json.loads(out)
    assert found["rows"] == rows, found
    seconds: float = found["seconds"]
    return seconds
