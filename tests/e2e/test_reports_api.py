"""Every report of two rounds over HTTP: the numbers of the generator, the files, what the public sees, a rebuild."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.rounds.synthetic.generate import Generated
from services.rounds.synthetic.pupils import Pupil
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import System
from tests.running.waiting import until

SENDING = ("57040001", "57040002", "57040003")
SILENT = "57040139"
SCHOOLS = (*SENDING, SILENT)
KEYS = (
    "headcount", "age", "disadvantage", "nationality", "religion", "travel", "gcode", "duplicates", "size", "progress",
    "quality",
)  # fmt: skip
FATES = ("cases", "open", "settled", "here", "there", "both", "carried", "gone")
DEFECTS = ("I03.transposed", "G01.blank")


@dataclass
class Told:
    """What was really sent, by round and school."""

    rounds: list[str] = field(default_factory=list)
    files: dict[tuple[str, str], Generated] = field(default_factory=dict)

    def ledger(self, round_id: str) -> list[Generated]:
        return [file for (of, _), file in self.files.items() if of == round_id]


@pytest.fixture(scope="module")
def told(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Round 3 of 2568 closed with every school that sends acknowledged; round 1 of 2569 in the middle of things."""
    folder, told = tmp_path_factory.mktemp("files"), Told()
    officer = Api(system.url, "officer")
    cluster = officer.post("/clusters", {"name": "กลุ่มโรงเรียนริมโขง"}, expect=201)
    officer.post(f"/clusters/{cluster['id']}/schools", {"smis": list(SENDING[:2])})
    earlier = open_round(officer, year_be=2568, round_no=3, as_of_date="2026-03-31", school_codes=list(SCHOOLS))
    for smis in SENDING:
        send(system, told, earlier, smis, folder, seed=2, year_be=2568, round_no=3, guests=planted(told, earlier, 1))
        settle(officer, earlier, "carry")
        gates(system, earlier, smis, "confirm", "certify", "acknowledge")
    officer.post(f"/rounds/{earlier}/close")
    now = open_round(officer, school_codes=list(SCHOOLS))
    wrong = school_file(folder, SENDING[0], defects=DEFECTS)
    data = Api(system.url, f"data-{SENDING[0]}")
    assert data.checked(data.upload(now, SENDING[0], wrong.path)["id"])["state"] == "HAS_ERRORS"
    for smis in SENDING:
        send(system, told, now, smis, folder, guests=planted(told, now, 2))
    settle(officer, now, "decision", keep="both")
    gates(system, now, SENDING[0], "confirm", "certify")
    officer.post(f"/rounds/{now}/schools/{SENDING[0]}/return", {"reason": "ตรวจอีกครั้ง"})
    gates(system, now, SENDING[0], "confirm", "certify")
    told.rounds = [earlier, now]
    until(lambda: report(officer, "progress", now)["total"]["certified"] == 1, what="the certified school")
    yield told


def send(system: System, told: Told, round_id: str, smis: str, folder: Path, seed: int = 1, **spec: Any) -> None:
    made = school_file(folder, smis, pupils=40, seed=seed + int(smis[-1]), **spec)
    data = Api(system.url, f"data-{smis}")
    data.explain_warnings(data.checked(data.upload(round_id, smis, made.path)["id"])["id"])
    told.files[round_id, smis] = made


def planted(told: Told, round_id: str, number: int) -> tuple[Pupil, ...]:
    """Pupils of the first school of a round who are in the file of the second too."""
    files = told.ledger(round_id)
    return tuple(pupil for pupil in files[0].pupils if not pupil.pending)[:number] if len(files) == 1 else ()


def settle(officer: Api, round_id: str, step: str, **choice: str) -> None:
    """What the area does with the first duplicate that waits, if there is one."""
    for case in officer.get(f"/rounds/{round_id}/duplicates", state="OPEN", limit="1")["items"]:
        officer.post(f"/rounds/{round_id}/duplicates/{case['id']}/{step}", {"reason": "ตรวจแล้ว", **choice})


def gates(system: System, round_id: str, smis: str, *names: str) -> None:
    who = {"confirm": f"data-{smis}", "certify": f"director-{smis}", "acknowledge": "officer"}
    for name in names:
        Api(system.url, who[name]).post(f"/rounds/{round_id}/schools/{smis}/{name}")


def report(reader: Api, key: str, round_id: str, **query: Any) -> Any:
    return reader.get(f"/reports/{key}", round_id=round_id, **query)


def heads(files: list[Generated]) -> Counter[str]:
    return Counter(
        {sex: sum(row[sex] for file in files for row in file.tables["classes"]) for sex in ("male", "female")}
    )


def test_the_numbers_are_those_that_were_sent(system: System, told: Told) -> None:
    officer = Api(system.url, "officer")
    earlier, now = told.rounds
    sent, before = heads(told.ledger(now)), heads(told.ledger(earlier))
    headcount = report(officer, "headcount", now)
    assert {sex: headcount["total"][sex] for sex in sent} == dict(sent)
    assert headcount["total"]["previous_total"] == before.total()
    assert headcount["total"]["change_total"] == sent.total() - before.total()
    assert headcount["previous"]["round_id"] == earlier
    assert headcount["provisional_schools"] == list(SENDING[1:])
    assert headcount["missing_schools"] == [SILENT]
    assert all(row["change_total"] is None for row in headcount["rows"] if row["kind"] == "grade"), "other pupils"
    assert report(officer, "headcount", earlier)["previous"] is None
    for key in ("age", "nationality", "religion"):
        assert report(officer, key, now)["total"]["total"] == sent.total(), key
    counted = [pupil for file in told.ledger(now) for pupil in file.pupils if not pupil.pending]
    kinds = [row for row in report(officer, "disadvantage", now)["rows"] if row["sex"] == "รวม"]
    written = Counter(pupil.family.disadvantage for pupil in counted if pupil.family.disadvantage != "-")
    assert {row["disadvantage"]: row["total"] for row in kinds if row["total"]} == dict(written)
    foreign = sum(pupil.citizen_id[0] in "G0678" for pupil in counted)
    assert report(officer, "gcode", now)["total"]["total"] == foreign
    by_school = {row["smis"]: row for row in report(officer, "headcount", now, by="school")["rows"]}
    assert {smis: by_school[smis]["total"] for smis in SENDING} == {
        smis: heads([told.files[now, smis]]).total() for smis in SENDING
    }
    assert (by_school[SILENT]["total"], by_school[SILENT]["note"]) == (None, "ยังไม่ส่งไฟล์")
    assert [by_school[smis]["note"] for smis in SENDING] == [None, "ยังไม่ยืนยัน", "ยังไม่ยืนยัน"]


def test_schools_are_taken_together_by_amphoe_and_cluster(system: System, told: Told) -> None:
    officer, now = Api(system.url, "officer"), told.rounds[1]
    whole = report(officer, "headcount", now)
    in_cluster = report(officer, "headcount", now, cluster="กลุ่มโรงเรียนริมโขง")
    assert in_cluster["total"]["total"] == heads([told.files[now, smis] for smis in SENDING[:2]]).total()
    for by in ("amphoe", "cluster"):
        rows = report(officer, "headcount", now, by=by)["rows"]
        assert sum(row["total"] or 0 for row in rows) == whole["total"]["total"]
    by_cluster = report(officer, "progress", now, by="cluster")["rows"]
    assert {row["name"]: row["expected"] for row in by_cluster} == {
        "กลุ่มโรงเรียนริมโขง": 2, "ไม่อยู่ในกลุ่มโรงเรียน": 2,
    }  # fmt: skip
    assert officer.get("/reports/headcount", expect=404, round_id=now, cluster="ไม่มี")["code"] == "not_found"


def test_progress_and_quality_say_how_it_went(system: System, told: Told) -> None:
    officer, now = Api(system.url, "officer"), told.rounds[1]
    total = report(officer, "progress", now)["total"]
    assert {key: total[key] for key in ("expected", "sent", "confirmed", "waiting", "on_time", "on_time_rate")} == {
        "expected": 4, "sent": 3, "confirmed": 1, "waiting": 3, "on_time": 1, "on_time_rate": 0.25,
    }  # fmt: skip
    assert total["previous_on_time_rate"] == 0.75
    waiting = report(officer, "progress", now, by="school")["rows"]
    assert [(row["smis"], row["state"]) for row in waiting] == [
        (SENDING[1], "READY"), (SENDING[2], "READY"), (SILENT, "NOT_STARTED"),
    ]  # fmt: skip
    first = next(row for row in report(officer, "quality", now)["rows"] if row["smis"] == SENDING[0])
    assert (first["errors"], first["versions"], first["returns"]) == (len(DEFECTS), 2, 1)
    assert first["errors_per_100"] == round(len(DEFECTS) / first["pupils"] * 100, 1)
    assert first["days_early"] == 10


def test_duplicates_stand_with_both_schools_and_what_became_of_them(system: System, told: Told) -> None:
    officer, (earlier, now) = Api(system.url, "officer"), told.rounds
    first, second, third = SENDING
    # each school has a case in both rows, and in the total it is one
    expected = {first: (2, 1, 1, 0, 0, 1, 0, 0), second: (2, 1, 1, 0, 0, 1, 0, 0), third: (0,) * 8}
    found = report(officer, "duplicates", now, by="school")
    assert {row["smis"]: tuple(row[key] for key in FATES) for row in found["rows"]} == expected
    assert tuple(found["total"][key] for key in FATES) == expected[first]
    assert (found["total"]["oldest"], found["total"]["previous_cases"], found["total"]["change_cases"]) == (0, 1, 1)
    assert [row["note"] for row in found["rows"]] == [None, "ยังไม่ยืนยัน", "ยังไม่ยืนยัน"]
    assert (found["provisional_schools"], found["missing_schools"]) == (list(SENDING[1:]), [SILENT])
    by_rule = report(officer, "duplicates", now)["rows"]
    assert [(row["rule"][-4:-1], row["cases"], row["open"]) for row in by_rule] == [
        ("I10", 2, 1), ("I09", 0, 0), ("I15", 0, 0),
    ]  # fmt: skip
    past = report(officer, "duplicates", earlier)["total"]
    assert (past["cases"], past["open"], past["carried"]) == (1, 0, 1)
    own = report(Api(system.url, f"data-{third}"), "duplicates", now)
    assert (own["schools"], own["total"]["cases"]) == (1, 0), "a school sees its own cases only"
    public = report(officer, "duplicates", now, by="school", audience="public")
    assert [row["cases"] for row in public["rows"]] == ["<5", "<5", 0]


def test_what_cannot_be_known_is_not_zero(system: System, told: Told) -> None:
    officer = Api(system.url, "officer")
    travel = report(officer, "travel", told.rounds[1])
    assert (travel["evaluated"], travel["has_no_data"], travel["rows"], travel["total"]) == (False, True, [], None)
    assert "ไม่มีคอลัมน์การเดินทาง" in travel["reason"]
    lonely = report(officer, "age", told.rounds[1], school=SILENT)
    assert (lonely["evaluated"], lonely["has_no_data"], lonely["missing_schools"]) == (False, False, [SILENT])


@pytest.mark.parametrize("key", KEYS)
def test_every_report_is_a_workbook_and_a_list_of_the_same_numbers(system: System, told: Told, key: str) -> None:
    officer, now = Api(system.url, "officer"), told.rounds[1]
    made = report(officer, key, now)
    query = {"expect": None, "round_id": now}
    workbook = openpyxl.load_workbook(io.BytesIO(officer.get(f"/reports/{key}.xlsx", **query).content))
    sheet = workbook.active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert "จัดทำจากข้อมูลที่โรงเรียนส่ง" in str([row[0] for row in workbook["หมายเหตุ"].iter_rows(values_only=True)])
    written = officer.get(f"/reports/{key}.csv", **query)
    assert written.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.content.decode("utf-8-sig"))))
    assert rows[0] == [column["title"] for column in made["columns"]]
    if not made["evaluated"]:
        assert made["reason"] in str([cell.value for cell in sheet["A"]])
        return
    assert len(rows) == len(made["rows"]) + 2
    last = list(sheet.iter_rows(values_only=True))[-1]
    numbers = {"number", "change", "rate", "points"}
    for place, column in enumerate(made["columns"]):
        if column["kind"] in numbers:
            assert last[place] == made["total"][column["key"]], column
    assert sheet.freeze_panes == f"A{sheet.max_row - len(made['rows'])}"


def test_the_public_sees_no_small_number(system: System, told: Told) -> None:
    officer, now = Api(system.url, "officer"), told.rounds[1]
    for key in ("headcount", "disadvantage", "gcode", "nationality"):
        for by in (None, "school"):
            query = {"by": by} if by else {}
            made = report(officer, key, now, audience="public", **query)
            assert made["audience"] == "public"
            people = [column["key"] for column in made["columns"] if column["kind"] == "number"]
            shown = [row[name] for row in [*made["rows"], made["total"]] for name in people if "rooms" not in name]
            assert "<5" in shown, (key, by)
            assert not {1, 2, 3, 4} & {value for value in shown if isinstance(value, int)}, (key, by)
    own = report(Api(system.url, f"data-{SENDING[0]}"), "headcount", now)
    assert (own["audience"], own["schools"]) == ("office", 1), "a school knows its own pupils"


def test_who_may_not_is_refused_and_nonsense_is_named(system: System, told: Told) -> None:
    officer, data, now = Api(system.url, "officer"), Api(system.url, f"data-{SENDING[0]}"), told.rounds[1]
    for ending in ("", ".xlsx", ".csv"):
        assert data.get(f"/reports/age{ending}", expect=403, round_id=now, school=SENDING[1])["code"] == "forbidden"
    assert officer.get("/reports/nothing", expect=404, round_id=now)["code"] == "not_found"
    assert officer.get("/reports/age", expect=422, round_id=now, by="x")["errors"][0]["pointer"] == "by"
    assert officer.get("/reports/age", expect=422, round_id=now, audience="all")["errors"][0]["pointer"] == "audience"
    listed = [one["name"] for one in officer.get("/reports")["items"]]
    assert [name for name in listed if name != "sizes"] == list(KEYS)


def test_a_certificate_is_given_once_the_director_has_certified(system: System, told: Told) -> None:
    now, place = told.rounds[1], f"/rounds/{told.rounds[1]}/schools/{SENDING[0]}"
    data = Api(system.url, f"data-{SENDING[0]}")
    page = data.get(f"{place}/certificate", expect=None)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    version = data.get(f"/submissions/{data.get(place)['submission_id']}")
    names = {line["event"]: line["actor"] for line in data.get(f"{place}/history")["items"]}
    total = heads([told.files[now, SENDING[0]]])
    for text in (version["sha256"], f"แฟ้มฉบับที่ {version['version']}", names["confirm"], names["certify"]):
        assert text in page.text
    assert f'<td class="number">{total.total()}</td>' in page.text
    assert "ข้อมูล ณ วันที่ 10 มิถุนายน 2569" in page.text
    other = Api(system.url, f"data-{SENDING[1]}")
    assert other.get(f"{place}/certificate", expect=403)["code"] == "forbidden"
    uncertified = f"/rounds/{now}/schools/{SENDING[1]}/certificate"
    assert other.get(uncertified, expect=409)["code"] == "school_round.not_certified"
    closed = f"/rounds/{told.rounds[0]}/schools/{SENDING[1]}/certificate"
    assert "เขตรับทราบเมื่อ" in other.get(closed, expect=None).text


def test_a_rebuild_gives_the_same_reports(system: System, told: Told) -> None:
    """Last, because it stops a process: the database of reporting is thrown away, and every report comes back."""
    officer = Api(system.url, "officer")
    before = every_report(officer, told)
    system.process_of("reporting").stop()
    system.drop_database("reporting")
    system.restart("khet" if system.mode == "embedded" else "reporting")
    until(lambda: every_report(officer, told) == before, 30, "the same reports from events alone")
    assert "reporting" in system.khet("projection", "rebuild")
    assert every_report(officer, told) == before


def every_report(reader: Api, told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in reader.get("/reports")["items"]:
        for way in one.get("by", []):
            for round_id in told.rounds:
                answer = reader.get(f"/reports/{one['name']}", expect=None, round_id=round_id, by=way["id"])
                made = answer.json()
                made.pop("created_at", None)
                made.pop("trace_id", None)
                found[f"{one['name']} {way['id']} {round_id}"] = made
    return found
