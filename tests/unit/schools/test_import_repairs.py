"""What programs do to codes, and how it is undone: rounds.md §2.1 (a)-(d)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.imports.repairs import REASONS, Mended, is_damaged, mend_digits, mend_text

DIGITS = st.text("0123456789", min_size=1, max_size=13)


@pytest.mark.parametrize(
    ("raw", "text", "group"),
    [
        ("57040001", "57040001", ""),
        ("  57040001\u00a0", "57040001", ""),
        ("57040001.0", "57040001", "float"),
        ("๕๗๐๔๐๐๐๑", "57040001", "thai_digits"),
        ("๕๗๐๔๐๐๐๑.๐", "57040001", "thai_digits+float"),
        ('="57040001"', "57040001", "literal"),
        ('="๕๗๐๔๐๐๐๑"', "57040001", "literal+thai_digits"),
        ("1-5704-05990-38-7", "1570405990387", "separators"),
        ("1 5704 05990 38 7", "1570405990387", "separators"),
        ("1.570405990387E+12", "1570405990387", "exponent"),
        ("1.57E+12", "1.57E+12", ""),
        ("080005", "080005", ""),
        ("บ้านหลวง", "บ้านหลวง", ""),
        ("", "", ""),
    ],
)
def test_a_code_is_mended_and_every_step_of_it_is_named(raw: str, text: str, group: str) -> None:
    mended = mend_digits(raw)
    assert (mended.text, mended.group) == (text, group)
    assert len(mended.reasons) == len(mended.kinds)


@given(DIGITS)
def test_a_code_that_is_right_is_left_alone(code: str) -> None:
    assert mend_digits(code) == Mended(code)


@given(st.text(max_size=40))
def test_nothing_is_changed_without_saying_so_but_what_nobody_sees(raw: str) -> None:
    mended = mend_digits(raw)
    assert mended.kinds or mended.text == mend_text(raw).text or raw.startswith('="')
    assert set(mended.kinds) <= set(REASONS)


@given(DIGITS.filter(lambda code: len(code) > 6))
def test_digits_that_a_program_threw_away_are_not_made_up(code: str) -> None:
    cut = f"{code[0]}.{code[1:3]}E+{len(code) - 1}"
    assert is_damaged(mend_digits(cut).text)


def test_the_frame_of_a_text_is_no_part_of_it() -> None:
    assert mend_text('="บ้านหลวง"') == Mended("บ้านหลวง")
    assert mend_text("บ้าน  หลวง") == Mended("บ้าน หลวง")
