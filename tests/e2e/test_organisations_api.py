"""Schools over HTTP: a school from its opening to its end, codes, clusters, the record, sizes; and nobody else's."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shared.clock import BANGKOK
from tests.running.api import Api
from tests.running.browser import Browser
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, System, running
from tests.running.waiting import until

RANGE = "อนุบาล-ประถมศึกษา"
A, B, C = "57040001", "57040002", "57040003"


@pytest.fixture(scope="module", params=["embedded", "services"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Two areas, in each of both modes."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        made: System = EmbeddedSystem(folder, areas=2)
    else:
        made = ServicesSystem(folder, *request.getfixturevalue("servers"), areas=2)
    with running(made) as started:
        yield started


@pytest.fixture(autouse=True)
def usual_time(office: System) -> Iterator[None]:
    yield
    office.move_clock(0)


@pytest.fixture(scope="module")
def people(office: System) -> dict[str, Api]:
    names = ("admin", "officer", "auditor", "teacher", f"data-{A}", f"director-{A}", "officer-5703", "admin-5703")
    return {name: Api(office.url, name) for name in names}


def order(days: int = 0, **more: Any) -> dict[str, Any]:
    today = dt.datetime.now(BANGKOK).date()
    return {
        "order_no": "ศธ 04006/123",
        "order_date": (today - dt.timedelta(days=7)).isoformat(),
        "effective_on": (today + dt.timedelta(days=days)).isoformat(),
        **more,
    }


def test_the_life_of_a_school(office: System, people: dict[str, Api]) -> None:
    admin, smis = people["admin"], "57040301"
    opening = {"smis": smis, "name": "บ้านใหม่พัฒนา", "education_range": RANGE, "amphoe": "เทิง", "province": "เชียงราย"}
    key = {"Idempotency-Key": "open-57040301"}
    first = admin.post("/schools", {**opening, **order(-2)}, expect=201, headers=key)
    assert admin.post("/schools", {**opening, **order(-2)}, expect=201, headers=key) == first, "once"
    renamed = admin.post(f"/schools/{smis}/rename", {"name": "บ้านใหม่วิทยา", **order(-1)})
    assert (renamed["state"], renamed["before"]) == ("APPLIED", {"name": "บ้านใหม่พัฒนา"})
    admin.post(f"/schools/{smis}/range", {"education_range": "อนุบาล-มัธยมศึกษาตอนต้น", **order()})
    admin.post(f"/schools/{smis}/codes", {"scheme": "PER6", "code": "120990", **order()})
    admin.post(f"/schools/{smis}/co-locate", {"successor": B, **order()})
    admin.post(f"/schools/{smis}/separate", order())
    admin.post(f"/schools/{smis}/correct", {"tambon": "งิ้ว", "reason": "ลืมกรอก"})
    admin.post(f"/schools/{smis}/merge", {"successor": B, **order()})
    admin.post(f"/schools/{smis}/reopen", order())
    admin.post(f"/schools/{smis}/close", order())
    history = people["teacher"].get(f"/schools/{smis}/history")["items"]
    assert [event["kind"] for event in history] == [
        "CLOSED", "REOPENED", "MERGED", "CORRECTED", "SEPARATED", "CO_LOCATED", "CODE_CHANGED", "RANGE_CHANGED",
        "RENAMED", "OPENED",
    ]  # fmt: skip
    assert admin.post(f"/schools/{smis}/rename", {"name": "ช้าไป", **order()}, expect=409)["code"] == "school.closed"
    then = people["teacher"].get(f"/schools/{smis}", on=order(-2)["effective_on"])
    assert (then["name"], then["state"], then["on"]) == ("บ้านใหม่พัฒนา", "OPEN", order(-2)["effective_on"])
    assert people["teacher"].get(f"/schools/{smis}")["state"] == "CLOSED"


def test_the_next_rounds_follow(people: dict[str, Api]) -> None:
    """A school that was opened is in the next round, one that was closed is not."""
    admin, officer, opened, closed = people["admin"], people["officer"], "57040302", "57040140"
    admin.post("/schools", {"smis": opened, "name": "เข้ารอบ", "education_range": RANGE, **order()}, expect=201)
    admin.post(f"/schools/{closed}/close", order())
    years = itertools.product(range(2572, 2600), (1, 2, 3))

    def announced() -> bool:
        year_be, round_no = next(years)
        round_id = open_round(officer, year_be=year_be, round_no=round_no)
        schools = {one["smis"] for one in officer.get(f"/rounds/{round_id}/progress")["schools"]}
        return opened in schools and closed not in schools

    until(announced, what="a round that follows the register")


def test_a_plan_comes_true_on_its_day(office: System, people: dict[str, Api]) -> None:
    admin, smis = people["admin"], "57040120"
    planned = admin.post(f"/schools/{smis}/rename", {"name": "ชื่อของวันมะรืน", **order(2)})
    assert planned["state"] == "PLANNED"
    withdrawn = admin.post(f"/schools/{smis}/close", order(3))
    plans = people["auditor"].get("/school-plans")["items"]
    assert [plan["id"] for plan in plans] == [planned["id"], withdrawn["id"]]
    refused = people["auditor"].post(f"/school-plans/{withdrawn['id']}/withdraw", {"reason": "อยากลอง"}, expect=403)
    assert refused["code"] == "forbidden"
    admin.post(f"/school-plans/{withdrawn['id']}/withdraw", {"reason": "ยกเลิกประกาศ"})
    office.move_clock(4 * 24 * 3600)
    reader = Api(office.url, "auditor")  # the others' tokens are long over
    until(lambda: reader.get(f"/schools/{smis}")["name"] == "ชื่อของวันมะรืน", what="the planned name")
    assert reader.get(f"/schools/{smis}")["state"] == "OPEN"
    states = [event["state"] for event in reader.get(f"/schools/{smis}/history")["items"]]
    assert states == ["WITHDRAWN", "APPLIED"]


def test_5704_is_an_area_and_an_amphoe(people: dict[str, Api]) -> None:
    found = people["admin"].get("/codes", code="5704")["items"]
    assert [(one["kind"], one["scheme"]) for one in found] == [("AREA", "AREA4"), ("AMPHOE", "AMPHOE4")]
    assert people["officer-5703"].get("/codes", code="5704")["items"][0]["kind"] == "AMPHOE"


def test_a_renumbered_school_answers_to_both_codes(people: dict[str, Api]) -> None:
    admin, old, new = people["admin"], "57040132", "57040332"
    admin.post(f"/schools/{old}/codes", {"scheme": "SMIS8", "code": new, **order()})
    for code in (old, new):
        school = admin.get(f"/schools/{code}")
        assert (school["smis"], school["org_path"]) == (new, f"/obec/5704/{old}/")
        assert admin.get("/schools", q=code)["items"][0]["smis"] == new
    items = admin.get(f"/schools/{new}/codes")["items"]
    assert [(one["code"], one["current"]) for one in items if one["scheme"] == "SMIS8"] == [(new, True), (old, False)]


def test_whoever_keeps_the_record_of_a_school(people: dict[str, Api]) -> None:
    data, tag = people[f"data-{A}"], people[f"data-{A}"].get(f"/schools/{A}", expect=None).headers["ETag"]
    assert data.request("PATCH", f"/schools/{A}", json={"phone": "053795123"}, expect=428)
    answer = data.request("PATCH", f"/schools/{A}", json={"phone": "053795123"}, headers={"If-Match": tag})
    assert answer.headers["ETag"] != tag
    stale = data.request("PATCH", f"/schools/{A}", json={"phone": "1"}, headers={"If-Match": tag}, expect=412)
    assert f'"{stale["current"]}"' == answer.headers["ETag"]
    wrong = data.request(
        "PATCH", f"/schools/{A}", json={"latitude": 100.4, "longitude": 20.06}, headers={"If-Match": "*"}, expect=422
    )
    assert wrong["suggestions"] == [{"latitude": 20.06, "longitude": 100.4}]
    doubted = people[f"director-{A}"].request(
        "PATCH", f"/schools/{A}", json={"postcode": "57140.0"}, headers={"If-Match": "*"}, expect=200
    )
    assert [(one["code"], one["suggestion"]) for one in doubted["warnings"]] == [("EM05", {"postcode": "57140"})]
    other = people[f"data-{A}"].request("PATCH", f"/schools/{B}", json={"phone": "1"}, headers={"If-Match": "*"})
    assert other.status_code == 403


def test_clusters_hold_schools_of_their_area(people: dict[str, Api]) -> None:
    officer, theirs = people["officer"], people["officer-5703"]
    cluster = officer.post("/clusters", {"name": "กลุ่มโรงเรียนครึ่ง"}, expect=201)
    assert officer.post(f"/clusters/{cluster['id']}/schools", {"smis": [A, B]})["moved"] == [A, B]
    assert [one["smis"] for one in officer.get("/schools", cluster=cluster["id"])["items"]] == [A, B]
    assert officer.get(f"/schools/{A}")["cluster"] == "กลุ่มโรงเรียนครึ่ง"
    renamed = officer.request(
        "PATCH",
        f"/clusters/{cluster['id']}",
        json={"name": "กลุ่มครึ่ง"},
        headers={"If-Match": f'"{cluster["etag"]}"'},
        expect=200,
    )
    assert officer.get(f"/schools/{A}")["cluster"] == renamed["name"]
    assert officer.post(f"/clusters/{cluster['id']}/close", expect=409)["code"] == "cluster.in_use"
    assert theirs.get("/clusters")["items"] == []
    for path, body in (("schools", {"smis": ["57030001"]}), ("close", {})):
        assert theirs.post(f"/clusters/{cluster['id']}/{path}", body, expect=404)["code"] == "not_found"
    officer.post(f"/clusters/{cluster['id']}/schools/remove", {"smis": [A, B]})
    assert officer.post(f"/clusters/{cluster['id']}/close")["state"] == "CLOSED"


def test_the_tree_is_ones_own_part(people: dict[str, Api]) -> None:
    (area,) = people["teacher"].get("/organisations")["items"]
    assert (area["code"], len(area["groups"])) == ("5704", 10)
    (theirs,) = people["officer-5703"].get("/organisations")["items"]
    assert theirs["code"] == "5703"
    group = people["admin"].post("/groups", {"name": "กลุ่มทดลอง"}, expect=201)
    renamed = people["admin"].request(
        "PATCH",
        f"/groups/{group['code']}",
        json={"name": "กลุ่มใหม่"},
        headers={"If-Match": f'"{group["etag"]}"'},
        expect=200,
    )
    assert renamed["name"] == "กลุ่มใหม่"
    assert people["officer"].post("/groups", {"name": "ของเจ้าหน้าที่"}, expect=403)
    assert people["admin-5703"].post(f"/groups/{group['code']}/close", expect=404)
    assert people["admin"].post(f"/groups/{group['code']}/close")["state"] == "CLOSED"


def test_schools_of_others_are_not_there(people: dict[str, Api]) -> None:
    theirs = people["admin-5703"]
    for path in ("", "/codes", "/history", "/profiles", "/profile?year_be=2569"):
        assert theirs.request("GET", f"/schools/{A}{path}", expect=404)["code"] == "not_found"
    for command in ("rename", "range", "codes", "merge", "close", "co-locate", "separate", "reopen", "correct"):
        body = {
            "rename": {"name": "x"}, "range": {"education_range": RANGE}, "codes": {"scheme": "PER6", "code": "1"},
            "merge": {"successor": B}, "co-locate": {"successor": B},
        }.get(command, {})  # fmt: skip
        whole = {"reason": "x"} if command == "correct" else {**body, **order()}
        assert theirs.post(f"/schools/{A}/{command}", whole, expect=404)["code"] == "not_found", command
    assert theirs.request("PATCH", f"/schools/{A}", json={}, headers={"If-Match": "*"}, expect=404)
    ours = people["admin"].post(f"/schools/{A}/merge", {"successor": "57030001", **order()}, expect=422)
    assert [(error["pointer"], error["code"]) for error in ours["errors"]] == [("successor", "not_found")]


def test_the_list_as_a_workbook(people: dict[str, Api]) -> None:
    answer = people["teacher"].get("/schools.xlsx", expect=None, amphoe="เวียงแก่น")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    listed = people["teacher"].get("/schools", amphoe="เวียงแก่น")["items"]
    assert rows[1][0] == "รหัส SMIS"
    assert [row[0] for row in rows[2:]] == [one["smis"] for one in listed]


def test_sizes_are_those_of_a_hand_count(office: System, people: dict[str, Api], tmp_path: Path) -> None:
    """Three schools, a small one, one of middle size and one without pupils; a fourth sends nothing."""
    officer, sizes = people["officer"], {}
    round_id = open_round(officer, school_codes=[A, B, C, "57040004"])
    for smis, pupils in ((B, 20), (C, 140)):
        data, made = Api(office.url, f"data-{smis}"), school_file(tmp_path, smis, pupils=pupils)
        data.checked(data.upload(round_id, smis, made.path)["id"])
        sizes[smis] = sum(not pupil.pending for pupil in made.pupils)
    assert sizes[B] in range(1, 121)
    assert sizes[C] in range(121, 601)
    data = people[f"data-{A}"]
    data.checked(data.upload(round_id, A, None, no_pupils=True)["id"])
    data.post(f"/rounds/{round_id}/schools/{A}/confirm", {"no_pupils": True})

    def counted() -> Any:
        report = officer.get("/reports/sizes", expect=None, round_id=round_id)
        return report.json() if report.ok and report.json()["total"]["schools"] == 3 else None

    report = until(counted, what="three schools in the report")
    by_class = {one["label"]: [(each["smis"], each["pupils"]) for each in one["members"]] for one in report["classes"]}
    assert by_class == {
        "ไม่มีนักเรียน": [(A, 0)], "เล็ก": [(B, sizes[B])], "กลาง": [(C, sizes[C])], "ใหญ่": [], "ใหญ่พิเศษ": [],
    }  # fmt: skip
    assert report["total"] == {"schools": 3, "pupils": sizes[B] + sizes[C]}
    headcount = officer.get("/reports/headcount", round_id=round_id)
    assert headcount["total"]["total"] == report["total"]["pupils"]
    assert [one["smis"] for one in report["missing_schools"]] == ["57040004"]
    until(lambda: A not in officer.get("/reports/sizes", round_id=round_id)["provisional_schools"], what="confirmed")
    bands = officer.get("/reports/sizes", round_id=round_id, scheme="small7")["classes"]
    assert [one["schools"] for one in bands] == [1, 1, 0, 0, 0, 0, 0, 1]
    assert officer.get("/reports/sizes", expect=422, round_id=round_id, scheme="x")["errors"][0]["pointer"] == "scheme"
    own = people[f"data-{A}"].get("/reports/sizes", round_id=round_id)
    assert own["total"] == {"schools": 1, "pupils": 0}, "a school reads of itself alone"
    assert people["officer-5703"].get("/reports/sizes", expect=404, round_id=round_id)
    answer = officer.get("/reports/sizes.xlsx", expect=None, round_id=round_id)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows[-4:]] == [A, B, C, "57040004"]


def test_a_school_is_shown_without_its_size_while_reporting_is_away(office: System) -> None:
    """In one process nothing is away by itself; there the size is shown."""
    officer = Browser(office.url, "officer")
    assert "ขนาดโรงเรียน" in officer.get(f"/schools/{A}").text
    if office.mode == "services":
        office.process_of("reporting").stop()
        try:
            page = officer.get(f"/schools/{A}")
        finally:
            office.restart("reporting")
        assert page.status_code == 200
        assert "บางส่วนยังไม่พร้อมใช้งานชั่วคราว: รายงาน" in page.text
