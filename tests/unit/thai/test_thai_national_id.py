"""Citizen ids and G-codes: check digits and masks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.thai.national_id import check_digit, is_g_code, is_valid, mask, mask_within

VALID = (
    "1570405990387", "2570457466024", "3570489566197", "5570478492924", "6570426829683",
    "7570429659884", "8570433463679", "0570407706092", "1570400000061", "1570400000010",
)  # fmt: skip
DIGITS12 = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize("number", VALID)
def test_valid_ids(number):
    assert is_valid(number)


@pytest.mark.parametrize(
    "number", ["1570405990388", "1234567890123", "0000000000000", "1111111111111", "", "157040599038", "๑๕๗๐๔๐๕๙๙๐๓๘๗"]
)
def test_invalid_ids(number):
    assert not is_valid(number)


def test_known_check_digits():
    assert check_digit("123456789012") == 1
    assert check_digit("000000000000") == 1
    assert check_digit("111111111111") == 9
    with pytest.raises(ValueError, match="twelve"):
        check_digit("12345678901")
    with pytest.raises(ValueError, match="twelve"):
        check_digit("๑๒๓๔๕๖๗๘๙๐๑๒")


@given(DIGITS12)
def test_exactly_one_last_digit_is_right(first12):
    right = [digit for digit in "0123456789" if is_valid(first12 + digit)]
    assert right == ([] if first12[0] == "9" else [str(check_digit(first12))])


@given(DIGITS12, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_figure_is_nearly_always_noticed(first12, place, change):
    """The weight 11 of a place cannot hide a change, except where sums that differ by one give the same digit."""
    other = first12[:place] + str((int(first12[place]) + change) % 10) + first12[place + 1 :]
    sums = [sum(int(digit) * (13 - at) for at, digit in enumerate(text)) % 11 for text in (first12, other)]
    assert (check_digit(first12) == check_digit(other)) == (sums[0] == sums[1] or {*sums} in ({0, 10},))


def test_masks():
    assert mask("1570405990387") == mask("1-5704-05990-38-7") == mask("๑๕๗๐๔๐๕๙๙๐๓๘๗") == "1-5704-xxxxx-xx-7"
    assert mask("g645700000017") == "G64-57-xxxxxxx7"
    assert mask("570407706092") == "5704xxxxxxx2"
    assert mask("1.57041E+12") == "1.5xxxxE+12"
    assert mask("ไม่มีเลข") == "ไม่มีเลข"
    assert is_g_code("G645700000001")
    assert not is_g_code("g645700000001")


@given(st.text("0123456789 -.GgEe+xก\u00a0\u200b", max_size=40))
def test_a_mask_never_shows_more_than_six_figures_or_a_third(text):
    shown = sum(character.isdigit() for character in mask(text))
    total = sum(character.isdigit() for character in text)
    assert shown <= 8
    assert total < 8 or shown < total


@given(
    st.text("กขค ,/", max_size=10),
    DIGITS12,
    st.sampled_from(["", "-", " ", "\u00a0", "."]),
    st.text("กขค ,/", max_size=10),
)
def test_an_id_inside_a_text_is_masked(before, first12, separator, after):
    number = first12 + str(check_digit(first12))
    shown = mask_within(before + separator.join(number) + after)
    assert number not in re.sub(r"[ .\-]", "", shown)
    assert "xxx" in shown


@pytest.mark.parametrize("text", ["57040001", "0812345678", "13/05/2555", "12345678901", "2569-1-student.xlsx"])
def test_other_numbers_stay(text):
    assert mask_within(text) == text
