"""Part of a sheet, and what is packed: read as it was written, equal bytes for equal rows, old ones read too."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.workbooks.packing import pack, unpack
from shared.workbooks.part import KIND, write_part
from shared.workbooks.reading import read_book
from shared.workbooks.sheet import Book, Sheet

CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=9999)).map(lambda one: one - one % dt.timedelta(milliseconds=1)),
)


@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=4), typed=st.booleans())
def test_a_part_is_read_as_it_was_written(
    rows: list[list[object]], typed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    numbers = [7 * (index + 1) for index in range(len(rows))]
    sheet = Sheet("ม.1", rows, typed=typed, literals=frozenset({(7, 2)}), formulas={(14, 1): "A1"}, numbers=numbers)
    path: Path = tmp_path_factory.mktemp("part") / "part"
    path.write_bytes(write_part(sheet, external_links=True))
    assert read_book(path, KIND) == Book((sheet,), external_links=True)


def test_a_part_of_a_file_that_does_not_tell_formulas_does_not_either(tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_bytes(write_part(Sheet("1", [["ก"]], typed=True, formulas=None, numbers=[3]), external_links=False))
    assert read_book(path, KIND).sheets[0].formulas is None


def test_equal_rows_at_equal_places_are_equal_bytes() -> None:
    def written(number: int) -> bytes:
        sheet = Sheet("1", [["ก", 1.5, dt.date(2026, 6, 10)]], typed=True, numbers=[number])
        return write_part(sheet, external_links=False)

    assert written(3) == written(3)
    assert written(3) != written(4)


def test_a_row_is_called_by_its_number_in_the_whole() -> None:
    assert Sheet("1", [[], []], typed=True, numbers=[1, 40]).number_of(1) == 40
    assert Sheet("1", [[], []], typed=True).number_of(1) == 2


def test_what_was_packed_the_old_way_is_read() -> None:
    document = {"version": 1, "rows": [3, 4]}
    assert unpack(zlib.compress(json.dumps(document).encode(), level=1)) == unpack(pack(document)) == document


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x78\x01broken"])
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="packed"):
        unpack(content)


def test_a_cell_of_no_known_kind_is_refused() -> None:
    with pytest.raises(TypeError):
        write_part(Sheet("1", [[object()]], typed=True), external_links=False)
