"""Papers set by Typst, offline: a packaged template and plain JSON become the bytes of a PDF."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from shared.printing.fonts import Font, paper_font
from shared.printing.text_layer import mended

# What both fonts have, in the ranges that a Thai office writes.
_PRINTABLE = frozenset(
    chr(code)
    for first, last in (
        (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0xFF), (0xE01, 0xE3A), (0xE3F, 0xE5B), (0x2013, 0x2014), (0x2018, 0x201A),
        (0x201C, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2212, 0x2212),
        (0x2260, 0x2260), (0x2264, 0x2265),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_ALIKE = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2015": "—", "\u2032": "'", "\u2033": '"'})
_UNKNOWN_LETTER = "?"
# a blank among several lets a line break there; PDFium loses what follows several that do not
_BLANKS = re.compile(r"\s*[^\S\u00a0]\s*")
_NO_BREAKS = re.compile("\u00a0{2,}")


class CannotPrint(Exception):
    """A template and its data do not fit: a fault of ours, never of what somebody typed."""


def printable(text: str) -> str:
    """``text`` as one line that the fonts can set: emoji, marks and control characters that they lack are left out,
    a letter or digit that they lack becomes ``?``, blanks are single. What this returns is what the PDF's text says.
    """
    plain = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).translate(_ALIKE)
    kept = "".join(
        letter if letter in _PRINTABLE else _UNKNOWN_LETTER if unicodedata.category(letter)[0] in "LN" else ""
        for letter in plain
    )
    return _NO_BREAKS.sub("\u00a0", _BLANKS.sub(" ", kept)).strip()


def compile_paper(template: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF (PDF/A-2b, dated ``made_at``) of ``template``, a ``.typ`` file of ours, filled with ``data``, plain JSON.

    The template reads ``json(bytes(sys.inputs.data))`` and sets its text in ``sys.inputs.font``. Data is never source:
    a subject like ``#eval("…")`` is printed as it stands. Texts are to come through :func:`printable`; a picture is
    named by its absolute path. The same data and instant give the same bytes.

    Raises:
        CannotPrint: the template does not compile with this data, or a picture cannot be read.
    """
    try:
        return mended(_drawn(template, data, int(made_at.timestamp())))
    except typst.TypstError as error:
        raise CannotPrint(f"{template.name}: {error.message}") from error


def _drawn(template: Path, data: Mapping[str, Any], timestamp: int) -> bytes:
    font = paper_font()
    return typst.compile(
        template,
        root=Path(template.anchor),
        font_paths=_fonts(font),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "font": font.family},
        pdf_standards=["a-2b"],
        pdf_tags=False,
        timestamp=timestamp,
    )


@lru_cache(maxsize=1)
def _fonts(font: Font) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.folder)])
