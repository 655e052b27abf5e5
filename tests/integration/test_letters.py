"""A letter comes in, is registered, moved, assigned, reported and closed; and what may not happen to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event

from services.documents.letters import commands, queries, rules
from services.documents.registers import queries as books
from services.documents.tasks import commands as tasks
from shared.bus.contracts.documents import LETTER_MOVED, TASK_MOVED
from shared.bus.contracts.registry import EventType
from shared.clock import BANGKOK
from shared.db.together import alone
from shared.db.unit import Unit
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at, letter_fields
from tests.running.letters_desk import (
    GROUP,
    GROUP_BOOK,
    OFFICE_BOOK,
    arrived,
    assigned,
    at_the_group,
    proposed,
    registered,
)

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)

desk = desk_at(NOON)


def test_the_five_steps_of_the_handbook(desk: DocumentsDesk) -> None:
    letter = assigned(desk)
    assert [task["letter"]["id"] for task in desk.query("officer", queries.list_tasks)["items"]] == [letter]
    assert desk.command("officer", tasks.accept_task, letter_id=letter)["state"] == "IN_PROGRESS"
    half = desk.command("officer", tasks.report_task, letter_id=letter, report="ทำแล้ว")
    assert half["state"] == "IN_PROGRESS", "the other one has not reported"
    assert code_of(lambda: desk.command("head", tasks.close_letter, letter_id=letter)) == "letter.state"
    assert desk.command("second", tasks.report_task, letter_id=letter, report="เสร็จ")["state"] == "REPORTED"
    closed = desk.command("head", tasks.close_letter, letter_id=letter)
    assert closed["state"] == "CLOSED" and {task["state"] for task in closed["tasks"]} == {"CLOSED"}
    assert desk.query("officer", queries.list_tasks)["items"] == []
    moves = [step["move"] for step in desk.query("registrar", queries.get_history, letter_id=letter)["items"]]
    assert moves == ["arrive", "register", "forward", "register", "propose", "assign", "start", "report", "close"]
    numbers = desk.query("head", queries.get_letter, letter_id=letter)["numbers"]
    assert [(one["book_id"], one["no"]) for one in numbers] == [(OFFICE_BOOK, 1), (GROUP_BOOK, 1)]
    told = desk.events(LETTER_MOVED.type)
    assert [one["data"]["state"] for one in told][-1] == "CLOSED"
    assert [one["aggregateversion"] for one in told] == list(range(1, len(told) + 1))
    assert "ประชุม" not in str(told) + str(desk.events(TASK_MOVED.type))


def test_events_say_where_a_letter_is_and_when_it_came_how_far(desk: DocumentsDesk) -> None:
    letter = assigned(desk, ("officer",), speed="most_urgent", received_at="2026-06-10T09:00:00+07:00")
    desk.command("officer", tasks.open_task, letter_id=letter)
    desk.command("officer", tasks.report_task, letter_id=letter, report="เสร็จ")

    def newest(kind: EventType) -> dict[str, Any]:
        data: dict[str, Any] = desk.events(kind.type)[-1]["data"]
        return data

    told = newest(LETTER_MOVED)
    assert (told["holder"], told["holder_path"]) == ("5704-g-ict", "/obec/5704/g-ict/")
    assert told["due_at"] == "2026-06-10T09:30:00+00:00", "the class of speed gives it the same day"
    steps = [told[name] for name in ("registered_at", "proposed_at", "assigned_at", "completed_at")]
    assert all(steps) and steps == sorted(steps)
    task = newest(TASK_MOVED)
    assert task["opened_at"] and task["reported_at"] and task["accepted_at"] is None
    desk.command("head", tasks.return_letter, letter_id=letter, reason="แก้รายงาน")
    assert newest(LETTER_MOVED)["completed_at"] is None, "a report that was sent back is none"
    other = proposed(desk, subject="อีกเรื่อง")
    desk.command("head", tasks.return_letter, letter_id=other, reason="ไม่ใช่ของกลุ่ม")
    assert newest(LETTER_MOVED)["holder_path"] == "/obec/5704/", "it is told where it went, not where it was"


def test_what_finds_a_letter_is_written_once_a_command(desk: DocumentsDesk) -> None:
    """Keyed in and numbered at once it changes twice, and its index is the dearest part of it."""
    written: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "INTO letter_text (" in statement:
            written.append(statement)

    engine = desk.app.database.engine
    event.listen(engine, "before_cursor_execute", keep)
    letter = desk.command("registrar", commands.create_letter, values=letter_fields(), register=True)
    event.remove(engine, "before_cursor_execute", keep)
    assert len(written) == 1
    found = desk.query("registrar", queries.list_letters, q=letter["numbers"][0]["display_no"])
    assert [one["id"] for one in found["items"]] == [letter["id"]]


def test_a_command_that_fails_at_its_end_leaves_nothing(desk: DocumentsDesk) -> None:
    def fail(unit: Unit) -> None:
        alone(unit.session, commands.create_letter(unit, letter_fields()))
        unit.session.at_end("never", lambda: rules.check_reason(""))

    assert code_of(lambda: desk.command("registrar", fail)) == "invalid"
    assert desk.query("registrar", queries.list_letters)["items"] == []
    assert desk.events(LETTER_MOVED.type) == []


def test_the_book_says_of_a_letter_what_it_is_about(desk: DocumentsDesk) -> None:
    registered(desk)
    (line,) = desk.query("registrar", books.list_entries, book_id=OFFICE_BOOK)["items"]
    assert line["for"] == "ขอเชิญประชุมผู้บริหารสถานศึกษา" and line["display_no"] == "1"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "ก" * 501}, "subject"),
        ({"from": ""}, "from"),
        ({"speed": "fast"}, "speed"),
        ({"secrecy": "confidential"}, "secrecy"),
        ({"kind": "letter"}, "kind"),
        ({"channel": ""}, "channel"),
        ({"doc_date": "วานนี้"}, "doc_date"),
        ({"doc_date": "01/01/2499"}, "doc_date"),
        ({"speed": "within"}, "speed_deadline"),
        ({"kind": "stamped"}, "subject"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_what_is_wrong_is_refused_and_named(desk: DocumentsDesk, changed: dict[str, Any], field: str) -> None:
    try:
        arrived(desk, **changed)
    except Exception as problem:
        assert [error.pointer for error in getattr(problem, "errors", ())] == [field]
    else:
        raise AssertionError("taken")


def test_what_is_odd_is_taken_with_a_warning(desk: DocumentsDesk) -> None:
    def warned(**changed: Any) -> list[str]:
        answer = desk.command("registrar", commands.create_letter, values=letter_fields(**changed))
        return [warning["code"] for warning in answer["warnings"]]

    assert warned() == []
    assert warned(subject="เรื่องอื่น") == ["letter.same_document"]
    assert warned(subject="ย" * 151, doc_no="1") == ["subject.long"]
    assert warned(doc_date="๑๕ มิถุนายน ๒๕๖๙", doc_no="2") == ["doc_date.future", "received_at.early"]


def test_the_same_letter_keyed_in_twice_within_a_minute_is_refused_unless_it_is_another(desk: DocumentsDesk) -> None:
    registered(desk)
    assert code_of(lambda: arrived(desk)) == "letter.again"
    desk.command("registrar", commands.create_letter, values=letter_fields(), again=True)
    # of the one keyed in last, however long that took
    desk.move_clock(NOON + dt.timedelta(minutes=10))
    arrived(desk)


def test_who_sees_a_letter(desk: DocumentsDesk) -> None:
    def sees(who: str, letter: str) -> bool:
        listed = letter in [item["id"] for item in desk.query(who, queries.list_letters)["items"]]
        found = code_of(lambda: desk.query(who, queries.get_letter, letter_id=letter)) == ""
        assert listed is found
        return found

    office = registered(desk)
    seen = {who for who in ("registrar", "director", "deputy", "auditor") if sees(who, office)}
    assert seen == {"registrar", "director", "deputy", "auditor"}
    hidden = ("clerk", "head", "officer", "schoolclerk", "teacher", "stranger")
    assert not any(sees(who, office) for who in hidden)
    letter = assigned(desk, people=("officer",), subject="อีกเรื่อง")
    assert all(sees(who, letter) for who in ("clerk", "head", "officer", "registrar"))
    assert not any(sees(who, letter) for who in ("second", "schoolclerk", "stranger"))
    school = desk.command("schoolclerk", commands.create_letter, values=letter_fields(subject="ถึงโรงเรียน"))["id"]
    assert sees("schoolclerk", school) and not sees("registrar", school) and sees("director", school)


def test_who_may_do_what(desk: DocumentsDesk) -> None:
    for who in ("clerk", "head", "officer", "director", "teacher"):
        assert code_of(lambda who=who: arrived(desk, who)) == "forbidden"
    letter = registered(desk)
    of = {"letter_id": letter}
    assert code_of(lambda: desk.command("director", commands.forward_letter, to=GROUP, **of)) == "forbidden"
    assert code_of(lambda: desk.command("registrar", commands.forward_letter, to="57040001", **of)) == "invalid"
    desk.command("registrar", commands.forward_letter, to=GROUP, **of)
    assert code_of(lambda: desk.command("registrar", commands.register_letter, book_id=GROUP_BOOK, **of)) == "forbidden"
    assert code_of(lambda: desk.command("clerk", commands.register_letter, book_id=OFFICE_BOOK, **of)) == "forbidden"
    desk.command("clerk", commands.register_letter, book_id=GROUP_BOOK, **of)
    assert code_of(lambda: desk.command("head", tasks.propose_letter, summary="x", **of)) == "forbidden"
    for wrong in ("officer", "schoolclerk", "nobody"):
        to = {"summary": "x", "to": wrong}
        assert code_of(lambda to=to: desk.command("clerk", tasks.propose_letter, **to, **of)) == "invalid"
    desk.command("clerk", tasks.propose_letter, summary="x", **of)
    give = {"responsible": ["officer"], "instruction": "ทำ", **of}
    assert code_of(lambda: desk.command("clerk", tasks.assign_letter, **give)) == "forbidden"
    for people in ([], ["teacher"], ["officer", "officer"], ["nobody"]):
        wrong_people = {**give, "responsible": people}
        assert code_of(lambda wrong_people=wrong_people: desk.command("head", tasks.assign_letter, **wrong_people)) == (
            "invalid"
        )
    desk.command("head", tasks.assign_letter, **give)
    assert code_of(lambda: desk.command("clerk", tasks.report_task, report="x", **of)) == "task.none"


def test_a_letter_of_the_wrong_group_comes_back_and_goes_elsewhere(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    returned = {"letter_id": letter, "reason": "ไม่ใช่งานของกลุ่ม"}
    assert code_of(lambda: desk.command("head", tasks.return_letter, letter_id=letter, reason=" ")) == "invalid"
    back = desk.command("head", tasks.return_letter, **returned)
    assert (back["state"], back["holder"]) == ("RETURNED", "5704")
    desk.command("registrar", commands.forward_letter, letter_id=letter, to="5704-g-admin")
    taken = desk.command("registrar", tasks.endorse_letter, letter_id=letter, verdict="pull_back", text="ส่งผิด")
    assert (taken["state"], taken["holder"]) == ("REGISTERED", "5704")


def test_what_is_urgent_may_skip_a_level_and_what_is_not_may_not(desk: DocumentsDesk) -> None:
    slow, fast = registered(desk), registered(desk, subject="ด่วน", speed="most_urgent")
    give = {"responsible": ["officer"], "instruction": "ทำทันที"}
    assert code_of(lambda: desk.command("director", tasks.assign_letter, letter_id=slow, **give)) == "letter.state"
    done = desk.command("director", tasks.assign_letter, letter_id=fast, **give)
    assert done["state"] == "ASSIGNED" and done["tasks"][0]["due_at"] == "2026-06-10T16:30:00+07:00"


def test_verdicts(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    of = {"letter_id": letter}
    for verdict in ("disapprove", "consult"):
        wordless = {"verdict": verdict, **of}
        assert code_of(lambda wordless=wordless: desk.command("head", tasks.endorse_letter, **wordless)) == "invalid"
        assert desk.command("head", tasks.endorse_letter, text="ขอความเห็น", **wordless)["state"] == "PROPOSED"
    assert code_of(lambda: desk.command("officer", tasks.endorse_letter, verdict="approve", **of)) == "not_found"
    assert desk.command("deputy", tasks.endorse_letter, verdict="approve", text="ทราบ", **of)["state"] == "ACKNOWLEDGED"
    assert desk.command("clerk", tasks.close_letter, **of)["state"] == "CLOSED"
    words = desk.query("head", queries.get_letter, **of)["endorsements"]
    assert [(one["verdict"], one["capacity"]) for one in words] == [
        ("disapprove", "ผู้อำนวยการกลุ่ม"), ("consult", "ผู้อำนวยการกลุ่ม"), ("approve", "รองผู้อำนวยการเขต"),
    ]  # fmt: skip
    assert "สาธิต" in words[0]["author"]


def test_a_report_that_is_not_enough_goes_back_to_who_made_it(desk: DocumentsDesk) -> None:
    letter = assigned(desk, people=("officer",))
    of = {"letter_id": letter}
    desk.command("officer", tasks.report_task, report="ทำแล้ว", **of)
    back = desk.command("head", tasks.return_letter, reason="ขอรายละเอียด", **of)
    assert (back["state"], back["tasks"][0]["state"]) == ("IN_PROGRESS", "ACCEPTED")
    assert desk.command("officer", tasks.report_task, report="ครบแล้ว", **of)["state"] == "REPORTED"
    assert code_of(lambda: desk.command("clerk", tasks.report_task, report="x", **of)) == "task.informed"


def test_a_wrong_registration_is_undone_and_its_numbers_stay_struck_through(desk: DocumentsDesk) -> None:
    letter = at_the_group(desk)
    assert code_of(lambda: desk.command("clerk", commands.void_letter, letter_id=letter, reason="ซ้ำ")) == "forbidden"
    gone = desk.command("registrar", commands.void_letter, letter_id=letter, reason="ลงซ้ำ")
    assert gone["state"] == "VOID" and [number["state"] for number in gone["numbers"]] == ["void", "void"]
    other = registered(desk, subject="เรื่องใหม่")
    assert desk.query("registrar", queries.get_letter, letter_id=other)["numbers"][0]["no"] == 2
    of = {"letter_id": assigned(desk, subject="มอบแล้ว")}
    assert code_of(lambda: desk.command("registrar", commands.void_letter, reason="x", **of)) == "letter.state"


def test_what_was_keyed_in_wrong_is_put_right_until_it_is_proposed(desk: DocumentsDesk) -> None:
    letter = registered(desk)
    tag = desk.query("registrar", queries.get_letter, letter_id=letter)["etag"]
    changed = {"letter_id": letter, "values": {"subject": "เรื่องที่ถูก"}}
    assert code_of(lambda: desk.command("registrar", commands.change_letter, **changed)) == "precondition.required"
    right = desk.command("registrar", commands.change_letter, if_match=tag, **changed)
    assert (right["subject"], right["from"]) == ("เรื่องที่ถูก", "สพฐ.")
    assert code_of(lambda: desk.command("registrar", commands.change_letter, if_match=tag, **changed)) == (
        "precondition.stale"
    )
    assert desk.audited("letter.change")[0].change["after"] == "REGISTERED"
    late = {"letter_id": proposed(desk, subject="เสนอแล้ว"), "values": {"subject": "x"}, "if_match": "*"}
    assert code_of(lambda: desk.command("registrar", commands.change_letter, **late)) == "letter.state"


def test_a_letter_that_comes_to_a_group_again_goes_on_with_the_number_it_has_there(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    desk.command("head", tasks.return_letter, letter_id=letter, reason="ขาดเอกสารแนบ")
    desk.command("registrar", commands.forward_letter, letter_id=letter, to=GROUP)
    into = {"letter_id": letter, "book_id": GROUP_BOOK}
    assert "register" in desk.query("clerk", queries.get_letter, letter_id=letter)["allowed"]
    again = desk.command("clerk", commands.register_letter, **into)
    assert (again["no"], again["state"]) == (1, "REGISTERED")
    numbers = desk.query("clerk", queries.get_letter, letter_id=letter)["numbers"]
    assert [(one["book_id"], one["no"]) for one in numbers] == [(OFFICE_BOOK, 1), (GROUP_BOOK, 1)]
    step = desk.query("clerk", queries.get_history, letter_id=letter)["items"][-1]
    assert (step["move"], step["detail"]) == ("register", {"book": GROUP_BOOK, "display_no": "1"})
    assert code_of(lambda: desk.command("clerk", commands.register_letter, **into)) == "letter.registered"


def found(desk: DocumentsDesk, who: str, typed: str, **more: Any) -> list[str]:
    return [item["subject"] for item in desk.query(who, queries.list_letters, q=typed, **more)["items"]]


def test_a_letter_is_found_by_what_people_type_and_by_who_may_see_it(desk: DocumentsDesk) -> None:
    registered(desk, subject="ขอเชิญประชุมผู้บริหารสถานศึกษา", doc_no="ศธ 04006/ว 1234")
    registered(desk, subject="แจ้งปฏิทินการคัดกรองนักเรียน", doc_no="ศธ 04006/77")
    for typed in ("ผู้บริหาร", "ชุ", "๑๒๓๔", "ว1234", "04006/1234", "สพฐ. ประชุม", '"ขอเชิญประชุม"'):
        assert found(desk, "registrar", typed) == ["ขอเชิญประชุมผู้บริหารสถานศึกษา"], typed
    assert found(desk, "registrar", "04006") == ["แจ้งปฏิทินการคัดกรองนักเรียน", "ขอเชิญประชุมผู้บริหารสถานศึกษา"]
    assert found(desk, "registrar", "ปฏิทิน", state="CLOSED") == []
    assert found(desk, "registrar", "%") == [] and found(desk, "registrar", "ไม่มีคำนี้") == []
    for hidden in ("clerk", "officer", "stranger", "schoolclerk"):
        assert found(desk, hidden, "ประชุม") == []


def test_it_is_found_by_who_gets_it_and_by_what_was_put_right(desk: DocumentsDesk) -> None:
    letter = assigned(desk, people=("officer",), subject="เรื่องเดิม")
    assert found(desk, "officer", "เดิม") == ["เรื่องเดิม"] and found(desk, "second", "เดิม") == []
    other = registered(desk, subject="พิมผิด")
    change = {"letter_id": other, "values": {"subject": "พิมพ์ถูก"}, "if_match": "*"}
    desk.command("registrar", commands.change_letter, **change)
    assert found(desk, "registrar", "พิมผิด") == [] and found(desk, "registrar", "พิมพ์ถูก") == ["พิมพ์ถูก"]
    assert letter in [item["id"] for item in desk.query("head", queries.list_letters, q="เห็นควรมอบ")["items"]]


def test_a_search_goes_on_from_page_to_page(desk: DocumentsDesk) -> None:
    for number in range(5):
        arrived(desk, subject=f"ประชุมครั้งที่ {number}", doc_no=str(number))
    seen, cursor = [], None
    while True:
        page = desk.query("registrar", queries.list_letters, q="ประชุม", limit=2, cursor=cursor)
        seen += [item["subject"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"ประชุมครั้งที่ {number}" for number in (4, 3, 2, 1, 0)]
    wrong = {"q": "ประชุม", "cursor": "x"}
    assert code_of(lambda: desk.query("registrar", queries.list_letters, **wrong)) == "invalid"
