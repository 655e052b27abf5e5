"""Where the columns of a list stand: the header row is looked for among the first rows, headers as people write them.

Nothing is thrown away: a column nobody asked for is kept with its header, a header that comes twice counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.thai.dates import DateFault, parse_date
from shared.thai.fold import fold_header, fold_text
from shared.workbooks.sheet import Cell

# a title, who made the list, the date, an empty row: more has not been seen above a header
HEADER_WITHIN = 20
# one word alone is also found in titles and legends
FEWEST_KNOWN = 2
NO_BREAK = "\n"
_DAY_BEGINS = (*"0123456789๐๑๒๓๔๕๖๗๘๙", "(", "ณวันที่", "วันที่")


@dataclass(frozen=True)
class Column:
    """A column of a list: its header as our template writes it, other spellings, and what it is for.

    ``begins`` says that the header goes on with an as-of date (``นักเรียน 10 มิ.ย. 2563``). A ``secret`` column holds
    citizen ids; ``is_code`` holds digits that are text. ``meaning`` and ``example`` are for who fills the template in.
    """

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    begins: bool = False
    secret: bool = False
    is_code: bool = False
    meaning: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of list. Of each group of ``needed`` a file must have one at least.

    Where all fields of ``identity`` are empty and a cell says "รวม", the row is a total. ``label`` are the fields by
    which people know a row.
    """

    known: tuple[Column, ...]
    needed: tuple[tuple[str, ...], ...]
    identity: tuple[str, ...]
    label: tuple[str, ...]

    def column(self, field: str) -> Column:
        return next(column for column in self.known if column.field == field)

    def missing(self, found: Sequence[str]) -> list[str]:
        """What a file with the fields ``found`` lacks, in words."""
        return [
            " หรือ ".join(self.column(field).header for field in group)
            for group in self.needed
            if not set(group) & set(found)
        ]

    def field_of(self, header: str) -> str | None:
        """The field whose header this is."""
        folded = fold_header(header)
        for column in self.known:
            names = [fold_header(name) for name in (column.header, *column.aliases)]
            if folded in names or (column.begins and any(_goes_on(folded, name) for name in names)):
                return column.field
        return None


@dataclass(frozen=True)
class Heading:
    """The header row of a sheet (from 1), its texts by column index, the index of each field, and the as-of date."""

    row: int
    texts: Mapping[int, str]
    at: Mapping[str, int]
    as_of: str | None = None

    @property
    def unknown(self) -> list[int]:
        """The columns nobody asked for."""
        places = set(self.at.values())
        return [index for index in self.texts if index not in places]


def find_heading(rows: Sequence[Sequence[Cell]], columns: Columns) -> Heading | None:
    """The row of the sheet's top that names most of the columns; None where no row names two.

    One that has what the list must have goes before one with more columns: three cells of a row may happen to say what
    other headers say.
    """
    headings = [_heading(number, row, columns) for number, row in enumerate(rows[:HEADER_WITHIN], start=1)]
    return max(
        (heading for heading in headings if len(heading.at) >= FEWEST_KNOWN),
        key=lambda heading: (not columns.missing(list(heading.at)), len(heading.at)),
        default=None,
    )


def is_repeated(heading: Heading, texts: Mapping[int, str]) -> bool:
    """Whether a row is the header once more, as lists printed over several pages have it."""
    return {index: fold_header(text) for index, text in texts.items()} == {
        index: fold_header(text) for index, text in heading.texts.items()
    }


def _goes_on(folded: str, name: str) -> bool:
    """Whether a header is ``name`` and then a day; ``นักเรียนชาย`` is another column."""
    rest = folded.removeprefix(name)
    return rest != folded and rest.startswith(_DAY_BEGINS)


def _heading(number: int, row: Sequence[Cell], columns: Columns) -> Heading:
    texts = {
        index: fold_text(cell.replace(NO_BREAK, " "))
        for index, cell in enumerate(row)
        if isinstance(cell, str) and fold_text(cell)
    }
    at: dict[str, int] = {}
    as_of = None
    for index, text in texts.items():
        field = columns.field_of(text)
        if field is not None and field not in at:
            at[field] = index
            as_of = as_of or (_as_of(text) if columns.column(field).begins else None)
    return Heading(number, texts, at, as_of)


def _as_of(header: str) -> str | None:
    """The day at the end of a header; it follows the first digit."""
    start = next((place for place, letter in enumerate(header) if letter.isdigit()), None)
    if start is None:
        return None
    try:
        return parse_date(header[start:].rstrip(")")).day.isoformat()
    except DateFault:
        return None
