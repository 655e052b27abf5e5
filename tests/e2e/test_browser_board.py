"""The area's board in a real browser: it follows the schools by itself, politely, and never under somebody's hands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import System

SCHOOLS = {"57040001": "บ้านศรีลานนา", "57040002": "บ้านหลวง", "57040003": "บ้านครึ่ง", "57040004": "บ้านสถาน"}
ONE, TWO, THREE, FOUR = SCHOOLS


@pytest.fixture(scope="module")
def board(office: System) -> str:
    """The path of the board of an open round."""
    return f"/rounds/{open_round(Api(office.url, 'officer'), school_codes=list(SCHOOLS))}"


@pytest.fixture(scope="module")
def watched(people: Desk, board: str) -> Page:
    """The board on an officer's screen."""
    page = people.open(DESK)
    sign_in(page, "officer")
    page.goto(board)
    expect(page.get_by_text("หน้านี้ปรับปรุงเองเมื่อโรงเรียนเปลี่ยนสถานะ")).to_be_visible()
    return page


def confirm(office: System, board: str, smis: str, folder: Path) -> None:
    """A school sends a clean file and confirms it, far away from the screen."""
    data, round_id = Api(office.url, f"data-{smis}"), board.rpartition("/")[2]
    sent = data.upload(round_id, smis, school_file(folder, smis, pupils=20).path)
    assert data.checked(sent["id"])["state"] == "READY"
    data.post(f"/rounds/{round_id}/schools/{smis}/confirm", {"version": 1})


def line_of(page: Page, smis: str) -> Locator:
    return page.locator("tr", has_text=smis)


def test_what_happens_elsewhere_is_shown_and_said(office: System, watched: Page, board: str, tmp_path: Path) -> None:
    expect(line_of(watched, ONE)).to_contain_text("ยังไม่เริ่ม")
    confirm(office, board, ONE, tmp_path)
    expect(line_of(watched, ONE)).to_contain_text("ยืนยันแล้ว")
    expect(watched.get_by_role("status").filter(has_text=SCHOOLS[ONE])).to_contain_text("ยืนยันแล้ว")


def test_it_waits_while_somebody_writes(
    office: System, watched: Page, people: Desk, board: str, tmp_path: Path
) -> None:
    watched.locator("summary", has_text="ตีกลับ").click()
    reason = watched.get_by_label("เหตุผลที่ตีกลับ")
    reason.fill("ตรวจจำนวนนักเรียน อ.2 อีกครั้ง")
    confirm(office, board, TWO, tmp_path)
    expect(watched.get_by_role("status").filter(has_text=SCHOOLS[TWO])).to_contain_text("ยืนยันแล้ว")
    expect(reason).to_have_value("ตรวจจำนวนนักเรียน อ.2 อีกครั้ง")
    expect(line_of(watched, TWO)).not_to_contain_text("ยืนยันแล้ว")
    people.shot(watched, "board-dialog-desktop")
    watched.keyboard.press("Escape")
    # the button that opened the dialog has the focus again: somebody is still there, and is offered the news
    offered = watched.get_by_role("button", name="แสดงข้อมูลใหม่")
    expect(offered).to_be_visible()
    offered.click()
    expect(line_of(watched, TWO)).to_contain_text("ยืนยันแล้ว")
    expect(offered).to_be_hidden()


def test_a_filter_stays_as_it_was(office: System, watched: Page, board: str, tmp_path: Path) -> None:
    watched.get_by_label("สถานะ", exact=True).select_option("CONFIRMED")
    expect(watched.get_by_role("heading", name=re.compile("โรงเรียน 2 แห่ง"))).to_be_visible()
    watched.get_by_role("heading", level=1).click()
    confirm(office, board, THREE, tmp_path)
    expect(watched.get_by_role("heading", name=re.compile("โรงเรียน 3 แห่ง"))).to_be_visible()
    expect(watched.get_by_label("สถานะ", exact=True)).to_have_value("CONFIRMED")


def test_without_scripts_there_is_a_link_that_loads_it_again(people: Desk, board: str) -> None:
    page = people.open(PHONE, java_script_enabled=False)
    sign_in(page, "areadirector")
    page.goto(board)
    expect(page.get_by_text("หน้านี้ปรับปรุงเอง")).to_be_hidden()
    page.get_by_role("link", name="โหลดหน้าใหม่เพื่อดูข้อมูลล่าสุด").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("DMC")


def test_it_stops_when_the_session_ends_and_says_so(office: System, people: Desk, board: str) -> None:
    page = people.open(DESK)
    sign_in(page, "deputydirector")
    page.goto(board)
    expect(page.get_by_text("หน้านี้ปรับปรุงเองเมื่อโรงเรียนเปลี่ยนสถานะ")).to_be_visible()
    Api(office.url, "deputydirector").post("/auth/revoke", {"all": True}, expect=None)
    expect(page.get_by_role("status").filter(has_text="หมดเวลาใช้งานแล้ว")).to_be_visible()


def test_it_says_that_the_round_was_closed(office: System, people: Desk, board: str) -> None:
    page = people.open(DESK)
    sign_in(page, "groupdirector")
    page.goto(board)
    expect(page.get_by_text("หน้านี้ปรับปรุงเองเมื่อโรงเรียนเปลี่ยนสถานะ")).to_be_visible()
    Api(office.url, "officer").post(f"/rounds/{board.rpartition('/')[2]}/close")
    expect(page.get_by_role("status").filter(has_text="ปิดรอบแล้ว")).to_be_visible()
