"""What an attachment is, looked at before anybody opens it; and pictures as pages, so that they can be stamped.

Kinds and the 300 dpi come from the regulation on correspondence as amended 2564 (scans as PDF, not less than 300 dpi):
a scan below that is taken with a warning, since the paper may be all there is.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, UnidentifiedImageError

from services.documents.printing.images import images_of, scan_dpi
from services.documents.printing.opening import opened
from services.documents.printing.refusals import Refused
from shared.files.sniff import sniff
from shared.printing.typst import CannotPrint, compile_paper, printable
from shared.workbooks.container import names_in_archive
from shared.workbooks.faults import ContainerFault

LEAST_DPI = 300
KINDS = ("pdf", "docx", "xlsx", "pptx", "jpg", "png", "zip")
PICTURE = Path(__file__).with_name("picture.typ")

_MM_PER_POINT = 25.4 / 72
_A4_INCHES = (210 / 25.4, 297 / 25.4)
_MAX_OBJECTS = 500_000
# 299.6 dpi is what a scanner set to 300 writes when it rounds the page to whole points
_TOLERANCE = 0.98
_OFFICE_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_CONTENT_KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_ZIP = b"PK\x03\x04"
_ORIENTATION, _LYING_ORIENTATIONS = 0x0112, range(5, 9)
_PLAIN_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})

_WARNINGS = {
    "low_dpi": "สแกนละเอียดไม่ถึง 300 dpi อ่านยากเมื่อพิมพ์ ควรสแกนใหม่ที่ 300 dpi ถ้ายังมีต้นฉบับ",
    "script": "ไฟล์มีคำสั่งอัตโนมัติ (JavaScript) ระบบไม่เปิดใช้ ควรขอไฟล์ที่บันทึกใหม่จากผู้ส่ง",
    "launch": "ไฟล์มีคำสั่งเรียกโปรแกรมอื่น อย่ากดปุ่มหรือลิงก์ในไฟล์ ควรขอไฟล์ที่บันทึกใหม่จากผู้ส่ง",
    "embedded_files": "ไฟล์มีไฟล์อื่นฝังอยู่ภายใน ซึ่งจะไม่ปรากฏเมื่อพิมพ์",
    "signed": "ไฟล์มีลายมือชื่อดิจิทัล ฉบับที่ประทับตราแล้วจะตรวจลายมือชื่อไม่ได้ ให้ตรวจจากฉบับที่ส่งมา",
}
_ACTIVE = {
    "script": re.compile(rb"/S\s*/JavaScript\b|/JS\b"),
    "launch": re.compile(rb"/S\s*/Launch\b"),
    "embedded_files": re.compile(rb"/EmbeddedFiles?\b|/EF\s*<<"),
    "signed": re.compile(rb"/ByteRange\b"),
}

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class PageLook:
    """A page as it is shown, in millimetres; ``dpi`` of a scanned one, None where the page is text or drawing."""

    width_mm: float
    height_mm: float
    dpi: int | None


@dataclass(frozen=True)
class Notice:
    """Something a clerk should know: ``code`` stays, ``detail`` is Thai, ``pages`` (from 1) where it is of pages."""

    code: str
    detail: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Look:
    """What an attachment is. ``size`` in bytes; pages of PDF and pictures only."""

    kind: str
    size: int
    pages: tuple[PageLook, ...]
    notices: tuple[Notice, ...]


def kind_of(first_bytes: bytes, path: Path) -> str:
    """One of :data:`KINDS`, by content: ``first_bytes`` are the file's first ``sniff.HEAD_BYTES``.

    Office files are told from other archives by the names in the archive, whose directory is read within limits.

    Raises:
        Refused: ``unknown_kind``, ``empty``, ``encrypted``, ``bomb``, ``broken``.
    """
    if not first_bytes:
        raise Refused("empty")
    if not first_bytes.startswith(_ZIP):
        kind = _CONTENT_KINDS.get(sniff(first_bytes))
        if kind is None:
            raise Refused("unknown_kind")
        return kind
    try:
        names = names_in_archive(path)
    except ContainerFault as fault:
        raise Refused("broken" if fault.cause == "unreadable" else fault.cause) from None
    return next((kind for name, kind in _OFFICE_PARTS.items() if name in names), "zip")


def look_at(path: Path, kind: str) -> Look:
    """What the file at ``path`` of ``kind`` (:func:`kind_of`) is. For a child process: PDF is read as far as it goes.

    Raises:
        Refused: see :func:`opened <services.documents.printing.opening.opened>`; pictures: ``broken``, ``too_large``.
    """
    if kind == "pdf":
        pages, notices = _look_at_pdf(path)
    elif kind in ("jpg", "png"):
        pages, notices = (_look_at_picture(path),), ()
    else:
        pages, notices = (), ()
    faint = tuple(number for number, page in enumerate(pages, 1) if page.dpi and page.dpi < LEAST_DPI * _TOLERANCE)
    if faint:
        notices = (Notice("low_dpi", _WARNINGS["low_dpi"], faint), *notices)
    return Look(kind, path.stat().st_size, pages, notices)


def picture_page(source: Path, target: Path, title: str, made_at: datetime) -> None:
    """Write a jpg or png as a PDF of one A4 page, upright or lying as the picture is, so that it can be stamped.

    Raises:
        Refused: ``broken``, ``too_large``.
    """
    with _picture(source) as picture:
        width, height = _upright_size(picture)
        plain = picture.mode in _PLAIN_MODES
        if not plain:
            # colours of printing presses and 16-bit greys are not PDF/A's
            picture.convert("RGB").save(target, "PNG")
        kind = (picture.format or "").lower() if plain else "png"
    data = {
        "path": str((source if plain else target).absolute()),
        "format": "jpg" if kind == "jpeg" else kind,
        "lying": width > height,
        "title": printable(title),
    }
    try:
        target.write_bytes(compile_paper(PICTURE, data, made_at))
    except CannotPrint:
        raise Refused("broken") from None


def look_task(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """As a child task: job {path, kind} → {look: fields of :class:`Look` | None, refused: {code, detail} | None}."""
    progress("look", 0, 1)
    try:
        return {"look": asdict(look_at(Path(job["path"]), job["kind"])), "refused": None}
    except Refused as refusal:
        return {"look": None, "refused": refusal.as_dict()}


def picture_task(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """As a child task: job {path, out, title, made_at (ISO 8601)} → {refused: {code, detail} | None}."""
    progress("draw", 0, 1)
    try:
        picture_page(Path(job["path"]), Path(job["out"]), job["title"], datetime.fromisoformat(job["made_at"]))
    except Refused as refusal:
        return {"refused": refusal.as_dict()}
    return {"refused": None}


def _look_at_pdf(path: Path) -> tuple[tuple[PageLook, ...], tuple[Notice, ...]]:
    with opened(path) as (structure, seen):
        active = _active(structure)
        try:
            pages = tuple(_look_at_page(page) for page in seen)
        except pypdfium2.PdfiumError:
            raise Refused("broken") from None
    return pages, tuple(Notice(code, _WARNINGS[code]) for code in active)


def _look_at_page(page: pypdfium2.PdfPage) -> PageLook:
    width, height = page.get_size()
    look = PageLook(round(width * _MM_PER_POINT, 1), round(height * _MM_PER_POINT, 1), scan_dpi(images_of(page)))
    page.close()
    return look


def _active(structure: pikepdf.Pdf) -> Sequence[str]:
    """What the file would do or hide besides showing pages; names are compared as qpdf writes them, unescaped."""
    found: set[str] = set()
    for text in _objects(structure):
        found.update(code for code, pattern in _ACTIVE.items() if code not in found and pattern.search(text))
    return [code for code in _ACTIVE if code in found]


def _objects(structure: pikepdf.Pdf) -> Iterator[bytes]:
    if len(structure.objects) > _MAX_OBJECTS:
        raise Refused("bomb")
    yield structure.trailer.unparse()
    for item in structure.objects:
        yield (item.stream_dict if isinstance(item, pikepdf.Stream) else item).unparse(resolved=True)


def _look_at_picture(path: Path) -> PageLook:
    with _picture(path) as picture:
        sides = sorted(_upright_size(picture))
        lying = _upright_size(picture)[0] > _upright_size(picture)[1]
    dpi = round(max(pixels / inches for pixels, inches in zip(sides, _A4_INCHES, strict=True)))
    paper = (297.0, 210.0) if lying else (210.0, 297.0)
    return PageLook(*paper, dpi)


def _picture(path: Path) -> Image.Image:
    """The picture, decoded to its last line, so that one that was cut off is known. A jpg is decoded at an eighth."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=["JPEG", "PNG"]) as whole:
                whole.draft("L", (1, 1))
                whole.load()
            return Image.open(path, formats=["JPEG", "PNG"])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refused("broken") from None


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    """Pixels across and down as the picture is meant to be seen: cameras note how they were held."""
    lying = picture.getexif().get(_ORIENTATION, 1) in _LYING_ORIENTATIONS
    return (picture.height, picture.width) if lying else picture.size
