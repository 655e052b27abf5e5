"""A round by the clock, in both modes: reminders, the last second of a deadline, the close, an extension, reopening,
publishing, an amendment. Time is moved by the clock file alone.
"""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.rounds.synthetic.generate import Generated
from shared.clock import BANGKOK
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.system import System
from tests.running.waiting import until

A, B, C, D = "57040001", "57040002", "57040003", "57040004"
OVER = {"round.closed", "school_round.state"}


class Story:
    """The office in one mode. ``at`` sets the clock to a moment; the clock only goes forward."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.round_id = ""
        self.first = (dt.datetime.now(BANGKOK) + dt.timedelta(days=40)).date()
        self._files = 0

    def at(self, days: int, hour: int = 0, minute: int = 0, second: float = 0) -> None:
        """Move to a time of the day that lies ``days`` from D, the day of the school deadline."""
        moment = dt.datetime.combine(self.day(days), dt.time.min, BANGKOK)
        moment += dt.timedelta(hours=hour, minutes=minute, seconds=second)
        self.system.move_clock(moment.timestamp() - time.time())

    def day(self, days: int) -> dt.date:
        return self.first + dt.timedelta(days=days)

    def person(self, username: str) -> Api:
        return Api(self.system.url, username)

    def data(self, smis: str) -> Api:
        return self.person(f"data-{smis}")

    def place(self, smis: str, step: str = "") -> str:
        return f"/rounds/{self.round_id}/schools/{smis}{step}"

    def round(self) -> Any:
        return self.person("officer").get(f"/rounds/{self.round_id}")

    def school(self, smis: str) -> Any:
        return self.person("officer").get(self.place(smis))

    def standing(self, smis: str) -> tuple[str, str | None]:
        school = self.school(smis)
        return school["state"], school["locked_from"]

    def snapshots(self, smis: str) -> list[Any]:
        items: list[Any] = self.person("officer").get(self.place(smis, "/snapshots"))["items"]
        return items

    def file(self, smis: str, pupils: int = 24) -> Generated:
        self._files += 1
        return school_file(self.folder, smis, pupils=pupils, seed=self._files)

    def sent(self, smis: str, pupils: int = 24) -> Generated:
        made, data = self.file(smis, pupils), self.data(smis)
        assert data.checked(data.upload(self.round_id, smis, made.path)["id"])["state"] == "READY"
        return made

    def confirm(self, smis: str, expect: int = 200) -> Any:
        return self.data(smis).post(self.place(smis, "/confirm"), expect=expect)

    def certify(self, smis: str, expect: int = 200) -> Any:
        return self.person(f"director-{smis}").post(self.place(smis, "/certify"), expect=expect)

    def extend(self, smis: str, until_: str, expect: int = 200) -> Any:
        body = {"until": until_, "reason": "น้ำท่วมโรงเรียน"}
        return self.person("groupdirector").post(self.place(smis, "/extend"), body, expect=expect)

    def inbox(self, username: str, kind: str = "digest.reminder") -> list[Any]:
        items = self.person(username).get("/inbox", limit=200)["items"]
        return [item for item in items if item["kind"] == kind]

    def headcount(self, **scope: str) -> Any:
        return self.person("officer").get("/reports/headcount", round_id=self.round_id, **scope)

    def follow(self, holds: Callable[[], Any], what: str) -> Any:
        return until(holds, what=what)


@pytest.fixture(scope="module")
def story(system: System, tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(system, tmp_path_factory.mktemp("files"))


def test_a_round_is_announced_and_opens_at_its_first_second(story: Story) -> None:
    officer = story.person("officer")
    template = officer.get("/rounds/templates", round_no=1, year_be=2569)
    days = {"open_at": -30, "school_deadline": 0, "certify_deadline": 2, "area_ack_deadline": 3, "close_at": 4}
    dates = {name: story.day(offset).isoformat() for name, offset in days.items()}
    kind = {name: template[name] for name in ("system", "year_be", "round_no", "as_of_date")}
    made = officer.post("/rounds", {**kind, **dates, "school_codes": [A, B, C, D]}, expect=201)
    story.round_id = made["id"]
    officer.post(f"/rounds/{story.round_id}/announce")
    story.at(-30, second=-2)
    assert story.data(A).upload(story.round_id, A, story.file(A).path, expect=409)["code"] == "round.not_open"
    story.at(-30)
    story.follow(lambda: story.round()["state"] == "OPEN", "the opening by itself")


def test_reminders_go_out_at_half_past_eight_once_to_those_who_owe(story: Story) -> None:
    story.sent(A)
    story.confirm(A)
    story.certify(A)
    story.at(-7, 8, 29, 57)
    assert story.inbox(f"data-{B}") == []
    story.at(-7, 8, 30)
    (first,) = story.follow(lambda: story.inbox(f"data-{B}"), "the reminder of D-7")
    assert "อีก 7 วัน" in first["title"] and first["smis"] == B
    assert story.inbox(f"data-{A}") == [] and story.inbox(f"director-{A}") == [], "who owes nothing hears nothing"
    for days, sum_, words in ((-6, 1, ""), (-3, 2, "อีก 3 วัน"), (-1, 3, "อีก 1 วัน")):
        story.at(days, 9)
        found = story.follow(
            lambda sum_=sum_: len(them) >= sum_ and them if (them := story.inbox(f"data-{B}")) else None,
            f"the reminders of {days}",
        )
        assert len(found) == sum_ and words in found[0]["title"]
    director = story.follow(lambda: story.inbox(f"director-{B}"), "the director's reminders")
    assert "อีก 3 วัน" in director[0]["title"], "counted from the deadline for certifying"


def test_a_day_is_sent_once_though_its_process_is_killed(story: Story) -> None:
    process = story.system.process_of("notifications")
    story.at(0, 8, 29, 55)
    before = len(story.inbox(f"data-{C}"))
    process.kill()
    story.at(0, 8, 30)
    process.start()
    process.wait_ready()
    story.follow(lambda: len(story.inbox(f"data-{C}")) > before, "the reminder of the day itself")
    process.kill()
    process.start()
    process.wait_ready()
    (unanswered,) = story.follow(lambda: story.inbox("officer", "digest.unanswered"), "the area's digest")
    assert "ยังไม่ยืนยัน 3 โรงเรียน" in unanswered["body"] and unanswered["round_id"] == story.round_id
    assert len(story.inbox(f"data-{C}")) == before + 1
    assert story.inbox("groupdirector", "digest.escalation") == []


def test_the_last_second_of_the_deadline_is_on_time_and_the_next_is_late(story: Story) -> None:
    story.sent(B)
    story.sent(C)
    story.at(0, 23, 59, 50)
    people = {smis: story.data(smis) for smis in (B, C)}
    story.at(0, 23, 59, 59.05)
    on_time = people[B].post(story.place(B, "/confirm"))
    assert on_time["confirmed_at"][11:19] == "23:59:59" and (on_time["on_time"], on_time["late"]) == (True, False)
    story.at(1)
    late = people[C].post(story.place(C, "/confirm"))
    assert late["confirmed_at"][11:19] == "00:00:00" or late["confirmed_at"][11:16] == "00:00"
    assert (late["on_time"], late["late"]) == (False, True)
    story.follow(lambda: story.round()["state"] == "CONFIRM_WINDOW", "the confirm window")
    story.follow(lambda: event_of(story, D) == "late", "the flag of who has not answered")
    assert story.school(D)["late"]


def event_of(story: Story, smis: str) -> str:
    return str(story.person("officer").get(story.place(smis, "/history"))["items"][-1]["event"])


def test_the_day_after_the_group_director_has_a_list_to_telephone_from(story: Story) -> None:
    story.person("officer").request("PATCH", f"/schools/{D}", json={"phone": "053795123"}, headers={"If-Match": "*"})
    story.at(1, 8, 30)
    (escalation,) = story.follow(lambda: story.inbox("groupdirector", "digest.escalation"), "the escalation")
    assert escalation["round_id"] == story.round_id and "1 โรงเรียน" in escalation["title"]
    director = story.person("groupdirector")
    late = director.get(f"/rounds/{story.round_id}/late")
    assert [(one["smis"], one["owes"], one["days_late"]) for one in late["schools"]] == [(D, "data_officer", 1)]
    assert (late["schools"][0]["phone"], late["unavailable"]) == ("053795123", [])
    answer = director.get(f"/rounds/{story.round_id}/late.xlsx", expect=None)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[2][0] == D and rows[2][3] == "053795123"
    assert story.data(D).get(f"/rounds/{story.round_id}/late", expect=403)["code"] == "forbidden"
    story.at(3)
    late = story.person("groupdirector").get(f"/rounds/{story.round_id}/late")
    owes = {one["smis"]: one["owes"] for one in late["schools"]}
    assert owes == {B: "school_director", C: "school_director", D: "data_officer"}


def test_the_clock_closes_the_round_and_keeps_the_numbers_of_those_who_signed(story: Story) -> None:
    story.certify(B)
    story.at(4, 23, 59, 58)
    data, file = story.data(D), story.file(D)
    assert story.round()["state"] == "CONFIRM_WINDOW"
    story.at(5)
    assert data.upload(story.round_id, D, file.path, expect=409)["code"] in OVER
    story.follow(lambda: story.round()["state"] == "CLOSED", "the close by itself")
    stood = {smis: story.standing(smis) for smis in (A, B, C, D)}
    assert stood == {A: ("LOCKED", "CERTIFIED"), B: ("LOCKED", "CERTIFIED"), C: ("LOCKED", "CONFIRMED"),
                     D: ("LOCKED", "NOT_STARTED")}  # fmt: skip
    assert [len(story.snapshots(smis)) for smis in (A, B, C, D)] == [1, 1, 1, 0]


def test_an_extended_school_of_a_closed_round_goes_all_the_way_and_is_locked_to_the_second(story: Story) -> None:
    past = story.extend(D, story.day(4).isoformat(), expect=422)
    assert [(error["pointer"], error["code"]) for error in past["errors"]] == [("until", "date.past")]
    officer = story.person("officer")
    for_ever = {"until": "2099-01-01", "reason": "x"}
    assert officer.post(story.place(D, "/extend"), for_ever, expect=403)["code"] == "forbidden"
    extended = story.extend(D, story.day(6).isoformat())
    assert (extended["state"], extended["late"], extended["is_open"]) == ("RETURNED", False, True)
    assert extended["school_deadline"] == f"{story.day(6).isoformat()}T23:59:59+07:00"
    exempt = story.person("groupdirector").post(story.place(D, "/exempt"), {"reason": "x"}, expect=409)
    assert exempt["code"] == "round.closed", "who was counted at the close is not taken out afterwards"
    story.follow(lambda: story.inbox(f"data-{D}", "school_round.extended"), "the message about the extension")
    for refused in (A, B, C):
        assert story.confirm(refused, expect=409)["code"] in OVER
    story.sent(D)
    assert story.confirm(D)["on_time"]
    story.certify(D)
    in_time, too_late = story.file(D), story.file(D)
    story.at(6, 23, 59, 50)
    data = story.data(D)
    story.at(6, 23, 59, 59.05)
    accepted = data.upload(story.round_id, D, in_time.path, expect=202)
    story.at(7)
    assert data.upload(story.round_id, D, too_late.path, expect=409)["code"] in OVER
    assert accepted["version"] == 2
    story.follow(lambda: story.standing(D)[0] == "LOCKED", "the school locked by itself")
    assert (event_of(story, D), story.round()["state"]) == ("lock", "CLOSED")


def test_an_extension_that_nobody_used_changes_nothing(story: Story) -> None:
    before = story.school(A), story.snapshots(A), story.headcount(school=A)["total"]
    story.extend(A, story.day(8).isoformat())
    assert story.standing(A) == ("RETURNED", "CERTIFIED")
    story.at(9)
    story.follow(lambda: story.standing(A)[0] == "LOCKED", "the school locked by itself")
    after = story.school(A)
    kept = ("state", "locked_from", "confirmed_at", "certified_at", "version", "late")
    assert {name: after[name] for name in kept} == {name: before[0][name] for name in kept}
    assert (story.snapshots(A), story.headcount(school=A)["total"]) == before[1:]


def test_a_reopened_round_stands_where_it_stood_and_closes_at_its_new_date(story: Story) -> None:
    where, director = f"/rounds/{story.round_id}/reopen", story.person("groupdirector")
    assert director.post(where, {"reason": " "}, expect=422)["errors"][0]["pointer"] == "reason"
    yesterday = {"reason": "x", "close_at": story.day(8).isoformat()}
    assert director.post(where, yesterday, expect=422)["errors"][0]["pointer"] == "close_at"
    assert story.person("officer").post(where, {"reason": "x"}, expect=403)["code"] == "forbidden"
    stood = {smis: story.school(smis)["locked_from"] for smis in (A, B, C, D)}
    reopened = director.post(where, {"reason": "สพฐ. ให้แก้ไข", "close_at": story.day(10).isoformat()})
    assert (reopened["state"], reopened["closed_at"]) == ("CONFIRM_WINDOW", None)
    assert {smis: story.standing(smis) for smis in stood} == {smis: (state, None) for smis, state in stood.items()}
    story.certify(C)
    assert story.person("officer").post(story.place(A, "/acknowledge"))["state"] == "ACKNOWLEDGED"
    story.at(11)
    story.follow(lambda: story.round()["state"] == "CLOSED", "the second close by itself")
    assert [one["locked_from"] for one in story.snapshots(A)] == ["CERTIFIED", "ACKNOWLEDGED"]
    assert len(story.snapshots(B)) == 1, "what has not changed is not written down again"


def test_what_is_published_is_only_amended_and_the_first_numbers_stay(story: Story) -> None:
    officer, where = story.person("officer"), f"/rounds/{story.round_id}"
    assert story.person("groupdirector").post(f"{where}/publish", expect=403)["code"] == "forbidden"
    assert officer.post(f"{where}/publish")["state"] == "PUBLISHED"
    assert officer.post(f"{where}/publish", expect=409)["code"] == "round.state"
    again = story.person("groupdirector").post(f"{where}/reopen", {"reason": "x"}, expect=409)
    assert again["code"] == "round.state"
    (first,) = story.snapshots(B)
    published = story.follow(lambda: told(story, B), "the published numbers")

    story.extend(B, story.day(12).isoformat())
    more = story.sent(B, pupils=30)
    story.confirm(B)
    story.certify(B)
    assert told(story, B) == published, "until the school is locked again the public numbers stay as they are"
    story.at(13)
    story.follow(lambda: story.round()["state"] == "AMENDED", "the amendment")
    assert story.round()["amendments"] == 1
    kept, second = story.snapshots(B)
    assert kept == first
    assert (second["number"], second["label"], second["version"]) == (2, "1ก", 2)
    assert second["differences"] and second["pupils"] == more.counts["pupils"]
    amended = story.follow(lambda: told(story, B) != published and told(story, B), "the amended numbers")
    assert amended == {"total": second["pupils"], "provisional": False}
    whole = story.headcount()

    story.system.khet("projection", "rebuild", "reporting")
    rebuilt = story.follow(lambda: same(story.headcount(), whole), "the same numbers after a rebuild")
    assert rebuilt["total"] == whole["total"]


def told(story: Story, smis: str) -> dict[str, Any]:
    report = story.headcount(school=smis)
    return {"total": report["total"]["total"], "provisional": report["provisional"]}


def same(report: Any, whole: Any) -> Any:
    return report if {**report, "created_at": ""} == {**whole, "created_at": ""} else None
