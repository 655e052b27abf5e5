"""PDF files for tests of stamps and scans, written by hand so that nothing about them is left to a library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw

# whole points, so that a page that has grown is drawn with the same pixels
A4 = (595, 842)
CM = 72 / 2.54
STAMP = (5 * CM, 2.5 * CM)

Box = tuple[float, float, float, float]


def text_at(x: float, y: float, text: str = "Ministry of Education", size: float = 12) -> bytes:
    return f"BT /F1 {size} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET\n".encode()


def page_pdf(
    path: Path,
    content: bytes,
    *,
    media: Box = (0, 0, *A4),
    crop: Box | None = None,
    rotate: int = 0,
    pages: int = 1,
) -> Path:
    """Pages that share their resources, as most writers do it, and inherit their boxes and rotation."""
    with pikepdf.new() as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        resources = document.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)))
        for _ in range(pages):
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page, Resources=resources, Contents=document.make_stream(content)
            )
            document.pages.append(pikepdf.Page(document.make_indirect(page)))
        inherited = document.Root.Pages
        inherited.MediaBox, inherited.Rotate = pikepdf.Array(media), rotate
        if crop:
            inherited.CropBox = pikepdf.Array(crop)
        document.save(path)
    return path


def scan_pdf(path: Path, picture: Image.Image, *, size: tuple[float, float] = A4) -> Path:
    """A scanner's page: one picture, as large as the page."""
    data = BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=80)
    with pikepdf.new() as document:
        image = document.make_stream(
            data.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=picture.width,
            Height=picture.height, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        page = document.add_blank_page(page_size=size)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.Contents = document.make_stream(f"q {size[0]} 0 0 {size[1]} 0 0 cm /Im0 Do Q".encode())
        document.save(path)
    return path


def letter_scan(width: int = 827, *, paper: int = 255, shade: int = 0, upper_right: bool = False) -> Image.Image:
    """A scanned letter: dark lines on paper that gets darker by ``shade`` towards the right; 100 dpi at 827 pixels."""
    height = round(width * A4[1] / A4[0])
    picture = Image.new("L", (width, height))
    draw = ImageDraw.Draw(picture)
    for x in range(width):
        draw.line([(x, 0), (x, height)], fill=paper - shade * x // width)
    left, right = round(width * 0.14), round(width * 0.9)
    for y in range(round(height * 0.2), round(height * 0.8), round(height * 0.022)):
        draw.rectangle([left, y, right, y + round(height * 0.008)], fill=30)
    if upper_right:
        draw.rectangle([round(width * 0.6), round(height * 0.02), right, round(height * 0.15)], fill=30)
    return picture


def picture_of(path: Path, page: int = 0, scale: float = 2) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        return document[page].render(scale=scale).to_pil().convert("RGB")


def size_of(path: Path, page: int = 0) -> tuple[float, float]:
    with pypdfium2.PdfDocument(path) as document:
        return document[page].get_size()


def text_of(path: Path, page: int = 0) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return document[page].get_textpage().get_text_bounded()


def joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(parts)


def overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes (left, top, right, bottom) share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
