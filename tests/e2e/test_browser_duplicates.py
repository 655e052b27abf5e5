"""Two schools confirm, one duplicate is settled, and the area's board follows by itself, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.running.accessibility import faults_of
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import System

ONE, TWO = "57040001", "57040002"
NAMES = {ONE: "บ้านศรีลานนา", TWO: "บ้านหลวง"}


def confirmed(office: System, round_id: str, smis: str, file: Path) -> None:
    """A school sends its file and confirms it, far away from the screen."""
    data = Api(office.url, f"data-{smis}")
    assert data.checked(data.upload(round_id, smis, file)["id"])["state"] == "READY"
    assert data.post(f"/rounds/{round_id}/schools/{smis}/confirm")["state"] == "CONFIRMED"


def expect_accessible(page: Page) -> None:
    assert faults_of(page) == []


def test_two_schools_confirm_and_one_duplicate_is_settled(office: System, people: Desk, tmp_path: Path) -> None:
    round_id = open_round(Api(office.url, "officer"), school_codes=[ONE, TWO])
    board = people.open(DESK)
    sign_in(board, "officer")
    board.goto(f"/rounds/{round_id}")
    expect(board.get_by_text("หน้านี้ปรับปรุงเองเมื่อโรงเรียนเปลี่ยนสถานะ")).to_be_visible()

    first = school_file(tmp_path, ONE, pupils=20)
    shared = next(pupil for pupil in first.pupils if not pupil.pending)
    confirmed(office, round_id, ONE, first.path)
    confirmed(office, round_id, TWO, school_file(tmp_path, TWO, pupils=20, guests=(shared,)).path)

    # the board shows it by itself, at both schools
    for smis in (ONE, TWO):
        line = board.locator("tr", has_text=smis)
        expect(line).to_contain_text("ยืนยันแล้ว")
        expect(line).to_contain_text("ซ้ำซ้อน 1")

    # a school puts a document to it, on a phone and without scripts
    phone = people.open(PHONE, java_script_enabled=False)
    sign_in(phone, f"data-{TWO}")
    phone.goto(f"/rounds/{round_id}/schools/{TWO}")
    phone.get_by_role("link", name="ดูและแนบหลักฐาน").click()
    phone.get_by_role("link", name=re.compile(NAMES[ONE])).click()
    expect(phone.get_by_text("โรงเรียนของท่าน")).to_be_visible()
    phone.get_by_label("ไฟล์เอกสาร").set_input_files(
        {"name": "บัญชีเรียกชื่อ.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 of nobody"}
    )
    phone.get_by_role("button", name="แนบเอกสาร").click()
    expect(phone.get_by_role("link", name="บัญชีเรียกชื่อ.pdf")).to_be_visible()
    assert phone.get_by_role("button", name="บันทึกคำวินิจฉัย").count() == 0

    # the officer decides in another window
    case = people.open(DESK)
    sign_in(case, "officer")
    case.goto(f"/rounds/{round_id}")
    case.get_by_role("link", name="นักเรียนซ้ำซ้อนของรอบนี้").click()
    people.shot(case, "duplicates-desktop")
    expect_accessible(case)
    case.get_by_role("link", name=re.compile(NAMES[ONE])).click()
    people.shot(case, "duplicate-desktop")
    expect_accessible(case)
    case.get_by_role("radio", name=NAMES[TWO]).check()
    case.get_by_role("checkbox", name="บัญชีเรียกชื่อ.pdf").check()
    case.locator("#reason-decision").fill("มีชื่อในบัญชีเรียกชื่อทุกวัน")
    case.get_by_role("button", name="บันทึกคำวินิจฉัย").click()
    expect(case.get_by_role("status").filter(has_text="บันทึกคำวินิจฉัยแล้ว")).to_be_visible()
    expect(case.get_by_text(f"นับที่ {NAMES[TWO]}")).to_be_visible()
    expect(case.get_by_text("ใช้วินิจฉัย", exact=True)).to_be_visible()

    # and the board follows by itself
    for smis in (ONE, TWO):
        expect(board.locator("tr", has_text=smis)).not_to_contain_text("ซ้ำซ้อน")

    # the school that lost the pupil sees why, on a phone; the whole row takes a reason outside the school
    lost = people.open(PHONE)
    sign_in(lost, f"data-{ONE}")
    lost.goto(f"/rounds/{round_id}/duplicates?state=all")
    people.shot(lost, "duplicates-phone")
    lost.get_by_role("link", name=re.compile(NAMES[TWO])).click()
    expect(lost.get_by_text("มีชื่อในบัญชีเรียกชื่อทุกวัน").first).to_be_visible()
    expect(lost.get_by_text("เอกสารของอีกฝ่าย")).to_be_visible()
    people.shot(lost, "duplicate-phone")
    expect_accessible(lost)
    case.get_by_role("link", name=f"เปิดดูนักเรียนทั้งแถว {NAMES[ONE]}").click()
    case.get_by_label("เหตุผลที่ขอดู").fill("เทียบกับทะเบียนบ้าน")
    case.get_by_role("button", name="แสดงทั้งแถว").click()
    expect(case.get_by_text(shared.citizen_id)).to_be_visible()

    # taken back in the page, the board says so again
    case.goto(f"/rounds/{round_id}/duplicates?state=SETTLED")
    case.get_by_role("link", name=re.compile(NAMES[ONE])).click()
    case.locator("#reason-reopen").fill("โรงเรียนอุทธรณ์")
    case.get_by_role("button", name="เปิดพิจารณาใหม่").click()
    expect(board.locator("tr", has_text=ONE)).to_contain_text("ซ้ำซ้อน 1")
