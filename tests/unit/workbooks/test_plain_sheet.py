"""The quick look at a sheet says nothing that the exact parser would not say, whatever the sheet is made of."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.parsers import expat

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.workbooks import plain_sheet, sheet
from shared.workbooks.faults import ReadFault
from shared.workbooks.plain_sheet import plain_values
from shared.workbooks.scan import SheetParser, SheetScan

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = '</sheetData><pageMargins left="0.75" right="0.75"/></worksheet>'
TEXTS = (
    *("", "1", "ก", "น้ำ", "a &amp; b", "&#3585;", "&#x0;", "&#0000;", "&nbsp;"),
    *("]]>", "\ufffe", "\x01", "<![CDATA[x]]>"),
)
PLAIN_CELLS = (
    '<c r="A1"><v>1</v></c>',
    '<c r="B1" s="3" t="s"><v>0</v></c>',
    '<c r="AM9" t="inlineStr"><is><t>ก</t></is></c>',
    '<c r="C1" s="1"/>',
    '<c r="C1"></c>',
    '<c r="AN99999"><v></v></c>',
)
OTHER_CELLS = (
    '<c r="D1"><f>1+1</f><v>2</v></c>',
    '<c r="D1" t="str"><f>"0123"</f><v>0123</v></c>',
    '<c r="D1"><f t="shared" si="0"/></c>',
    '<c t="s" r="E1"><v>1</v></c>',
    "<c><v>1</v></c>",
    '<c r="XFD1048576"/>',
    '<c r="XFD1048576"><v>1</v></c>',
    '<c r="CZ100001"><v>1</v></c>',
    '<c r="A1"><is><r><t>rich</t></r></is></c>',
    '<c r="A1" r="B1"><v>1</v></c>',
    "<x:c r='F1'><x:v>1</x:v></x:c>",
    '<c r="A1"><v>1</v>',
    "<!-- <c r='A1'><v>1</v></c> -->",
    "<?pi </row> ?>",
    "</row><row>",
    "</sheetData><sheetData>",
    "</sheetData><!--",
    "--><row>",
)
ROWS = (
    *('<row r="1">', "<row>", '<row ht="1" r="2">'),
    '<row r="2" spans="1:39" ht="12.8" customHeight="1" x14ac:dyDescent="0.2">',
)

cells = st.one_of(
    st.sampled_from(PLAIN_CELLS),
    st.sampled_from(PLAIN_CELLS),
    st.sampled_from(OTHER_CELLS),
    st.sampled_from(TEXTS).map(lambda text: f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c>'),
)
rows = st.builds(lambda start, inside: start + "".join(inside) + "</row>", st.sampled_from(ROWS), st.lists(cells))
heads = st.sampled_from(
    (HEAD, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + HEAD, "\ufeff" + HEAD,
     '<?xml version="1.0" encoding="windows-1252"?>' + HEAD, "<!DOCTYPE a>" + HEAD, "<!-- <sheetData> -->" + HEAD,
     HEAD.replace("<sheetData>", "<x:sheetData><row/></x:sheetData><sheetData>"), HEAD.replace("<sheetData>", ""))
)  # fmt: skip
tails = st.sampled_from(
    (TAIL, "</sheetData></worksheet>", "</sheetData>", "",
     '</sheetData><row r="9"><c r="A9"><f>1</f></c></row></worksheet>',
     TAIL.replace("</worksheet>", "<extLst><ext><xm:f>Sheet2!A1</xm:f></ext></extLst></worksheet>"))
)  # fmt: skip
sheets = st.builds(lambda head, body, tail: (head + "".join(body) + tail).encode(), heads, st.lists(rows), tails)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sheet of which some bytes were lost, doubled or replaced."""
    content = draw(sheets)
    for _ in range(draw(st.integers(0, 3))):
        at, length = draw(st.integers(0, len(content))), draw(st.integers(0, 12))
        usual = (b"", b"<", b">", b"&", b'"', b"\xff", b"\x00", b"/", b" ")
        piece = draw(st.sampled_from((*usual, content[at : at + length])))
        content = content[:at] + piece + content[at + draw(st.sampled_from((0, length))) :]
    return content


def chunks(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def exactly(content: bytes) -> bool | None:
    """What the exact parser says, None where there is more to say than whether there are values."""
    scan = SheetScan("x")
    try:
        SheetParser(scan).parse(iter([content]))
    except (ReadFault, expat.ExpatError, ValueError):
        return None
    return None if scan.formulas or scan.literals else scan.has_values


@given(st.one_of(sheets, damaged()), st.integers(1, 400))
@example((HEAD + '<row r="1"><c r="A1"><v>1</v></c></row>' + TAIL).encode("utf-16"), 400)
def test_what_the_quick_look_says_the_exact_parser_says_too(content: bytes, size: int) -> None:
    quick = plain_values(chunks(content, size))
    assert quick in (None, exactly(content))


@given(st.lists(st.lists(st.sampled_from(PLAIN_CELLS))), st.integers(1, 400))
def test_plain_sheets_are_known_as_such_wherever_a_chunk_ends(body: list[list[str]], size: int) -> None:
    lines = "".join(f'<row r="{number}">{"".join(row)}</row>' for number, row in enumerate(body, start=1))
    content = (HEAD + lines + TAIL).encode()
    assert plain_values(chunks(content, size)) is exactly(content) is ("<v" in lines or "<is" in lines)


@pytest.mark.parametrize("write_only", [True, False])
def test_what_openpyxl_writes_is_plain(tmp_path, write_only: bool) -> None:
    book = openpyxl.Workbook(write_only=write_only)
    page = book.create_sheet("ก")
    for number in range(300):
        page.append(["น้ำ & <ไฟ>", number, 1.5, None, f"{number:013}"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        content = archive.read(next(name for name in reversed(archive.namelist()) if "worksheets/sheet" in name))
    assert plain_values(chunks(content, 1000)) is True


def test_a_plain_sheet_is_within_every_limit() -> None:
    assert plain_sheet.LAST_COLUMN <= sheet.MAX_COLUMNS
    assert plain_sheet.LAST_ROW <= sheet.MAX_ROWS
    assert plain_sheet.LAST_COLUMN * plain_sheet.LAST_ROW <= sheet.MAX_CELLS
    assert sheet.column_letter(plain_sheet.LAST_COLUMN) == "CZ"
    for place, plain in (("CZ99999", True), ("DA1", None), ("A100000", None), ("A0", None), ("a1", None)):
        content = f'{HEAD}<row r="1"><c r="{place}"><v>1</v></c></row>{TAIL}'.encode()
        assert plain_values(chunks(content, 50)) is plain


def test_a_formula_outside_of_the_table_is_none_of_its_cells() -> None:
    scan = SheetScan("x")
    content = f'{HEAD}<row><c r="A1"><v>1</v></c></row></sheetData><extLst><xm:f>Sheet2!A1</xm:f></extLst></worksheet>'
    SheetParser(scan).parse(iter([content.encode()]))
    assert (scan.has_values, scan.formulas) == (True, {})


@pytest.mark.parametrize(
    "inside",
    [b'<row r="1">' + b'<c r="A1"><v>' * 100_000, b'<row r="1"' * 100_000, b"&#3" * 300_000, b" " * 900_000],
)
def test_what_never_ends_is_given_up_in_time(inside: bytes) -> None:
    assert plain_values(chunks(HEAD.encode() + inside * 3, 100_000)) is None
