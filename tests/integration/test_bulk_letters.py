"""Many letters in one table: numbered in its order, wrong rows keep nobody back, sent again they are the same."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from services.documents.bulk.commands import register_many
from services.documents.bulk.rules import MOST_ROWS
from services.documents.letters import commands, queries
from services.documents.registers import queries as books
from services.documents.search.tables import LetterText
from shared.bus.contracts.documents import LETTER_MOVED
from shared.clock import BANGKOK
from shared.db.once import once_in_steps
from shared.db.together import alone
from shared.problems import conflict
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at, identity, letter_fields
from tests.running.letters_desk import OFFICE_BOOK

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)

desk = desk_at(NOON)


def row(subject: str, **changed: Any) -> dict[str, Any]:
    return {"values": letter_fields(subject=subject, doc_no=subject, **changed), "key": f"key-{subject}"}


def sent(desk: DocumentsDesk, *rows: dict[str, Any], who: str = "registrar") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.command(who, register_many, rows=list(rows))["rows"]
    return found


def numbers(results: list[dict[str, Any]]) -> list[int | None]:
    return [result["letter"]["numbers"][0]["no"] if result["letter"] else None for result in results]


def is_without_gaps(desk: DocumentsDesk, letters: int) -> bool:
    report = desk.query("registrar", books.check_integrity, book_id=OFFICE_BOOK)
    return bool(report["is_sound"]) and len(desk.query("registrar", queries.list_letters)["items"]) == letters


def test_right_rows_are_numbered_in_order_and_wrong_ones_come_back(desk: DocumentsDesk) -> None:
    wrong = row("ผิด", doc_date="31/02/2569", speed="slow", **{"from": ""})
    unknown = row("ไม่รู้จัก", **{"from": {"contact": "nobody"}})
    results = sent(desk, row("หนึ่ง"), wrong, row("สอง"), unknown, row("สาม"))
    assert numbers(results) == [1, None, 2, None, 3] and [result["row"] for result in results] == [0, 1, 2, 3, 4]
    errors = results[1]["problem"]["errors"]
    assert {error["pointer"] for error in errors} == {"doc_date", "speed", "from"}
    assert "ลงวันที่: ไม่ใช่วันที่ที่ถูกต้อง" in [error["message"] for error in errors]
    assert [error["pointer"] for error in results[3]["problem"]["errors"]] == ["from"]
    for subject in ("หนึ่ง", "สอง", "สาม"):
        found = desk.query("registrar", queries.list_letters, q=subject)["items"]
        assert [one["subject"] for one in found] == [subject]
    assert is_without_gaps(desk, letters=3)
    # nothing is told or written down of what was not kept
    assert {event["subject"] for event in desk.events(LETTER_MOVED.type)} == {
        f"letter/{result['letter']['id']}" for result in results if result["letter"]
    }
    assert len(desk.audited("letter.arrive")) == len(desk.audited("letter.register")) == 3


def test_what_is_sent_again_gets_the_same_numbers_and_what_was_put_right_the_next(desk: DocumentsDesk) -> None:
    first = sent(desk, row("หนึ่ง"), row("สอง", doc_date=""), row("สาม"))
    again = sent(desk, row("หนึ่ง"), row("สอง"), row("สาม"), row("สี่"))
    assert numbers(first) == [1, None, 2] and numbers(again) == [1, 3, 2, 4]
    assert again[0] == first[0]
    assert is_without_gaps(desk, letters=4)


def test_a_row_is_the_same_command_as_a_letter_sent_by_itself(desk: DocumentsDesk) -> None:
    args = {"values": row("หนึ่ง")["values"], "again": False, "register": True}
    with desk.app.write(identity("registrar")) as unit:
        steps = once_in_steps(unit, "create_letter", args, "key-หนึ่ง", commands.create_letter(unit, **args))
        by_itself = alone(unit.session, steps)
    [result] = sent(desk, row("หนึ่ง"))
    assert result["letter"]["id"] == by_itself["id"] and is_without_gaps(desk, letters=1)


def test_a_key_stands_for_one_letter_and_one_letter_is_keyed_in_once(desk: DocumentsDesk) -> None:
    other = {**row("สอง"), "key": "key-หนึ่ง"}
    twice = {**row("หนึ่ง"), "key": None}
    results = sent(desk, row("หนึ่ง"), other, twice, {**twice, "again": True})
    assert [result["problem"] and result["problem"]["code"] for result in results] == [
        None, "idempotency.mismatch", "letter.again", None,
    ]  # fmt: skip
    assert results[2]["problem"]["numbers"] == ["1"] and numbers(results) == [1, None, None, 2]


def test_the_same_table_at_the_same_moment_is_one(desk: DocumentsDesk) -> None:
    table = [row(f"เรื่องที่ {number}") for number in range(5)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: numbers(sent(desk, *table)), range(4)))
    assert answers == [[1, 2, 3, 4, 5]] * 4
    assert is_without_gaps(desk, letters=5)


def test_of_a_row_that_fails_at_its_number_nothing_is_left_to_be_found(
    desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entering = commands._enter

    def is_full(unit: Any, letter: Any, book: Any) -> Any:
        if letter.subject == "ล้น":
            raise conflict("book.closed", "ปิดเล่มแล้ว")
        return entering(unit, letter, book)

    monkeypatch.setattr(commands, "_enter", is_full)
    results = sent(desk, row("ล้น"), row("หนึ่ง"), row("ล้น", doc_date="2026-06-01"))
    codes = [result["problem"] and result["problem"]["code"] for result in results]
    assert codes == ["book.closed", None, "book.closed"]
    with desk.app.database.read() as session:
        assert list(session.execute(select(LetterText.subject)).scalars()) == ["หนึ่ง"]
    assert is_without_gaps(desk, letters=1)


def test_only_a_registry_keys_letters_in_and_a_table_has_an_end(desk: DocumentsDesk) -> None:
    for who in ("clerk", "officer", "director", "auditor"):
        assert code_of(lambda who=who: sent(desk, row("หนึ่ง"), who=who)) == "forbidden"
    assert code_of(lambda: sent(desk)) == "invalid"
    assert code_of(lambda: sent(desk, *(row(str(number)) for number in range(MOST_ROWS + 1)))) == "invalid"
    assert numbers(sent(desk, *(row(str(number)) for number in range(MOST_ROWS)))) == list(range(1, MOST_ROWS + 1))
