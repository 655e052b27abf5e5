"""What is kept of a letter to be found, and what is read into what people type."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.documents.search.rules import (
    LONGEST_QUERY,
    Query,
    Rank,
    SearchText,
    Term,
    closeness,
    nearly,
    query_of,
)
from shared.thai.fold import fold_for_search
from shared.thai.letter_numbers import Number

TEXTS = st.text("กขอปรมชศธวเแำา\u0e4d\u0e38\u0e31\u0e34\u0e48\u0e49 .0129๑๒/%_\"'\\aB\u200b\u201c", max_size=30)


def spelt(typed: str) -> list[tuple[str, ...]]:
    return [term.spellings for term in query_of(typed).terms]


class TestFolding:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("นํ้าหนัก", "น้ำหนัก"),
            ("น้ํา", "น้ำ"),
            ("เเก้ว", "แก้ว"),
            ("ป.๑", "ป.1"),
            ("นางสาว สมใจ", "นางสาวสมใจ"),
            ("โครงการ “สวน”", "โครงการสวน"),
            ("OBEC", "obec"),
            ("ประ\u200bชุม", "ประชุม"),
            ("เ เก้ว", "แก้ว"),
            ("ก\u0e49\u0e49\u0e34", "ก\u0e34\u0e49\u0e49"),
        ],
    )
    def test_two_ways_to_write_one_thing(self, one: str, other: str) -> None:
        assert fold_for_search(one) == fold_for_search(other)

    def test_half_a_surrogate_pair_is_dropped(self) -> None:
        assert fold_for_search("ก\ud800ข") == "กข"

    @settings(deadline=None)
    @given(st.one_of(TEXTS, st.text(max_size=30)), st.data())
    def test_a_part_of_a_folded_text_is_folded(self, text: str, data: st.DataObject) -> None:
        folded = fold_for_search(text)
        start = data.draw(st.integers(0, len(folded)))
        part = folded[start : data.draw(st.integers(start, len(folded)))]
        assert fold_for_search(part) == part


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("ศธ 04047/ว 123", Number("123", True, "ศธ", "04047")),
            ("ศธ. ๐๔๐๔๗/ว๑๒๓", Number("123", True, "ศธ", "04047")),
            ("ศธ 04047.109/206", Number("206", False, "ศธ", "04047.109")),
            ("ศธ 04xxx/7.1", Number("7", False, "ศธ", "04xxx", suffix="1")),
            ("04047/123", Number("123", False, "", "04047")),
            ("123/2569", Number("123", year="2569")),
            ("ว 45/2569", Number("45", True, year="2569")),
            ("04047/2569", Number("2569", False, "", "04047")),
            ("7.1/2569", Number("7", year="2569", suffix="1")),
            ("123/1", Number("123", suffix="1")),
            ("ว123", Number("123", True)),
            ("๑๒๓", Number("123")),
            ("0012", Number("12")),
        ],
    )
    def test_every_form_is_taken_apart(self, written: str, number: Number) -> None:
        assert Number.of(fold_for_search(written)) == number

    @pytest.mark.parametrize("text", ["", "ประชุม", "ศธ04047", "1234567", "12/", "ว", "1.2.3"])
    def test_what_is_no_number(self, text: str) -> None:
        assert Number.of(text) is None

    def test_a_year_is_never_the_running_number(self) -> None:
        number = Number.of("45/2569")
        assert number
        assert "2569" not in number.spellings

    def test_one_number_is_found_by_all_its_spellings(self) -> None:
        number = Number.of("ศธ04047/ว123")
        assert number
        assert number.spellings == {"123", "ว123", "04047/123", "04047/ว123", "ศธ04047/123", "ศธ04047/ว123"}


class TestTyping:
    def test_words_are_looked_for_each(self) -> None:
        assert sorted(spelt("  ครู ประชุม\tครู ")) == [("ครู",), ("ประชุม",)]

    @pytest.mark.parametrize("typed", ['"ประชุม ครู"', "“ประชุม ครู”", '"ประชุม ครู'])
    def test_a_phrase_is_one_term(self, typed: str) -> None:
        assert spelt(typed) == [("ประชุมครู",)]

    def test_a_number_with_blanks_is_one_term(self) -> None:
        assert query_of("ศธ ๐๔๐๔๗ / ว ๑๒๓").terms == (
            Term(("ศธ04047/ว123", "\x1eศธ04047/123\x1e"), "\x1eศธ04047/ว123\x1e"),
        )

    @pytest.mark.parametrize("typed", ["ด่วน 12/2569", "12/2569 ด่วน", "ด่วน 12 / 2569"])
    def test_a_word_before_a_register_number_is_no_prefix_of_it(self, typed: str) -> None:
        assert sorted(spelt(typed)) == [("12/2569",), ("ด่วน",)]

    def test_the_word_for_number_before_one_is_left_out(self) -> None:
        assert spelt("ที่ ศธ 04047/123") == [("ศธ04047/123",)]

    def test_a_number_in_quotation_marks_is_text(self) -> None:
        assert query_of('"123"').terms == (Term(("123",)),)

    def test_the_code_of_an_office_is_no_running_number(self) -> None:
        assert query_of("04047").terms == (Term(("04047",)),)

    @pytest.mark.parametrize("typed", ["", "   ", '"', '""', "\u200b", "'"])
    def test_nothing_typed_looks_for_nothing(self, typed: str) -> None:
        assert query_of(typed) == Query((), "")

    def test_what_is_too_long_is_cut_off(self) -> None:
        assert len(query_of("ก" * 9999).phrase) == LONGEST_QUERY

    def test_ranks_that_nothing_can_have_are_left_out(self) -> None:
        assert query_of("").ranks == (Rank.ANYWHERE,)
        assert query_of("ครู").ranks == (Rank.PHRASE_IN_SUBJECT, Rank.ANYWHERE)
        assert query_of("ครู 12").ranks == tuple(sorted(Rank, reverse=True))


class TestGrams:
    @settings(deadline=None)
    @given(TEXTS, TEXTS, st.data())
    def test_whatever_is_part_of_a_letter_has_only_grams_of_it(
        self, subject: str, note: str, data: st.DataObject
    ) -> None:
        text = SearchText.of(subject, notes=[note])
        for folded, rank in ((text.subject, Rank.PHRASE_IN_SUBJECT), (fold_for_search(note), Rank.ANYWHERE)):
            start = data.draw(st.integers(0, len(folded)))
            query = query_of(folded[start : data.draw(st.integers(start, len(folded)))])
            for item in query.grams_of(rank) if query.terms else ():
                assert any(set(grams) <= set(text.grams) for grams in item)

    def test_what_stands_elsewhere_is_not_taken_for_the_subject(self) -> None:
        text = SearchText.of("ประชุม", correspondents=["โรงเรียน"])
        [[grams]] = query_of("โรงเรียน").grams_of(Rank.PHRASE_IN_SUBJECT)
        assert not set(grams) & set(text.grams)

    def test_a_long_term_is_looked_up_by_a_few_grams_and_a_number_by_one(self) -> None:
        query = query_of("สำนักงานเขตพื้นที่การศึกษาประถมศึกษา")
        [[grams]] = query.grams_of(Rank.ANYWHERE)
        assert len(grams) <= 9
        assert query_of("ศธ 04047/ว 123").grams_of(Rank.EXACT_NUMBER) != query_of("ศธ 04047/ว 1234").grams_of(
            Rank.EXACT_NUMBER
        )
        [[number]] = query_of("ศธ 04047/123").grams_of(Rank.EXACT_NUMBER)
        assert set(number) <= set(SearchText.of("", numbers=["ศธ 04047/ว 123"]).grams)
        assert not set(number) & set(SearchText.of("", numbers=["ศธ 04047/1234"]).grams)

    def test_a_hash_is_what_databases_take_for_a_small_number(self) -> None:
        assert all(-(2**31) <= gram < 2**31 for gram in SearchText.of("ขอเชิญประชุมผู้บริหาร").grams)


class TestSlips:
    WORD = "ศิลปหัตถกรรมนักเรียน"

    @given(st.integers(1, len(WORD) - 3), st.sampled_from("กขคฮ"), st.sampled_from(["more", "less", "other", "turned"]))
    def test_one_slip_leaves_enough_to_be_found_by(self, at: int, letter: str, kind: str) -> None:
        word = self.WORD
        typed = {
            "more": word[:at] + letter + word[at:],
            "less": word[:at] + word[at + 1 :],
            "other": word[:at] + letter + word[at + 1 :],
            "turned": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        }[kind]
        query = query_of(typed)
        wider, text = nearly(query), f"แจ้งการแข่งขัน{word}ครั้งที่ 72"
        assert wider is not None
        assert all(any(part in text for part in term.spellings) for term in wider.terms)
        assert closeness(query, text) >= 0.5

    def test_every_word_has_to_be_near(self) -> None:
        query = query_of("ศิลปหัตถกัม นักเรียน")
        assert closeness(query, "ศิลปหัตถกรรมนักเรียน") >= 0.5
        assert closeness(query, "ศิลปหัตถกรรมครู") < 0.5
        assert closeness(query_of("นักเรียน"), "โรงเรียนนักกีฬา") < 1.0 == closeness(query_of("เรียน"), "โรงเรียนนักกีฬา")

    @pytest.mark.parametrize("typed", ["ขอ", "ปี", "12/2569", "ว 12", ""])
    def test_what_is_short_or_a_number_has_nothing_near(self, typed: str) -> None:
        assert nearly(query_of(typed)) is None
