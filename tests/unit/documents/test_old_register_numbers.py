"""Numbers of old registers: every form that is read, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.oldregisters.numbers import NumberFault, NumberProblem, WrittenNumber, read_number, read_year
from shared.thai.digits import to_thai

NUMBERS = st.integers(1, 999_999)
YEARS = st.integers(2500, 2599)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", WrittenNumber(12)),
        ("๑๒", WrittenNumber(12)),
        ("0012", WrittenNumber(12)),
        ("12.0", WrittenNumber(12)),
        ("1,234", WrittenNumber(1234)),
        ("12/2569", WrittenNumber(12, year=2569)),
        ("๑๒/๒๕๖๙", WrittenNumber(12, year=2569)),
        (" 12 / 2569 ", WrittenNumber(12, year=2569)),
        ("12/2026", WrittenNumber(12, year=2569)),
        ("ที่ 12/2569", WrittenNumber(12, year=2569)),
        ("คำสั่งที่ ๑๒/๒๕๖๙", WrittenNumber(12, year=2569)),
        ("เลขรับ 12", WrittenNumber(12)),
        ("รับที่ 12", WrittenNumber(12)),
        ("12.1", WrittenNumber(12, "1")),
        ("12/1", WrittenNumber(12, "1")),
        ("12.1/2569", WrittenNumber(12, "1", year=2569)),
        ("ว 12", WrittenNumber(12, is_circular=True)),
        ("ว12/2569", WrittenNumber(12, year=2569, is_circular=True)),
        ("ศธ 04047/206", WrittenNumber(206)),
        ("ศธ๐๔๐๔๗/๒๐๖", WrittenNumber(206)),
        ("ศธ 04047.109/206", WrittenNumber(206)),
        ("กค 0408.5/206", WrittenNumber(206)),
        ("ศธ 04xxx/ว 12", WrittenNumber(12, is_circular=True)),
        ("ศธ 04047/ว12", WrittenNumber(12, is_circular=True)),
        ("ที่ ศธ 04047/12", WrittenNumber(12)),
        ("ศธ 04047/12/2569", WrittenNumber(12, year=2569)),
        # a number as large as a year is one where nothing else stands
        ("2569", WrittenNumber(2569)),
        ("ศธ 04047/2569", WrittenNumber(2569)),
    ],
)
def test_a_number_is_read(text: str, number: WrittenNumber) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("สิบสอง", "format"),
        ("0", "format"),
        ("12ก", "format"),
        ("1234567", "format"),
        ("12/123", "format"),
        ("12/3569", "format"),
        ("12/01", "format"),
        ("12.05", "format"),
        ("12.1/2", "format"),
        ("ศธ 04047", "format"),
        ("ศธ 04047/", "format"),
        ("คส 12/2569", "format"),
        ("=A2+1", "format"),
        ("-12", "format"),
        ("12/69", "short_year"),
        ("12/26", "short_year"),
        ("12-15", "range"),
        ("๑๒ ถึง ๑๕", "range"),
        ("2026-01-12", "date"),
        ("2569-12-01 00:00:00", "date"),
        ("12/1/2569", "date"),
    ],
)
def test_what_may_be_read_in_two_ways_is_not_read(text: str, problem: str) -> None:
    with pytest.raises(NumberFault) as fault:
        read_number(text)
    assert fault.value.problem == problem


@given(NUMBERS, YEARS, st.booleans())
def test_a_year_is_never_the_running_number(no: int, year: int, thai: bool) -> None:
    """The real bug: of "ที่ 12/2569" the letter code took "ที่ 12" and left 2569."""
    for form in (f"{no}/{year}", f"ที่ {no}/{year}", f"ว {no}/{year}", f"ศธ 04047/{no}/{year}"):
        read = read_number(to_thai(form) if thai else form)
        assert (read.no, read.year) == (no, year)


@given(st.text(max_size=20) | st.text("0123456789๐๑๙./ -,วศธxที่", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_number(text)
    except NumberFault as fault:
        assert fault.problem in NumberProblem
    else:
        assert 0 < read.no < 1_000_000
        assert read.suffix in {"", *map(str, range(1, 21))}
        assert read.year is None or 2400 <= read.year <= 2700


@pytest.mark.parametrize(
    ("text", "year"),
    [("2569", 2569), ("๒๕๖๙", 2569), ("2026", 2569), ("69", None), ("3000", None), ("2569.0", 2569), ("ปี", None)],
)
def test_years_are_of_four_digits_in_either_era(text: str, year: int | None) -> None:
    assert read_year(text) == year
