"""What was printed reads back as it was written, in the letters of both fonts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import fontpkg_sarabun
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printing_for_tests import THAI_TEXTS, texts_of

from shared.printing import typst
from shared.printing.fonts import DEBIAN_PACKAGE, LAKSAMAN, Font, has_exact_font, paper_font
from shared.printing.typst import CannotPrint, compile_paper, printable
from shared.thai.dates import BANGKOK

LINES = Path(__file__).with_name("lines.typ")
FONTS = {"Laksaman": LAKSAMAN.parent, "Sarabun": fontpkg_sarabun.ROOT / "files"}

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=BANGKOK)


def written(lines: list[str]) -> bytes:
    return compile_paper(LINES, {"lines": lines}, NOW)


def picture(page: pypdfium2.PdfPage) -> bytes:
    return page.render(scale=3).to_pil().tobytes()


@pytest.fixture(params=FONTS)
def font(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Font:
    chosen = Font(request.param, FONTS[request.param])
    assert list(chosen.folder.glob(f"{chosen.family}*.ttf")), f"install {DEBIAN_PACKAGE}"
    monkeypatch.setattr(typst, "paper_font", lambda: chosen)
    return chosen


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(THAI_TEXTS, min_size=1, max_size=12))
def test_thai_text_reads_back_exactly(font: Font, texts: list[str]) -> None:
    lines = [printable(text) for text in texts]
    assert texts_of(written(lines)) == lines


@pytest.mark.parametrize(
    "text",
    [
        "ปู่ ย่า",  # PDFium loses a blank that stands alone between two marked clusters
        "ป็่A",  # two shifted marks in a cluster, and Latin letters behind them
        "ปิ์ ฟั่น ปิ์ปิ์",  # Typst draws a shifted mark as a run of its own that claims the cluster again
        "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาเชียงราย เขต ๔ ที่ ศธ ๐๔๐๔๗/ว ๑๒๓",
    ],
)
def test_what_typst_alone_gets_wrong_is_mended(font: Font, text: str) -> None:
    assert texts_of(written([text])) == [text]


def test_more_letters_than_brackets_have_codes_are_read_back(font: Font) -> None:
    """Glyphs are numbered as they come: the 91st to 93rd are written as brackets, alone in a line too."""
    letters = [chr(code) for code in (*range(0x21, 0x7F), *range(0xE01, 0xE2F)) if chr(code) != " "]
    assert texts_of(written(letters)) == letters


def test_what_is_seen_does_not_change(font: Font, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["ปิ์ ฟั่น ปู่ป่ี ญูฐู น้ำ AV To กตัญญู ๑๒๓", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาเชียงราย เขต ๔"]
    seen = [picture(page) for page in pypdfium2.PdfDocument(written(lines))]
    monkeypatch.setattr(typst, "mended", lambda pdf: pdf)
    assert seen == [picture(page) for page in pypdfium2.PdfDocument(written(lines))]


def test_data_is_never_source(font: Font) -> None:
    text = '#eval("1+1") $x$ *b* \\ @ref <label> [a] #import "x.typ" //'
    assert texts_of(written([text])) == [text]


def test_the_same_paper_is_the_same_bytes(font: Font) -> None:
    """Papers lie in the file store by their hash."""
    assert written(["ขั้น"]) == written(["ขั้น"])


def test_what_the_fonts_lack_is_left_out_or_marked() -> None:
    assert printable("ประชุม 😀 ครู\t\r\nวันที่\u200b 中‑๑ \x07") == "ประชุม ครู วันที่ ?-๑"


def test_blanks_are_single_and_one_among_them_lets_a_line_break() -> None:
    assert printable("ก \u00a0\u00a0ข\u00a0\u00a0ค\u00a0ง") == "ก ข\u00a0ค\u00a0ง"


def test_a_template_that_does_not_fit_its_data_says_so() -> None:
    with pytest.raises(CannotPrint, match=r"lines\.typ"):
        compile_paper(LINES, {}, NOW)


def test_health_can_tell_whether_the_exact_font_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert has_exact_font(), f"install {DEBIAN_PACKAGE}: python -m tests.servers ensure"
    assert paper_font().family == "Laksaman"
    monkeypatch.setattr("shared.printing.fonts.LAKSAMAN", tmp_path / "Laksaman.ttf")
    assert not has_exact_font()
    assert paper_font().family == "Sarabun"
    assert list(paper_font().folder.glob("Sarabun*.ttf"))
