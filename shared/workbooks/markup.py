"""HTML tables that are called .xls: what EMIS and several office programs offer as "Excel"."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from shared.workbooks.delimited import decode, text_sheet
from shared.workbooks.faults import ReadFault
from shared.workbooks.sheet import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Cell, Sheet

_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"style", "script", "title"})


def read_html(path: Path) -> list[Sheet]:
    """The tables of a page, in order; a row of the sheet is a row of the table. :class:`ReadFault` if there is none.

    A cell that spans others has its text in the first of them, as a spreadsheet program shows merged cells. A table
    inside a cell is text of that cell.
    """
    parser = _Tables()
    parser.feed(decode(path.read_bytes()))
    parser.close()
    parser.finish_table()
    if not parser.tables:
        raise ReadFault("unreadable", "ไม่พบตารางในไฟล์ กรุณาเปิดด้วย Excel แล้วบันทึกเป็น Excel Workbook (.xlsx) ก่อนส่ง")
    return [text_sheet(f"ตาราง {number}", rows) for number, rows in enumerate(parser.tables, start=1)]


class _Tables(HTMLParser):
    """Collects the outermost tables; end tags may be missing, as they often are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Cell]]] = []
        self.depth = 0
        self.silent = 0
        self.rows: list[list[Cell]] = []
        self.row: list[Cell] | None = None
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.taken: dict[int, int] = {}
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.depth += 1
        elif self.depth == 1 and tag == "tr":
            self._finish_row()
            self.row = []
        elif self.depth == 1 and tag in ("td", "th"):
            self._start_cell(dict(attrs))
        elif tag in _BREAKS and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self.finish_table()
            else:
                self.depth -= 1
        elif self.depth == 1 and tag in ("td", "th"):
            self._finish_cell()
        elif self.depth == 1 and tag == "tr":
            self._finish_row()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def finish_table(self) -> None:
        """Close the outermost table; nothing happens outside of one."""
        self._finish_row()
        if self.rows:
            self.tables.append(self.rows)
        self.rows, self.taken, self.depth = [], {}, 0

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        self._finish_cell()
        if self.row is None:
            self.row = []
        self.cell = []
        self.span = (_span(attributes.get("rowspan"), MAX_ROWS), _span(attributes.get("colspan"), MAX_COLUMNS))

    def _finish_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        self._skip_taken(self.row)
        below, beside = self.span
        first = len(self.row)
        self.row.append("".join(self.cell).strip())
        self.row.extend([""] * (beside - 1))
        if below > 1:
            self.taken.update(dict.fromkeys(range(first, first + beside), below))
        self.cell = None
        if len(self.row) > MAX_COLUMNS:
            raise ReadFault("range")

    def _skip_taken(self, row: list[Cell]) -> None:
        """Leave out the places that a cell of a row above reaches into."""
        while self.taken.get(len(row), 0) > 0:
            row.append("")

    def _finish_row(self) -> None:
        self._finish_cell()
        if self.row is None:
            return
        self.rows.append(self.row)
        self.cells += len(self.row)
        self.row = None
        self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}
        if len(self.rows) > MAX_ROWS or self.cells > MAX_CELLS:
            raise ReadFault("range")


def _span(text: str | None, limit: int) -> int:
    return min(max(int(text), 1), limit) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1
