"""The story of the office over HTTP: a school's file goes in, comes back with its errors, and passes the gates."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl

from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.rounds import draft_round
from tests.running.system import System
from tests.running.waiting import until

SMIS = "57040001"
DEFECTS = ("I03.transposed", "G01.blank")


def people(system: System, *names: str) -> list[Api]:
    return [Api(system.url, name) for name in names]


def headcount_of(reader: Api, round_id: str, **scope: str) -> Any:
    return reader.get("/reports/headcount", round_id=round_id, **scope)


def test_a_school_passes_the_round(system: System, tmp_path: Path) -> None:
    officer, data, director = people(system, "officer", f"data-{SMIS}", f"director-{SMIS}")
    round_id = announced_once(system, officer)
    place = f"/rounds/{round_id}/schools/{SMIS}"
    assert data.upload(round_id, SMIS, school_file(tmp_path, SMIS).path, expect=409)["code"] == "round.not_open"
    assert officer.post(f"/rounds/{round_id}/open")["state"] == "OPEN"

    wrong = school_file(tmp_path, SMIS, defects=DEFECTS)
    submission = data.checked(data.upload(round_id, SMIS, wrong.path)["id"])
    assert submission["state"] == "HAS_ERRORS"
    found = data.get(f"/submissions/{submission['id']}/findings")["items"]
    serious = [finding for finding in wrong.findings if finding.severity != "INFO"]
    planted = {(finding.rule, finding.row, finding.column) for finding in serious}
    assert {(item["rule"], item["row"], item["column"]) for item in found if item["severity"] != "INFO"} == planted
    assert data.post(f"{place}/confirm", expect=409)["code"] == "school_round.state"

    clean = school_file(tmp_path, SMIS)
    submission = data.checked(data.upload(round_id, SMIS, clean.path)["id"])
    assert (submission["state"], submission["version"]) == ("READY", 2)
    expect_headcount(data, round_id, clean, provisional=True, school=SMIS)

    assert data.post(f"{place}/confirm", {"version": 1}, expect=409)["code"] == "school_round.version"
    assert data.post(f"{place}/confirm", {"version": 2})["state"] == "CONFIRMED"
    assert data.post(f"{place}/certify", expect=403)["code"] == "forbidden"
    assert director.post(f"{place}/certify", {"version": 2})["state"] == "CERTIFIED"

    assert officer.post(f"{place}/return", {}, expect=422)["errors"][0]["pointer"] == "reason"
    returned = officer.post(f"{place}/return", {"reason": "ตรวจห้อง ป.1 อีกครั้ง", "rules": ["C02"], "rows": [3]})
    assert returned["state"] == "RETURNED"
    until(lambda: inbox_of_kind(data, "school_round.returned"), what="the message about the return")
    assert data.post(f"{place}/confirm")["state"] == "CONFIRMED"
    assert director.post(f"{place}/certify")["state"] == "CERTIFIED"
    assert officer.post(f"{place}/acknowledge")["state"] == "ACKNOWLEDGED"
    assert data.upload(round_id, SMIS, wrong.path, expect=409)["code"] == "school_round.state"

    expect_history(officer, place)
    board = officer.get(f"/rounds/{round_id}/progress")
    assert (board["expected"], board["by_state"]["ACKNOWLEDGED"], board["on_time"]) == (135, 1, 1)
    assert board["by_amphoe"][-1]["amphoe"] == "ไม่ระบุอำเภอ"
    expect_headcount(officer, round_id, clean, provisional=False)
    expect_workbook(officer, round_id, clean)
    expect_rebuild(system, officer, round_id)

    assert officer.post(f"/rounds/{round_id}/close")["state"] == "CLOSED"
    assert data.get(place)["state"] == "LOCKED"
    expect_headcount(officer, round_id, clean, provisional=False)


def announced_once(system: System, officer: Api) -> str:
    round_id = draft_round(officer)
    assert officer.post(f"/rounds/{round_id}/open", expect=409)["code"] == "round.state"
    assert officer.post(f"/rounds/{round_id}/announce")["state"] == "ANNOUNCED"
    assert officer.post(f"/rounds/{round_id}/announce", expect=409)["code"] == "round.state"
    assert officer.get(f"/rounds/{round_id}/progress")["by_state"]["NOT_STARTED"] == 135
    for smis in (SMIS, "57040139", "57040161"):
        reader = Api(system.url, f"data-{smis}")
        messages = until(lambda reader=reader: inbox_of_kind(reader, "round.announced"), what="the announcement")
        assert [message["round_id"] for message in messages] == [round_id]
    read = reader.post(f"/inbox/{messages[0]['id']}/read")
    assert read["read"] and reader.get("/inbox")["items"][0]["read"]
    return round_id


def inbox_of_kind(reader: Api, kind: str) -> list[Any]:
    return [item for item in reader.get("/inbox")["items"] if item["kind"] == kind]


def expect_headcount(reader: Api, round_id: str, file: Any, *, provisional: bool, **scope: str) -> None:
    classes = file.tables["classes"]
    pupils = sum(row["male"] + row["female"] for row in classes)

    def as_expected() -> Any:
        report = headcount_of(reader, round_id, **scope)
        total = report["total"]
        return (total["total"], total["rooms"], report["provisional"]) == (pupils, len(classes), provisional)

    until(as_expected, what="the head count")


def expect_history(reader: Api, place: str) -> None:
    history = reader.get(f"{place}/history")["items"]
    assert [(line["event"], line["to"]) for line in history] == [
        ("announce", "NOT_STARTED"),
        ("upload", "RECORDING"),
        ("validate", "HAS_ERRORS"),
        ("upload", "RECORDING"),
        ("validate", "READY"),
        ("confirm", "CONFIRMED"),
        ("certify", "CERTIFIED"),
        ("return", "RETURNED"),
        ("confirm", "CONFIRMED"),
        ("certify", "CERTIFIED"),
        ("acknowledge", "ACKNOWLEDGED"),
    ]
    assert history[7]["reason"] == "ตรวจห้อง ป.1 อีกครั้ง"
    assert all(line["actor"] and line["at"] for line in history)


def expect_workbook(reader: Api, round_id: str, file: Any) -> None:
    answer = reader.get("/reports/headcount.xlsx", expect=None, round_id=round_id)
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[-1][3] == sum(row["male"] + row["female"] for row in file.tables["classes"])


def expect_rebuild(system: System, reader: Api, round_id: str) -> None:
    """One number from events: the same after the database of reporting was thrown away and after a rebuild."""
    before = numbers(headcount_of(reader, round_id))
    system.process_of("reporting").stop()
    system.drop_database("reporting")
    system.restart("khet" if system.mode == "embedded" else "reporting")
    assert numbers(headcount_of(reader, round_id)) == before
    assert "reporting" in system.khet("projection", "rebuild")
    assert numbers(headcount_of(reader, round_id)) == before


def numbers(report: Any) -> Any:
    return {name: report[name] for name in ("rows", "total", "as_of", "provisional", "missing_schools")}
