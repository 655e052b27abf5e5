"""QR codes as drawings that a page holds: no request, and nothing secret in an address."""

from __future__ import annotations

import io

import segno

# modules of white around the code; readers want four of them
_QUIET = 4


def drawn(text: str) -> str:
    """``text`` as an SVG element with black modules on white, whatever the page's colours are."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True, border=_QUIET,
        dark="#000", light="#fff",
    )  # fmt: skip
    return target.getvalue().decode()
