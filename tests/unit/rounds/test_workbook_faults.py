"""Files that must not be read, and files that look as if they must not."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
from dmc_files_for_tests import check_rows, codes, job, pupil, table, write_xlsx

from services.rounds.rules.check import check
from shared.workbooks import container, ole, reading, scan
from shared.workbooks.faults import CAUSES, ContainerFault, ReadFault


def cause_of(path, filename=None):
    with pytest.raises(ContainerFault) as caught:
        container.inspect(path, filename or path.name)
    assert caught.value.cause in CAUSES
    assert caught.value.title
    assert caught.value.detail
    return caught.value.cause


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.fixture
def workbook(tmp_path):
    return write_xlsx(tmp_path / "a.xlsx", table([pupil()]))


def rewritten(path, changes=None, **options):
    """The workbook again, with parts changed by name."""
    changes = changes or {}
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, changes[name](content) if name in changes else content)
        for name, make in changes.items():
            if name not in source.namelist():
                target.writestr(name, make(b""))
    path.write_bytes(out.getvalue())
    return path


def old_container(stream_names, size=8192, records=b""):
    """A minimal OLE2 file whose directory names the streams; the first stream's content is ``records``."""
    header = bytearray(512)
    header[:8] = ole.MAGIC
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 76, 0)
    for at in range(80, 512, 4):
        struct.pack_into("<I", header, at, 0xFFFFFFFF)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *([0xFFFFFFFE] * 126))
    directory = b""
    for name in stream_names:
        entry = bytearray(128)
        encoded = name.encode("utf-16-le") + b"\0\0"
        entry[: len(encoded)] = encoded
        struct.pack_into("<H", entry, 64, len(encoded))
        entry[66] = 2
        struct.pack_into("<II", entry, 116, 2, 4096)
        directory += bytes(entry)
    return (bytes(header) + fat + directory.ljust(512, b"\0") + records.ljust(512, b"\0")).ljust(size, b"\0")


def test_what_a_good_file_is(tmp_path, workbook):
    assert container.inspect(workbook, "ไฟล์.XLSX").kind == "xlsx"
    assert container.inspect(workbook, "a.xlsm").kind == "xlsx"
    assert container.inspect(write(tmp_path / "a.csv", "ชั้น,ห้อง".encode()), "a.csv").kind == "csv"
    assert container.inspect(write(tmp_path / "b.csv", "ชั้น,ห้อง".encode("cp874")), "b.csv").kind == "csv"
    assert container.inspect(write(tmp_path / "c.xls", b"\xef\xbb\xbf \r\n<table>"), "c.xls").kind == "html"
    assert container.inspect(write(tmp_path / "d.xls", old_container(["Workbook"])), "d.xls").kind == "xls"


def test_nothing_and_almost_nothing(tmp_path):
    assert cause_of(write(tmp_path / "a.xlsx", b"")) == "empty"
    assert cause_of(write(tmp_path / "b.csv", b" \r\n")) == "empty"


def test_names_that_belie_the_content(tmp_path, workbook):
    assert cause_of(workbook, "a.xls") == "extension"
    assert cause_of(workbook, "a.csv") == "extension"
    assert cause_of(workbook, "a") == "extension"
    assert cause_of(workbook, "a.pdf") == "type"
    assert cause_of(write(tmp_path / "b.xlsx", b"a,b\n1,2\n")) == "extension"
    assert cause_of(write(tmp_path / "c.xlsx", b"<table></table>")) == "extension"
    assert cause_of(write(tmp_path / "d.xlsx", old_container(["Workbook"]))) == "extension"


def test_what_is_no_spreadsheet(tmp_path):
    assert cause_of(write(tmp_path / "a.csv", b"\x89PNG\r\n\x1a\n\0\0")) == "type"
    assert cause_of(write(tmp_path / "b.xlsx", b"%PDF-1.7\n\x00\x01")) == "type"
    assert cause_of(write(tmp_path / "c.xls", old_container(["WordDocument"]))) == "type"
    assert cause_of(write(tmp_path / "d.csv", "ชั้น".encode("utf-16"))) == "unreadable"
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "x")
        archive.writestr("[Content_Types].xml", "x")
    assert cause_of(tmp_path / "e.xlsx") == "type"


def test_passwords(tmp_path, workbook):
    assert cause_of(write(tmp_path / "a.xlsx", old_container(["EncryptionInfo", "EncryptedPackage"]))) == "encrypted"
    begin = struct.pack("<HH16x", 0x0809, 16)
    locked = begin + struct.pack("<HH", 0x002F, 6)
    assert cause_of(write(tmp_path / "b.xls", old_container(["Workbook"], records=locked))) == "encrypted"
    content = bytearray(write_xlsx(tmp_path / "c.xlsx", table([pupil()])).read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    assert cause_of(write(tmp_path / "c.xlsx", bytes(content))) == "encrypted"


def test_damaged_containers(tmp_path, workbook):
    whole = workbook.read_bytes()
    assert cause_of(write(tmp_path / "a.xlsx", whole[: len(whole) // 2])) == "unreadable"
    assert cause_of(write(tmp_path / "b.xls", ole.MAGIC + b"\0" * 100)) == "unreadable"
    circular = bytearray(old_container([]))
    struct.pack_into("<I", circular, 512 + 4, 1)
    assert cause_of(write(tmp_path / "c.xls", bytes(circular))) == "unreadable"


def test_files_over_the_limit(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(container.MAX_FILE_BYTES + 1)
    assert cause_of(path) == "too_large"


def test_bombs_by_declared_size_ratio_and_number(tmp_path, workbook):
    assert cause_of(rewritten(workbook, {"xl/media/a.bin": lambda _: b"\0" * 30_000_000})) == "bomb"
    many = tmp_path / "many.xlsx"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(container.MAX_ENTRIES + 1):
            archive.writestr(f"xl/{number}", "")
    assert cause_of(many) == "bomb"


def test_two_parts_of_one_name(workbook):
    with zipfile.ZipFile(workbook, "a") as archive:
        archive.writestr("XL/workbook.xml", "<other/>")
    assert cause_of(workbook) == "bomb"


def test_parts_that_overlap(workbook):
    content = bytearray(workbook.read_bytes())
    places = [at for at in range(len(content)) if content.startswith(b"PK\x01\x02", at)]
    content[places[1] + 42 : places[1] + 46] = content[places[0] + 42 : places[0] + 46]
    assert cause_of(write(workbook, bytes(content))) in {"bomb", "unreadable"}


def test_a_part_that_unpacks_to_more_than_it_says(workbook):
    rewritten(workbook, {"xl/media/a.bin": lambda _: b"\0" * 9_000_000})
    content = bytearray(workbook.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    write(workbook, bytes(content))
    assert container.inspect(workbook, workbook.name).kind == "xlsx"
    with pytest.raises(ReadFault) as caught:
        reading.read_book(workbook, "xlsx")
    assert caught.value.cause == "bomb"


def test_the_unpacked_budget_counts_what_really_comes_out(workbook, monkeypatch):
    monkeypatch.setattr(scan, "MAX_UNPACKED_BYTES", 5000)
    with pytest.raises(ReadFault) as caught:
        reading.read_book(workbook, "xlsx")
    assert caught.value.cause == "bomb"


def far_cell(reference, row, inner="<v>1</v>"):
    addition = f'<row r="{row}"><c r="{reference}">{inner}</c></row></sheetData>'.encode()
    return {"xl/worksheets/sheet1.xml": lambda content: content.replace(b"</sheetData>", addition)}


@pytest.mark.parametrize("inner", ["<v>1</v>", "<v></v>", "<is><t></t></is>", "<f>1+1</f>"])
def test_a_value_in_the_last_cell_of_excel_is_refused_without_memory(workbook, inner):
    rewritten(workbook, far_cell("XFD1048576", 1048576, inner))
    container.inspect(workbook, workbook.name)
    tracemalloc.start()
    result = check(job(workbook), lambda *_: None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert codes(result) == ["F01.range"]
    assert "XFD1048576" in result["findings"][0]["message"]
    assert (result["accepted"], result["counts"]["rows"]) == (False, 0)
    assert peak < 20_000_000


def test_a_far_cell_that_relies_on_its_neighbour_is_seen(workbook):
    addition = b'<row r="9"><c r="XFC9"/><c><v>1</v></c></row></sheetData>'
    rewritten(workbook, {"xl/worksheets/sheet1.xml": lambda content: content.replace(b"</sheetData>", addition)})
    with pytest.raises(ReadFault) as caught:
        reading.read_book(workbook, "xlsx")
    assert caught.value.cause == "range"


def test_a_million_empty_rows_are_trimmed(workbook):
    empty = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (number, number) for number in range(4, 1_000_001))
    rewritten(
        workbook,
        {"xl/worksheets/sheet1.xml": lambda content: content.replace(b"</sheetData>", empty + b"</sheetData>")},
    )
    container.inspect(workbook, workbook.name)
    book = reading.read_book(workbook, "xlsx")
    assert len(book.sheets[0].rows) == 3


def test_a_lying_dimension_and_an_empty_styled_last_cell_are_harmless(workbook):
    addition = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'

    def change(content):
        return content.replace(b"</sheetData>", addition).replace(
            b'<dimension ref="A1:AM3"', b'<dimension ref="A1:XFD1048576"'
        )

    rewritten(workbook, {"xl/worksheets/sheet1.xml": change})
    assert len(reading.read_book(workbook, "xlsx").sheets[0].rows) == 3


def test_entities_are_not_expanded(workbook):
    def change(content):
        return (
            b'<!DOCTYPE a [<!ENTITY b "c">]>' + content.partition(b"?>")[2]
            if content.startswith(b"<?xml")
            else (b'<!DOCTYPE a [<!ENTITY b "c">]>' + content)
        )

    rewritten(workbook, {"xl/worksheets/sheet1.xml": change})
    assert codes(check(job(workbook), lambda *_: None)) == ["F01.bomb"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_damaged_parts_are_a_finding_not_a_crash(workbook, part):
    rewritten(workbook, {part: lambda content: content[: len(content) // 2]})
    assert codes(check(job(workbook), lambda *_: None)) == ["F01.unreadable"]


def test_a_broken_old_workbook_is_a_finding_not_a_crash(tmp_path):
    empty = write(tmp_path / "a.xls", old_container(["Workbook"]))
    assert codes(check(job(empty, kind="xls"), lambda *_: None)) == ["F02"]
    random = write(tmp_path / "b.xls", old_container(["Workbook"], records=bytes(range(256))))
    result = check(job(random, kind="xls"), lambda *_: None)
    assert not result["accepted"]
    assert "F12" in {rule["rule"] for rule in result["not_evaluated"]}


def test_html_without_a_table_and_csv_of_no_known_letters(tmp_path):
    page = write(tmp_path / "a.xls", b"<html><p>x</html>")
    assert codes(check(job(page, kind="html"), lambda *_: None)) == ["F01.unreadable"]
    odd = write(tmp_path / "a.csv", b"\xff\xfc\xfd\xdb")
    assert codes(check(job(odd), lambda *_: None)) == ["F01.unreadable"]


def test_rows_and_columns_are_those_of_the_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active["C3"] = "ค่า"
    book.active["E5"] = '="0123"'
    book.active["E6"] = '="a""b"'
    path = tmp_path / "a.xlsx"
    book.save(path)
    sheet = reading.read_book(path, "xlsx").sheets[0]
    assert sheet.rows[2][2] == "ค่า"
    assert (sheet.rows[4][4], sheet.rows[5][4]) == ("0123", 'a"b')
    assert sheet.literals == {(5, 5), (6, 5)}
    assert sheet.formulas == {}


def test_hidden_sheets_are_not_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["x"])
    book.create_sheet("_meta").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in reading.read_book(tmp_path / "a.xlsx", "xlsx").sheets] == ["Sheet"]


def test_spans_of_an_html_table_keep_columns_in_place(tmp_path):
    page = (
        "<table><tr><td colspan=3>หัว</td></tr><tr><td rowspan=2>ก</td><td>ข<br>ค</td><td>ง</td></tr>"
        "<tr><td>จ</td><td>&nbsp;<table><tr><td>ใน</td></tr></table></td></tr></table>"
    )
    path = write(tmp_path / "a.xls", page.encode())
    rows = reading.read_book(path, "html").sheets[0].rows
    assert rows == [["หัว", "", ""], ["ก", "ข\nค", "ง"], ["", "จ", "ใน"]]


def test_blank_lines_and_line_breaks_in_quotes_count_as_a_spreadsheet_counts_them(tmp_path):
    path = write(tmp_path / "a.csv", 'ก,"ข\nค"\r\n\r\n1,2\r\n\r\n'.encode())
    assert reading.read_book(path, "csv").sheets[0].rows == [["ก", "ข\nค"], [], ["1", "2"]]


def test_an_empty_sheet_has_no_header(tmp_path):
    assert codes(check_rows(tmp_path, [])) == ["F02"]
