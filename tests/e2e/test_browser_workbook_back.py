"""A data officer on a phone: tries a file, sends it, corrects three cells in the page and confirms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, System, running

SMIS = "57040001"
DEFECTS = ("G01.blank", "P05.digit", "H03.light")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as started:
        yield started


@pytest.fixture(scope="module")
def people(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


def correct(page: Page, place: str, value: str) -> None:
    """Unfold a finding and type what its cell should hold."""
    field = page.get_by_label(f"ค่าใหม่ของเซลล์ {place}", exact=True)
    if not field.is_visible():
        page.locator("details.fix", has=field).locator("summary").click()
    field.fill(value)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_three_cells_are_corrected_on_a_phone_and_the_file_is_confirmed(
    scripts: bool, system: System, people: Desk, tmp_path: Path
) -> None:
    smis = SMIS if scripts else "57040002"
    round_id = open_round(Api(system.url, "officer"), school_codes=[smis], round_no=1 if scripts else 2)
    made, clean = (school_file(tmp_path, smis, defects=defects) for defects in (DEFECTS, ()))
    free_name = tmp_path / "นักเรียน.xlsx"
    free_name.write_bytes(made.path.read_bytes())
    values = openpyxl.load_workbook(clean.path).active
    page = people.open(PHONE, java_script_enabled=scripts)
    sign_in(page, f"data-{smis}")
    page.goto(f"/rounds/{round_id}/schools/{smis}")

    # first only tried
    page.get_by_label("ไฟล์จาก DMC").set_input_files(free_name)
    page.get_by_role("button", name="ลองตรวจ ยังไม่ส่ง").click()
    expect(page.get_by_role("heading", name="ผลการลองตรวจ")).to_be_visible()
    expect(page.locator("article.rule")).to_have_count(4)  # with the note that the school is small
    if scripts:
        people.shot(page, "check-only-phone")
    page.get_by_role("link", name="กลับไปส่งไฟล์").click()
    expect(page.get_by_text("ไฟล์ฉบับที่")).to_have_count(0)

    # then sent
    page.get_by_label("ไฟล์จาก DMC").set_input_files(free_name)
    page.get_by_role("button", name="ส่งไฟล์", exact=True).click()
    heading = page.get_by_role("heading", name=re.compile("^ไฟล์ฉบับที่ 1"))
    expect(heading).to_be_visible(timeout=30_000)
    if scripts:
        people.shot(page, "cells-open-phone")
    first, *others = [(f"{finding.column}{finding.row}", finding) for finding in made.findings if finding.row]
    correct(page, first[0], "ค" * 40 + "\t" if scripts else "ค" * 40)
    for place, _ in others:
        correct(page, place, str(values[place].value))
    correct(page, first[0], str(values[first[0]].value))
    if scripts:
        people.shot(page, "cells-typed-phone")
    page.get_by_role("button", name="บันทึกค่าที่แก้").click()
    expect(page.get_by_role("heading", name="ยืนยันข้อมูลฉบับที่ 2")).to_be_visible(timeout=30_000)
    compared = page.get_by_role("list", name="เทียบกับฉบับที่ 1")
    expect(compared.get_by_role("link", name=re.compile(r"^3\s*แก้แล้ว"))).to_be_visible()
    if scripts:
        people.shot(page, "cells-compared-phone")
    compared.get_by_role("link", name=re.compile("แก้แล้ว")).click()
    expect(page.locator("article.rule")).to_have_count(3)
    # what is no longer there is only read
    expect(page.locator("article.rule").locator("form, input, button, details")).to_have_count(0)
    if scripts:
        people.shot(page, "cells-fixed-phone")
    page.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(page.get_by_role("heading", name="รอผู้อำนวยการโรงเรียนรับรอง")).to_be_visible()


def test_the_file_with_its_findings_is_one_click_for_the_school_and_a_reason_for_the_area(
    system: System, people: Desk, tmp_path: Path
) -> None:
    smis = "57040003"
    officer = Api(system.url, "officer")
    round_id = open_round(officer, school_codes=[smis], round_no=3)
    data = Api(system.url, f"data-{smis}")
    made = school_file(tmp_path, smis, defects=("G01.blank",), round_no=3)
    data.checked(data.upload(round_id, smis, made.path)["id"])
    teacher, clerk = people.open(DESK), people.open(DESK)
    sign_in(teacher, f"data-{smis}")
    teacher.goto(f"/rounds/{round_id}/schools/{smis}")
    people.shot(teacher, "annotated-desktop")
    with teacher.expect_download() as loading:
        teacher.get_by_role("button", name="ดาวน์โหลดไฟล์พร้อมผลการตรวจ").click()
    expect(teacher.get_by_role("button", name="ดาวน์โหลดไฟล์พร้อมผลการตรวจ")).to_be_enabled()
    assert loading.value.suggested_filename == "2569-3-student-ผลตรวจ.xlsx"
    with teacher.expect_download() as loading:
        teacher.get_by_role("link", name="ดาวน์โหลดแบบกรอกเปล่า").click()
    assert loading.value.suggested_filename == f"2569-3-student-{smis}.xlsx"

    sign_in(clerk, "officer")
    clerk.goto(f"/rounds/{round_id}/schools/{smis}")
    clerk.get_by_role("link", name="ดาวน์โหลดไฟล์พร้อมผลการตรวจ").click()
    people.shot(clerk, "annotated-reason-desktop")
    clerk.get_by_label("เหตุผลที่ขอดู").fill("โรงเรียนขอให้ช่วยดู")
    with clerk.expect_download() as loading:
        clerk.get_by_role("button", name="ดาวน์โหลดไฟล์").click()
    with loading.value.path().open("rb") as stream:
        assert openpyxl.load_workbook(stream).sheetnames[-1] == "ผลการตรวจ"
