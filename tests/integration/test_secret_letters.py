"""Letters with a class of secrecy, on both databases: who keeps, reads and is given them, and what nobody else sees."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select

from services.documents.adapters import PREFIX
from services.documents.attachments.commands import add_attachment
from services.documents.attachments.tables import Attachment
from services.documents.clearances import commands as clearances
from services.documents.clearances import queries as clearance_lists
from services.documents.database import TABLES
from services.documents.delegations.commands import delegate, hand_over
from services.documents.letters import commands, queries
from services.documents.registers import blocks, overview, requests
from services.documents.registers import commands as registers
from services.documents.registers import queries as books
from services.documents.search.tables import LetterText
from services.documents.tasks import commands as tasks
from shared.clock import BANGKOK
from shared.problems import Problem
from tests.running.documents_desk import DocumentsDesk, book, code_of, desk_at, identity, letter_fields
from tests.running.letters_desk import OFFICE_BOOK, registered
from tests.running.secret_desk import (
    SCHOOL,
    SECRET_BOOK,
    SENDER,
    SUBJECT,
    appointed,
    decided,
    open_for,
    school_director,
    secret_letter,
)

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
LATER = NOON + dt.timedelta(minutes=16)
ORDER = {"order_no": "1/2569", "valid_from": "2026-06-10", "until": "2026-06-12", "capacity": "acting"}
# what must not be found anywhere: words of the letter, of the summary and of what is to be done
WORDS = (SUBJECT, SENDER, "นกเขาชวา", "ลับ ๙๙")

opened = desk_at(NOON, scope="module")


@pytest.fixture
def desk(opened: DocumentsDesk) -> DocumentsDesk:
    """One office for all of these tests; whoever was cleared before is so no more."""
    opened.move_clock(NOON)
    for one in opened.query("director", clearance_lists.list_clearances)["items"]:
        if not one["is_ended"]:
            opened.command("director", clearances.end_clearance, clearance_id=one["id"], reason="เริ่มใหม่")
    return opened


@pytest.fixture
def kept(desk: DocumentsDesk) -> DocumentsDesk:
    """With a secret registrar and a director who is cleared."""
    appointed(desk, "registrar", post="registrar")
    appointed(desk, "director")
    return desk


def sees(desk: DocumentsDesk, who: str, letter: str) -> str:
    """The code that somebody gets for a letter; empty when they see it. Lists agree with that."""
    code = code_of(lambda: desk.query(who, queries.get_letter, letter_id=letter))
    listed = letter in [one["id"] for one in desk.query(who, queries.list_letters, limit=200)["items"]]
    assert listed is (code != "not_found")
    return code


def seen_in_log(desk: DocumentsDesk, action: str, letter: str) -> list[tuple[str, str, str]]:
    """Who, for what, of which level."""
    rows = [row for row in desk.audited(action) if row.subject == f"letter/{letter}"]
    return [(row.actor, row.change["for"], row.change["level"]) for row in rows]


# ── who is cleared ──


def test_the_director_of_an_office_appoints_and_ends_by_an_order(desk: DocumentsDesk) -> None:
    for who in ("deputy", "registrar", "head", "auditor", "schoolclerk", "stranger"):
        assert code_of(lambda who=who: appointed(desk, "officer", by=identity(who))) == "forbidden"
    made = appointed(desk, "officer", "secret")
    assert (made["person"], made["unit"], made["post"], made["level"]) == ("officer", "5704", "reader", "secret")
    assert code_of(lambda: appointed(desk, "officer")) == "clearance.overlap"
    assert code_of(lambda: appointed(desk, "officer", at="5704-g-ict")) == "forbidden"
    assert code_of(lambda: appointed(desk, "teacher")) == "invalid"
    assert code_of(lambda: appointed(desk, "second", order_no=" ")) == "invalid"
    ended = {"clearance_id": made["id"], "reason": "ย้ายกลุ่ม"}
    assert code_of(lambda: desk.command("deputy", clearances.end_clearance, **ended)) == "not_found"
    assert desk.command("director", clearances.end_clearance, **ended)["is_ended"]
    assert code_of(lambda: desk.command("director", clearances.end_clearance, **ended)) == "clearance.ended"
    log = {row.action for row in desk.audited("clearance.appoint") + desk.audited("clearance.end")}
    assert log == {"clearance.appoint", "clearance.end"}
    assert desk.query("officer", clearance_lists.list_clearances)["items"][0]["id"] == made["id"]
    assert desk.query("second", clearance_lists.list_clearances)["items"] == []


def test_the_director_of_a_school_appoints_for_the_own_school(desk: DocumentsDesk) -> None:
    principal = school_director(desk)
    assert code_of(lambda: appointed(desk, "officer", by=principal)) == "forbidden"
    assert code_of(lambda: appointed(desk, "teacher", at="57040002", by=principal)) == "forbidden"
    appointed(desk, "schoolclerk", post="registrar", at=SCHOOL, by=principal)
    letter = secret_letter(desk, who="schoolclerk")
    appointed(desk, "director")
    assert sees(desk, "director", letter) == "not_found", "who is cleared at the office is not cleared at the school"
    for one in desk.query("director", clearance_lists.list_clearances)["items"]:
        assert one["unit_name"] in ("หน่วยงาน 5704", "บ้าน 1")


# ── keyed in and registered ──


def test_a_secret_letter_is_keyed_in_by_who_was_appointed_alone(desk: DocumentsDesk) -> None:
    for level, post, refused in (
        (None, None, ("secret", "very_secret", "top_secret")),
        ("very_secret", "reader", ("secret", "very_secret", "top_secret")),
        ("secret", "registrar", ("very_secret", "top_secret")),
        ("very_secret", "registrar", ()),
    ):
        if level and post:
            made = appointed(desk, "registrar", level, post)
        for secrecy in ("secret", "very_secret", "top_secret"):
            code = code_of(lambda secrecy=secrecy: secret_letter(desk, secrecy))
            assert code == ("letter.secret" if secrecy in refused else ""), (level, post, secrecy)
        if level and post:
            desk.command("director", clearances.end_clearance, clearance_id=made["id"], reason="ทดสอบ")
    assert code_of(lambda: secret_letter(desk, "unheard_of")) == "invalid"


def test_it_stands_in_the_secret_book_with_a_sequence_of_its_own(kept: DocumentsDesk) -> None:
    before = kept.query("registrar", books.check_integrity, book_id=SECRET_BOOK)["last_no"]
    registered(kept, doc_no="77")
    letter = secret_letter(kept)
    [number] = kept.query("registrar", queries.get_letter, letter_id=letter)["numbers"]
    assert (number["book_id"], number["no"]) == (SECRET_BOOK, before + 1)
    values = letter_fields(secrecy="secret", subject="อีกฉบับ")
    waits = kept.command("registrar", commands.create_letter, values=values)["id"]
    into = {"letter_id": waits, "book_id": OFFICE_BOOK}
    assert code_of(lambda: kept.command("registrar", commands.register_letter, **into)) == "letter.book"
    ordinary = kept.command("registrar", commands.create_letter, values=letter_fields(doc_no="78"), again=True)["id"]
    into = {"letter_id": ordinary, "book_id": SECRET_BOOK}
    assert code_of(lambda: kept.command("registrar", commands.register_letter, **into)) == "letter.book"


def test_of_the_highest_class_there_is_a_line_in_the_register_and_nothing_else(kept: DocumentsDesk) -> None:
    letter = secret_letter(kept, "top_secret")
    stub = kept.query("registrar", queries.get_letter, letter_id=letter)
    assert (stub["subject"], stub["note"], stub["summary"], stub["attachments"]) == ("", "", None, [])
    assert {"propose", "assign", "forward"}.isdisjoint(stub["allowed"])
    propose = {"letter_id": letter, "summary": "x"}
    assert code_of(lambda: kept.command("registrar", tasks.propose_letter, **propose)) == "letter.top_secret"
    file = {"sha256": "0" * 64, "filename": "ก.pdf", "size": 1}
    refused = code_of(lambda: add_attachment(kept.app, identity("registrar"), letter_id=letter, file=file))
    assert refused == "letter.top_secret"
    waits = kept.query("registrar", queries.list_letters, waiting="propose", limit=200)["items"]
    assert letter not in [one["id"] for one in waits]
    given = {"letter_id": letter, "values": {"subject": SUBJECT}, "if_match": "*"}
    assert code_of(lambda: kept.command("registrar", commands.change_letter, **given)) == "invalid"


# ── who sees it ──


def test_reach_and_clearance_are_both_needed(kept: DocumentsDesk) -> None:
    appointed(kept, "auditor", "secret")
    appointed(kept, "officer", "secret")
    letter = secret_letter(kept)
    everybody = ("registrar", "director", "auditor", "deputy", "officer", "clerk", "head", "schoolclerk", "stranger")
    assert {who for who in everybody if sees(kept, who, letter) == ""} == {"registrar", "director", "auditor"}
    [own] = [
        one for one in kept.query("director", clearance_lists.list_clearances)["items"]
        if one["person"] == "auditor" and not one["is_ended"]
    ]  # fmt: skip
    kept.command("director", clearances.end_clearance, clearance_id=own["id"], reason="ครบวาระ")
    assert sees(kept, "auditor", letter) == "not_found"
    kept.move_clock(dt.datetime(2027, 1, 1, 9, 0, tzinfo=BANGKOK))
    assert sees(kept, "director", letter) == "not_found", "an appointment ends with its last day"


def test_the_higher_class_is_for_who_stands_on_its_list_and_says_why(kept: DocumentsDesk) -> None:
    appointed(kept, "deputy")
    appointed(kept, "auditor", "secret")
    letter = secret_letter(kept, "very_secret")
    assert sees(kept, "registrar", letter) == "", "the paper lies before who keys it in"
    assert {sees(kept, who, letter) for who in ("director", "deputy", "auditor")} == {"not_found"}
    listed = kept.command("registrar", clearances.add_reader, letter_id=letter, person="deputy")
    assert (listed["readers"], listed["reader_candidates"]) == (["deputy", "registrar"], ["director"])
    add = {"letter_id": letter, "person": "auditor"}
    assert code_of(lambda: kept.command("registrar", clearances.add_reader, **add)) == "invalid"
    assert sees(kept, "deputy", letter) == "letter.reason"
    said = {"letter_id": letter, "reason": "ดู"}
    assert code_of(lambda: kept.command("deputy", clearances.open_letter, **said)) == "invalid"
    open_for(kept, "deputy", letter)
    assert kept.query("deputy", queries.get_letter, letter_id=letter)["subject"] == SUBJECT
    kept.move_clock(LATER)
    assert sees(kept, "deputy", letter) == sees(kept, "registrar", letter) == "letter.reason"
    reasons = [(row.actor, row.reason) for row in kept.audited("reveal.letter") if row.subject == f"letter/{letter}"]
    assert reasons == [("registrar", "ผู้บันทึกหนังสือ"), ("deputy", "พิจารณาสั่งการตามหน้าที่")]
    open_for(kept, "registrar", letter)
    out = {"letter_id": letter, "person": "registrar", "reason": "ครบหน้าที่"}
    assert code_of(lambda: kept.command("registrar", clearances.remove_reader, **out)) == "letter.own_access"
    kept.command("registrar", clearances.remove_reader, **{**out, "person": "deputy"})
    assert sees(kept, "deputy", letter) == "not_found"
    for lower in (secret_letter(kept), registered(kept, doc_no="12/9")):
        said = {"letter_id": lower, "reason": "ดูตามหน้าที่"}
        assert code_of(lambda said=said: kept.command("registrar", clearances.open_letter, **said)) == "letter.open"


def test_lists_tell_what_is_opened_with_a_reason_only_by_its_number(kept: DocumentsDesk) -> None:
    words = {"subject": "กระรอกด่อน", "from": "กองกระรอก", "doc_no": "กร ๑", "note": "ผลกระรอก"}
    letter = decided(kept, secret_letter(kept, "very_secret", **words), "director")
    work, tasked = kept.query("director", queries.list_work), kept.query("director", queries.list_tasks, limit=200)
    found = [*kept.query("director", queries.list_letters)["items"], *(one["letter"] for one in tasked["items"])]
    assert [one["id"] for one in found].count(letter) == 2
    listed = json.dumps([work, tasked, found], ensure_ascii=False)
    assert "กระรอก" not in listed and "กร ๑" not in listed
    [task] = [one for one in tasked["items"] if one["letter_id"] == letter]
    assert task["instruction"] == ""
    secret = secret_letter(kept)
    [line] = [one for one in kept.query("director", queries.list_letters)["items"] if one["id"] == secret]
    assert line["subject"] == SUBJECT
    assert ("director", "list_letters", "secret") in seen_in_log(kept, "letter.allow", secret)


def test_every_look_and_every_refusal_is_written_down(kept: DocumentsDesk) -> None:
    letter, higher, ordinary = secret_letter(kept), secret_letter(kept, "very_secret"), registered(kept, doc_no="9/9")
    for who in ("registrar", "head", "stranger", "auditor"):
        for one in (letter, higher, ordinary, "no-such-letter"):
            code_of(lambda who=who, one=one: kept.query(who, queries.get_letter, letter_id=one))
    void = {"letter_id": letter, "reason": "x"}
    assert code_of(lambda: kept.command("deputy", commands.void_letter, **void)) == "not_found"
    assert seen_in_log(kept, "letter.allow", letter) == [("registrar", "get_letter", "secret")]
    denied = {(who, "get_letter", "secret") for who in ("head", "stranger", "auditor")}
    assert set(seen_in_log(kept, "letter.deny", letter)) == {*denied, ("deputy", "void_letter", "secret")}
    assert {who for who, _, _ in seen_in_log(kept, "letter.deny", higher)} == {"head", "stranger", "auditor"}
    kept.move_clock(LATER)
    code_of(lambda: kept.query("registrar", queries.get_letter, letter_id=higher))
    assert ("registrar", "get_letter", "very_secret") in seen_in_log(kept, "letter.deny", higher)
    assert seen_in_log(kept, "letter.allow", ordinary) == seen_in_log(kept, "letter.deny", ordinary) == []
    assert seen_in_log(kept, "letter.deny", "no-such-letter") == []


# ── given to people ──


def test_it_is_proposed_and_given_to_who_is_cleared_alone(kept: DocumentsDesk) -> None:
    appointed(kept, "officer", "secret")
    appointed(kept, "second")
    letter, higher = secret_letter(kept), secret_letter(kept, "very_secret")
    forward = {"letter_id": letter, "to": "5704-g-ict"}
    assert code_of(lambda: kept.command("registrar", commands.forward_letter, **forward)) == "letter.secret_place"
    propose = {"letter_id": letter, "summary": "x", "to": "deputy"}
    assert code_of(lambda: kept.command("registrar", tasks.propose_letter, **propose)) == "invalid"
    alone = {"letter_id": higher, "summary": "x"}
    assert "propose" not in kept.query("registrar", queries.get_letter, letter_id=higher)["allowed"]
    assert code_of(lambda: kept.command("registrar", tasks.propose_letter, **alone)) == "letter.no_decider"
    for one in (letter, higher):
        decided(kept, one, "second")
    assert sees(kept, "second", letter) == ""
    assert sees(kept, "second", higher) == "letter.reason", "who is given it comes on its list"
    people = {one["person_id"] for one in kept.query("director", queries.list_assignable, letter_id=letter)["items"]}
    assert people == {"registrar", "director", "officer", "second"}
    for one, who in ((letter, "head"), (higher, "officer")):
        more = {"letter_id": one, "responsible": [who], "instruction": "x"}
        with pytest.raises(Problem) as refusal:
            kept.command("director", tasks.assign_letter, **more)
        assert refusal.value.errors[0].code == "uncleared"
    kept.command("second", tasks.report_task, letter_id=letter, report="เรียบร้อย")
    kept.command("director", tasks.close_letter, letter_id=letter)


def test_who_stands_in_and_who_takes_over_must_be_cleared_themselves(kept: DocumentsDesk) -> None:
    appointed(kept, "officer", "secret")
    letter = decided(kept, secret_letter(kept), "officer")
    kept.command("officer", delegate, to="second", **ORDER)
    assert sees(kept, "second", letter) == "not_found"
    assert letter not in [one["letter"]["id"] for one in kept.query("second", queries.list_tasks)["items"]]
    over = {"of": "officer", "to": "second", "order_no": "4/2569", "reason": "ย้าย"}
    assert code_of(lambda: kept.command("officer", hand_over, **over)) == "invalid"
    assert kept.command("head", hand_over, **over)["tasks"] == 0, "what the head may not know of stays where it is"
    appointed(kept, "second", "secret")
    assert sees(kept, "second", letter) == ""
    assert kept.command("officer", hand_over, **over)["tasks"] == 1
    assert sees(kept, "officer", letter) == "not_found"


# ── what everybody else sees of it ──


def test_nothing_of_it_is_told_stored_for_search_or_logged(kept: DocumentsDesk) -> None:
    appointed(kept, "officer")
    before = {kind: len(kept.events(f"documents.{kind}.v1")) for kind in EVENTS}
    letters = [decided(kept, secret_letter(kept, level), "officer") for level in ("secret", "very_secret")]
    letters.append(secret_letter(kept, "top_secret"))
    kept.command("director", tasks.return_letter, letter_id=secret_proposed(kept), reason="คืนนกเขาชวา")
    voided = secret_letter(kept)
    kept.command("director", commands.void_letter, letter_id=voided, reason="ลงซ้ำนกเขาชวา")
    assert {kind: len(kept.events(f"documents.{kind}.v1")) for kind in EVENTS} == before
    with kept.app.database.read() as session:
        found = session.execute(select(LetterText.letter_id).where(LetterText.letter_id.in_([*letters, voided])))
        assert found.all() == []
        logged = session.execute(select(TABLES.audit.reason, TABLES.audit.change)).all()
    assert not [word for word in WORDS if word in json.dumps([list(row) for row in logged], ensure_ascii=False)]
    for who in ("registrar", "auditor", "clerk"):
        assert kept.query(who, queries.list_letters, q="นกเขาชวา")["items"] == []


EVENTS = ("letter_moved", "task_moved", "entry_recorded")


def secret_proposed(desk: DocumentsDesk) -> str:
    letter = secret_letter(desk)
    desk.command("registrar", tasks.propose_letter, letter_id=letter, summary="นกเขาชวา", to="director")
    return letter


def test_the_same_document_is_no_warning_to_who_may_not_know_of_the_first(kept: DocumentsDesk) -> None:
    secret_letter(kept, doc_no="ศธ 7/7")
    same = letter_fields(subject="เปิดเผย", **{"from": SENDER}, doc_no="ศธ 7/7")
    codes = [one["code"] for one in kept.command("registrar", commands.create_letter, values=same)["warnings"]]
    assert codes == ["letter.same_document"]
    [own] = [
        one for one in kept.query("director", clearance_lists.list_clearances)["items"]
        if one["person"] == "registrar" and not one["is_ended"]
    ]  # fmt: skip
    kept.command("director", clearances.end_clearance, clearance_id=own["id"], reason="ครบวาระ")
    for other in registered(kept, doc_no="ศธ 7/7", **{"from": SENDER}), registered(kept, doc_no="ศธ 8/8"):
        told = kept.query("registrar", queries.get_letter, letter_id=other)["warnings"]
        assert "ลับ" not in json.dumps(told, ensure_ascii=False)


def test_a_secret_register_is_veiled_for_who_is_not_cleared(kept: DocumentsDesk) -> None:
    secret, higher = secret_letter(kept), secret_letter(kept, "very_secret")

    def lines(who: str) -> dict[str, Any]:
        shown = kept.query(who, books.list_entries, book_id=SECRET_BOOK, limit=2)["items"]
        numbers = [one["no"] for one in shown]
        assert numbers == sorted(numbers, reverse=True)
        assert [kept.query(who, books.get_entry, book_id=SECRET_BOOK, no=n, be_year=2569) for n in numbers] == shown
        return {one["letter_id"]: one["for"] for one in shown}

    veiled = "(ปกปิดตามชั้นความลับ)"
    assert lines("director") == {secret: SUBJECT, None: veiled}, "what is opened with a reason is opened by itself"
    assert lines("auditor") == lines("deputy") == {None: veiled}
    assert code_of(lambda: lines("officer")) == "forbidden"
    assert ("director", "list_entries", "secret") in seen_in_log(kept, "letter.allow", secret)
    kept.command("director", commands.void_letter, letter_id=secret, reason="นกเขาชวาซ้ำ")
    told = [kept.query("auditor", books.check_integrity, book_id=SECRET_BOOK)]
    told.append(kept.query("auditor", books.list_entries, book_id=SECRET_BOOK))
    assert not [word for word in (*WORDS, higher, secret) if word in json.dumps(told, ensure_ascii=False)]


def test_a_secret_book_is_kept_by_who_was_appointed(desk: DocumentsDesk) -> None:
    sent = book("secret_sent")
    number = {"book_id": sent, "purpose": "ตอบนกเขาชวา"}
    year = {"book_id": sent, "be_year": 2569}
    for function, args in (
        (registers.issue_number, number),
        (blocks.hand_out_block, {**number, "size": 2}),
        (books.export_book, year),
        (books.list_blocks, {"book_id": sent}),
        (requests.request_number, number),
        (books.list_requests, {"book_id": sent}),
    ):
        assert code_of(lambda f=function, a=args: desk.command("registrar", f, **a)) == "forbidden", function
    appointed(desk, "registrar", post="registrar")
    no = desk.command("registrar", registers.issue_number, **number)["no"]
    assert desk.query("registrar", books.get_entry, no=no, **year)["for"] == "ตอบนกเขาชวา"
    assert desk.query("director", books.get_entry, no=no, **year)["for"] != "ตอบนกเขาชวา"
    reserved = desk.command("registrar", registers.issue_number, **number, reserve_until="2026-06-10T23:00:00+07:00")
    assert desk.query("registrar", overview.list_waiting)["reservations_total"] == 1
    void = {"no": reserved["no"], "reason": "นกเขาชวาบินหนี", **year}
    assert code_of(lambda: desk.command("director", registers.void_entry, **void)) == "forbidden"
    for one in desk.query("director", clearance_lists.list_clearances)["items"]:
        if not one["is_ended"]:
            desk.command("director", clearances.end_clearance, clearance_id=one["id"], reason="ครบวาระ")
    assert desk.query("registrar", overview.list_waiting)["reservations_total"] == 0
    assert desk.query("registrar", overview.get_book, book_id=sent)["may_issue"] is False


# ── another class ──


def test_raising_takes_a_letter_out_of_the_open_books_and_says_so(kept: DocumentsDesk) -> None:
    letter = registered(kept, subject=SUBJECT, doc_no="5/5", **{"from": SENDER})
    [was] = kept.query("registrar", queries.get_letter, letter_id=letter)["numbers"]
    raised = {"letter_id": letter, "values": {"secrecy": "secret"}, "if_match": "*"}
    told = kept.command("registrar", commands.change_letter, **raised)
    assert (told["secrecy"], told["state"], told["numbers"]) == ("secret", "ARRIVED", [])
    last = kept.query("registrar", queries.get_history, letter_id=letter)["items"][-1]
    assert (last["move"], last["detail"]["voided"]) == ("reclassify", [was["display_no"]])
    line = kept.query("auditor", books.get_entry, book_id=OFFICE_BOOK, no=was["no"], be_year=2569)
    assert (line["state"], line["for"], line["letter_id"]) == ("void", "เปลี่ยนชั้นความลับ", None)
    assert sees(kept, "auditor", letter) == "not_found"
    assert kept.query("registrar", queries.list_letters, q=SUBJECT)["items"] == []
    event = [one for one in kept.events("documents.letter_moved.v1") if one["data"]["letter_id"] == letter][-1]
    assert (event["data"]["state"], event["data"]["secrecy"], event["data"]["numbers"]) == ("VOID", "none", [])
    kept.command("registrar", commands.register_letter, letter_id=letter, book_id=SECRET_BOOK)
    lowered = {**raised, "values": {"secrecy": "none"}}
    told = kept.command("registrar", commands.change_letter, **lowered)
    assert (told["state"], told["numbers"]) == ("ARRIVED", [])
    kept.command("registrar", commands.register_letter, letter_id=letter, book_id=OFFICE_BOOK)
    assert sees(kept, "auditor", letter) == ""
    assert [one["id"] for one in kept.query("registrar", queries.list_letters, q=SUBJECT)["items"]] == [letter]


def test_within_the_secret_books_nothing_moves_but_who_may_know(kept: DocumentsDesk) -> None:
    letter = secret_letter(kept)
    numbers = kept.query("registrar", queries.get_letter, letter_id=letter)["numbers"]
    change = {"letter_id": letter, "if_match": "*"}
    told = kept.command("registrar", commands.change_letter, values={"secrecy": "very_secret"}, **change)
    assert (told["numbers"], told["state"]) == (numbers, "REGISTERED")
    assert (sees(kept, "registrar", letter), sees(kept, "director", letter)) == ("", "not_found")
    kept.command("registrar", commands.change_letter, values={"secrecy": "secret"}, **change)
    assert sees(kept, "director", letter) == ""
    stub = {"secrecy": "top_secret", "subject": "", "channel": "hand"}
    refused = code_of(lambda: kept.command("registrar", commands.change_letter, values=stub, **change))
    assert refused == "letter.top_secret"


def test_who_was_not_appointed_changes_no_class(desk: DocumentsDesk) -> None:
    letter = registered(desk, doc_no="6/6")
    raised = {"letter_id": letter, "values": {"secrecy": "secret"}, "if_match": "*"}
    assert code_of(lambda: desk.command("registrar", commands.change_letter, **raised)) == "letter.secret"


@pytest.mark.parametrize("secrecy", ["secret", "very_secret"])
def test_what_somebody_has_who_is_cleared_no_more_waits_for_who_gave_it(kept: DocumentsDesk, secrecy: str) -> None:
    def abandoned(who: str) -> list[str]:
        return [one["id"] for one in kept.query(who, queries.list_letters, waiting="abandoned", limit=200)["items"]]

    appointed(kept, "second")
    made = appointed(kept, "officer")
    letter = decided(kept, secret_letter(kept, secrecy), "officer")
    assert letter not in abandoned("director")
    kept.command("director", clearances.end_clearance, clearance_id=made["id"], reason="ย้ายกลุ่ม")
    assert letter in abandoned("director") and letter in abandoned("registrar")
    assert abandoned("deputy") == abandoned("head") == [], "who is not cleared is not told"
    moving = {"of": "officer", "to": "second", "order_no": "50/2569", "reason": "ย้ายกลุ่ม"}
    kept.command("director", hand_over, **moving)
    assert letter not in abandoned("director") and sees(kept, "officer", letter) == "not_found"


def test_its_files_lie_encrypted(kept: DocumentsDesk) -> None:
    letter, said = secret_letter(kept), b"%PDF-1.7 the turtle dove of the secret letter"
    [sha256] = kept.app.adapters.files.keep_all(PREFIX, [said])
    with kept.app.write(identity("registrar")) as unit:
        unit.session.add(
            Attachment(
                id=letter, letter_id=letter, role="main", filename="ลับ.pdf", kind="pdf", size=len(said),
                sha256=sha256, pages=1, notices=[], uploaded_at=unit.now(), uploaded_by="registrar",
            )
        )  # fmt: skip
    files = [path for path in (kept.settings.files_root / PREFIX).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"turtle dove" in path.read_bytes()]
