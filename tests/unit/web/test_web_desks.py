"""What waits for whom: each role's desk, made of the answers that came."""

from __future__ import annotations

import pytest

from gateway.web import desks, letter_words
from gateway.web.viewer import Viewer
from shared.security.access import ROLES
from shared.security.identity import Grant, Identity

CALM = {"no_account": 0, "never_in": 3, "locked": 0, "ending": 0, "ending_soonest": []}
ENDING = {
    "person_id": "p1", "name": "ครูสมมติ", "role": "data_officer", "organisation_name": "บ้านหลวง", "until": "2026-06-30",
}  # fmt: skip


def somebody(*roles: str) -> Viewer:
    grants = tuple(Grant(role, "/obec/5704/57040001/", "57040001", "บ้านศรีลานนา") for role in roles)
    return Viewer(Identity("p", "u", "ครูสมมติ", "s", grants))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_asks_only_for_its_own_desk(role: str) -> None:
    asked = {call.operation for call in desks.questions(somebody(role)).values()}
    asked_by_who_works_with_letters = set() if role in {"auditor", "ops"} else {"list_work", "list_circulars"}
    own = {
        "data_officer": {"get_school"},
        "school_director": {"accounts_overview", "list_imports"},
        "area_admin": {"accounts_overview", "list_imports"},
        "auditor": {"audit_entries"},
        "ops": {"ops_status"},
        "registrar": {"list_waiting"},
    }
    reads_letters = set() if role == "ops" else {"list_views"}
    assert asked == own.get(role, set()) | asked_by_who_works_with_letters | reads_letters


@pytest.mark.parametrize("role", ["records_officer", "teacher"])
def test_who_has_no_work_here_yet_is_told_so_and_where_to_go(role: str) -> None:
    [desk] = desks.desks(somebody(role), {})
    assert "ยังไม่เปิดใช้" in desk.text
    assert desk.is_calm
    assert [href for href, _text in desk.links] == ["/inbox", "/account", "/schools"]


def test_what_needs_somebody_comes_first() -> None:
    accounts = {**CALM, "ending": 1, "ending_soonest": [ENDING]}
    first, *_ = desks.desks(somebody("area_admin", "teacher"), {"accounts": accounts})
    assert first.title == "บุคคลและบัญชี"
    assert [line.href for line in first.lines] == ["/people/p1"]
    assert "30 มิ.ย. 2569" in first.lines[0].note


def test_a_calm_desk_says_so() -> None:
    [desk] = desks.desks(somebody("area_admin"), {"accounts": CALM, "imports": {"items": [{"state": "APPLIED"}]}})
    assert desk.is_calm
    assert desk.text == "ทุกคนที่ต้องใช้งานมีบัญชีแล้ว ไม่มีสิทธิ์ที่ใกล้หมด"


def test_a_service_that_is_away_takes_only_its_own_desk() -> None:
    assert desks.desks(somebody("area_admin"), {}) == []
    [desk] = desks.desks(somebody("ops"), {})
    assert not desk.is_calm
    assert desk.tiles[1].tone == "alert"


def test_numbers_that_were_asked_for_and_reservations_that_end_wait_for_who_keeps_the_books() -> None:
    nothing = {"requests_total": 0, "requests": [], "reservations_total": 0, "reservations": []}
    [calm] = desks.desks(somebody("registrar"), {"books": nothing})
    assert calm.is_calm and [tile.number for tile in calm.tiles] == ["0", "0"]
    asked = {"book_id": "b1", "for": "เชิญประชุม", "requested_by": "ครูสมมติ", "book_title": "ทะเบียนหนังสือส่ง"}
    ending = {
        "book_id": "b2", "no": 7, "be_year": 2569, "display_no": "7/2569", "for": "คำสั่ง", "book_title": "ทะเบียนคำสั่ง",
        "reserved_until": "2026-06-11T16:30:00+07:00",
    }  # fmt: skip
    waiting = {"requests_total": 12, "requests": [asked], "reservations_total": 1, "reservations": [ending]}
    [desk] = desks.desks(somebody("registrar"), {"books": waiting})
    assert not desk.is_calm and [tile.number for tile in desk.tiles] == ["12", "1"]
    assert [(line.href, line.text) for line in desk.lines] == [
        ("/books/b1/requests", "เชิญประชุม"),
        ("/books/b2/entries/7?be_year=2569", "7/2569 คำสั่ง"),
    ]
    assert "11 มิ.ย. 2569 16:30 น." in desk.lines[1].note
    assert desks.desks(somebody("registrar"), {}) == []


def test_imports_that_wait_are_named() -> None:
    lists = [
        {"id": "i1", "state": "CHECKED", "filename": "people.csv"},
        {"id": "i2", "state": "APPLIED", "filename": "schools.csv"},
    ]
    found = desks.desks(somebody("school_director"), {"accounts": CALM, "imports": {"items": lists}})
    assert [(line.href, line.text) for line in found[0].lines] == [("/imports/i1", "people.csv")]


def test_a_profile_of_last_year_is_asked_for_again() -> None:
    school = {"smis": "57040001", "name": "บ้านศรีลานนา", "state": "OPEN", "profile": {"year_be": 2500}}
    [desk] = desks.desks(somebody("data_officer"), {"school_57040001": school})
    assert desk.lines[0].href.startswith("/schools/57040001/rooms?year=")
    closed = {**school, "state": "CLOSED"}
    assert desks.desks(somebody("data_officer"), {"school_57040001": closed}) == []


# ── letters ──

LETTER = {"id": "l1", "subject": "ขอเชิญประชุม", "note": "", "from": "สพฐ.", "speed": "normal", "secrecy": "none"}
NO_WORK = {
    **{what: {"total": 0, "items": []} for what in letter_words.WAITING},
    "tasks": {"total": 0, "late": 0, "items": []}, "registry": None,
}  # fmt: skip


def task(due: str, **changed: str) -> dict[str, object]:
    return {"state": "ASSIGNED", "role": "responsible", "opened_at": None, "due_at": due, "letter": LETTER, **changed}


def test_letters_wait_beside_the_rounds_with_what_is_overdue_first() -> None:
    tasks = [task("2569-01-01T00:00:00+07:00"), task("2020-01-01T00:00:00+07:00")]
    urgent = {**LETTER, "id": "l2", "speed": "most_urgent"}
    work = {
        **NO_WORK, "decide": {"total": 7, "items": [urgent]}, "tasks": {"total": 2, "late": 1, "items": tasks}
    }  # fmt: skip
    [desk] = desks.desks(somebody("group_director"), {"letters": work})
    assert not desk.is_calm
    assert [(tile.number, tile.href) for tile in desk.tiles] == [
        ("1", "/tasks"), ("2", "/tasks"), ("7", "/letters?waiting=decide"),
    ]  # fmt: skip
    assert [line.note for line in desk.lines] == [
        "กำหนดเสร็จ 1 ม.ค. 2563", "รอพิจารณา · ด่วนที่สุด", "กำหนดเสร็จ 1 ม.ค. 3112",
    ]  # fmt: skip
    assert ("/letters/new", "ลงรับหนังสือ") not in desk.links


def test_a_registry_without_letters_says_so_and_others_say_nothing() -> None:
    [desk] = desks.desks(somebody("registrar"), {"letters": {**NO_WORK, "registry": "สพป."}})
    assert desk.is_calm and desk.links[0] == ("/letters/new", "ลงรับหนังสือ")
    assert desks.desks(somebody("officer"), {"letters": NO_WORK}) == []


def test_what_was_sent_round_and_not_read_waits_beside_the_tasks() -> None:
    circulars = {"unread_total": 12, "items": [{"letter": {**LETTER, "id": "l3"}}]}
    [desk] = desks.desks(somebody("officer"), {"letters": NO_WORK, "circulars": circulars})
    assert not desk.is_calm
    assert [(tile.number, tile.href) for tile in desk.tiles] == [("12", "/circulars?unread=1")]
    assert [(line.href, line.note) for line in desk.lines] == [("/letters/l3", "หนังสือเวียน")]
