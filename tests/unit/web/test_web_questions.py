"""What pages ask of the services: everything at once, and nothing that they know."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from werkzeug.datastructures import Headers

from gateway import names
from gateway.web.pages import duplicates, letter, rules, schools
from services.rounds.rules.catalogue import catalogue
from shared.bus.rpc import Call, unavailable
from shared.http.answers import Answer
from shared.http.compression import compress
from shared.http.request import Request
from shared.http.wire import to_wire
from shared.problems import Problem
from shared.security.identity import Grant, Identity

OWN, OTHER = "57040001", "57040002"
ROUND = {"id": "round-1", "title": "DMC 2569 รอบ 1", "state": "OPEN", "area_name": "สพป.เชียงราย เขต 4"}
Answering = Callable[[Call], Any]


class FakeOffice:
    """Answers from ``answer`` and keeps what was asked, step by step; the services ``away`` do not answer."""

    def __init__(self, answer: Answering, away: tuple[str, ...] = ()) -> None:
        self.steps: list[list[str]] = []
        self._answer = answer
        self._away = away

    def ask(self, _request: Request, service: str, operation: str, **args: Any) -> Any:
        self.steps.append([operation])
        if service in self._away:
            raise unavailable(service)
        return self._answer(Call(service, operation, args))

    def gather(self, _request: Request, **calls: Call) -> tuple[dict[str, Any], list[str]]:
        self.steps.append([call.operation for call in calls.values()])
        answers = {name: self._answer(call) for name, call in calls.items() if call.service not in self._away}
        return answers, sorted({call.service for call in calls.values()} & set(self._away))


def asked_by(*grants: tuple[str, str], path: str = "/", **params: str) -> Request:
    """A request of somebody who holds roles at places of the tree."""
    held = tuple(Grant(role, scope, "", "") for role, scope in grants)
    return Request("GET", path, params=params, identity=Identity("p", "u", "ครูสมมติ", "s", held))


# ── one school ──


def school_answer(call: Call) -> Any:
    if call.operation == "school_size":
        size = {"round_title": "DMC 2569 รอบ 1", "as_of": "2026-06-10", "pupils": 321, "provisional": False}
        return {"size": {**size, "classes": [{"label": "กลาง", "title": "สี่ขนาด"}]}}
    details = dict.fromkeys((*schools.TEXTS, *schools.NUMBERS, "highland", "founded_year_be"))
    return {
        "smis": call.args["smis"], "name": "บ้านสมมติ", "area_name": "เขต", "state": "OPEN", "etag": "1",
        "org_path": f"/obec/5704/{call.args['smis']}/", "main_school": None, "successor": None, "guests": [],
        "names": {}, "warnings": [], "details": details, "details_at": None, "tambon": None, "amphoe": None,
        "province": None, "ministry_code": None, "obec6_code": None, "education_range": "", "cluster": None,
        "cluster_id": None,
    }  # fmt: skip


def school_page(office: FakeOffice, *grants: tuple[str, str]) -> str:
    return schools.show_school_page(asked_by(*grants, smis=OWN), office).body.decode()


def test_the_page_of_a_school_asks_once_for_the_school_and_its_size() -> None:
    office = FakeOffice(school_answer)
    page = school_page(office, ("officer", "/obec/5704/"))
    assert office.steps == [["get_school", "school_size"]]
    assert "321" in page


@pytest.mark.parametrize("away", [(), ("reporting",)])
def test_the_size_of_a_school_is_for_who_reads_its_numbers(away: tuple[str, ...]) -> None:
    stranger, teacher = FakeOffice(school_answer, away), FakeOffice(school_answer, away)
    assert "ขนาดโรงเรียน" not in school_page(stranger, ("data_officer", f"/obec/5704/{OTHER}/"))
    assert "ขนาดโรงเรียน" not in school_page(teacher, ("teacher", f"/obec/5704/{OWN}/"))
    assert teacher.steps == [["get_school"]]


def test_a_school_is_shown_without_its_size_while_reporting_is_away_but_not_the_other_way_round() -> None:
    page = school_page(FakeOffice(school_answer, ("reporting",)), ("officer", "/obec/5704/"))
    assert "บ้านสมมติ" in page
    assert "ยังไม่พร้อมใช้งานชั่วคราว" in page
    with pytest.raises(Problem) as refused:
        school_page(FakeOffice(school_answer, ("schools",)), ("officer", "/obec/5704/"))
    assert refused.value.as_dict() == unavailable("schools").as_dict()


# ── one duplicate ──


def duplicate_answer(call: Call) -> Any:
    if call.operation == "get_round":
        return ROUND
    if call.operation == "get_school":
        return {"phone": f"053 {call.args['smis']}"}
    side = {
        "name": "บ้านสมมติ", "grade": "ป.1", "masked_id": "1-5704-xxxxx-xx-7", "is_own": False, "counts": True,
        "submission_id": None, "row": None, "pupil": None,
    }  # fmt: skip
    return {
        "id": call.args["case_id"], "kind": "same_id", "rule": "D01", "is_gating": True, "state": "OPEN", "keep": None,
        "masked_id": "1-5704-xxxxx-xx-7", "same_names": True, "same_birth": True, "reason": None, "evidence": [],
        "history": [], "schools": [{"smis": OWN, **side}, {"smis": OTHER, **side}],
    }  # fmt: skip


def duplicate_page(office: FakeOffice, case: str) -> str:
    asked = asked_by(("officer", "/obec/5704/"), id="round-1", dup=case)
    return duplicates.show_duplicate(asked, office).body.decode()


def test_a_duplicate_that_was_opened_before_is_asked_for_together_with_the_telephones_of_its_schools() -> None:
    first, second = FakeOffice(duplicate_answer), FakeOffice(duplicate_answer)
    pages = [duplicate_page(office, "case-1") for office in (first, second)]
    assert first.steps == [["get_round", "get_duplicate"], ["get_school", "get_school"]]
    assert second.steps == [["get_round", "get_duplicate", "get_school", "get_school"]]
    assert pages[0] == pages[1]
    assert f"053 {OWN}" in pages[1] and f"053 {OTHER}" in pages[1]


def test_who_may_not_see_a_duplicate_is_refused_by_its_owner_however_often_others_opened_it() -> None:
    def refused(call: Call) -> Any:
        if call.operation == "get_duplicate":
            raise Problem("not_found", 404, "ไม่พบ")
        return duplicate_answer(call)

    duplicate_page(FakeOffice(duplicate_answer), "case-2")
    with pytest.raises(Problem, match="not_found"):
        duplicate_page(FakeOffice(refused), "case-2")


def test_a_duplicate_is_shown_without_telephones_while_their_owner_is_away() -> None:
    for _ in range(2):
        page = duplicate_page(FakeOffice(duplicate_answer, ("schools",)), "case-3")
        assert "1-5704-xxxxx-xx-7" in page
        assert "ยังไม่พร้อมใช้งานชั่วคราว" in page


# ── one letter ──

TASK = {
    "assignee_id": "p", "role": "responsible", "state": "ASSIGNED", "instruction": "ดำเนินการ", "report": None,
    "due_at": "2099-06-10T16:30:00+07:00", "opened_at": None, "accepted_at": None, "reported_at": None,
    "assigned_by": "ผู้อำนวยการ",
}  # fmt: skip


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody was told any name yet."""
    monkeypatch.setattr(names, "TOLD", names.NameMemory())


def letter_answer(call: Call) -> Any:
    if call.operation == "name_people":
        return {"names": {"p": "ครูสมมติ"}}
    if call.operation in ("get_history", "list_circulations"):
        return {"items": []}
    if call.operation == "get_thread":
        return {"items": [], "registry": None}
    if call.operation == "open_task":
        return {**TASK, "opened_at": "2026-06-10T09:00:00+07:00"}
    texts = dict.fromkeys(("doc_no", "from", "to", "note", "summary", "void_reason", "speed_deadline", "closed_at"))
    return {
        **texts, "id": "l1", "subject": "ขอเชิญประชุม", "doc_date": "2026-06-08", "speed": "normal", "secrecy": "none",
        "kind": "external", "channel": "paper", "received_at": "2026-06-10T09:00:00+07:00", "state": "ASSIGNED",
        "owner": "5704", "holder": "5704", "numbers": [], "attachments": [], "endorsements": [], "warnings": [],
        "readers": [], "reader_candidates": [], "units": {}, "books": {}, "allowed": ["accept", "report"],
        "tasks": [dict(TASK)],
    }  # fmt: skip


AT_ONCE = ["get_letter", "get_history", "list_circulations", "get_thread"]


@pytest.mark.usefixtures("told")
def test_a_letter_is_asked_for_at_once_and_opened_by_who_has_a_task_in_it() -> None:
    office = FakeOffice(letter_answer)
    page = letter.show_letter(asked_by(("officer", "/obec/5704/"), id="l1"), office).body.decode()
    assert office.steps == [AT_ONCE, ["open_task"], ["name_people"]]
    assert "ครูสมมติ" in page and "เปิดแล้ว ยังไม่รับ" in page and "รับเรื่อง" in page


@pytest.mark.usefixtures("told")
def test_who_looks_at_a_letter_that_was_sent_round_to_them_has_read_it() -> None:
    line = {"person_id": "p", "unit": "5704", "opened_at": None}
    sent = {
        "id": "c1", "note": "โปรดทราบ", "sent_by": "สารบรรณ", "sent_at": "2026-06-10T08:00:00+07:00",
        "withdrawn_at": None, "readers": [line], "oversees": False,
    }  # fmt: skip

    def answer(call: Call) -> Any:
        if call.operation == "list_circulations":
            return {"items": [{**sent, "own": dict(line)}]}
        if call.operation == "read_circular":
            return {"letter_id": "l1", "opened_at": "2026-06-10T09:00:00+07:00"}
        return letter_answer(call)

    office = FakeOffice(answer)
    page = letter.show_letter(asked_by(("officer", "/obec/5704/"), id="l1"), office).body.decode()
    assert office.steps == [AT_ONCE, ["open_task", "read_circular"], ["name_people"]], "both in one step"
    assert "โปรดทราบ" in page and "ท่านเปิดอ่านเมื่อ" in page


@pytest.mark.usefixtures("told")
def test_letters_that_belong_together_are_led_to_from_each_of_them() -> None:
    def answer(call: Call) -> Any:
        if call.operation == "get_thread":
            own = letter_answer(Call("documents", "get_letter", {}))
            return {"items": [{**own, "id": "l0", "subject": "ฉบับก่อน"}, own], "registry": "สพป."}
        return letter_answer(call)

    page = letter.show_letter(asked_by(("registrar", "/obec/5704/"), id="l1"), FakeOffice(answer)).body.decode()
    assert 'href="/letters/l0"' in page and 'href="/letters/l1"' not in page
    assert 'href="/letters/new?refers_to=l1"' in page


@pytest.mark.usefixtures("told")
def test_the_names_in_a_letter_are_asked_for_once_and_told_to_nobody_else() -> None:
    def read_by(person: str) -> list[list[str]]:
        office = FakeOffice(lambda call: {**letter_answer(call), "allowed": []})
        request = asked_by(("auditor", "/obec/5704/"), id="l1")
        request.identity = Identity(person, person, "ครูสมมติ", "s", request.identity.grants)
        assert "ครูสมมติ" in letter.show_letter(request, office).body.decode()
        return office.steps

    at_once = [AT_ONCE]
    assert read_by("first") == [*at_once, ["name_people"]]
    assert read_by("first") == at_once
    assert read_by("second") == [*at_once, ["name_people"]]


@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        ("unit=5704", [["get_letter", "list_members"]]),
        ("", [["get_letter"], ["list_members"]]),
        ("unit=elsewhere", [["get_letter", "list_members"], ["get_letter"], ["list_members"]]),
    ],
)
def test_who_may_be_given_a_letter_is_asked_for_with_it_when_the_address_names_the_unit(
    asked: str, steps: list[list[str]]
) -> None:
    def answer(call: Call) -> Any:
        if call.operation == "list_members":
            of_unit = call.args["organisation"]
            member = {"person_id": "q", "name": f"คนของ {of_unit}", "position": None, "unit": of_unit}
            return {"items": [{**member, "unit_name": "กลุ่ม"}]}
        return {**letter_answer(call), "allowed": ["assign"], "assign_from": "5704"}

    office = FakeOffice(answer)
    request = asked_by(("area_director", "/obec/5704/"), id="l1")
    request.query_string = asked
    page = letter.show_letter_assignment(request, office).body.decode()
    assert office.steps == steps
    assert "คนของ 5704" in page and "คนของ elsewhere" not in page


def test_who_directs_nothing_named_in_an_address_is_asked_for_one_by_one() -> None:
    def answer(call: Call) -> Any:
        if call.operation == "list_members":
            raise Problem("forbidden", 403, "ไม่มีสิทธิ์")
        if call.operation == "list_assignable":
            return {"items": [{"person_id": "p", "unit": "5704", "unit_name": "กลุ่ม"}]}
        return {**letter_answer(call), "allowed": ["assign"], "assign_from": "5704"}

    request = asked_by(("group_director", "/obec/5704/"), id="l1")
    request.query_string = "unit=5704"
    assert "ครูสมมติ" in letter.show_letter_assignment(request, FakeOffice(answer)).body.decode()


@pytest.mark.usefixtures("told")
def test_a_letter_is_shown_without_names_while_their_owner_is_away() -> None:
    page = letter.show_letter(asked_by(("officer", "/obec/5704/"), id="l1"), FakeOffice(letter_answer, ("schools",)))
    assert "ไม่ทราบชื่อ" in page.body.decode()


# ── the rules ──


def rules_answer(items: list[Any], query: str = "", version: int = 70) -> Answer:
    found = {"rule_set": "dmc-2569-2", "version": version, "items": items}
    asked = asked_by(("teacher", "/obec/5704/57040001/"), path="/rules")
    asked.query_string = query
    return rules.show_rules(asked, FakeOffice(lambda _call: found))


def rules_page(items: list[Any], query: str = "", version: int = 70) -> str:
    return rules_answer(items, query, version).body.decode()


def test_the_cards_of_a_version_of_a_rule_set_are_made_once_for_all_who_read_alike(
    choose: Callable[..., None],
) -> None:
    items: list[Mapping[str, Any]] = catalogue("dmc-2569-2")["items"]
    page = rules_page(items)
    assert page.count('<article class="rule') == len(items)
    assert rules_page([]).count('<article class="rule') == len(items)
    assert rules_page(items, "q=p06").count('<article class="rule') == 1
    assert rules_page(items[:2], version=71).count('<article class="rule') == 2
    choose("en")
    assert rules_page(items[:3]).count('<article class="rule') == 3


def test_the_cards_are_compressed_once_too_and_weigh_no_more_for_it() -> None:
    answer = rules_answer(catalogue("dmc-2569-2")["items"])
    asked = Request("GET", "/rules", headers=Headers({"Accept-Encoding": "gzip"}))
    [sent] = to_wire(asked, answer).body
    [empty] = to_wire(asked, rules_answer(catalogue("dmc-2569-2")["items"], "q=zzz")).body
    assert "ไม่พบกฎที่ค้น" in gzip.decompress(empty).decode()
    assert answer.common is not None and answer.common.plain in answer.body
    assert gzip.decompress(sent) == answer.body
    assert len(sent) <= len(compress(answer.body))
