"""A second spreadsheet program: LibreOffice, without a screen."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.servers.debian import ensure, soffice

SECONDS = 300


def saved_by_libreoffice(files: Sequence[Path], folder: Path) -> list[Path]:
    """The workbooks opened and saved again as XLSX, in ``folder``; all at once, because it starts slowly."""
    program = ensure(("libreoffice-calc-nogui",), soffice)
    saved = folder / "saved"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", saved, *files]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
    made = [saved / file.with_suffix(".xlsx").name for file in files]
    assert all(path.is_file() for path in made), done.stdout + done.stderr
    return made
