"""An office's own days move the due instants of its letters, and nobody else's."""

from __future__ import annotations

import datetime as dt

from services.documents.days import commands, queries
from services.documents.letters.commands import create_letter, register_letter
from services.documents.tasks import commands as tasks
from shared.clock import BANGKOK
from tests.running.documents_desk import DocumentsDesk, book, code_of, desk_at, letter_fields

WEDNESDAY = dt.datetime(2026, 6, 10, 9, 0, tzinfo=BANGKOK)


desk = desk_at(WEDNESDAY)


def due(desk: DocumentsDesk) -> str:
    """When a letter of one working day that came this morning is due."""
    values = letter_fields(speed="very_urgent")
    letter = desk.command("registrar", create_letter, values=values, again=True)["id"]
    desk.command("registrar", register_letter, letter_id=letter, book_id=book("received"))
    given = {"letter_id": letter, "responsible": ["officer"], "instruction": "ทำ"}
    return str(desk.command("director", tasks.assign_letter, **given)["tasks"][0]["due_at"][:10])


def test_a_day_off_and_a_day_worked_after_all_move_what_is_due(desk: DocumentsDesk) -> None:
    assert due(desk) == "2026-06-11"
    desk.command("registrar", commands.set_day, day="11/06/2569", kind="off", name="วันหยุดพิเศษ")
    assert due(desk) == "2026-06-12"
    desk.command("registrar", commands.set_day, day="2026-06-12", kind="off", name="วันหยุดพิเศษ")
    assert due(desk) == "2026-06-15"
    desk.command("registrar", commands.set_day, day="2026-06-13", kind="worked", name="ทำงานชดเชย")
    assert due(desk) == "2026-06-13"
    listed = [(one["day"], one["kind"]) for one in desk.query("officer", queries.list_days)["items"]]
    assert listed == [("2026-06-11", "off"), ("2026-06-12", "off"), ("2026-06-13", "worked")]
    desk.command("registrar", commands.remove_day, day="2026-06-11")
    assert due(desk) == "2026-06-11"


def test_who_may_enter_days_and_what_is_none(desk: DocumentsDesk) -> None:
    day = {"day": "2026-06-11", "kind": "off", "name": "หยุด"}
    for who in ("clerk", "officer", "director", "schoolclerk"):
        assert code_of(lambda who=who: desk.command(who, commands.set_day, **day)) == "forbidden"
    for changed in ({"day": "วันพรุ่งนี้"}, {"name": " "}):
        wrong = {**day, **changed}
        assert code_of(lambda wrong=wrong: desk.command("registrar", commands.set_day, **wrong)) == "invalid"
    assert code_of(lambda: desk.command("registrar", commands.remove_day, day="2026-06-11")) == "not_found"
    desk.command("stranger", commands.set_day, **day)
    assert desk.query("officer", queries.list_days)["items"] == [] and due(desk) == "2026-06-11"
