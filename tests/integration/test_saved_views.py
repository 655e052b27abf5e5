"""Lists of letters under a name of one's own, each with its number, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.documents.letters import queries as letters
from services.documents.savedviews import commands, queries
from services.documents.savedviews.rules import MOST_VIEWS
from shared.clock import BANGKOK
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at
from tests.running.letters_desk import arrived, assigned

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)

desk = desk_at(NOON)


def saved(desk: DocumentsDesk, name: str = "ด่วนที่สุด", who: str = "registrar", **asked: str) -> dict[str, Any]:
    view: dict[str, Any] = desk.command(who, commands.save_view, name=name, asked=asked or {"speed": "most_urgent"})
    return view


def test_a_view_says_how_many_letters_are_behind_it(desk: DocumentsDesk) -> None:
    arrived(desk, subject="เรื่องด่วน", speed="most_urgent", doc_no="1")
    arrived(desk, subject="เรื่องปกติ", speed="normal", doc_no="2")
    saved(desk, "โอนงบ", received_from="1 มิ.ย. 2569", state="ARRIVED", sort="-subject")
    saved(desk)
    found = desk.query("registrar", queries.list_views)["items"]
    assert [(view["name"], view["count"]) for view in found] == [("ด่วนที่สุด", 1), ("โอนงบ", 2)]
    for view in found:
        assert len(desk.query("registrar", letters.list_letters, **view["filter"])["items"]) == view["count"]


def test_one_that_names_somebody_is_counted_when_it_is_known_who_that_is(desk: DocumentsDesk) -> None:
    assigned(desk, people=("officer",), subject="งาน")
    by_words, by_name = saved(desk, q="สมชาย"), saved(desk, assignee="สมชาย")
    assert [view["count"] for view in desk.query("registrar", queries.list_views)["items"]] == [None, None]
    somchai = {"person_ids": ["officer"], "rest": ""}
    meant = {by_words["id"]: {"people": somchai}, by_name["id"]: {"assignees": []}}
    counted = {view["id"]: view["count"] for view in desk.query("registrar", queries.list_views, meant=meant)["items"]}
    assert counted == {by_words["id"]: 1, by_name["id"]: 0}
    found = desk.query("registrar", letters.list_letters, q="สมชาย", people=somchai)["items"]
    assert len(found) == counted[by_words["id"]]


def test_a_view_is_its_owners_alone(desk: DocumentsDesk) -> None:
    view = saved(desk)
    assert desk.query("clerk", queries.list_views)["items"] == []
    renamed = {"view_id": view["id"], "name": "ของฉัน", "if_match": "*"}
    assert code_of(lambda: desk.command("clerk", commands.rename_view, **renamed)) == "not_found"
    assert code_of(lambda: desk.command("clerk", commands.remove_view, view_id=view["id"])) == "not_found"
    assert [kept["name"] for kept in desk.query("registrar", queries.list_views)["items"]] == ["ด่วนที่สุด"]


def test_it_is_renamed_by_who_has_seen_it_and_forgotten(desk: DocumentsDesk) -> None:
    view = saved(desk)
    again = {"view_id": view["id"], "name": " ด่วน  มาก ", "if_match": view["etag"]}
    assert desk.command("registrar", commands.rename_view, **again)["name"] == "ด่วน มาก"
    assert code_of(lambda: desk.command("registrar", commands.rename_view, **again)) == "precondition.stale"
    desk.command("registrar", commands.remove_view, view_id=view["id"])
    assert desk.query("registrar", queries.list_views)["items"] == []
    for action in ("view.save", "view.rename", "view.remove"):
        [entry] = desk.audited(action)
        assert entry.change == {"fields": ["speed"]} and entry.org_path == "/obec/5704/g-admin/"


def test_what_is_no_view_is_refused(desk: DocumentsDesk) -> None:
    for name, asked in (
        ("", {"speed": "normal"}), ("ก" * 61, {"speed": "normal"}), ("ว่าง", {}), ("ผิด", {"doc_from": "31/02/2569"}),
        ("ผิด", {"sort": "colour"}), ("อื่น", {"colour": "red"}),
    ):  # fmt: skip
        wrong = {"name": name, "asked": asked}
        assert code_of(lambda wrong=wrong: desk.command("registrar", commands.save_view, **wrong)) == "invalid", wrong


def test_there_is_an_end_to_them(desk: DocumentsDesk) -> None:
    for number in range(MOST_VIEWS):
        saved(desk, f"รายการ {number}")
    assert code_of(lambda: saved(desk, "อีกหนึ่ง")) == "view.many"
    assert saved(desk, "ของคนอื่น", who="clerk")["name"] == "ของคนอื่น"
