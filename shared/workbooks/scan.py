"""Look through an xlsx before anything loads it: real unpacked size, how far the sheets reach, formulas.

The readers below this allocate the whole rectangle up to the last cell, and trust the sizes a zip declares; neither is
safe with a file from outside. So every part is inflated here with a budget, and sheets are parsed as a stream: what is
nothing but plain values by one pattern (:mod:`shared.workbooks.plain_sheet`), any other sheet element by element.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from xml.parsers import expat

from shared.workbooks.faults import MAX_UNPACKED_BYTES, ReadFault
from shared.workbooks.formulas import literal_text
from shared.workbooks.plain_sheet import plain_values
from shared.workbooks.sheet import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Place, column_letter

_CHUNK = 256 * 1024
_LOCAL_HEADER_SIZE = 30
_LOCAL_MAGIC = b"PK\x03\x04"
_MAX_FORMULAS = 200_000
_MAX_FORMULA_LENGTH = 32_767
_TABLE = "sheetData"


@dataclass
class SheetScan:
    """Whether a sheet holds any value, none of them out of range, and its formulas, ``="text"`` apart."""

    name: str
    is_hidden: bool = False
    has_values: bool = False
    literals: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)


@dataclass
class WorkbookScan:
    """The worksheets in their order."""

    sheets: list[SheetScan]
    external_links: bool


def scan_workbook(path: Path, *, with_hidden: bool = False) -> WorkbookScan:
    """Scan the xlsx at ``path``; :class:`ReadFault` for a bomb, a value out of range or damaged XML."""
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            return _Scanner(stream, archive.infolist()).scan(with_hidden)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ValueError, KeyError, OSError):
        raise ReadFault("unreadable") from None


class _Scanner:
    """One pass over the parts of a workbook, with one budget of unpacked bytes for all of them."""

    def __init__(self, stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
        self.stream = stream
        self.entries = {entry.filename.lower().replace("\\", "/").lstrip("/"): entry for entry in entries}
        self.left = MAX_UNPACKED_BYTES

    def scan(self, with_hidden: bool) -> WorkbookScan:
        relations = self._attributes("xl/_rels/workbook.xml.rels", "Relationship")
        targets = {found["Id"]: _target(found["Target"]) for found in relations}
        places: dict[str, SheetScan] = {}
        for found in self._attributes("xl/workbook.xml", "sheet"):
            relation = next((value for key, value in found.items() if key.rpartition(":")[2] == "id"), "")
            target = targets.get(relation, "")
            is_hidden = found.get("state", "visible") != "visible"
            if target in self.entries and (with_hidden or not is_hidden):
                places[target] = SheetScan(found["name"], is_hidden)
        done = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
        for name, entry in self.entries.items():
            if name in places:
                self._scan_sheet(entry, places[name])
            elif name not in done:
                for _ in self._inflate(entry):
                    pass
        worksheets = [scan for target, scan in places.items() if "chartsheets/" not in target]
        return WorkbookScan(worksheets, any(name.startswith("xl/externallinks/") for name in self.entries))

    def _scan_sheet(self, entry: zipfile.ZipInfo, scan: SheetScan) -> None:
        left = self.left
        plain = plain_values(self._inflate(entry))
        if plain is not None:
            scan.has_values = plain
            return
        # the same bytes a second time: they count once
        self.left = left
        SheetParser(scan).parse(self._inflate(entry))

    def _attributes(self, name: str, element: str) -> list[dict[str, str]]:
        """The attributes of every ``element`` of a small part."""
        found: list[dict[str, str]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag.rpartition(":")[2] == element:
                found.append(attributes)

        parser = _parser()
        parser.StartElementHandler = start
        for chunk in self._inflate(self.entries[name]):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        return found

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of a part. What it really unpacks to counts, not what the directory says."""
        self.stream.seek(entry.header_offset)
        header = self.stream.read(_LOCAL_HEADER_SIZE)
        if not header.startswith(_LOCAL_MAGIC) or len(header) < _LOCAL_HEADER_SIZE:
            raise ReadFault("unreadable")
        self.stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        pending = entry.compress_size
        unpacked = 0
        for chunk in self._chunks(pending, stored=entry.compress_type == zipfile.ZIP_STORED):
            unpacked += len(chunk)
            self.left -= len(chunk)
            if self.left < 0 or unpacked > entry.file_size:
                raise ReadFault("bomb")
            yield chunk
        if unpacked != entry.file_size:
            raise ReadFault("unreadable")

    def _chunks(self, pending: int, *, stored: bool) -> Iterator[bytes]:
        inflater = None if stored else zlib.decompressobj(-zlib.MAX_WBITS)
        while pending > 0:
            packed = self.stream.read(min(_CHUNK, pending))
            if not packed:
                raise ReadFault("unreadable")
            pending -= len(packed)
            if inflater is None:
                yield packed
                continue
            while packed:
                yield inflater.decompress(packed, _CHUNK)
                packed = inflater.unconsumed_tail
        if inflater is not None:
            # What the inflater still holds back is bounded by its window.
            yield inflater.flush()


class SheetParser:
    """Finds how far one worksheet reaches and its formulas; keeps nothing of the values.

    An empty ``<v/>`` or ``<t/>`` counts as a value, because the reader allocates up to it. What stands outside of
    ``sheetData`` is no cell: lists and conditional formats have formulas of their own there.
    """

    _VALUES = frozenset({"v", "is", "t", "f"})

    def __init__(self, scan: SheetScan) -> None:
        self.scan = scan
        self.in_table = False
        self.last_row = 0
        self.last_column = 0
        self.row = 0
        self.column = 0
        self.reference: str | None = None
        self.formula: list[str] | None = None
        self.shared_index = ""
        self.shared: dict[str, str] = {}
        self.letters: dict[str, int] = {}
        self.parser = _parser()

    def parse(self, chunks: Iterator[bytes]) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        for chunk in chunks:
            self.parser.Parse(chunk, False)
        self.parser.Parse(b"", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        # Called for every element of the sheet, millions of times: a reference is read only where there is a value.
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if not self.in_table:
            self.in_table = tag == _TABLE
        elif tag == "c":
            reference = attributes.get("r")
            if reference is None:
                if self.reference:
                    self._go_to(self.reference)
                self.column += 1
            self.reference = reference
        elif tag in self._VALUES:
            if self.reference:
                self._go_to(self.reference)
                self.reference = None
            self._value()
            if tag == "f":
                self._start_formula(attributes)
        elif tag == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdigit() else self.row + 1
            self.column = 0
            self.reference = None

    def _end(self, tag: str) -> None:
        if self.formula is not None:
            self.parser.CharacterDataHandler = None
            text, self.formula = "".join(self.formula), None
            self._formula(text)
        elif tag.endswith(_TABLE):
            self.in_table = tag.rpartition(":")[2] != _TABLE

    def _start_formula(self, attributes: dict[str, str]) -> None:
        """Listen for text only inside a formula: a call for every cell would double the time."""
        self.formula = []
        self.shared_index = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        self.parser.CharacterDataHandler = self.formula.append

    def _go_to(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        column = self.letters.get(letters)
        if column is None:
            column = self.letters[letters] = _column_number(letters)
        if len(reference) - len(letters) not in range(1, 8):
            raise ReadFault("range")
        self.row = int(reference[len(letters) :])
        self.column = column

    def _value(self) -> None:
        self.scan.has_values = True
        if self.row > self.last_row or self.column > self.last_column:
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)
            if (
                self.last_row > MAX_ROWS
                or self.last_column > MAX_COLUMNS
                or self.last_row * self.last_column > MAX_CELLS
            ):
                raise ReadFault("range", _range_detail(self.scan.name, self.row, self.column))

    def _formula(self, text: str) -> None:
        if self.shared_index:
            text = self.shared.setdefault(self.shared_index, text) if text else self.shared.get(self.shared_index, "")
        place = (self.row, self.column)
        literal = literal_text(text) if len(text) <= _MAX_FORMULA_LENGTH else None
        if literal is not None:
            self.scan.literals[place] = literal
        elif len(self.scan.formulas) < _MAX_FORMULAS:
            self.scan.formulas[place] = text[:200]


def _parser() -> Any:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    """No office program writes a document type; its only use here is to declare entities that explode."""
    raise ReadFault("bomb")


def _target(target: str) -> str:
    """The part a relation of the workbook names, as the directory of the zip would name it."""
    plain = target.replace("\\", "/")
    path = plain.lstrip("/") if plain.startswith("/") else str(PurePosixPath("xl") / plain)
    return path.lower()


def _column_number(letters: str) -> int:
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        raise ReadFault("range")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _range_detail(sheet: str, row: int, column: int) -> str:
    return (
        f"ชีต {sheet[:40]} มีข้อมูลที่เซลล์ {column_letter(column)}{row} ซึ่งไกลเกินตาราง "
        f"(รับไม่เกิน {MAX_ROWS:,} แถว {MAX_COLUMNS} คอลัมน์) กรุณาลบแถวและคอลัมน์ที่ไม่ใช้ออก หรือคัดลอกเฉพาะตารางไปไฟล์ใหม่"
    )
