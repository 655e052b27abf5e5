"""Two schools with the same pupil: both and the area see it, the area decides, and the head counts follow."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from services.rounds.synthetic.generate import Generated
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import System
from tests.running.waiting import until

ONE, TWO, THIRD = "57040001", "57040002", "57040003"
PDF = b"%PDF-1.7\n" + "หลักฐานการเข้าเรียน".encode()


class Schools:
    """Two schools that both entered one pupil, a third that has nothing to do with it, and the area."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.officer, self.one, self.two, self.third = (
            Api(system.url, name) for name in ("officer", f"data-{ONE}", f"data-{TWO}", f"data-{THIRD}")
        )
        self.round_id = open_round(self.officer, school_codes=[ONE, TWO, THIRD])
        self.place = f"/rounds/{self.round_id}/duplicates"

    def sent(self, person: Api, smis: str, **options: Any) -> Generated:
        file = school_file(self.folder, smis, pupils=30, **options)
        assert person.checked(person.upload(self.round_id, smis, file.path)["id"])["state"] == "READY"
        return file

    def cases(self, reader: Api, **filters: str) -> list[Any]:
        items: list[Any] = reader.get(self.place, **filters)["items"]
        return items

    def head_counts(self) -> dict[str, int]:
        return {
            smis: self.officer.get("/reports/headcount", round_id=self.round_id, school=smis)["total"]["total"]
            for smis in (ONE, TWO)
        }

    def signed(self, smis: str) -> None:
        place = f"/rounds/{self.round_id}/schools/{smis}"
        Api(self.system.url, f"data-{smis}").post(f"{place}/confirm")
        Api(self.system.url, f"director-{smis}").post(f"{place}/certify")


def present(file: Generated) -> int:
    return sum(row["male"] + row["female"] for row in file.tables["classes"])


def messages(reader: Api, kind: str, round_id: str) -> list[Any]:
    return [item for item in reader.get("/inbox")["items"] if (item["kind"], item["round_id"]) == (kind, round_id)]


@pytest.fixture
def schools(system: System, tmp_path: Path) -> Schools:
    return Schools(system, tmp_path)


def test_one_pupil_in_two_files_is_settled_and_taken_back(schools: Schools) -> None:
    first = schools.sent(schools.one, ONE)
    shared = next(pupil for pupil in first.pupils if not pupil.pending)
    second = schools.sent(schools.two, TWO, guests=(shared,))
    counts = {ONE: present(first), TWO: present(second)}

    # both schools and the area have it as soon as the second file stands; a third school has nothing
    for reader in (schools.one, schools.two, schools.officer):
        (case,) = schools.cases(reader)
        assert (case["kind"], case["rule"], case["state"]) == ("same_id", "I10", "OPEN")
        assert [school["smis"] for school in case["schools"]] == [ONE, TWO]
        assert (case["same_names"], case["same_birth"]) == (True, True)
        assert shared.citizen_id not in str(case) and "x" in case["masked_id"]
    assert schools.cases(schools.third) == []
    case_id = case["id"]
    place = f"{schools.place}/{case_id}"
    expect_nothing_too_much(schools, place, shared)
    for reader in (schools.one, schools.two, schools.officer):
        found = until(lambda reader=reader: messages(reader, "duplicate.found", schools.round_id), what="the message")
        assert len(found) == 1

    # the confirmation does not wait for it; รับทราบ does
    schools.signed(ONE)
    schools.signed(TWO)
    acknowledge = f"/rounds/{schools.round_id}/schools/{TWO}/acknowledge"
    refused = schools.officer.post(acknowledge, expect=409)
    assert (refused["code"], refused["duplicates"]) == ("school_round.duplicates", 1)
    board = schools.officer.get(f"/rounds/{schools.round_id}/progress")
    assert {school["smis"]: school["duplicates"] for school in board["schools"]} == {ONE: 1, TWO: 1, THIRD: 0}

    evidence_id = expect_evidence(schools, place)
    until(lambda: schools.head_counts() == counts, what="both head counts as the files say")

    # the area keeps the pupil at the first school: the second counts one less, and both stay confirmed
    assert schools.one.post(f"{place}/decision", {"keep": ONE, "reason": "ลองเอง"}, expect=403)["code"] == "forbidden"
    wrong = schools.officer.post(f"{place}/decision", {"keep": THIRD, "reason": "ผิดที่"}, expect=422)
    assert wrong["errors"][0]["pointer"] == "keep"
    decision = {"keep": ONE, "reason": "มีใบรับย้ายและมาเรียนจริง", "evidence": [evidence_id]}
    settled = schools.officer.post(f"{place}/decision", decision)
    assert (settled["state"], settled["keep"]) == ("SETTLED", ONE)
    assert [school["counts"] for school in settled["schools"]] == [True, False]
    assert [document["is_cited"] for document in settled["evidence"]] == [True]
    assert schools.officer.post(f"{place}/decision", decision, expect=409)["code"] == "duplicate.state"
    until(lambda: schools.head_counts() == {ONE: counts[ONE], TWO: counts[TWO] - 1}, what="one less at the second")
    until(lambda: messages(schools.two, "duplicate.settled", schools.round_id), what="the message of the decision")
    assert schools.officer.post(acknowledge)["state"] == "ACKNOWLEDGED"

    # taken back with a reason: both count again, and what was acknowledged stays so
    assert schools.officer.post(f"{place}/reopen", {"reason": " "}, expect=422)["errors"][0]["pointer"] == "reason"
    reopened = schools.officer.post(f"{place}/reopen", {"reason": "โรงเรียนอุทธรณ์"})
    assert (reopened["state"], reopened["keep"], reopened["reason"]) == ("OPEN", None, None)
    until(lambda: schools.head_counts() == counts, what="the head counts of before")
    assert schools.officer.get(f"/rounds/{schools.round_id}/schools/{TWO}")["state"] == "ACKNOWLEDGED"
    assert [step["event"] for step in reopened["history"]] == ["found", "evidence", "settled", "reopened"]
    assert reopened["history"][2]["reason"] == decision["reason"]

    # carried, รับทราบ goes on for the first school; at the close the snapshot has what counts then
    assert schools.officer.post(f"{place}/carry", {"reason": "รอผลตรวจภาคสนาม"})["state"] == "CARRIED"
    assert schools.officer.post(f"/rounds/{schools.round_id}/schools/{ONE}/acknowledge")["state"] == "ACKNOWLEDGED"
    schools.officer.post(f"{place}/decision", {"keep": TWO, "reason": "ตรวจแล้วอยู่โรงเรียนที่สอง"})
    until(lambda: schools.head_counts() == {ONE: counts[ONE] - 1, TWO: counts[TWO]}, what="one less at the first")
    schools.officer.post(f"/rounds/{schools.round_id}/close")
    assert schools.officer.post(f"{place}/reopen", {"reason": "สายไปแล้ว"}, expect=409)["code"] == "round.closed"
    until(lambda: schools.head_counts() == {ONE: counts[ONE] - 1, TWO: counts[TWO]}, what="the same in the snapshots")


def expect_nothing_too_much(schools: Schools, place: str, shared: Any) -> None:
    """Each school sees its own pupil and of the other's school, grade and masked id; the area both masked."""
    own = schools.one.get(place)
    mine, theirs = own["schools"]
    assert shared.first_name in [cell["value"] for cell in mine["pupil"]]
    assert (theirs["pupil"], theirs["row"], theirs["submission_id"]) == (None, None, None)
    assert shared.citizen_id not in str(own)
    seen = schools.officer.get(place)
    assert shared.first_name not in str(seen) and shared.citizen_id not in str(seen)
    assert schools.third.get(place, expect=None).status_code == 404

    # the whole row takes a reason outside the school; nobody of the other school gets it
    side = seen["schools"][1]
    asked = {"submission_id": side["submission_id"], "row": side["row"]}
    assert schools.officer.post("/pupils/reveal", asked, expect=422)["errors"][0]["pointer"] == "reason"
    shown = schools.officer.post("/pupils/reveal", {**asked, "reason": "เทียบกับทะเบียนบ้าน"})
    assert shared.citizen_id in [cell["value"] for cell in shown["cells"]]
    assert schools.one.post("/pupils/reveal", {**asked, "reason": "อยากรู้เฉย ๆ"}, expect=404)["code"] == "not_found"
    assert schools.two.post("/pupils/reveal", asked)["smis"] == TWO
    auditor = Api(schools.system.url, "auditor")
    trail = auditor.get("/audit", action="reveal.pupil")["items"]
    assert any(entry["reason"] == "เทียบกับทะเบียนบ้าน" for entry in trail)


def expect_evidence(schools: Schools, place: str) -> str:
    """A document of one school: whole to it and the area, to the other school only that it exists."""

    def put(person: Api, content: bytes, name: str, expect: int) -> Any:
        files = {"file": (name, io.BytesIO(content))}
        return person.request("POST", f"{place}/evidence", expect=expect, files=files)

    assert put(schools.one, b"PK\x03\x04 no document", "ใบรับย้าย.pdf", 415)["code"] == "evidence.type"
    assert put(schools.one, PDF + b"\0" * (10 << 20), "ใหญ่.pdf", 413)["code"] == "evidence.too_large"
    document = put(schools.one, PDF, "ใบรับย้าย.pdf", 201)
    assert put(schools.one, PDF, "ใบรับย้าย.pdf", 201)["id"] == document["id"]
    assert put(schools.third, PDF, "ไม่เกี่ยว.pdf", 404)["code"] == "not_found"
    (own,), (others,), (areas,) = (
        reader.get(place)["evidence"] for reader in (schools.one, schools.two, schools.officer)
    )
    assert own["filename"] == areas["filename"] == "ใบรับย้าย.pdf" and areas["uploaded_by"]
    assert (others["smis"], others["filename"], others["uploaded_by"]) == (ONE, None, None)
    path = f"{place}/evidence/{document['id']}/download"
    assert schools.two.post(path, {"reason": "ขอดูด้วยคน"}, expect=404)["code"] == "not_found"
    assert schools.officer.post(path, {}, expect=422)["errors"][0]["pointer"] == "reason"
    answer = schools.officer.request("POST", path, json={"reason": "ใช้วินิจฉัย"})
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    return str(document["id"])
