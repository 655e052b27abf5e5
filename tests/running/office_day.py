"""A day of the office under trouble: many schools at once, each taken through all gates, whatever dies meanwhile."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.system import System
from tests.running.waiting import until

PATIENCE_SECONDS = 120
RETRIED = frozenset({500, 502, 503, 504})
GATES = ["announce", "upload", "validate", "confirm", "certify", "acknowledge"]


class Patient(Api):
    """A client that comes again with the same Idempotency-Key when it got no proper answer."""

    def request(self, method: str, path: str, *, expect: int | None = None, **options: Any) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        if method == "POST":
            options["headers"] = {"Idempotency-Key": uuid.uuid4().hex, **options.get("headers", {})}
        while True:
            _rewind(options)
            try:
                answer = super().request(method, path, **options)
            except (requests.ConnectionError, requests.Timeout) as error:
                trouble = repr(error)
            else:
                if answer.status_code not in RETRIED:
                    assert expect is None or answer.status_code == expect, f"{path}: {answer.status_code} {answer.text}"
                    return answer if expect is None else answer.json()
                trouble = answer.text
            assert time.monotonic() < deadline, f"{method} {path}: {trouble}"
            time.sleep(0.2)


def _rewind(options: dict[str, Any]) -> None:
    for _, stream in options.get("files", {}).values():
        stream.seek(0)


@dataclass(frozen=True)
class Day:
    """The pupils that were sent, by school."""

    round_id: str
    pupils: dict[str, int]
    rooms: dict[str, int]


def take_through_all_gates(system: System, round_id: str, smis: str, folder: Path) -> tuple[str, int, int]:
    """Upload, confirm, certify and acknowledge one school. Returns its code, pupils and rooms."""
    file = school_file(folder, smis, pupils=24, seed=int(smis))
    data, director, officer = (Patient(system.url, name) for name in (f"data-{smis}", f"director-{smis}", "officer"))
    place = f"/rounds/{round_id}/schools/{smis}"
    submission = _upload(data, place, file.path, smis)
    assert data.checked(submission["id"], PATIENCE_SECONDS)["state"] == "READY"
    for person, gate in ((data, "confirm"), (director, "certify"), (officer, "acknowledge")):
        person.request("POST", f"{place}/{gate}", expect=200, headers={"Idempotency-Key": f"{gate}-{smis}"})
    classes = file.tables["classes"]
    return smis, sum(row["male"] + row["female"] for row in classes), len(classes)


def _upload(data: Patient, place: str, path: Path, smis: str) -> Any:
    with path.open("rb") as stream:
        files = {"file": (path.name, stream)}
        headers = {"Idempotency-Key": f"upload-{smis}"}
        return data.request("POST", f"{place}/submissions", expect=202, files=files, headers=headers)


def play(
    system: System, round_id: str, schools: Iterable[str], folder: Path, troubles: dict[int, Callable[[], None]]
) -> Day:
    """Take ``schools`` through all gates, eight at a time; ``troubles`` happen when so many schools are done."""
    pupils, rooms = {}, {}
    with ThreadPoolExecutor(8) as pool, ThreadPoolExecutor(1) as wrecker:
        work = [pool.submit(take_through_all_gates, system, round_id, smis, folder) for smis in schools]
        happening = []
        for done, finished in enumerate(as_completed(work), 1):
            smis, pupils_sent, rooms_sent = finished.result()
            pupils[smis], rooms[smis] = pupils_sent, rooms_sent
            if done in troubles:
                happening.append(wrecker.submit(troubles[done]))
        for trouble in happening:
            trouble.result()
    return Day(round_id, pupils, rooms)


def expect_undisturbed(system: System, day: Day) -> None:
    """Everything is as it would be had nothing happened: each step once, each message once, the right number."""
    officer = Patient(system.url, "officer")

    def counted() -> bool:
        report = officer.get("/reports/headcount", round_id=day.round_id)
        total = report["total"]
        return (total["total"], total["rooms"]) == (sum(day.pupils.values()), sum(day.rooms.values()))

    until(counted, 60, "the head count")
    assert not officer.get("/reports/headcount", round_id=day.round_id)["provisional"]
    board = officer.get(f"/rounds/{day.round_id}/progress")
    assert board["by_state"]["ACKNOWLEDGED"] == len(day.pupils)
    for smis in day.pupils:
        expect_each_step_once(system, officer, day.round_id, smis)
    parked = Patient(system.url, "ops").get("/ops/parked")
    assert parked["items"] == [] and parked["unavailable"] == []


def expect_each_step_once(system: System, officer: Api, round_id: str, smis: str) -> None:
    place = f"/rounds/{round_id}/schools/{smis}"
    history = officer.get(f"{place}/history")["items"]
    assert [line["event"] for line in history] == GATES, (smis, history)
    school = officer.get(place)
    assert school["version"] == len(school["submissions"]) == 1
    to_data_officer = ["round.announced", "school_round.acknowledged"]
    to_director = ["school_round.confirmed", "school_round.acknowledged"]
    expect_told(system, f"data-{smis}", round_id, lambda: [*to_data_officer, *alike(officer, round_id, smis)])
    expect_told(system, f"director-{smis}", round_id, lambda: to_director)


def expect_told(system: System, username: str, round_id: str, kinds: Callable[[], list[str]]) -> None:
    """The messages of a round in somebody's inbox are those of these kinds, each as often."""
    reader = Patient(system.url, username)

    def inbox() -> list[Any]:
        return [item for item in reader.get("/inbox")["items"] if item["round_id"] == round_id]

    def is_told() -> bool:
        return sorted(item["kind"] for item in inbox()) == sorted(kinds())

    until(is_told, 30, lambda: f"{username} is told {kinds()} and has {inbox()}: that")


def alike(officer: Api, round_id: str, smis: str) -> list[str]:
    """What a data officer is told of children of other schools with the names and the birth date of one of their own:
    among so many there are some, and one message for each of those schools.
    """
    cases = officer.get(f"/rounds/{round_id}/duplicates", smis=smis)["items"]
    assert all(case["kind"] == "same_person" for case in cases), cases
    others = {side["smis"] for case in cases for side in case["schools"]} - {smis}
    return ["duplicate.found"] * len(others)
