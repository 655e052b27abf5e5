"""Schools in a real browser, at a desk and on a phone: opened, renamed, closed; record, rooms, clusters, sizes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared.clock import BANGKOK
from shared.thai.dates import academic_year, format_slashed
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

RANGE = "อนุบาล-ประถมศึกษา"
SIZES = [pytest.param(DESK, id="desktop"), pytest.param(PHONE, id="phone")]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("schools"))) as started:
        yield started


@pytest.fixture(scope="module")
def people(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


def day(days: int = 0) -> str:
    return format_slashed(dt.datetime.now(BANGKOK).date() + dt.timedelta(days=days))


def fill_order(page: Page, days: int = 0) -> None:
    page.get_by_label("เลขที่คำสั่งหรือประกาศ").fill("ศธ 04006/123")
    page.get_by_label("ลงวันที่").fill(day(min(days, 0)))
    page.get_by_label("วันที่มีผล").fill(day(days))


def change(page: Page, name: str) -> None:
    """From any page of a school to the form of a change."""
    page.get_by_role("navigation", name="ข้อมูลของโรงเรียน").get_by_role("link", name="ประวัติ").click()
    page.get_by_role("link", name=name, exact=True).click()


def named(width: dict[str, int], page: str) -> str:
    return f"{page}-{'desktop' if width is DESK else 'phone'}"


@pytest.mark.parametrize("width", SIZES)
def test_a_school_from_its_opening_to_its_end(people: Desk, width: dict[str, int]) -> None:
    page, smis = people.open(width), "57040401" if width is DESK else "57040402"
    sign_in(page, "admin")
    page.goto("/schools")
    people.shot(page, named(width, "schools"))
    page.get_by_role("link", name="จัดตั้งโรงเรียน").click()
    page.get_by_label("ชื่อโรงเรียน").fill("โรงเรียนบ้านใหม่")
    page.get_by_label("ระดับที่เปิดสอน").select_option(RANGE)
    page.get_by_label("รหัส SMIS 8 หลัก").fill("5704040")
    fill_order(page, -5)
    page.get_by_role("button", name="บันทึกการจัดตั้ง").click()
    expect(page.get_by_role("alert")).to_contain_text("รหัส SMIS: ต้องเป็นตัวเลข 8 หลัก")
    expect(page.get_by_label("ชื่อโรงเรียน")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("วันที่มีผล")).to_have_value(day(-5))
    people.shot(page, named(width, "school-new-wrong"))
    page.get_by_label("ชื่อโรงเรียน").fill("บ้านใหม่")
    page.get_by_label("รหัส SMIS 8 หลัก").fill(smis)
    page.get_by_role("button", name="บันทึกการจัดตั้ง").click()
    expect(page.get_by_role("heading", name="บ้านใหม่", level=1)).to_be_visible()
    people.shot(page, named(width, "school-opened"))

    change(page, "เปลี่ยนชื่อ")
    page.get_by_label("ชื่อใหม่").fill("บ้านใหม่วิทยา")
    fill_order(page, -2)
    people.shot(page, named(width, "school-rename"))
    page.get_by_role("button", name="บันทึกเปลี่ยนชื่อ").click()
    expect(page.get_by_role("heading", name="บ้านใหม่วิทยา", level=1)).to_be_visible()

    change(page, "ยุบเลิก")
    fill_order(page, 20)
    people.shot(page, named(width, "school-close"))
    page.get_by_role("button", name="บันทึกยุบเลิก").click()
    expect(page.get_by_text("บันทึกเป็นแผนแล้ว")).to_be_visible()
    page.locator("summary", has_text="ถอนแผน").click()
    page.get_by_label("เหตุผลที่ถอน").fill("ประกาศใหม่ให้มีผลวันนี้")
    page.get_by_role("button", name="ถอนแผน", exact=True).last.click()
    expect(page.get_by_role("status").first).to_have_text("ถอนแผนแล้ว")
    change(page, "ยุบเลิก")
    page.get_by_label("โรงเรียนที่รับนักเรียน").select_option("57040002")
    fill_order(page)
    page.get_by_role("button", name="บันทึกยุบเลิก").click()
    expect(page.get_by_text("ยุบหรือเลิกแล้ว").first).to_be_visible()

    history = page.locator(".timeline > li")
    expect(history).to_have_count(4)
    expect(history.nth(0)).to_contain_text("ถอนแผน: ประกาศใหม่ให้มีผลวันนี้")
    expect(history.nth(1)).to_contain_text("นักเรียนไปที่ บ้านหลวง")
    expect(history.nth(2)).to_contain_text(re.compile("บ้านใหม่ → บ้านใหม่วิทยา"))
    expect(history.nth(2)).to_contain_text("ศธ 04006/123")
    expect(history.nth(3)).to_contain_text("จัดตั้ง")
    page.get_by_label("ณ วันที่").fill(day(-3))
    page.get_by_role("button", name="แสดง").click()
    then = page.locator("section", has=page.get_by_role("heading", name="ดูตามที่เป็นในวันหนึ่ง"))
    expect(then.locator("dl")).to_contain_text(re.compile(r"บ้านใหม่\s*สถานะ\s*เปิดอยู่"))
    people.shot(page, named(width, "school-history"))
    page.get_by_label("ณ วันที่").fill("30/02/2569")
    page.get_by_role("button", name="แสดง").click()
    expect(page.get_by_role("alert")).to_contain_text("ไม่มีวันที่นี้ในปฏิทิน")
    page.goto(f"/schools?state=CLOSED&q={smis}")
    expect(page.get_by_role("link", name="บ้านใหม่วิทยา")).to_be_visible()


@pytest.mark.parametrize("width", SIZES)
def test_a_school_keeps_its_own_record_and_rooms(people: Desk, width: dict[str, int]) -> None:
    smis = "57040010" if width is DESK else "57040011"
    page = people.open(width)
    sign_in(page, f"data-{smis}")
    page.goto(f"/schools/{smis}")
    page.get_by_role("link", name="แก้ไขข้อมูลพื้นฐาน").click()
    page.get_by_label("รหัสไปรษณีย์").fill("57140.0")
    page.get_by_label("วันที่ก่อตั้ง").fill("พ.ค. 2482")
    page.get_by_label("ละติจูด").fill("100.402")
    page.get_by_label("ลองจิจูด").fill("20.058")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("สลับกันหรือไม่")
    people.shot(page, named(width, "record-swapped"))
    page.get_by_role("button", name=re.compile("^สลับละติจูด")).click()
    expect(page.get_by_label("ละติจูด")).to_have_value("20.058")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกข้อมูลโรงเรียนแล้ว")).to_be_visible()
    doubts = page.locator(".notice.warn")
    expect(doubts).to_contain_text("หมายถึง 57140 หรือไม่")
    people.shot(page, named(width, "record-doubts"))
    doubts.get_by_role("button", name="ใช้ 57140").click()
    expect(page.locator("dl").first).to_contain_text("57140")
    expect(page.get_by_text("EM05")).to_have_count(0)

    year = academic_year(dt.datetime.now(BANGKOK).date())
    page.goto(f"/schools/{smis}/rooms?year={year - 1}")
    page.get_by_label("ป.1").fill("2")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกข้อมูลพื้นฐานแล้ว")).to_be_visible()
    page.goto(f"/schools/{smis}/rooms?year={year}")
    expect(page.get_by_label("ป.1")).to_have_value("0")
    page.get_by_role("link", name=re.compile("^นำจำนวนของปีการศึกษา")).click()
    expect(page.get_by_label("ป.1")).to_have_value("2")
    people.shot(page, named(width, "rooms-copied"))
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกข้อมูลพื้นฐานแล้ว")).to_be_visible()
    page.goto("/schools/57040012")
    expect(page.get_by_role("link", name="แก้ไขข้อมูลพื้นฐาน")).to_have_count(0)


@pytest.mark.parametrize("width", SIZES)
def test_the_officer_puts_schools_into_a_cluster(people: Desk, width: dict[str, int]) -> None:
    page, name = people.open(width), named(width, "กลุ่มเวียงแก่น")
    sign_in(page, "officer")
    page.goto("/organisations")
    people.shot(page, named(width, "organisations"))
    page.get_by_label("กลุ่มโรงเรียนใหม่").fill(name)
    page.get_by_role("button", name="เพิ่มกลุ่มโรงเรียน").click()
    page.locator("summary", has_text="เวียงแก่น").click()
    boxes = page.locator("details[open] input[name=smis]")
    for place in range(2):
        boxes.nth(place).check()
    people.shot(page, named(width, "cluster"))
    page.get_by_role("button", name="เพิ่มโรงเรียนที่เลือก").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("2 โรงเรียน").first).to_be_visible()
    page.goto("/schools")
    page.get_by_label("กลุ่มโรงเรียน").select_option(name)
    expect(page.locator("#list tbody tr")).to_have_count(2)
    page.goto("/schools/57040001/changes/rename")
    expect(page.get_by_role("heading", name="เปลี่ยนชื่อ")).to_be_visible()


def test_sizes_of_schools_stand_beside_their_round(system: System, people: Desk, tmp_path: Path) -> None:
    officer, data = Api(system.url, "officer"), Api(system.url, "data-57040001")
    round_id = open_round(officer, school_codes=["57040001", "57040002"])
    data.checked(data.upload(round_id, "57040001", school_file(tmp_path, "57040001", pupils=30).path)["id"])

    def is_counted() -> bool:
        report = officer.get("/reports/sizes", expect=None, round_id=round_id)
        return report.ok and report.json()["total"]["schools"] == 1

    until(is_counted, what="a school in the report")
    for width in (DESK, PHONE):
        page = people.open(width)
        sign_in(page, "officer")
        page.goto("/reports")
        page.get_by_role("link", name="ขนาดโรงเรียน", exact=True).click()
        expect(page.get_by_text("ยังไม่รวม 1 โรงเรียน")).to_be_visible()
        expect(page.get_by_role("img", name="จำนวนโรงเรียนตามขนาด")).to_be_visible()
        expect(page.get_by_role("row", name=re.compile(r"เล็ก\s+1\s"))).to_be_visible()
        people.shot(page, named(width, "sizes"))
        page.goto("/schools/57040001")
        size = page.locator("section", has=page.get_by_role("heading", name="ขนาดโรงเรียน"))
        expect(size).to_contain_text("เล็ก")
        expect(size).to_contain_text("คำนวณจาก DMC 2569 รอบที่ 1")
        people.shot(page, named(width, "school-size"))
        page.goto("/schools/57040002")
        expect(page.get_by_text("ยังคำนวณไม่ได้")).to_be_visible()


def test_the_forms_work_without_javascript(people: Desk) -> None:
    page = people.open(PHONE, java_script_enabled=False)
    sign_in(page, "officer")
    page.goto("/schools?q=57040020")
    page.locator("#list tbody a").click()
    page.get_by_role("link", name="ประวัติ").click()
    page.get_by_role("link", name="เปลี่ยนระดับที่เปิดสอน").click()
    page.get_by_label("ระดับที่เปิดสอน").select_option("อนุบาล-มัธยมศึกษาตอนต้น")
    fill_order(page, 3)
    page.get_by_role("button", name="บันทึกเปลี่ยนระดับที่เปิดสอน").click()
    expect(page.locator(".timeline > li").first).to_contain_text("เป็นแผน")
    page.locator("summary", has_text="ถอนแผน").click()
    page.get_by_label("เหตุผลที่ถอน").fill("ทดลอง")
    page.get_by_role("button", name="ถอนแผน").last.click()
    expect(page.locator(".timeline > li").first).to_contain_text("ถอนแผน: ทดลอง")
