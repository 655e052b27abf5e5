"""The fonts of official papers: Laksaman, which Debian has of TH Sarabun; without it Sarabun of PyPI."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import fontpkg_sarabun

DEBIAN_PACKAGE = "fonts-tlwg-laksaman-ttf"
LAKSAMAN = Path("/usr/share/fonts/truetype/tlwg/Laksaman.ttf")


@dataclass(frozen=True)
class Font:
    """A family and the folder of its files."""

    family: str
    folder: Path


def laksaman() -> Path | None:
    """The file of the exact font, None where the Debian package is missing."""
    return LAKSAMAN if LAKSAMAN.exists() else None


def has_exact_font() -> bool:
    """Whether papers are set in the official letter shapes; without it they are set in Sarabun, which is wider."""
    return laksaman() is not None


def paper_font() -> Font:
    """What papers are set in on this machine."""
    found = laksaman()
    return Font("Laksaman", found.parent) if found else Font(fontpkg_sarabun.FAMILY, fontpkg_sarabun.ROOT / "files")
