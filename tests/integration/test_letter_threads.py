"""Letters that belong together: named by whoever keys one in, in any form, and shown as far as one may see them."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import pytest

from services.documents.letters import commands, queries
from services.documents.threads.queries import get_thread
from services.documents.threads.rules import MAX_REFERENCES, register_number
from shared.clock import BANGKOK
from shared.problems import Problem
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at
from tests.running.letters_desk import GROUP, OFFICE_BOOK, arrived, registered

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)

desk = desk_at(NOON, scope="module")
OTHER = count(1)


def keyed(desk: DocumentsDesk, who: str = "registrar", **more: Any) -> str:
    number = next(OTHER)
    return arrived(desk, who, subject=f"เรื่องในชุดที่ {number}", doc_no=f"ศธ 04006/{5000 + number}", **more)


def numbered(desk: DocumentsDesk, letter: str) -> int:
    given = desk.command("registrar", commands.register_letter, letter_id=letter, book_id=OFFICE_BOOK)
    return int(given["no"])


def thread(desk: DocumentsDesk, who: str, letter: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.query(who, get_thread, letter_id=letter)["items"]
    return items


def ids(desk: DocumentsDesk, who: str, letter: str) -> list[str]:
    return [one["id"] for one in thread(desk, who, letter)]


def wrong(desk: DocumentsDesk, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(Problem) as caught:
        keyed(desk, **more)
    return [(error.pointer, error.code) for error in caught.value.errors]


def test_letters_hang_together_whoever_of_them_is_asked_the_oldest_first(desk: DocumentsDesk) -> None:
    first = keyed(desk, received_at="2026-06-01T09:00:00+07:00")
    third = keyed(desk, received_at="2026-06-03T09:00:00+07:00", refers_to=[first])
    second = keyed(desk, received_at="2026-06-02T09:00:00+07:00", answers=[first])
    last = keyed(desk, refers_to=[second, third])
    alone = keyed(desk)
    for letter in (first, second, third, last):
        assert ids(desk, "registrar", letter) == [first, second, third, last]
    found = {one["id"]: (one["refers_to"], one["answers"]) for one in thread(desk, "auditor", first)}
    assert found == {first: ([], []), second: ([], [first]), third: ([first], []), last: (sorted([second, third]), [])}
    assert ids(desk, "registrar", alone) == [alone]


def test_a_letter_is_named_by_its_number_as_people_write_it(desk: DocumentsDesk) -> None:
    first = keyed(desk)
    no = numbered(desk, first)
    for typed in (f"{no}/2569", f" {no} / 2569 ", f"{no}/2569".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))):
        assert first in ids(desk, "registrar", keyed(desk, refers_to=[typed])), typed
    theirs = desk.query("registrar", queries.get_letter, letter_id=first)["doc_no"]
    assert first in ids(desk, "registrar", keyed(desk, refers_to=[theirs.replace(" ", "")]))
    (line,) = [one for one in thread(desk, "registrar", first) if one["id"] == first]
    assert line["reference"] == f"{no}/2569"


def test_what_names_no_letter_or_several_is_refused(desk: DocumentsDesk) -> None:
    assert wrong(desk, refers_to=["9999/2569", "ไม่มีเลขนี้"]) == [("refers_to", "unknown")] * 2
    for _ in range(2):
        registered(desk, subject=f"เลขซ้ำ {next(OTHER)}", doc_no="ศธ 04006/7777")
    assert wrong(desk, answers=["ศธ 04006/7777"]) == [("answers", "several")]
    assert wrong(desk, refers_to=[str(number) for number in range(MAX_REFERENCES + 1)]) == [("refers_to", "many")]
    before = desk.query("registrar", queries.list_letters)["items"][0]["id"]
    theirs = arrived(desk, "schoolclerk", subject="ของโรงเรียน", doc_no="ร 9")
    assert wrong(desk, refers_to=[theirs]) == [("refers_to", "unknown")], "nobody learns that there is one"
    assert desk.query("registrar", queries.list_letters)["items"][0]["id"] == before, "nothing was kept"


def test_references_are_put_right_and_the_history_says_so(desk: DocumentsDesk) -> None:
    first, other = keyed(desk), keyed(desk)
    letter = keyed(desk, refers_to=[first])

    def change(**values: Any) -> list[str]:
        desk.command("registrar", commands.change_letter, letter_id=letter, values=values, if_match="*")
        step = desk.query("registrar", queries.get_history, letter_id=letter)["items"][-1]
        return list(step["detail"]["fields"])

    assert change(note="ไม่แตะต้องการอ้างถึง") == ["note"] and first in ids(desk, "registrar", letter)
    assert change(refers_to=[other]) == ["refers_to"]
    assert set(ids(desk, "registrar", letter)) == {letter, other}
    steps = len(desk.query("registrar", queries.get_history, letter_id=letter)["items"])
    change(refers_to=[other])
    assert len(desk.query("registrar", queries.get_history, letter_id=letter)["items"]) == steps, "nothing was changed"
    assert change(answers=[other]) == ["answers"], "it is one or the other"
    (line,) = [one for one in thread(desk, "registrar", letter) if one["id"] == letter]
    assert (line["refers_to"], line["answers"]) == ([], [other])
    assert change(answers=[]) == ["answers"] and ids(desk, "registrar", letter) == [letter]
    itself = {"letter_id": letter, "values": {"refers_to": [letter]}, "if_match": "*"}
    assert code_of(lambda: desk.command("registrar", commands.change_letter, **itself)) == "invalid"


def test_of_a_thread_everybody_sees_the_letters_that_are_theirs_to_see(desk: DocumentsDesk) -> None:
    first = keyed(desk)
    numbered(desk, first)
    desk.command("registrar", commands.forward_letter, letter_id=first, to=GROUP)
    hidden = keyed(desk, refers_to=[first])
    last = keyed(desk, refers_to=[hidden])
    numbered(desk, last)
    desk.command("registrar", commands.forward_letter, letter_id=last, to=GROUP)
    seen = thread(desk, "clerk", first)
    assert [one["id"] for one in seen] == [first, last], "over the letter between them that stays hidden"
    assert hidden not in str(seen)
    assert code_of(lambda: desk.query("clerk", get_thread, letter_id=hidden)) == "not_found"
    assert code_of(lambda: desk.query("stranger", get_thread, letter_id=first)) == "not_found"


def test_who_keys_letters_in_is_told_for_which_registry(desk: DocumentsDesk) -> None:
    letter = keyed(desk)
    assert desk.query("registrar", get_thread, letter_id=letter)["registry"] == "หน่วยงาน 5704"
    assert desk.query("auditor", get_thread, letter_id=letter)["registry"] is None


def test_numbers_of_a_register_are_told_from_those_of_letters() -> None:
    assert register_number("๑๒.1/๒๕๖๙") == (12, "1", 2569)
    for other in ("ศธ 04006/12", "12", "12/69", "0/2569", "012/2569", "12/2569 ด่วน"):
        assert register_number(other) is None, other
