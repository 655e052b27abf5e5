"""Problems speak the reader's language where their code is known, and are marked as Thai where it is not."""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from gateway.web.problem_english import FIELDS, PROBLEMS
from gateway.web.problem_words import as_written, said, said_field, spoken_as
from shared.problems import FieldError, Problem, conflict, forbidden, invalid

Choose = Callable[..., None]
THAI = re.compile("[\u0e00-\u0e7f]")


def test_in_thai_a_problem_says_what_its_service_says() -> None:
    words = said(forbidden("เฉพาะเจ้าหน้าที่"))
    assert (words.title, words.detail, words.errors) == ("ไม่มีสิทธิ์", "เฉพาะเจ้าหน้าที่", [])


def test_in_english_a_known_code_speaks_english_with_its_own_numbers(choose: Choose) -> None:
    choose("en")
    words = said(conflict("school_round.version", "ฉบับปัจจุบันคือฉบับที่ 4", version=4))
    assert words.title == "There is a newer version of the file"
    assert words.detail == "Version 4 stands now. Open the page again and check it."


def test_a_member_that_is_missing_is_a_dash(choose: Choose) -> None:
    choose("en")
    assert "Version – stands" in said(conflict("school_round.version", "ฉบับใหม่")).detail


def test_an_unknown_code_stays_thai(choose: Choose) -> None:
    choose("en")
    words = said(Problem("something.new", 409, "ทำไม่ได้", "เพราะเหตุใหม่"))
    assert (words.title, words.detail) == ("ทำไม่ได้", "เพราะเหตุใหม่")


def test_fields_are_named_where_several_are_wrong(choose: Choose) -> None:
    choose("en")
    two = invalid([FieldError("due", "date", "กำหนด: ผิด"), FieldError("teachers", "number", "จำนวนครู: ผิด")])
    assert said(two).errors == [f"due: {FIELDS['date']}", f"teachers: {FIELDS['number']}"]
    assert said_field(two.errors[0]) == FIELDS["date"]
    assert said_field(FieldError("due", "brand_new", "กำหนด: ผิด")) == "กำหนด: ผิด"
    assert said_field(FieldError("due", "date", "Due: no such day")) == "Due: no such day"


def test_words_of_services_are_marked_as_thai_on_english_pages_alone(choose: Choose) -> None:
    assert as_written("บ้าน<ไทย>") == "บ้าน<ไทย>"
    choose("en")
    assert str(as_written("บ้าน<ไทย>")) == '<span lang="th">บ้าน&lt;ไทย&gt;</span>'
    assert as_written("DMC") == "DMC"
    assert as_written(None) is None


def test_a_field_in_which_thai_was_written_is_read_as_thai_on_english_pages_alone(choose: Choose) -> None:
    assert spoken_as("ขอเชิญประชุม") == ""
    choose("en")
    assert spoken_as("ขอเชิญประชุม") == ' lang="th"'
    assert spoken_as("Meeting") == "" == spoken_as(None)


def test_the_tables_are_english_and_can_be_filled() -> None:
    texts = [*FIELDS.values(), *(text for words in PROBLEMS.values() for text in words)]
    assert [text for text in texts if THAI.search(text)] == []
    fields = {name for text in texts for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}
    assert fields == {"version", "people", "duplicates", "smis", "most"}
