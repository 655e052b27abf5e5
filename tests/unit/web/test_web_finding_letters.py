"""The list of letters: what its page asks and in how many steps, whose names are looked at, what it says."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from gateway.api import letter_lists
from gateway.api import letter_views as views_api
from gateway.people_typed import people_meant
from gateway.web.pages import home, letter_views, letters
from shared.bus.rpc import Call
from shared.http.request import Request
from shared.problems import FieldError, Problem, invalid
from tests.unit.web.test_web_questions import FakeOffice, asked_by

SOMCHAI = {"person_ids": ["p1"], "rest": ""}
LETTER = {
    "id": "l1", "subject": "ขอเชิญประชุม", "note": "", "from": "สพฐ.", "doc_no": "", "doc_date": "2026-06-08",
    "speed": "normal", "secrecy": "none", "state": "ARRIVED", "numbers": [], "holder_name": "สำนักงาน",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    views_api.MEANT.forget()


class Letters:
    """``documents`` and ``schools`` as far as the list needs them; keeps what it was asked for letters."""

    def __init__(self, *views: dict[str, str], items: tuple[Any, ...] = (LETTER,), near: bool = False) -> None:
        self.views, self.items, self.near = views, items, near
        self.wanted: list[dict[str, Any]] = []

    def __call__(self, call: Call) -> Any:
        if call.operation == "find_named":
            nobody: dict[str, Any] = {"person_ids": [], "rest": "?"}
            return {"found": [SOMCHAI if "สมชาย" in text else nobody for text in call.args["texts"]]}
        if call.operation == "list_views":
            meant = call.args.get("meant", {})
            return {"items": [self._view(place, kept, meant) for place, kept in enumerate(self.views)]}
        if call.operation == "list_holders":
            return {"items": [{"code": "5704", "name": "เขต"}, {"code": "g", "name": "กลุ่ม"}], "registry": "เขต"}
        if call.operation == "list_letters":
            self.wanted.append(dict(call.args))
            if "31/02" in str(call.args):
                raise invalid([FieldError("received_from", "date", "รับตั้งแต่วันที่: ไม่ใช่วันที่ที่ถูกต้อง")])
            return {"items": list(self.items), "next_cursor": None, "near": self.near}
        return {"items": [], "more": False, "rounds": [], "boards": {}}

    @staticmethod
    def _view(place: int, kept: dict[str, str], meant: dict[str, Any]) -> dict[str, Any]:
        view = {"id": f"v{place}", "name": f"รายการ {place}", "filter": kept, "etag": "v1", "more": False}
        is_known = f"v{place}" in meant or not {"q", "assignee"} & set(kept)
        return {**view, "count": 7 if is_known else None}


def asking(query: str = "", path: str = "/letters", role: str = "registrar") -> Request:
    request = asked_by((role, "/obec/5704/"), path=path)
    request.query_string = query
    return request


def test_a_list_without_names_is_asked_for_in_one_step() -> None:
    office = FakeOffice(Letters({"speed": "urgent"}))
    page = letters.show_letters(asking("state=ARRIVED&colour=red&kind=none"), office).body.decode()
    assert office.steps == [["list_holders", "list_letters", "list_views"]]
    assert "ขอเชิญประชุม" in page and "รายการ 0 <b>7</b>" in page


def test_names_take_two_steps_more_however_many_there_are() -> None:
    told = Letters({"q": "สมชาย"}, {"assignee": "สมชาย"})
    office = FakeOffice(told)
    page = letters.show_letters(asking("q=สมชาย"), office).body.decode()
    assert office.steps == [["list_holders", "list_views"], ["find_named"], ["list_letters", "list_views"]]
    assert told.wanted == [{"q": "สมชาย", "people": SOMCHAI, "limit": 50, "cursor": None}]
    assert page.count("<b>7</b>") == 2
    views_api.MEANT.forget()
    on_my_work = FakeOffice(told)
    assert "รายการ 1" in home.show_home(asking(path="/", role="auditor"), on_my_work).body.decode()
    assert [step for step in on_my_work.steps if step != ["find_named"]][1:] == [["list_views"]]


def letter_views_asked(told: Letters, reader: str) -> list[list[str]]:
    """What somebody's look at their views takes."""
    office, request = FakeOffice(told), asking()
    assert request.identity is not None
    request.identity = dataclasses.replace(request.identity, person_id=reader)
    assert views_api.list_letter_views(request, office)["items"][0]["count"] == 7
    return office.steps


def test_whom_views_mean_is_remembered_for_a_minute_and_each_reader() -> None:
    told = Letters({"q": "สมชาย"}, {"assignee": "สมชาย"})
    letters.show_letters(asking(), FakeOffice(told))
    office = FakeOffice(told)
    page = letters.show_letters(asking(), office).body.decode()
    assert office.steps == [["list_holders", "list_letters", "list_views"]] and page.count("<b>7</b>") == 2
    assert letter_views_asked(told, "another") == [["list_views"], ["find_named"], ["list_views"]]
    assert letter_views_asked(told, "another") == [["list_views"]]


def test_somebody_whom_nobody_knows_has_no_letters_and_a_number_is_no_name() -> None:
    office = FakeOffice(Letters())
    assert people_meant(asking(), office, {"assignee": "สมหญิง"}) == {"assignees": []}
    assert people_meant(asking(), office, {"q": "04006/ว 12"}) == {"q": "04006/ว 12"}
    known = "01a2045e-0000-7000-8000-000000000001"
    assert people_meant(asking(), office, {"assignee": known}) == {"assignees": [known]}
    assert office.steps == [["find_named"]]


def test_while_nobody_can_be_named_letters_are_found_by_words() -> None:
    told = Letters({"q": "สมชาย"})
    page = letters.show_letters(asking("q=สมชาย"), FakeOffice(told, away=("schools",))).body.decode()
    assert told.wanted == [{"q": "สมชาย", "limit": 50, "cursor": None}]
    assert "รายการ 0 <b>–</b>" in page
    with pytest.raises(Problem) as caught:
        letters.show_letters(asking("assignee=สมชาย"), FakeOffice(told, away=("schools",)))
    assert caught.value.code == "unavailable"


def test_what_cannot_be_read_is_shown_where_it_was_typed() -> None:
    answer = letters.show_letters(asking("received_from=31/02/2569&state=ARRIVED"), FakeOffice(Letters()))
    page = answer.body.decode()
    assert answer.status == 422 and 'value="31/02/2569"' in page and "ไม่ใช่วันที่ที่ถูกต้อง" in page
    assert "ขอเชิญประชุม" not in page


def test_what_is_only_near_is_said_to_be_so() -> None:
    assert "ใกล้เคียง" in letters.show_letters(asking("q=ประชุน"), FakeOffice(Letters(near=True))).body.decode()
    assert "ใกล้เคียง" not in letters.show_letters(asking("q=ประชุม"), FakeOffice(Letters())).body.decode()


def test_programs_get_the_same() -> None:
    told = Letters({"q": "สมชาย"})
    request = asking()
    request.query = {"q": "สมชาย", "limit": 50}
    letter_lists.list_letters(request, FakeOffice(told))
    assert told.wanted == [{"q": "สมชาย", "people": SOMCHAI, "limit": 50}]
    assert views_api.list_letter_views(request, FakeOffice(told))["items"][0]["count"] == 7


def test_a_page_of_views_says_what_to_do_where_there_are_none() -> None:
    assert "ยังไม่มีรายการที่บันทึกไว้" in letter_views.show_views(asking(), FakeOffice(Letters())).body.decode()
    page = letter_views.show_views(asking(), FakeOffice(Letters({"speed": "urgent"}))).body.decode()
    assert 'href="/letters?speed=urgent"' in page and "เปลี่ยนชื่อ" in page
