"""Thai dates: eras, leap days, spellings, school and budget years, deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.thai.dates import (
    BANGKOK,
    DateFault,
    Era,
    academic_year,
    age_on,
    be_year,
    deadline,
    end_of_day,
    fiscal_year,
    format_full,
    format_short,
    format_slashed,
    from_be,
    month_number,
    parse_date,
    read_date_cell,
)
from shared.thai.digits import to_thai

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_way_to_write_a_day_reads_back(day):
    year = be_year(day.year)
    for text in (
        format_slashed(day),
        format_short(day),
        format_full(day),
        to_thai(format_full(day)),
        f"{year}-{day:%m-%d}",
    ):
        written = parse_date(text)
        assert (written.day, written.era) == (day, Era.BE), text
    for text in (day.isoformat(), f"{day.isoformat()} 00:00:00", f"{day:%d/%m/%Y}"):
        written = parse_date(text)
        assert (written.day, written.era) == (day, Era.CE), text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("29/02/2554", "impossible"),
        ("31/04/2555", "impossible"),
        ("00/01/2555", "impossible"),
        ("05/13/2555", "impossible"),
        ("13/05/55", "two_digits"),
        ("13 พ.ค. 55", "two_digits"),
        ("13/05/3098", "year"),
        ("13/05/1469", "year"),
        ("13/05/255", "year"),
        ("13 พ.ค. พ.ศ. 2012", "year"),
        ("13 พ.ค. ค.ศ. 2555", "year"),
        ("01/02/2480", "old_calendar"),
        ("", "format"),
        ("-", "format"),
        ("13052555", "format"),
        ("13 พค", "format"),
        ("13 เมษา 2555", "format"),
        ("41042", "format"),
    ],
)
def test_what_cannot_be_read_says_why(text, problem):
    with pytest.raises(DateFault) as caught:
        parse_date(text)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("29/02/2555", date(2012, 2, 29)),
        ("1/5/2555", date(2012, 5, 1)),
        ("13-05-2555", date(2012, 5, 13)),
        ("13.05.2555", date(2012, 5, 13)),
        ("13 พค 2555", date(2012, 5, 13)),
        ("13พ.ค.2555", date(2012, 5, 13)),
        ("วันที่ 13 เดือน พฤษภาคม พ.ศ. 2555", date(2012, 5, 13)),
        ("07 สิงหาคม 2563 เวลา 11:03:02 น.", date(2020, 8, 7)),
        ("\u00a013/05/2555\u200b", date(2012, 5, 13)),
    ],
)
def test_spellings(text, expected):
    assert parse_date(text).day == expected


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_fault(text):
    try:
        parse_date(text)
    except DateFault as fault:
        assert fault.problem


def test_date_cells_hold_be_years_as_if_they_were_ce():
    assert read_date_cell(date(2555, 5, 13)) == read_date_cell(datetime.fromisoformat("2555-05-13"))
    assert read_date_cell(date(2555, 5, 13)).day == date(2012, 5, 13)
    assert read_date_cell(date(2012, 5, 13)).era is Era.CE
    with pytest.raises(DateFault):
        read_date_cell(date(2556, 2, 29))
    with pytest.raises(DateFault):
        read_date_cell(date(3098, 5, 13))


def test_leap_days_by_era():
    assert from_be(29, 2, 2555) == date(2012, 2, 29)
    with pytest.raises(DateFault):
        from_be(29, 2, 2554)


@given(st.dates(date(1990, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2040, 12, 31)))
def test_age_grows_by_one_each_year(birth, on):
    age = age_on(birth, on)
    assert age >= 0
    assert birth.year + age <= on.year
    assert age_on(birth, on + timedelta(days=366)) in (age + 1, age + 2)


def test_age_of_who_is_born_on_a_leap_day():
    birth = date(2012, 2, 29)
    assert age_on(birth, date(2019, 2, 28)) == 6
    assert age_on(birth, date(2019, 3, 1)) == 7
    assert age_on(birth, date(2020, 2, 29)) == 8


def test_school_and_budget_years():
    assert academic_year(date(2026, 5, 15)) == 2568
    assert academic_year(date(2026, 5, 16)) == 2569
    assert academic_year(date(2026, 3, 31)) == 2568
    assert fiscal_year(date(2026, 9, 30)) == 2569
    assert fiscal_year(date(2026, 10, 1)) == 2570


def test_formats():
    assert format_short(date(2026, 6, 10)) == "10 มิ.ย. 2569"
    assert format_full(date(2026, 6, 10)) == "10 มิถุนายน 2569"
    assert format_slashed(date(2026, 6, 10)) == "10/06/2569"
    assert month_number("กค") == month_number("ก.ค.") == month_number("กรกฎาคม") == 7
    assert month_number("x") is None


def test_a_bare_date_lasts_to_the_last_second_of_its_day_in_bangkok():
    last = end_of_day(date(2026, 6, 10))
    assert last.isoformat() == "2026-06-10T23:59:59+07:00"
    assert deadline(date(2026, 6, 10)) == last
    assert deadline(datetime.fromisoformat("2026-06-10T16:30")) == datetime(2026, 6, 10, 16, 30, tzinfo=BANGKOK)
    moment = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
    assert deadline(moment) is moment
