"""The contact book of an area on both databases: one entry for one correspondent, found by any spelling."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.documents.contacts import commands, queries
from services.documents.letters.commands import create_letter
from shared.clock import BANGKOK
from shared.problems import Problem
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at, letter_fields

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)

desk = desk_at(NOON)


def added(desk: DocumentsDesk, name: str, who: str = "registrar", **more: str) -> str:
    return str(desk.command(who, commands.add_contact, values={"kind": "agency", "name": name, **more})["id"])


def found(desk: DocumentsDesk, typed: str, who: str = "registrar", **more: Any) -> list[str]:
    return [one["name"] for one in desk.query(who, queries.list_contacts, q=typed, **more)["items"]]


def test_one_is_found_by_any_spelling_in_the_order_of_the_dictionary(desk: DocumentsDesk) -> None:
    for name in ("อบต.เวียง", "เทศบาลตำบลเวียง", "ตำรวจภูธร"):
        added(desk, name)
    assert found(desk, "") == ["ตำรวจภูธร", "เทศบาลตำบลเวียง", "อบต.เวียง"]
    assert found(desk, "ตํา รวจ") == ["ตำรวจภูธร"] and found(desk, "เเวียง") == [] and found(desk, "%") == []
    first = desk.query("registrar", queries.list_contacts, limit=2)
    assert found(desk, "", cursor=first["next_cursor"]) == ["อบต.เวียง"]
    assert code_of(lambda: found(desk, "", cursor="x")) == "invalid"


def test_the_same_name_is_not_entered_twice(desk: DocumentsDesk) -> None:
    contact = added(desk, "บริษัท  ครุภัณฑ์ จำกัด", kind="company")
    with pytest.raises(Problem) as caught:
        added(desk, "บริษัทครุภัณฑ์ จํากัด", who="clerk")
    assert (caught.value.code, caught.value.extra["contact_id"]) == ("contact.known", contact)


def test_two_that_are_one_are_found_by_both_names(desk: DocumentsDesk) -> None:
    short, whole = added(desk, "สพฐ.", telephone="๐ ๒๒๘๘ ๕๕๑๑"), added(desk, "สำนักงานการศึกษาขั้นพื้นฐาน")
    older = added(desk, "สปช.")
    desk.command("registrar", commands.merge_contact, contact_id=older, into=short)
    merged = desk.command("registrar", commands.merge_contact, contact_id=short, into=whole)
    assert (merged["id"], merged["telephone"]) == (whole, "0 2288 5511")
    for typed in ("สพฐ", "สปช", "ขั้นพื้นฐาน"):
        assert found(desk, typed) == ["สำนักงานการศึกษาขั้นพื้นฐาน"], typed
    assert desk.query("registrar", queries.get_contact, contact_id=older)["former"] == ["สปช.", "สพฐ."]
    assert code_of(lambda: added(desk, "สพฐ .")) == "contact.known"
    itself = {"contact_id": short, "into": whole}
    assert code_of(lambda: desk.command("registrar", commands.merge_contact, **itself)) == "invalid"
    [entry] = [one for one in desk.audited("contact.merge") if one.subject == f"contact/{short}"]
    assert entry.change == {"into": whole}


def test_names_that_are_much_alike_are_shown(desk: DocumentsDesk) -> None:
    contact = added(desk, "สำนักงานศึกษาธิการจังหวัดเชียงราย")
    added(desk, "สำนักงานศึกษาธิการจ.เชียงราย")
    added(desk, "เทศบาลนครเชียงราย")
    alike = desk.query("registrar", queries.get_contact, contact_id=contact)["alike"]
    assert [one["name"] for one in alike] == ["สำนักงานศึกษาธิการจ.เชียงราย"]


def test_it_is_put_right_by_the_registry_that_has_seen_it(desk: DocumentsDesk) -> None:
    contact = added(desk, "อบต.เวียง", who="clerk")
    tag = desk.query("officer", queries.get_contact, contact_id=contact)["etag"]
    change = {"contact_id": contact, "values": {"email": "saraban@wiang.go.th"}, "if_match": tag}
    assert code_of(lambda: desk.command("clerk", commands.change_contact, **change)) == "forbidden"
    right = desk.command("registrar", commands.change_contact, **change)
    assert (right["email"], right["name"]) == ("saraban@wiang.go.th", "อบต.เวียง")
    assert code_of(lambda: desk.command("registrar", commands.change_contact, **change)) == "precondition.stale"
    assert [entry.change for entry in desk.audited("contact.change")] == [{"fields": ["email"]}]


def test_what_is_no_contact_is_refused_field_by_field(desk: DocumentsDesk) -> None:
    with pytest.raises(Problem) as caught:
        added(desk, " \u200b ", kind="friend", email="สารบรรณ", telephone="โทร", address="ก" * 501)
    assert {error.pointer for error in caught.value.errors} == {"name", "kind", "email", "telephone", "address"}


def test_the_book_is_the_areas_alone_and_not_for_everybody(desk: DocumentsDesk) -> None:
    contact = added(desk, "อบต.เวียง", who="schoolclerk")
    assert found(desk, "เวียง", "schoolclerk") == found(desk, "เวียง", "officer") == ["อบต.เวียง"]
    assert found(desk, "เวียง", "stranger") == []
    assert code_of(lambda: desk.query("stranger", queries.get_contact, contact_id=contact)) == "not_found"
    assert code_of(lambda: found(desk, "เวียง", "teacher")) == "forbidden"
    assert code_of(lambda: added(desk, "อื่น", who="officer")) == "forbidden"


def test_a_letter_comes_from_a_contact(desk: DocumentsDesk) -> None:
    short, whole = added(desk, "สพฐ."), added(desk, "สำนักงานการศึกษาขั้นพื้นฐาน")
    desk.command("registrar", commands.merge_contact, contact_id=short, into=whole)
    values = letter_fields(**{"from": {"contact": short}, "to": {"unit": "5704"}})
    letter = desk.command("registrar", create_letter, values=values)
    assert (letter["from"], letter["to"]) == ("สำนักงานการศึกษาขั้นพื้นฐาน", "หน่วยงาน 5704")
    values = letter_fields(**{"from": {"contact": "nobody"}})
    assert code_of(lambda: desk.command("registrar", create_letter, values=values)) == "invalid"
