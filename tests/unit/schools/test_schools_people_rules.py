"""What may stand in the record of a person, how people are found and in which order they stand."""

from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.people import rules

NAME = {"title": "นางสาว", "given_name": "ฟารินี", "family_name": "แจ้งสว่าง"}
VALID_ID = "1570405990387"


def codes(**fields: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in rules.person_faults({**NAME, **fields})]


class TestRecord:
    def test_a_name_is_enough(self) -> None:
        assert rules.person_faults(NAME) == []

    @pytest.mark.parametrize(
        ("title", "given_name", "family_name"),
        [
            ("นาย", "ณัฐพงศ์", "ณ เชียงใหม่"),
            ("ว่าที่ ร.ต.", "เอื้อ", "ศรีไพร"),
            ("ดร.", "John-Paul", "O'Neil"),
            ("พระครู", "สังฆรักษ์ (เจริญ)", "ธมฺมธโร"),
            ("นาง", "คำ", "ลุงต๊ะ"),
        ],
    )
    def test_names_as_people_bear_them(self, title: str, given_name: str, family_name: str) -> None:
        assert codes(title=title, given_name=given_name, family_name=family_name) == []

    @pytest.mark.parametrize("name", ["สมชาย2", "๑๒๓", "a_b", "<script>", "-", "=cmd()"])
    def test_what_is_no_name(self, name: str) -> None:
        assert codes(given_name=name) == [("given_name", "characters")]

    @pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b"])
    def test_a_name_has_three_parts(self, nothing: str | None) -> None:
        assert codes(title=nothing, family_name=nothing) == [("title", "required"), ("family_name", "required")]

    @pytest.mark.parametrize("written", [VALID_ID, "1-5704-05990-38-7", "๑๕๗๐๔๐๕๙๙๐๓๘๗", " 1 5704 05990 38 7 "])
    def test_a_citizen_id_as_people_write_it(self, written: str) -> None:
        assert codes(citizen_id=written) == []
        assert rules.cleaned({"citizen_id": written}) == {"citizen_id": VALID_ID}

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("1570405990388", "citizen_id.check_digit"),
            ("9999999999994", "citizen_id.check_digit"),
            ("157040599038", "citizen_id.form"),
            ("1.57E+12", "citizen_id.form"),
            ("G640000000123", "citizen_id.g_code"),
        ],
    )
    def test_what_is_no_citizen_id_of_staff(self, written: str, code: str) -> None:
        assert codes(citizen_id=written) == [("citizen_id", code)]

    @pytest.mark.parametrize("phone", ["0812345678", "081-234-5678", "053 123 456", "+66 81 234 5678", "๐๘๑๒๓๔๕๖๗๘"])
    def test_telephones(self, phone: str) -> None:
        assert codes(phone=phone) == []
        assert (rules.cleaned({"phone": phone})["phone"] or "").isdigit()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("phone", "12345"), ("phone", "โทรมา"), ("email", "x@"), ("email", "ก@ข.ค"), ("position", "x" * 201)],
    )
    def test_other_fields_that_are_wrong(self, field: str, value: str) -> None:
        assert [pointer for pointer, _code in codes(**{field: value})] == [field]

    def test_everything_wrong_is_said_at_once(self) -> None:
        wrong = {"title": "", "given_name": 3, "family_name": "x" * 101, "citizen_id": "1", "email": "x", "colour": "x"}
        pointers = [fault.pointer for fault in rules.person_faults(wrong)]
        assert pointers == ["colour", "title", "given_name", "family_name", "citizen_id", "email"]

    def test_a_change_looks_at_what_is_changed_alone(self) -> None:
        assert rules.person_faults({"phone": "0812345678"}, partial=True) == []
        assert [fault.pointer for fault in rules.person_faults({"title": ""}, partial=True)] == ["title"]

    @given(st.text(max_size=30))
    def test_no_text_breaks_the_rules(self, text: str) -> None:
        fields = dict.fromkeys(rules.TITLES, text)
        rules.person_faults(fields)
        assert set(rules.cleaned(fields)) == set(rules.TITLES)

    def test_nothing_written_is_stored_as_nothing(self) -> None:
        assert rules.cleaned({"email": " ", "phone": "", "position": None}) == dict.fromkeys(
            ("email", "phone", "position")
        )


class TestSearch:
    @pytest.mark.parametrize("typed", ["ฟาริ", "แจ้ง ฟา", "  FARINEE ", "๕๗๐๔"])
    def test_every_word_is_found_somewhere(self, typed: str) -> None:
        assert rules.matches(rules.search_words(typed), ["นางสาวฟารินี แจ้งสว่าง", "farinee-5704"])

    def test_a_word_that_stands_nowhere(self) -> None:
        assert not rules.matches(rules.search_words("ฟา มืด"), ["นางสาวฟารินี แจ้งสว่าง"])


class TestNamesInWhatIsTyped:
    NAMES: ClassVar[dict[str, str]] = {"p1": "สมชาย ใจดี", "p2": "สมหญิง ใจดี", "p3": "ฟารินี แจ้งสว่าง"}

    @pytest.mark.parametrize(
        ("typed", "people", "rest"),
        [
            ("สมชาย", ["p1"], ""),
            ("ใจดี", ["p1", "p2"], ""),
            ("ประชุม สมหญิง ใจดี", ["p2"], "ประชุม"),
            ("นายสมชาย", ["p1"], ""),
            ("ว่าที่ร้อยตรีสมชาย 12", ["p1"], "12"),
            ("สมชาย แจ้งสว่าง", [], ""),
            ("ประชุม", [], "ประชุม"),
            ("ส", [], "ส"),
            ("", [], ""),
        ],
    )
    def test_whose_they_are_and_what_stands_beside(self, typed: str, people: list[str], rest: str) -> None:
        assert rules.people_meant(typed, self.NAMES) == (people, rest)

    def test_a_piece_of_many_names_is_no_name(self) -> None:
        many = {str(number): f"สมชาย {number}" for number in range(rules.MOST_MEANT + 1)}
        assert rules.people_meant("สมชาย ประชุม", many) == ([], "สมชาย ประชุม")
        assert rules.people_meant("สมชาย 17", many) == (["17"], "")
