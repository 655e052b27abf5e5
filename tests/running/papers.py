"""Files of letters: one to send, and what stands on one that was made."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
from PIL import Image


def a_page() -> bytes:
    """A PDF of one empty page."""
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(out)
    return out.getvalue()


def a_letter() -> bytes:
    """A PDF of one page with its head on the left and lines of text below."""
    lines = [f"BT /F1 14 Tf 70 {y} Td (Ministry of Education) Tj ET" for y in (770, 750)]
    lines += [f"BT /F1 12 Tf 70 {y} Td ({'The office invites all directors of schools. ' * 2}) Tj ET"
              for y in range(640, 300, -18)]  # fmt: skip
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream("\n".join(lines).encode())
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def a_scan() -> bytes:
    """A picture of an empty sheet, scanned at 150 dpi."""
    out = io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(out, "PNG")
    return out.getvalue()


def pictures_of(pdf: bytes) -> list[Image.Image]:
    """The pages as they are seen."""
    return [page.render(scale=1.5).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)]


def text_of(pdf: bytes) -> str:
    """What stands on the pages, as PDFium reads it."""
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
