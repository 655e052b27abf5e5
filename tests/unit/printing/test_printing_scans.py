"""What an attachment is: told by content, measured by page, refused or warned of before anybody opens it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pikepdf
import pytest
from openpyxl import Workbook
from pages_for_tests import letter_scan, page_pdf, picture_of, scan_pdf, size_of, text_at
from PIL import Image

from services.documents.printing import opening
from services.documents.printing.refusals import CODES, Refused
from services.documents.printing.scans import KINDS, kind_of, look_at, look_task, picture_page, picture_task
from services.documents.printing.stamps import Stamp, stamp_pdf
from shared.files.sniff import HEAD_BYTES
from shared.thai.dates import BANGKOK

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=BANGKOK)


def kind(path: Path) -> str:
    return kind_of(path.read_bytes()[:HEAD_BYTES], path)


def archive(path: Path, names: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in names.items():
            written.writestr(name, content)
    return path


def codes(path: Path, of: str = "pdf") -> list[str]:
    return [notice.code for notice in look_at(path, of).notices]


def refusal(path: Path, of: str = "pdf") -> str:
    with pytest.raises(Refused) as refused:
        look_at(path, of)
    assert refused.value.detail
    return refused.value.code


# --- kinds


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    types = {"[Content_Types].xml": b"<Types/>"}
    workbook = Workbook()
    workbook.save(tmp_path / "xlsx")
    files = {
        "pdf": page_pdf(tmp_path / "pdf", b""),
        "jpg": tmp_path / "jpg",
        "png": tmp_path / "png",
        "xlsx": tmp_path / "xlsx",
        "docx": archive(tmp_path / "docx", {**types, "word/document.xml": b"<w/>"}),
        "pptx": archive(tmp_path / "pptx", {**types, "ppt/presentation.xml": b"<p/>"}),
        "zip": archive(tmp_path / "zip", {"xl/notes.txt": b"x", "word/a.txt": b"y"}),
    }
    Image.new("RGB", (10, 10)).save(files["jpg"], "JPEG")
    Image.new("RGB", (10, 10)).save(files["png"], "PNG")
    assert {name: kind(path) for name, path in files.items()} == {name: name for name in KINDS}


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"GIF89a", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_other_kinds_are_refused_whatever_their_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(Refused, match="unknown_kind"):
        kind(tmp_path / "a.pdf")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    with pytest.raises(Refused, match="empty"):
        kind(tmp_path / "a.pdf")


def test_archives_that_swell_or_are_locked_are_refused(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "bomb.zip", {"a": b"\0" * 50_000_000})
    with pytest.raises(Refused, match="bomb"):
        kind(bomb)
    locked = archive(tmp_path / "locked.zip", {"a": b"x"})
    content = bytearray(locked.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    with pytest.raises(Refused, match="encrypted"):
        kind(locked)
    locked.write_bytes(content[:-10])
    with pytest.raises(Refused, match="broken"):
        kind(locked)


def test_of_office_files_only_kind_and_size_are_told(tmp_path: Path) -> None:
    look = look_at(archive(tmp_path / "a.docx", {"word/document.xml": b"<w/>"}), "docx")
    assert (look.kind, look.size, look.pages, look.notices) == ("docx", (tmp_path / "a.docx").stat().st_size, (), ())


# --- pages and resolution


@pytest.mark.parametrize(("width", "dpi", "faint"), [(2480, 300, False), (1654, 200, True), (2470, 299, False)])
def test_a_scan_below_300_dpi_is_taken_with_a_warning(tmp_path: Path, width: int, dpi: int, faint: bool) -> None:
    look = look_at(scan_pdf(tmp_path / "a.pdf", letter_scan(width)), "pdf")
    assert [(round(page.width_mm), round(page.height_mm)) for page in look.pages] == [(210, 297)]
    assert look.pages[0].dpi == pytest.approx(dpi, abs=1)
    assert [(notice.code, notice.pages) for notice in look.notices] == ([("low_dpi", (1,))] if faint else [])


def test_a_small_picture_on_a_page_of_text_is_no_scan(tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "a.pdf", letter_scan(100))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].Contents = document.make_stream(b"q 85 0 0 85 255 730 cm /Im0 Do Q")
        document.save()
    look = look_at(path, "pdf")
    assert (look.pages[0].dpi, look.notices) == (None, ())


def test_a_scan_in_strips_inside_a_form_is_a_scan_all_the_same(tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "a.pdf", letter_scan(1654).crop((0, 0, 1654, 234)))
    strips = b"".join(b"q 595 0 0 84.2 0 %.1f cm /Im0 Do Q " % (n * 84.2) for n in range(10))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        inside = {"Resources": page.Resources, "BBox": [0, 0, 1190, 1684], "Matrix": [0.5, 0, 0, 0.5, 0, 0]}
        form = document.make_stream(b"2 0 0 2 0 0 cm " + strips, Subtype=pikepdf.Name.Form, **inside)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm0=form))
        page.Contents = document.make_stream(b"/Fm0 Do")
        document.save()
    assert look_at(path, "pdf").pages[0].dpi == pytest.approx(200, abs=3)


def test_pages_are_measured_as_they_are_shown(tmp_path: Path) -> None:
    look = look_at(page_pdf(tmp_path / "a.pdf", text_at(85, 600), rotate=90, pages=2), "pdf")
    assert [(round(page.width_mm), round(page.height_mm), page.dpi) for page in look.pages] == [(297, 210, None)] * 2


@pytest.mark.parametrize(("size", "shown", "dpi"), [((2480, 3508), (210, 297), 300), ((1754, 1240), (297, 210), 150)])
def test_a_picture_is_measured_on_a4(tmp_path: Path, size: tuple[int, int], shown: tuple[int, int], dpi: int) -> None:
    Image.new("L", size, 255).save(tmp_path / "a.png")
    look = look_at(tmp_path / "a.png", "png")
    assert (look.pages[0].width_mm, look.pages[0].height_mm) == shown
    assert look.pages[0].dpi == pytest.approx(dpi, abs=1)
    assert [notice.code for notice in look.notices] == (["low_dpi"] if dpi < 300 else [])


# --- hostile files


@pytest.mark.parametrize(("owner", "user"), [("secret", "secret"), ("secret", "")])
def test_encrypted_files_are_refused_also_those_that_open_without_a_password(
    tmp_path: Path, owner: str, user: str
) -> None:
    path = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.save(encryption=pikepdf.Encryption(owner=owner, user=user))
    assert refusal(path) == "encrypted"


@pytest.mark.parametrize("kept", [0.05, 0.5, 0.9, 0.98])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path = scan_pdf(tmp_path / "a.pdf", letter_scan())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert refusal(path) == "broken"


@pytest.mark.parametrize("content", [b"%PDF-1.7\nstartxref\n0\n%%EOF", b"%PDF-1.7\n" + b"\0" * 5000 + b"startxref 12"])
def test_what_only_looks_like_a_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert refusal(tmp_path / "a.pdf") == "broken"


def test_ten_thousand_pages_are_refused_at_once(tmp_path: Path) -> None:
    path = page_pdf(tmp_path / "a.pdf", b"")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0].obj
        document.Root.Pages.Kids = pikepdf.Array([page] * 10_000)
        document.Root.Pages.Count = 10_000
        document.save()
    assert refusal(path) == "too_many_pages"
    with pytest.raises(Refused, match="too_many_pages"):
        stamp_pdf(path, tmp_path / "b.pdf", [Stamp("ก", "1", NOW)])


def test_pages_that_are_not_declared_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_PAGES", 3)
    path = page_pdf(tmp_path / "a.pdf", b"", pages=5)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"/Count 5", b"/Count 1"))
    assert refusal(path) in {"too_many_pages", "broken"}


SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("script", lambda document: setattr(document.Root, "OpenAction", SCRIPT)),
        ("script", lambda document: setattr(document.pages[0].obj, "AA", pikepdf.Dictionary(O=SCRIPT))),
        ("launch", lambda document: setattr(document.Root, "OpenAction", LAUNCH)),
        ("embedded_files", lambda document: document.attachments.__setitem__("a.exe", b"MZ")),
        ("signed", lambda document: setattr(document.Root, "AcroForm", pikepdf.Dictionary(ByteRange=[0, 1, 2, 3]))),
    ],
)
def test_a_file_that_would_do_something_is_warned_of(tmp_path: Path, code: str, change: object) -> None:
    path = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    assert codes(path) == []
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        change(document)  # type: ignore[operator]
        document.save()
    assert codes(path) == [code]


def test_a_script_under_an_escaped_name_is_found(tmp_path: Path) -> None:
    path = page_pdf(tmp_path / "a.pdf", text_at(85, 600))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.Root.OpenAction = SCRIPT
        document.save(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    path.write_bytes(path.read_bytes().replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS ", b"/J#53 "))
    assert codes(path) == ["script"]


def test_pictures_that_are_cut_off_or_far_too_large_are_refused(tmp_path: Path) -> None:
    for name, of in (("a.jpg", "jpg"), ("a.png", "png")):
        letter_scan().save(tmp_path / name)
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content[: len(content) // 2])
        assert refusal(tmp_path / name, of) == "broken"
    Image.new("1", (20_000, 20_000)).save(tmp_path / "b.png")
    assert refusal(tmp_path / "b.png", "png") == "too_large"


def test_every_refusal_has_words() -> None:
    assert all(Refused(code).detail for code in CODES)


# --- pictures as pages


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "CMYK", "I;16"])
@pytest.mark.parametrize("size", [(400, 600), (600, 400), (30, 30)])
def test_a_picture_becomes_one_a4_page(tmp_path: Path, mode: str, size: tuple[int, int]) -> None:
    jpeg = mode in ("CMYK", "RGB")
    source = tmp_path / "a"
    Image.new(mode, size, 0).save(source, "JPEG" if jpeg else "PNG")
    picture_page(source, tmp_path / "a.pdf", "สำเนาบัตร", NOW)
    width, height = size_of(tmp_path / "a.pdf")
    assert sorted((round(width), round(height))) == [595, 842]
    assert (width > height) is (size[0] > size[1])
    assert len(look_at(tmp_path / "a.pdf", "pdf").pages) == 1


def test_a_photo_stands_as_the_camera_was_held(tmp_path: Path) -> None:
    picture = Image.new("RGB", (600, 400), "white")
    picture.paste("red", (0, 0, 100, 400))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it
    picture.save(tmp_path / "a.jpg", exif=exif)
    picture_page(tmp_path / "a.jpg", tmp_path / "a.pdf", "", NOW)
    width, height = size_of(tmp_path / "a.pdf")
    assert width < height
    page = picture_of(tmp_path / "a.pdf", scale=1)
    assert page.getpixel((page.width // 2, 15))[1] < 80, "the left side is up"
    assert page.getpixel((page.width // 2, page.height - 15))[1] > 200
    look = look_at(tmp_path / "a.jpg", "jpg").pages[0]
    assert (look.width_mm, look.height_mm) == (210, 297)


def test_a_picture_that_became_a_page_can_be_stamped(tmp_path: Path) -> None:
    letter_scan().save(tmp_path / "a.png")
    picture_page(tmp_path / "a.png", tmp_path / "a.pdf", "หนังสือ", NOW)
    (placed,) = stamp_pdf(tmp_path / "a.pdf", tmp_path / "b.pdf", [Stamp("สพป.เชียงราย เขต 4", "1", NOW)])
    assert placed.outcome == "kept"


def test_as_child_tasks_jobs_and_results_are_plain(tmp_path: Path) -> None:
    letter_scan().save(tmp_path / "a.png")
    page = {"width_mm": 210.0, "height_mm": 297.0, "dpi": 100}
    result = look_task({"path": str(tmp_path / "a.png"), "kind": "png"}, lambda *_: None)
    assert result["refused"] is None
    assert (result["look"]["pages"], result["look"]["notices"][0]["code"]) == ((page,), "low_dpi")
    job = {"path": str(tmp_path / "a.png"), "out": str(tmp_path / "a.pdf"), "title": "ก", "made_at": NOW.isoformat()}
    assert picture_task(job, lambda *_: None) == {"refused": None}
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert look_task({"path": str(tmp_path / "a.png"), "kind": "png"}, lambda *_: None)["refused"]["code"] == "broken"
    assert picture_task(job, lambda *_: None)["refused"]["code"] == "broken"


