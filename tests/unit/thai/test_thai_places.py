"""Addresses are real triples or not, and spelling variants are resolved before that is said."""

from __future__ import annotations

import pytest

from services.rounds.synthetic.places import PROVINCE, TAMBONS
from shared.thai.places import Address, PlaceFault, province_name, resolve

CHIANG_KHONG, THOENG = ("เชียงของ", "เชียงราย"), ("เทิง", "เชียงราย")


@pytest.mark.parametrize(
    ("tambon", "place", "code"),
    [
        ("เวียง", CHIANG_KHONG, "570301"),
        ("เวียง", THOENG, "570401"),
        ("ศรีดอนชัย", CHIANG_KHONG, "570308"),
        ("ศรีดอนไชย", THOENG, "570412"),
        ("ศรีดอนไชย", CHIANG_KHONG, "570308"),
        ("ต. ศรีดอนชัย", ("อ.เทิง", "จ.เชียงราย"), "570412"),
        ("ตำบลแม่ต่ำ", ("อำเภอพญาเม็งราย", "จังหวัดเชียงราย"), "571202"),
        ("แม่ต๋ำ", ("พระยาเม็งราย", "เชียงราย"), "571202"),
        ("เวียง", ("เมือง", "เชียงราย"), "570101"),
        ("แขวงสีลม", ("เขตบางรัก", "กทม."), "100402"),
        ("สีลม", ("บางรัก", "กรุงเทพฯ"), "100402"),
    ],
)
def test_a_real_triple_is_found_however_it_is_spelt(tambon: str, place: tuple[str, str], code: str) -> None:
    found = resolve(tambon, *place)
    assert (found.tambon, found.amphoe, found.province, found.fault) == (code, code[:4], code[:2], None)


@pytest.mark.parametrize(
    ("triple", "expected"),
    [
        (("ปอ", "เทิง", "เชียงราย"), Address("57", "5704", None, PlaceFault.TAMBON)),
        (("เวียง", "ขุนตาล", "เชียงราย"), Address("57", "5714", None, PlaceFault.TAMBON)),
        (("ศรีดอนชัย", "เวียงแก่น", "เชียงราย"), Address("57", "5713", None, PlaceFault.TAMBON)),
        (("เวียง", "เทิง", "พะเยา"), Address("56", None, None, PlaceFault.AMPHOE)),
        (("เวียง", "เทิง", "เชียงตุง"), Address(fault=PlaceFault.PROVINCE)),
        (("เวียง", "เทิง", ""), Address(fault=PlaceFault.PROVINCE)),
    ],
)
def test_what_is_no_triple_says_where_it_fails(triple: tuple[str, str, str], expected: Address) -> None:
    assert resolve(*triple) == expected


def test_every_tambon_of_the_model_office_is_real() -> None:
    triples = [(tambon, amphoe, PROVINCE) for amphoe, tambons in TAMBONS.items() for tambon in tambons]
    assert [triple for triple in triples if resolve(*triple).fault] == []


def test_a_province_has_a_name() -> None:
    assert (province_name("57"), province_name("28")) == ("เชียงราย", None)
