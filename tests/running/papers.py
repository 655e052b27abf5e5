"""Files of letters: one to send, and what stands on one that was made."""

from __future__ import annotations

import io

import pypdfium2


def a_page() -> bytes:
    """A PDF of one empty page."""
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(out)
    return out.getvalue()


def text_of(pdf: bytes) -> str:
    """What stands on the pages, as PDFium reads it."""
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
