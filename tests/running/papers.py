"""Files of letters."""

from __future__ import annotations

import io

import pypdfium2


def a_page() -> bytes:
    """A PDF of one empty page."""
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(out)
    return out.getvalue()
