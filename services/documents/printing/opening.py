"""PDF files from outside, opened with suspicion: by qpdf for their structure and by PDFium for what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pypdfium2

from services.documents.printing.refusals import Refused

MAX_PAGES = 2_000
_TAIL_BYTES = 2_048


@contextmanager
def opened(path: Path) -> Iterator[tuple[pikepdf.Pdf, pypdfium2.PdfDocument]]:
    """The structure and the pages of the PDF at ``path``.

    A file that needs a password, or that restricts what may be done with it, is refused even where it could be read:
    it could not be stamped without lifting what its author laid down. So is one whose end is missing: what came is
    a part, and readers that repair it would show a part as if it were all.

    Raises:
        Refused: ``encrypted``, ``broken``, ``too_many_pages``, ``empty``.
    """
    _see_to_its_end(path)
    try:
        structure = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, ValueError):
        raise Refused("broken") from None
    with structure:
        if structure.is_encrypted:
            raise Refused("encrypted")
        pages = _count(structure)
        try:
            # by its bytes: what a child is handed has a path that leads nowhere once it is resolved
            seen = pypdfium2.PdfDocument(path.read_bytes())
        except pypdfium2.PdfiumError:
            raise Refused("broken") from None
        with seen:
            if len(seen) != pages:
                raise Refused("broken")
            seen.init_forms()  # or what stands in the fields of a form is not drawn
            yield structure, seen


def _see_to_its_end(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty")
    with path.open("rb") as stream:
        stream.seek(max(0, size - _TAIL_BYTES))
        if b"startxref" not in stream.read():
            raise Refused("broken")


def _count(structure: pikepdf.Pdf) -> int:
    try:
        declared = int(structure.Root.Pages.Count)
        if declared > MAX_PAGES:
            raise Refused("too_many_pages")
        pages = len(structure.pages)
    except (pikepdf.PdfError, AttributeError, ValueError, TypeError):
        raise Refused("broken") from None
    if pages > MAX_PAGES:
        raise Refused("too_many_pages")
    if pages == 0:
        raise Refused("broken")
    return pages
