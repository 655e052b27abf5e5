"""Books and their numbers on both databases: given once, in order, in the right year, accounted for."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.documents.registers import blocks, commands, overview, queries, requests, years
from shared.bus.contracts.documents import ENTRY_RECORDED
from shared.chained_lines import first_break
from shared.clock import BANGKOK
from shared.db.together import alone
from shared.problems import Problem
from shared.runtime.application import Application
from tests.running.documents_desk import DEFINITION, DocumentsDesk, book, code_of, desk_at, identity

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
SENT, CIRCULAR, ORDER, RECEIVED = (book(kind) for kind in ("sent", "circular", "order", "received"))
MEMO = book("memo", "5704-g-ict")


desk = desk_at(NOON)


def issue(desk: DocumentsDesk, book_id: str = SENT, who: str = "registrar", **more: Any) -> dict[str, Any]:
    issued: dict[str, Any] = desk.command(who, commands.issue_number, book_id=book_id, purpose="ทดสอบ", **more)
    return issued


def account(desk: DocumentsDesk, book_id: str = SENT, who: str = "registrar", **more: Any) -> dict[str, Any]:
    report: dict[str, Any] = desk.query(who, queries.check_integrity, book_id=book_id, **more)
    return report


def test_every_unit_has_its_books_and_sees_its_own(desk: DocumentsDesk) -> None:
    def seen(who: str, **more: Any) -> list[tuple[str, str]]:
        items = desk.query(who, overview.list_books, **more)["items"]
        return [(item["owner"], item["kind"]) for item in items]

    office = [kind for owner, kind in seen("registrar") if owner == "office"]
    assert office[:3] == ["received", "sent", "circular"] and len(office) == 10
    assert seen("clerk") == [("5704-g-ict", "received"), ("5704-g-ict", "memo")]
    assert {owner for owner, _ in seen("schoolclerk")} == {"57040001"}
    assert {owner for owner, _ in seen("registrar", owner="57040002")} == {"57040002"}
    assert seen("schoolclerk", owner="57040002") == [] and seen("stranger", owner="57040001") == []


def test_numbers_follow_each_other_in_their_own_forms(desk: DocumentsDesk) -> None:
    assert [issue(desk)["display_no"] for _ in range(2)] == ["ศธ 04xxx/1", "ศธ 04xxx/2"]
    assert issue(desk, CIRCULAR)["display_no"] == "ศธ 04xxx/ว 1"
    assert issue(desk, ORDER) | {"entry_id": ""} == {
        "entry_id": "", "book_id": ORDER, "no": 1, "suffix": "", "display_no": "1/2569",
        "be_year": 2569, "state": "issued",
    }  # fmt: skip
    assert issue(desk, MEMO, "clerk")["no"] == 1
    told = [(event["data"]["book_kind"], event["data"]["no"]) for event in desk.events(ENTRY_RECORDED.type)]
    assert told == [("sent", 1), ("sent", 2), ("circular", 1), ("order", 1), ("memo", 1)]


def test_circulars_may_share_the_numbers_of_sent_letters(desk: DocumentsDesk) -> None:
    before = next(item for item in desk.query("registrar", overview.list_books)["items"] if item["id"] == CIRCULAR)
    changed = {"book_id": CIRCULAR, "if_match": before["etag"], "circular_policy": "shared"}
    desk.command("registrar", years.change_book, **changed)
    issue(desk)
    shared = issue(desk, CIRCULAR)
    assert (shared["display_no"], shared["book_id"]) == ("ศธ 04xxx/ว 2", SENT)
    assert desk.query("registrar", overview.get_book, book_id=CIRCULAR)["numbered_in"] == SENT
    assert issue(desk)["display_no"] == "ศธ 04xxx/3"
    assert code_of(lambda: desk.command("registrar", years.change_book, **changed)) == "precondition.stale"


def test_who_keeps_a_book_issues_and_nobody_else(desk: DocumentsDesk) -> None:
    for who, book_id in (("clerk", SENT), ("registrar", MEMO), ("director", SENT), ("schoolclerk", SENT)):
        assert code_of(lambda who=who, book_id=book_id: issue(desk, book_id, who)) == "forbidden"
    assert code_of(lambda: issue(desk, SENT, "stranger")) == "not_found"
    assert issue(desk)["no"] == 1, "what was refused took no number"


def test_a_received_book_gives_no_bare_numbers_and_bad_input_takes_none(desk: DocumentsDesk) -> None:
    assert code_of(lambda: issue(desk, RECEIVED)) == "book.received"
    wrong = {"book_id": SENT, "purpose": "  "}
    assert code_of(lambda: desk.command("registrar", commands.issue_number, **wrong)) == "invalid"
    for until in ("2026-06-10T11:00:00+07:00", "2026-08-10", "เมื่อวาน"):
        assert code_of(lambda until=until: issue(desk, reserve_until=until)) == "invalid"
    assert issue(desk, reserve_until="2026-08-09")["no"] == 1, "to the end of the sixtieth day"


def test_a_reserved_number_is_used_or_expires_and_is_never_given_again(desk: DocumentsDesk) -> None:
    kept, lost = (issue(desk, reserve_until="2026-06-11T12:00:00+07:00") for _ in range(2))
    assert (kept["state"], lost["state"]) == ("reserved", "reserved")
    used = desk.command("registrar", commands.use_reserved, book_id=SENT, no=kept["no"], be_year=2569)
    assert used["state"] == "issued"
    assert not commands.expire_reservations(desk.app)
    desk.move_clock(NOON + dt.timedelta(days=1, seconds=1))
    assert commands.expire_reservations(desk.app) and not commands.expire_reservations(desk.app)
    again = {"book_id": SENT, "no": lost["no"], "be_year": 2569}
    assert code_of(lambda: desk.command("registrar", commands.use_reserved, **again)) == "entry.not_reserved"
    assert issue(desk)["no"] == 3
    report = account(desk)
    assert [one["no"] for one in report["void"]] == [2] and report["void"][0]["reason"] == "จองแล้วไม่ใช้"
    assert report["is_sound"] and report["missing"] == []


def test_a_void_number_stays_in_the_book_with_its_reason(desk: DocumentsDesk) -> None:
    issue(desk)
    gone = {"book_id": SENT, "no": 1, "be_year": 2569}
    assert code_of(lambda: desk.command("registrar", commands.void_entry, reason=" ", **gone)) == "invalid"
    assert code_of(lambda: desk.command("clerk", commands.void_entry, reason="ผิด", **gone)) == "forbidden"
    assert desk.command("director", commands.void_entry, reason="พิมพ์ผิด", **gone)["void_reason"] == "พิมพ์ผิด"
    assert code_of(lambda: desk.command("registrar", commands.void_entry, reason="อีก", **gone)) == "entry.void"
    assert issue(desk)["no"] == 2
    items = desk.query("registrar", queries.list_entries, book_id=SENT)["items"]
    assert [(item["no"], item["state"]) for item in items] == [(2, "issued"), (1, "void")]


def test_what_comes_late_is_inserted_behind_a_number_that_stands(desk: DocumentsDesk) -> None:
    issue(desk)
    issue(desk)
    late = {"book_id": SENT, "after_no": 1, "be_year": 2569, "purpose": "ลืมลง", "reason": "หนังสือตกค้าง"}
    first = desk.command("registrar", commands.insert_entry, entry_date="2026-06-01", **late)
    second = desk.command("registrar", commands.insert_entry, entry_date="2026-06-01", **late)
    assert [first["display_no"], second["display_no"]] == ["ศธ 04xxx/1.1", "ศธ 04xxx/1.2"]
    for day in ("2025-12-31", "2026-06-11", "x"):
        refused = {**late, "entry_date": day}
        assert code_of(lambda refused=refused: desk.command("registrar", commands.insert_entry, **refused)) == "invalid"
    assert issue(desk)["no"] == 3 and account(desk)["is_sound"]


def test_an_office_that_begins_in_the_middle_of_a_year_goes_on_counting(desk: DocumentsDesk) -> None:
    opening = {"book_id": SENT, "be_year": 2569}
    desk.command("registrar", years.set_opening, last_no=412, **opening)
    desk.command("registrar", years.set_opening, last_no=415, **opening)
    assert issue(desk)["no"] == 416
    assert code_of(lambda: desk.command("registrar", years.set_opening, last_no=500, **opening)) == "book.in_use"
    assert account(desk)["is_sound"] and account(desk)["opening_no"] == 415
    desk.move_clock(dt.datetime(2027, 1, 1, 0, 0, 1, tzinfo=BANGKOK))
    assert issue(desk) | {"entry_id": ""} == {
        "entry_id": "", "book_id": SENT, "no": 1, "suffix": "", "display_no": "ศธ 04xxx/1",
        "be_year": 2570, "state": "issued",
    }  # fmt: skip


def test_who_may_not_issue_asks_and_is_answered(desk: DocumentsDesk) -> None:
    asked = [
        desk.command("officer", requests.request_number, book_id=SENT, purpose=f"เชิญประชุม {number}")["id"]
        for number in range(3)
    ]
    of = [{"book_id": SENT, "request_id": request} for request in asked]
    assert code_of(lambda: desk.command("officer", requests.grant_request, **of[0])) == "forbidden"
    granted = desk.command("registrar", requests.grant_request, **of[0])
    assert (granted["state"], granted["number"]["no"]) == ("issued", 1)
    assert desk.command("registrar", requests.reject_request, reason="ใช้เลขเดิม", **of[1])["state"] == "rejected"
    assert code_of(lambda: desk.command("second", requests.withdraw_request, **of[2])) == "not_found"
    assert desk.command("officer", requests.withdraw_request, **of[2])["state"] == "withdrawn"
    for request in of:
        assert code_of(lambda r=request: desk.command("registrar", requests.grant_request, **r)) == "request.ended"
    assert desk.query("second", queries.list_requests, book_id=SENT)["items"] == []
    states = {item["state"] for item in desk.query("registrar", queries.list_requests, book_id=SENT)["items"]}
    assert states == {"issued", "rejected", "withdrawn"} and issue(desk)["no"] == 2


def test_a_group_asks_its_office_for_a_number(desk: DocumentsDesk) -> None:
    assert code_of(lambda: issue(desk, who="clerk")) == "forbidden"
    shelf = {one["id"]: one for one in desk.query("clerk", overview.list_books, owner="office")["items"]}
    assert (shelf[SENT]["may_issue"], shelf[SENT]["may_read"], shelf[SENT]["last_no"]) == (False, False, None)
    assert desk.query("clerk", overview.get_book, book_id=SENT)["id"] == SENT
    asked = [desk.command("clerk", requests.request_number, book_id=SENT, purpose="เชิญประชุม")["id"] for _ in range(2)]
    assert desk.query("registrar", overview.list_waiting)["requests_total"] == 2
    desk.command("registrar", requests.grant_request, book_id=SENT, request_id=asked[0])
    desk.command("clerk", requests.withdraw_request, book_id=SENT, request_id=asked[1])
    answers = desk.query("clerk", queries.list_requests, book_id=SENT)["items"]
    assert {one["id"]: one["state"] for one in answers} == {asked[0]: "issued", asked[1]: "withdrawn"}
    assert code_of(lambda: desk.query("clerk", queries.list_entries, book_id=SENT)) == "forbidden"


def test_a_school_or_another_group_is_no_office_to_ask(desk: DocumentsDesk) -> None:
    def refusal(who: str, book_id: str) -> str:
        return code_of(lambda: desk.command(who, requests.request_number, book_id=book_id, purpose="x"))

    assert refusal("clerk", book("memo", "5704-g-admin")) == "forbidden"
    assert {refusal(who, SENT) for who in ("schoolclerk", "teacher")} == {"forbidden"}
    assert refusal("stranger", SENT) == "not_found"


def test_numbers_written_by_hand_are_entered_afterwards_and_the_rest_is_void(desk: DocumentsDesk) -> None:
    block = desk.command("registrar", blocks.hand_out_block, book_id=SENT, size=5, purpose="ไฟดับ")
    assert (block["first_no"], block["last_no"]) == (1, 5)
    assert issue(desk)["no"] == 6
    of = {"book_id": SENT, "block_id": block["id"]}
    wrong = [{"no": no, "purpose": "x", "entry_date": "2026-06-10"} for no in (9, 1)]
    assert code_of(lambda: desk.command("registrar", blocks.reconcile_block, used=wrong, **of)) == "invalid"
    wrong = [
        {"no": 1, "purpose": " ", "entry_date": "2026-06-10"},
        {"no": 3, "purpose": "x", "entry_date": "2026-06-11"},
    ]
    with pytest.raises(Problem) as refused:
        desk.command("registrar", blocks.reconcile_block, used=wrong, **of)
    assert [error.pointer for error in refused.value.errors] == ["used.0.for", "used.1.entry_date"]
    used = [{"no": no, "purpose": f"เรื่องที่ {no}", "entry_date": "2026-06-10"} for no in (1, 3)]
    assert desk.command("registrar", blocks.reconcile_block, used=used, **of)["state"] == "reconciled"
    assert code_of(lambda: desk.command("registrar", blocks.reconcile_block, used=[], **of)) == "block.reconciled"
    report = account(desk)
    assert report["is_sound"] and [one["no"] for one in report["void"]] == [2, 4, 5] and report["issued"] == 3
    lines = desk.query("auditor", queries.get_block, **of)["lines"]
    assert [(line["no"], line["state"]) for line in lines[:3]] == [(1, "issued"), (2, "void"), (3, "issued")]


def test_a_year_that_is_over_is_closed_with_a_digest_that_an_export_proves(desk: DocumentsDesk) -> None:
    for _ in range(3):
        issue(desk)
    issue(desk, reserve_until="2026-06-20")
    closing = {"book_id": SENT, "be_year": 2569}
    assert code_of(lambda: desk.command("registrar", years.close_year, **closing)) == "invalid"
    desk.move_clock(dt.datetime(2027, 1, 4, 9, 0, tzinfo=BANGKOK))
    assert code_of(lambda: desk.command("registrar", years.close_year, **closing)) == "book.reserved"
    commands.expire_reservations(desk.app)
    head = desk.command("registrar", years.close_year, **closing)["head"]
    late = {"book_id": SENT, "no": 1, "be_year": 2569}
    assert code_of(lambda: desk.command("registrar", commands.void_entry, reason="ผิด", **late)) == "book.closed"
    assert code_of(lambda: desk.command("registrar", years.close_year, **closing)) == "book.closed"
    assert issue(desk)["be_year"] == 2570
    export = desk.query("auditor", queries.export_book, **closing)
    assert export["head"] == export["computed_head"] == head and first_break(export["lines"]) is None
    forged = [dict(line) for line in export["lines"]]
    forged[1]["for"] = "เรื่องอื่น"
    assert first_break(forged) == 1
    assert first_break(export["lines"][:1] + export["lines"][2:]) == 1


def at_once(calls: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(16) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_two_hundred_at_once_over_four_books_across_the_new_year(desk: DocumentsDesk) -> None:
    """Two instances of the service; the clock passes midnight in Bangkok while they allocate (17:00 UTC)."""
    midnight = dt.datetime(2027, 1, 1, tzinfo=BANGKOK)
    desk.move_clock(midnight - dt.timedelta(seconds=0.4))
    other = Application(DEFINITION, desk.settings) if not desk.app.database.is_sqlite else desk.app
    books = [SENT, CIRCULAR, ORDER, book("certificate")]

    def one(number: int) -> tuple[str, int, int]:
        book_id = books[number % 4]
        given = (desk.app, other)[number % 2].done_together(
            identity("registrar"), lambda unit: commands.issue_number(unit, book_id, f"ที่ {number}")
        )
        return books[number % 4], given["be_year"], given["no"]

    given = at_once([lambda number=number: one(number) for number in range(200)])
    while desk.app.clock.now() < midnight:
        given += at_once([lambda number=number: one(number) for number in range(4)])
    given += at_once([lambda number=number: one(number) for number in range(40)])
    if other is not desk.app:
        other.close()
    assert len(given) == len(set(given))
    assert {year for _, year, _ in given} == {2569, 2570}
    for place in books:
        for year in (2569, 2570):
            numbers = sorted(no for where, when, no in given if (where, when) == (place, year))
            assert numbers == list(range(1, len(numbers) + 1))
            assert account(desk, place, be_year=year)["is_sound"]


def test_one_call_sent_three_times_at_once_is_one_number(desk: DocumentsDesk) -> None:
    def send() -> Any:
        caller = identity("registrar")
        request = {"idempotency_key": "k1", "args": {"book_id": SENT, "purpose": "ครั้งเดียว"}}
        desk.app._caller = lambda _request: caller
        return desk.app.command_in_steps(commands.issue_number, request)["result"]

    answers = at_once([send] * 3)
    assert [answer["no"] for answer in answers] == [1, 1, 1]
    assert issue(desk)["no"] == 2 and len(desk.events(ENTRY_RECORDED.type)) == 2


def test_what_fails_behind_the_number_gives_it_back(desk: DocumentsDesk) -> None:
    def fails(unit: Any) -> None:
        assert alone(unit.session, commands.issue_number(unit, book_id=SENT, purpose="ล้ม"))["no"] == 1
        unit.session.flush()
        raise RuntimeError("killed in between")

    with pytest.raises(RuntimeError):
        desk.command("registrar", fails)
    assert issue(desk)["no"] == 1 and account(desk)["is_sound"]


def test_who_keeps_books_sees_what_waits_in_them(desk: DocumentsDesk) -> None:
    """Requests and reservations that end today, in the own books alone; a clerk's role counts at one unit."""
    assert desk.query("registrar", overview.list_waiting)["requests_total"] == 0
    for number in range(7):
        desk.command("officer", requests.request_number, book_id=SENT, purpose=f"เชิญประชุม {number}")
    desk.command("officer", requests.request_number, book_id=MEMO, purpose="บันทึก")
    today, tomorrow = (issue(desk, reserve_until=f"2026-06-{day}T08:00:00+07:00") for day in ("11", "12"))
    assert desk.query("registrar", overview.list_waiting)["reservations_total"] == 0
    desk.move_clock(dt.datetime(2026, 6, 11, 7, 0, tzinfo=BANGKOK))
    waiting = desk.query("registrar", overview.list_waiting)
    assert waiting["requests_total"] == 7
    assert [one["for"] for one in waiting["requests"]] == [f"เชิญประชุม {number}" for number in range(5)]
    assert waiting["requests"][0]["book_title"] == "ทะเบียนหนังสือส่ง หน่วยงาน 5704"
    assert [one["no"] for one in waiting["reservations"]] == [today["no"]] != [tomorrow["no"]]
    assert desk.query("clerk", overview.list_waiting)["requests_total"] == 1
    for nobody in ("officer", "director", "schoolclerk"):
        assert desk.query(nobody, overview.list_waiting)["requests_total"] == 0


def test_a_book_says_how_it_stands_to_whoever_may_know(desk: DocumentsDesk) -> None:
    def seen(who: str, book_id: str = SENT) -> tuple[Any, ...]:
        found = desk.query(who, overview.get_book, book_id=book_id)
        names = ("last_no", "requests_waiting", "reservations_ending", "may_issue", "may_read", "may_void")
        return tuple(found[name] for name in names)

    issue(desk)
    issue(desk, reserve_until="2026-06-12")
    issue(desk, reserve_until="2026-06-20")
    desk.command("officer", requests.request_number, book_id=SENT, purpose="เชิญประชุม")
    assert seen("registrar") == (3, 1, 1, True, True, True)
    assert seen("director") == (3, 0, 0, False, True, True)
    assert seen("auditor") == (3, 0, 0, False, True, False)
    assert seen("officer") == (None, 1, 0, False, False, False)
    assert seen("second") == (None, 0, 0, False, False, False)
    for who in ("registrar", "director"):
        assert seen(who, book("secret_sent")) == (0, 0, 0, False, True, False)
    assert code_of(lambda: seen("schoolclerk")) == "forbidden" and code_of(lambda: seen("stranger")) == "not_found"
    assert desk.query("registrar", overview.get_book, book_id=SENT)["years"] == [2569]
    desk.move_clock(dt.datetime(2027, 1, 1, tzinfo=BANGKOK))
    assert desk.query("registrar", overview.get_book, book_id=SENT)["years"] == [2570, 2569]


def test_whose_books_there_are_is_told_within_reach(desk: DocumentsDesk) -> None:
    def owners(who: str) -> list[str]:
        return [one["owner"] for one in desk.query(who, overview.list_owners)["items"]]

    assert owners("officer") == ["office", "5704-g-admin", "5704-g-ict", "57040001", "57040002"]
    assert owners("clerk") == ["office", "5704-g-ict"], "a group asks its office for numbers"
    assert (owners("teacher"), owners("stranger")) == (["57040001"], ["office"])


def test_one_line_is_looked_at_by_itself(desk: DocumentsDesk) -> None:
    issue(desk)
    place = {"book_id": SENT, "no": 1, "be_year": 2569}
    assert desk.query("director", queries.get_entry, **place)["display_no"] == "ศธ 04xxx/1"
    assert code_of(lambda: desk.query("officer", queries.get_entry, **place)) == "forbidden"
    for wrong in ({"no": 2}, {"be_year": 2570}, {"suffix": "1"}):
        assert (
            code_of(lambda wrong=wrong: desk.query("director", queries.get_entry, **{**place, **wrong})) == "not_found"
        )
