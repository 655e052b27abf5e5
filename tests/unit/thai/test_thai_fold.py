"""Folding: what looks equal is equal, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.thai.digits import parse_number, to_arabic, to_thai
from shared.thai.fold import fold_header, fold_text, is_dash, is_missing

CLEAN = st.text("กขคงจ abc123", max_size=20).map(lambda text: " ".join(text.split()))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("น้ําหนัก", "น้ำหนัก"),
        ("นํ้าหนัก", "น้ำหนัก"),
        ("นำ้หนัก", "น้ำหนัก"),
        ("เเก้ว", "แก้ว"),
        ("ท่ี", "ที่"),
        ("\ufeffสม\u00a0ชาย\u200b  ดี ", "สม ชาย ดี"),
        ("ก\nข\tค", "ก ข ค"),
    ],
)
def test_disguises_are_undone(written, meant):
    assert fold_text(written) == meant


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@given(CLEAN)
def test_clean_text_stays(text):
    assert fold_text(text) == text


def test_headers():
    assert fold_header("นักเรียน<br>10 มิ.ย.2563") == "นักเรียน10มิ.ย.2563"
    assert fold_header(" รหัส Smis ") == fold_header("รหัสSMIS")


@pytest.mark.parametrize(
    "text", ["", " ", "-", "—", "–", "--", "ไม่ปรากฎ", "ไม่ปรากฏ", "ไม่ระบุ", "....", "…", "\u00a0-\u200b"]
)
def test_missing_marks(text):
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "ไม่มี", "-1", "a.", "ก-ข"])
def test_values_are_not_missing(text):
    assert not is_missing(text)


def test_dashes_and_digits():
    assert is_dash(" – ")
    assert not is_dash("")
    assert to_arabic("ป.๑") == "ป.1"
    assert to_thai("10/2569") == "๑๐/๒๕๖๙"
    assert parse_number("๓,๔๐๖") == 3406
    assert parse_number("22.5") == 22.5
    assert parse_number("35,5") is None
    assert parse_number("22 กก.") is None
