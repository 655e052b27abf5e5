"""What boards, lists, messages and head counts show to whom, beside the question of who may ask (the access matrix)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import requests

from tests.running.api import Api
from tests.running.matrix import Operation, operations_of, send, ways_to_ask
from tests.running.system import EmbeddedSystem, running
from tests.running.two_areas import Side, TwoAreas
from tests.running.waiting import until

ACCESS_SECONDS = 15 * 60
SCHOOLS = {"5704": 135, "5703": 12}


@pytest.fixture(scope="module")
def areas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAreas]:
    folder = tmp_path_factory.mktemp("scoping")
    with running(EmbeddedSystem(folder, areas=2)) as system:
        yield TwoAreas.played(system, folder)


@pytest.fixture(params=["home", "second"])
def side(request: pytest.FixtureRequest, areas: TwoAreas) -> Side:
    """Each of the two areas in turn: none of them is a special case."""
    chosen: Side = getattr(areas, request.param)
    return chosen


def of_the_area(side: Side, slug: str) -> Api:
    return side.account(f"{slug}{side.area.suffix}")


def of_the_school(side: Side, smis: str) -> list[Api]:
    return [side.account(f"{role}-{smis}") for role in ("data", "director")]


def test_the_board_of_a_school_shows_that_school_alone(side: Side) -> None:
    round_id = side.things["round"]
    for reader in of_the_school(side, side.own):
        board = reader.get(f"/rounds/{round_id}/progress")
        assert [school["smis"] for school in board["schools"]] == [side.own]
        assert (board["expected"], sum(board["by_state"].values()), board["on_time"]) == (1, 1, 0)
        assert [line["expected"] for line in board["by_amphoe"]] == [1]
    area = of_the_area(side, "areadirector").get(f"/rounds/{round_id}/progress")
    assert [school["smis"] for school in area["schools"]] == [side.own, side.other, side.third, side.silent]


def test_an_area_sees_its_own_rounds_alone(side: Side) -> None:
    for slug in ("officer", "groupdirector", "deputydirector", "areadirector", "auditor"):
        found = {item["id"] for item in of_the_area(side, slug).get("/rounds")["items"]}
        assert found == {side.things["round"], side.things["draft"]}


def test_the_inbox_of_a_school_holds_its_own_messages_alone(side: Side) -> None:
    for smis in (side.own, side.other):
        reader = side.account(f"data-{smis}")
        messages = until(lambda reader=reader: reader.get("/inbox")["items"], what=f"a message to {smis}")
        assert {message["smis"] for message in messages} == {smis}


def test_a_message_is_in_no_other_inbox(areas: TwoAreas, side: Side) -> None:
    ours = {message["id"] for message in side.account(f"data-{side.own}").get("/inbox")["items"]}
    assert ours
    for caller in areas.callers():
        if not (caller.username == f"data-{side.own}" or caller.must_change_password):
            theirs = {message["id"] for message in areas.account(caller).get("/inbox")["items"]}
            assert not ours & theirs, caller.username


def test_the_head_count_of_a_school_counts_its_own_pupils_alone(side: Side) -> None:
    round_id = side.things["round"]
    reader, other, third = (side.account(f"data-{smis}") for smis in (side.own, side.other, side.third))
    readers = (reader, other, third, of_the_area(side, "auditor"))
    totals = [one.get("/reports/headcount", round_id=round_id)["total"]["total"] for one in readers]
    assert sum(totals[:3]) == totals[3]
    assert min(totals) > 0
    report = reader.get("/reports/headcount", round_id=round_id)
    assert (report["schools"], len(report["amphoes"])) == (1, 1)
    by_amphoe = reader.get("/reports/headcount", round_id=round_id, amphoe=report["amphoes"][0])
    assert by_amphoe["total"] == report["total"]
    answer = reader.get("/reports/headcount.xlsx", expect=None, round_id=round_id)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[-1][3] == totals[0]


def test_duplicates_are_for_their_two_schools_and_the_area(side: Side) -> None:
    place = f"/rounds/{side.things['round']}/duplicates"
    for reader in (side.account(f"data-{side.own}"), side.account(f"director-{side.third}"), side.officer):
        assert side.things["duplicate"] in [case["id"] for case in reader.get(place)["items"]]
    for reader in of_the_school(side, side.other):
        assert reader.get(place)["items"] == []
        hidden = reader.get(f"{place}/{side.things['duplicate']}", expect=None)
        absent = reader.get(f"{place}/{side.things['round']}", expect=None)
        without_trace = [{**answer.json(), "trace_id": ""} for answer in (hidden, absent)]
        assert (hidden.status_code, without_trace[0]) == (404, without_trace[1])


@pytest.mark.parametrize("path", ["/reports/headcount", "/reports/headcount.xlsx"])
def test_nobody_asks_for_the_head_count_of_another_school(side: Side, path: str) -> None:
    for reader in of_the_school(side, side.own):
        for smis, refusals in ((side.other, {403}), (f"{side.area.code}0009", {404})):
            answer = reader.get(path, expect=None, round_id=side.things["round"], school=smis)
            assert answer.status_code in refusals, f"{smis}: {answer.text[:200]}"


def test_a_draft_is_not_for_schools(side: Side) -> None:
    draft_id = side.things["draft"]
    for reader in of_the_school(side, side.own):
        assert [item["id"] for item in reader.get("/rounds")["items"]] == [side.things["round"]]
        assert reader.get(f"/rounds/{draft_id}", expect=None).status_code in {403, 404}
        assert reader.get("/reports/headcount", expect=None, round_id=draft_id).status_code in {403, 404}
        assert draft_id not in {item["id"] for item in reader.get("/reports")["rounds"]}


def test_what_nobody_may_see_and_what_is_not_there_look_alike(side: Side) -> None:
    reader = side.account(f"data-{side.own}")
    for ending in ("", "/findings", "/events"):
        hidden = reader.get(f"/submissions/{side.things['other_submission']}{ending}", expect=None)
        absent = reader.get(f"/submissions/{side.things['round']}{ending}", expect=None)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        without_trace = [{**answer.json(), "trace_id": ""} for answer in (hidden, absent)]
        assert without_trace[0] == without_trace[1]


def test_the_schools_of_an_area_are_known_to_whoever_works_there(side: Side) -> None:
    for reader in (of_the_area(side, "registrar"), of_the_area(side, "teacher"), side.account(f"data-{side.own}")):
        found = reader.get("/schools", limit=500)["items"]
        assert len(found) == SCHOOLS[side.area.code]
        assert {school["area_code"] for school in found} == {side.area.code}


def test_an_area_counts_its_own_schools_alone(side: Side) -> None:
    for reader in (of_the_area(side, "auditor"), side.account(f"data-{side.own}")):
        (area,) = reader.get("/organisations")["items"]
        assert area["code"] == side.area.code
        assert area["schools"]["open"] == SCHOOLS[side.area.code]
        assert sum(amphoe["schools"] for amphoe in area["amphoes"]) == SCHOOLS[side.area.code]


def test_a_search_finds_nothing_by_wildcards(side: Side) -> None:
    for wildcard in ("%", "_", f"{side.area.code}%", "%' OR 1=1 --"):
        assert of_the_area(side, "teacher").get("/schools", q=wildcard)["items"] == []


def test_an_officer_of_one_group_makes_no_round(side: Side) -> None:
    """The group's part of the tree holds no school; its round would be one of nobody."""
    group = f"{side.area.code}-g-legal"
    side.hire(f"clerk-{side.area.code}-g", group, ("officer", group))
    clerk = side.account(f"clerk-{side.area.code}-g-{side.area.code}")
    dates = dict.fromkeys(("as_of_date", "open_at", "school_deadline", "certify_deadline"), "2026-06-10")
    body = {"system": "dmc", "year_be": 2570, "round_no": 3, **dates}
    body |= {"area_ack_deadline": "2026-06-11", "close_at": "2026-06-12"}
    assert clerk.post("/rounds", body, expect=None).status_code == 403


# what one area has taken, the other hears of without a word of whose it is


def test_what_is_taken_elsewhere_is_said_without_a_word_of_whose(areas: TwoAreas) -> None:
    somebody = areas.home.hired[f"somebody-{areas.home.area.code}"]
    admin, officer = areas.second.admin, areas.second.officer
    names = {"title": "นาย", "given_name": "ทดลอง", "family_name": "สมมติ", "unit": areas.second.own}
    order = {"order_no": "1/2569", "order_date": "2026-05-01", "effective_on": "2026-05-16"}
    school = {"name": "ใหม่", "education_range": "ประถมศึกษา", **order}
    for asked, path, body in (
        (admin, "/people", {**names, "citizen_id": somebody.personal[1]}),
        (admin, "/people", {**names, "username": somebody.username}),
        (admin, "/people", {**names, "username": f"data-{areas.home.own}"}),
        (officer, "/schools", {**school, "smis": areas.home.own}),
        (officer, "/schools", {**school, "smis": "57030099", "ministry_code": "1057120116"}),
    ):
        answer = asked.post(path, body, expect=None)
        assert answer.status_code in {409, 422}, answer.text
        assert areas.home.marks.found_in(answer, str(body)) == []


# logins that are over


def readable(side: Side) -> list[Operation]:
    document = requests.get(f"{side.system.url}/api/openapi.json", timeout=10).json()
    return [one for one in operations_of(document) if one.is_question and not one.access["public"]]


def statuses(side: Side, reader: Api) -> dict[str, Any]:
    return {
        operation.name: send(reader.session, reader.url, asked).status_code
        for operation in readable(side)
        for asked in ways_to_ask(operation, side.thing_of)
    }


def test_a_revoked_token_opens_nothing_from_that_moment(areas: TwoAreas) -> None:
    leaver = Api(areas.system.url, "officer")
    assert leaver.get("/me")["username"] == "officer"
    assert leaver.post("/auth/revoke") == {"revoked": 1}
    answers = statuses(areas.home, leaver)
    assert set(answers.values()) == {401}, answers


def test_an_expired_token_opens_nothing(areas: TwoAreas) -> None:
    sleeper = Api(areas.system.url, "officer")
    assert sleeper.get("/me")["username"] == "officer"
    areas.system.move_clock(ACCESS_SECONDS + 60)
    try:
        answers = statuses(areas.home, sleeper)
        assert set(answers.values()) == {401}, answers
        assert Api(areas.system.url, "officer").get("/me")["username"] == "officer"
    finally:
        areas.system.move_clock(0)
