"""Lists of letters on both databases: narrowed, in the order of the dictionary, by names, and nearly what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from services.documents.letters import commands, queries
from services.documents.listing.rules import By, Place
from shared.clock import BANGKOK
from shared.problems import Problem
from shared.thai.collation import sort_key
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at
from tests.running.letters_desk import GROUP, OFFICE_BOOK, arrived, assigned, registered

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
# in the order of the dictionary, which is not that of the letters' codes: a vowel in front follows its consonant
IN_ORDER = ["12 ข้อ", "การประชุมครู", "เกษียณอายุราชการ", "ขอเชิญประชุม", "แข่งขันกีฬา", "อบรมลูกเสือ", "โอนเงินงบประมาณ"]
SENDERS = ["อำเภอเทิง", "อำเภอเทิง", "เทศบาล", "ศึกษาธิการจังหวัด", "เขตตรวจราชการ", "แขวงทางหลวง", "กระทรวง"]
SOMCHAI = {"person_ids": ["officer"], "rest": ""}

# these look at letters and change none
desk = desk_at(NOON, "module")


@pytest.fixture(scope="module")
def letters(desk: DocumentsDesk) -> dict[str, str]:
    """Ids by subject, keyed in out of order; two letters have one sender."""
    made = {}
    for place in (3, 0, 6, 2, 5, 1, 4):
        sender = SENDERS[place]
        dated = {"doc_date": f"2026-05-{10 + place}", "received_at": f"2026-06-{1 + place:02}T23:30:00+07:00"}
        bring = registered if place % 2 else arrived
        made[IN_ORDER[place]] = bring(desk, subject=IN_ORDER[place], doc_no=f"{place}", **{"from": sender}, **dated)
    made["งานของสมชาย"] = assigned(
        desk, people=("officer",), subject="งานของสมชาย", doc_no="งาน", kind="memo", speed="most_urgent"
    )
    return made


def listed(desk: DocumentsDesk, who: str = "registrar", **asked: Any) -> list[str]:
    return [item["subject"] for item in desk.query(who, queries.list_letters, **asked)["items"]]


def pages(desk: DocumentsDesk, size: int, **asked: Any) -> list[list[dict[str, Any]]]:
    """All pages of a list, one after the other."""
    found, cursor = [], None
    while True:
        page = desk.query("registrar", queries.list_letters, limit=size, cursor=cursor, **asked)
        found.append(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def flat(found: Sequence[Sequence[dict[str, Any]]], name: str) -> list[Any]:
    return [item[name] for page in found for item in page]


@pytest.mark.usefixtures("letters")
class TestOrder:
    @pytest.mark.parametrize("size", [1, 3, 50])
    def test_subjects_stand_as_in_the_dictionary_on_every_page(self, desk: DocumentsDesk, size: int) -> None:
        subjects = flat(pages(desk, size, sort="subject", kind="external"), "subject")
        assert subjects == IN_ORDER == sorted(IN_ORDER, key=sort_key)
        assert flat(pages(desk, size, sort="-subject", kind="external"), "subject") == IN_ORDER[::-1]

    def test_letters_with_one_sender_are_on_one_page_each(self, desk: DocumentsDesk) -> None:
        for sort in ("from", "-from"):
            found = pages(desk, 2, sort=sort)
            assert len(set(flat(found, "id"))) == len(flat(found, "id")) == len(IN_ORDER) + 1
            senders = flat(found, "from")
            assert senders == sorted(senders, key=sort_key, reverse=sort == "-from")

    def test_by_days_and_by_the_number_of_the_registry(self, desk: DocumentsDesk) -> None:
        assert flat(pages(desk, 2, sort="doc_date", kind="external"), "subject") == IN_ORDER
        assert flat(pages(desk, 3, sort="-received_at", kind="external"), "subject") == IN_ORDER[::-1]
        numbers = [line[0]["no"] if line else 0 for line in flat(pages(desk, 2, sort="-number"), "numbers")]
        assert numbers == [4, 3, 2, 1, 0, 0, 0, 0]

    def test_what_was_typed_can_be_sorted_too(self, desk: DocumentsDesk) -> None:
        assert listed(desk, q="ประชุม", sort="subject") == ["การประชุมครู", "ขอเชิญประชุม"]
        assert listed(desk, q="ประชุม", sort="-subject") == ["ขอเชิญประชุม", "การประชุมครู"]

    def test_a_letter_put_right_between_two_pages_moves_no_other(self, desk: DocumentsDesk) -> None:
        letter = arrived(desk, subject="ขอเชิญประชุมใหม่", kind="news", doc_no="ใหม่")
        other = arrived(desk, subject="ฮีโร่", kind="news", doc_no="ฮีโร่")
        first = desk.query("registrar", queries.list_letters, sort="subject", kind="news", limit=1)
        change = {"letter_id": letter, "values": {"subject": "ฮอกกี้"}, "if_match": "*"}
        desk.command("registrar", commands.change_letter, **change)
        more = {"sort": "subject", "kind": "news", "cursor": first["next_cursor"]}
        second = desk.query("registrar", queries.list_letters, **more)["items"]
        assert [item["id"] for item in second] == [letter, other]

    @pytest.mark.parametrize("cursor", ["x", "W10=", Place("ก\x00", "a").cursor, Place(3, "a").cursor, "é"])
    def test_a_cursor_of_another_list_is_refused(self, desk: DocumentsDesk, cursor: str) -> None:
        asked = {"sort": By.SUBJECT.value, "cursor": cursor}
        assert code_of(lambda: desk.query("registrar", queries.list_letters, **asked)) == "invalid"
        assert code_of(lambda: desk.query("registrar", queries.list_letters, sort="colour")) == "invalid"


@pytest.mark.usefixtures("letters")
class TestNarrowed:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"received_from": "2 มิ.ย. 2569", "received_until": "๐๓/๐๖/๒๕๖๙"}, IN_ORDER[1:3]),
            ({"received_until": "2026-06-01"}, IN_ORDER[:1]),
            ({"doc_from": "2026-05-14", "doc_until": "15 พฤษภาคม 2569"}, IN_ORDER[4:6]),
            ({"kind": "memo"}, ["งานของสมชาย"]),
            ({"speed": "most_urgent"}, ["งานของสมชาย"]),
            ({"unit": GROUP}, ["งานของสมชาย"]),
            ({"assignees": ["officer", "head"]}, ["งานของสมชาย"]),
            ({"assignees": []}, []),
            ({"secrecy": "secret"}, []),
            ({"book": OFFICE_BOOK, "doc_until": "2026-05-12"}, [IN_ORDER[1]]),
        ],
    )
    def test_by_what_was_asked(self, desk: DocumentsDesk, asked: dict[str, Any], found: list[str]) -> None:
        assert listed(desk, sort="doc_date", **asked) == found
        assert sorted(listed(desk, **asked)) == sorted(found)

    def test_what_cannot_be_read_is_named_field_by_field(self, desk: DocumentsDesk) -> None:
        wrong = {"received_from": "31/02/2569", "speed": "slow", "doc_from": "2026-05-02", "doc_until": "2026-05-01"}
        with pytest.raises(Problem) as caught:
            desk.query("registrar", queries.list_letters, **wrong)
        assert {error.pointer for error in caught.value.errors} == {"received_from", "speed", "doc_until"}

    def test_nobody_sees_more_by_it(self, desk: DocumentsDesk) -> None:
        for who in ("second", "stranger", "schoolclerk"):
            assert listed(desk, who, assignees=["officer"]) == listed(desk, who, sort="subject") == []


@pytest.mark.usefixtures("letters")
class TestNamesAndSlips:
    def test_a_letter_is_found_by_the_name_of_whose_it_is(self, desk: DocumentsDesk) -> None:
        arrived(desk, subject="สมชายย้ายมา", doc_no="ย้าย")
        assert listed(desk, q="สมชาย", people=SOMCHAI) == ["สมชายย้ายมา", "งานของสมชาย"]
        by_name = {"q": "วิชัย", "people": SOMCHAI}
        assert listed(desk, **by_name) == listed(desk, sort="subject", **by_name) == ["งานของสมชาย"]
        assert listed(desk, q="วิชัย ของ", people={**SOMCHAI, "rest": "ของ"}) == ["งานของสมชาย"]
        assert listed(desk, q="วิชัย กีฬา", people={**SOMCHAI, "rest": "กีฬา"}) == []
        assert listed(desk, "second", **by_name) == listed(desk, "stranger", **by_name) == []

    def test_and_that_goes_on_from_page_to_page(self, desk: DocumentsDesk) -> None:
        assigned(desk, people=("officer",), subject="งานที่สอง", doc_no="สอง")
        arrived(desk, subject="วิชัยเขียนมา", doc_no="เขียน")
        found = pages(desk, 1, q="วิชัย", people=SOMCHAI)
        assert flat(found, "subject") == ["วิชัยเขียนมา", "งานที่สอง", "งานของสมชาย"]

    @pytest.mark.parametrize("typed", ["เกษียนอายุ", "เกษียณอยุ", "เกษษียณอายุราชการ", "เกษียณอายุราชากร", "เกษียนอายุ ราชการ"])
    def test_a_slip_is_forgiven_where_nothing_else_is_found(self, desk: DocumentsDesk, typed: str) -> None:
        answer = desk.query("registrar", queries.list_letters, q=typed)
        assert [item["subject"] for item in answer["items"]] == ["เกษียณอายุราชการ"] and answer["near"]
        assert desk.query("stranger", queries.list_letters, q=typed)["items"] == []

    def test_what_is_found_is_not_near_and_what_is_far_is_not_found(self, desk: DocumentsDesk) -> None:
        answer = desk.query("registrar", queries.list_letters, q="เกษียณ")
        assert len(answer["items"]) == 1 and not answer["near"]
        for typed in ("เครื่องราชอิสริยาภรณ์", "กฃ", "เกษียนอายุ กีฬาสี", "99/2569"):
            answer = desk.query("registrar", queries.list_letters, q=typed)
            assert (answer["items"], answer["near"]) == ([], False), typed
