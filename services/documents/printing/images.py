"""The pictures of a page, and whether the page is a scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

import pypdfium2
from pypdfium2 import raw

POINTS_PER_INCH = 72
# A page of whose area so much is picture was scanned; logos, seals and signatures are less.
SCAN_SHARE = 0.5
_PART_SHARE = 0.02
_MAX_DEPTH = 8


@dataclass(frozen=True)
class PageImage:
    """A picture on a page: ``share`` of the page's area that it covers, and its resolution as it stands there."""

    share: float
    dpi: float


def scan_dpi(images: Sequence[PageImage]) -> int | None:
    """The resolution of a scanned page, None when the page is no scan.

    Scanners write a page as one picture, as strips, or as layers of which the sharpest holds the writing.
    """
    if sum(image.share for image in images) < SCAN_SHARE:
        return None
    return round(max(image.dpi for image in images if image.share >= min(_PART_SHARE, max(i.share for i in images))))


def images_of(page: pypdfium2.PdfPage) -> list[PageImage]:
    """The pictures of a page, those inside form objects too."""
    width, height = page.get_size()
    area = max(width * height, 1.0)
    return [
        PageImage(min(1.0, across * down / area), min(wide / across, high / down) * POINTS_PER_INCH)
        for across, down, wide, high in _placed(page)
        if across > 0 and down > 0
    ]


def _placed(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, int, int]]:
    """Points across and down, pixels wide and high."""
    counted = raw.FPDFPage_CountObjects(page)
    stack = [(raw.FPDFPage_GetObject(page, index), pypdfium2.PdfMatrix(), 0) for index in range(counted)]
    while stack:
        item, outer, depth = stack.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        matrix = _matrix_of(item).multiply(outer)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            inside = raw.FPDFFormObj_CountObjects(item) if depth < _MAX_DEPTH else 0
            stack += [(raw.FPDFFormObj_GetObject(item, index), matrix, depth + 1) for index in range(inside)]
            continue
        wide, high = raw.c_uint(), raw.c_uint()
        if raw.FPDFImageObj_GetImagePixelSize(item, wide, high):
            yield hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d), wide.value, high.value


def _matrix_of(item: raw.FPDF_PAGEOBJECT) -> pypdfium2.PdfMatrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, found)
    return pypdfium2.PdfMatrix.from_raw(found)
