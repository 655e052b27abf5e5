"""The officer sends a file of many schools and sees what became of each, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.running.accessibility import faults_of
from tests.running.api import Api
from tests.running.area_file import area_file
from tests.running.chromium import DESK, PHONE, Desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import System

SCHOOLS = ("57040001", "57040002", "57040003")


@pytest.mark.parametrize(("name", "size", "round_no"), [("desk", DESK, 1), ("phone", PHONE, 2)])
def test_an_officer_sends_a_file_of_many_schools(
    office: System, people: Desk, tmp_path: Path, name: str, size: dict[str, int], round_no: int
) -> None:
    round_id = open_round(Api(office.url, "officer"), school_codes=list(SCHOOLS), round_no=round_no)
    files = {smis: school_file(tmp_path, smis, pupils=20, seed=int(smis)) for smis in SCHOOLS}
    joined = area_file(tmp_path, files, ["57030001", ""])
    page = people.open(size)
    sign_in(page, "officer")
    page.goto(f"/rounds/{round_id}")
    page.get_by_role("link", name="ไฟล์รวมของเขต").click()
    expect(page.get_by_text("ยังไม่มีไฟล์รวมในรอบนี้")).to_be_visible()
    people.shot(page, f"area-files-{name}")
    assert faults_of(page) == []
    page.get_by_label("ไฟล์ข้อมูลนักเรียนหลายโรงเรียน").set_input_files(joined.path)
    page.get_by_role("button", name="ส่งไฟล์").click()
    expect(page.get_by_text("ตรวจครบแล้ว")).to_be_visible()
    for smis in SCHOOLS:
        expect(page.locator("tr", has_text=smis)).to_contain_text("ผ่านการตรวจ")
    expect(page.locator("tr", has_text="57030001")).to_contain_text("ไม่อยู่ในเขตพื้นที่นี้")
    expect(page.locator("tr", has_text="แถวนี้ไม่มีรหัสโรงเรียน")).to_be_visible()
    page.set_viewport_size(size)
    people.shot(page, f"area-file-{name}")
    assert faults_of(page) == []
    page.locator("tr", has_text=SCHOOLS[0]).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("บ้านศรีลานนา")


def test_without_a_file_the_form_says_so(office: System, people: Desk) -> None:
    round_id = open_round(Api(office.url, "officer"), school_codes=list(SCHOOLS), round_no=3)
    page = people.open(DESK, java_script_enabled=False)
    sign_in(page, "officer")
    page.goto(f"/rounds/{round_id}/batches")
    page.get_by_label("ไฟล์ข้อมูลนักเรียนหลายโรงเรียน").evaluate("field => field.required = false")
    page.get_by_role("button", name="ส่งไฟล์").click()
    expect(page.get_by_role("alert")).to_contain_text("กรุณาเลือกไฟล์หนึ่งไฟล์")
