"""Dictionary order, and names without what stands before them."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.thai.collation import compare, name_sort_key, sort_key, without_titles

TEXTS = st.text("กขรเแโาำะิุ่้์ .-1๑aA", max_size=8)


@pytest.mark.parametrize(
    "in_order",
    [
        ["กมล", "เกษม", "แก้ว", "โกศล", "ไกร", "ขจร", "เขียว", "จันทร์", "ใจ"],
        ["ปา", "ป่า", "ป้า", "ปาน"],
        ["เกษม", "อนันต์"],
        ["ฤดี", "ลำดวน", "ฦๅชา", "วันดี"],
        ["10", "๑๑", "กา", "abc", "ABC", "abd"],
        ["กานดา", "กานต์", "กาน้ำ", "กำนัน", "กิจ"],
    ],
)
def test_words_stand_as_in_the_dictionary(in_order: list[str]) -> None:
    backwards = in_order[::-1]
    assert sorted(backwards, key=sort_key) == in_order


def test_blanks_and_disguises_do_not_count() -> None:
    assert sort_key("เเก้ว") == sort_key("แก้ว")
    assert sort_key("ก ข") < sort_key("กค")
    assert sort_key("กข") < sort_key("ก ค")


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_the_collation_of_sqlite_orders_as_the_key_does(texts: list[str]) -> None:
    by_key = sorted(texts, key=sort_key)
    assert [sort_key(text) for text in sorted(texts, key=functools.cmp_to_key(compare))] == [*map(sort_key, by_key)]


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("นายสมชาย ใจดี", "สมชาย ใจดี"),
        ("นางสาวฟารินี", "ฟารินี"),
        ("นาง อร", "อร"),
        ("น.ส.กมล", "กมล"),
        ("น. ส. กมล", "กมล"),
        ("ด.ญ.กมล", "กมล"),
        ("ว่าที่ร้อยตรี ดร.สมชาย", "สมชาย"),
        ("ว่าที่ ร.ต.หญิง อร", "อร"),
        ("ว่าที่ร้อยตรีหญิงอร", "อร"),
        ("พ.ต.ท. เอก", "เอก"),
        ("ร.ต.อ.เอก", "เอก"),
        ("ส.อ.เอก", "เอก"),
        ("ผศ.ดร.กมล", "กมล"),
        ("ม.ร.ว.กมล", "กมล"),
        ("นายิกา ดี", "นายิกา ดี"),
        ("นาย", "นาย"),
        ("ส.ธนากร", "ส.ธนากร"),
    ],
)
def test_titles_are_left_out_of_names(named: str, name: str) -> None:
    assert without_titles(named) == name


def test_people_are_sorted_by_their_names() -> None:
    people = ["นางสาวขจี", "นายเกษม", "ดร.อนันต์", "ว่าที่ร้อยตรีกมล", "นางแก้ว"]
    assert sorted(people, key=name_sort_key) == ["ว่าที่ร้อยตรีกมล", "นายเกษม", "นางแก้ว", "นางสาวขจี", "ดร.อนันต์"]
