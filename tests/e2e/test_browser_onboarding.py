"""A new school from nothing to its first file, and the day of each role, in a real browser at a desk and on a phone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.rounds.synthetic.generate import generate
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import Spec
from shared.clock import BANGKOK
from shared.thai.dates import format_slashed
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

SMIS, NAME = "57040170", "บ้านดอยเปิดใหม่"
OLD_SMIS = "57040001"
PRIMARY = "อนุบาล-ประถมศึกษา"
NEW_PASSWORD = "ภูเขา ข้าวสาร ดินสอ 47"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as started:
        yield started


@pytest.fixture(scope="module")
def people(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


def today() -> str:
    return format_slashed(dt.datetime.now(BANGKOK).date())


def open_school(admin: Page) -> None:
    admin.goto("/schools/new")
    admin.get_by_label("ชื่อโรงเรียน").fill(NAME)
    admin.get_by_label("ระดับที่เปิดสอน").select_option(PRIMARY)
    admin.get_by_label("รหัส SMIS 8 หลัก").fill(SMIS)
    admin.get_by_label("ตำบล").fill("เวียง")
    admin.get_by_label("อำเภอ").fill("เทิง")
    admin.get_by_label("จังหวัด").fill("เชียงราย")
    admin.get_by_label("เลขที่คำสั่งหรือประกาศ").fill("ประกาศ สพฐ. 12/2569")
    admin.get_by_label("ลงวันที่").fill(today())
    admin.get_by_label("วันที่มีผล").fill(today())
    admin.get_by_role("button", name="บันทึกการจัดตั้ง").click()
    expect(admin.get_by_role("heading", name=re.compile(NAME))).to_be_visible()


def enter_person(manager: Page, given_name: str, family_name: str, position: str, username: str) -> None:
    manager.goto("/people/new")
    unit = manager.get_by_label("หน่วยงานที่สังกัด")
    unit.select_option(SMIS)
    manager.get_by_label("คำนำหน้าชื่อ").fill("นางสาว")
    manager.get_by_label("ชื่อ (ถ้ามี)").or_(manager.locator("#given_name")).first.fill(given_name)
    manager.locator("#family_name").fill(family_name)
    manager.get_by_label("ตำแหน่ง").fill(position)
    manager.get_by_label("ชื่อผู้ใช้").fill(username)
    manager.get_by_role("button", name="บันทึก").click()
    expect(manager.get_by_role("heading", name=re.compile(given_name))).to_be_visible()


def give_role(manager: Page, role: str) -> None:
    manager.get_by_role("link", name="ให้บทบาท").click()
    manager.get_by_label("ที่หน่วยงาน").select_option(SMIS)
    manager.get_by_label("บทบาท", exact=True).select_option(role)
    manager.get_by_label("ตั้งแต่วันที่").fill(today())
    manager.get_by_role("button", name="ให้บทบาท").click()
    expect(manager.locator("#grants")).to_be_visible()


def print_slip(manager: Page) -> tuple[str, str]:
    """The user name and the password on a new slip."""
    manager.locator("summary, button", has_text="พิมพ์สลิปรหัสผ่าน").first.click()
    manager.get_by_role("button", name="ออกรหัสผ่านและแสดงสลิป").click()
    slip = manager.locator("li.slip")
    expect(slip).to_have_count(1)
    return slip.locator("code").inner_text(), "".join(slip.locator(".secret span").all_inner_texts())


def come_in_first(page: Page, username: str, slip: str) -> None:
    """The first login: the slip's password opens the form for a new one and nothing else."""
    sign_in(page, username, slip, heading="เปลี่ยนรหัสผ่าน")
    page.goto("/schools")
    expect(page.get_by_role("heading", name="เปลี่ยนรหัสผ่าน")).to_be_visible()
    page.get_by_label("รหัสผ่านเดิม").fill(slip)
    page.get_by_label("รหัสผ่านใหม่", exact=True).fill("12345678")
    page.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill("12345678")
    page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
    expect(page.get_by_role("alert")).to_contain_text("อย่างน้อย 10")
    page.get_by_label("รหัสผ่านเดิม").fill(slip)
    page.get_by_label("รหัสผ่านใหม่", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(NEW_PASSWORD)
    page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
    expect(page.get_by_text("เปลี่ยนรหัสผ่านแล้ว")).to_be_visible()


def test_a_new_school_from_nothing_to_its_first_file(system: System, people: Desk, tmp_path: Path) -> None:
    """School → director → data officer → first login → new password → upload."""
    admin, director, teacher = people.open(DESK), people.open(DESK), people.open(PHONE)
    sign_in(admin, "admin")
    people.shot(admin, "home-admin-desktop")
    open_school(admin)
    people.shot(admin, "school-opened-desktop")
    enter_person(admin, "ดาราพร", "แสงอรุณ", "ผู้อำนวยการโรงเรียน", "d.daraporn")
    give_role(admin, "school_director")
    people.shot(admin, "person-director-desktop")
    username, slip = print_slip(admin)
    assert username == "d.daraporn"
    people.shot(admin, "slip-desktop")

    come_in_first(director, username, slip)
    director.goto("/")
    people.shot(director, "home-new-director-desktop")
    director.get_by_role("link", name="บุคลากร").first.click()
    people.shot(director, "people-director-desktop")
    enter_person(director, "มะลิวัลย์", "ใจดีงาม", "ครู", "maliwan")
    give_role(director, "data_officer")
    username, slip = print_slip(director)

    until(lambda: SMIS in [school["smis"] for school in Api(system.url, "officer").get("/schools", limit=500)["items"]])
    round_id = open_round(Api(system.url, "officer"), school_codes=[SMIS])
    come_in_first(teacher, username, slip)
    teacher.goto("/")
    people.shot(teacher, "home-new-data-officer-phone")
    teacher.get_by_role("link", name="ทำต่อ").first.click()
    file = generate(Spec(School(SMIS, NAME, PRIMARY, 40), dated=False), tmp_path).path
    teacher.get_by_label("ไฟล์จาก DMC").set_input_files(file)
    teacher.get_by_role("button", name="ส่งไฟล์", exact=True).click()
    expect(teacher.get_by_role("button", name="ยืนยันข้อมูล")).to_be_visible()
    people.shot(teacher, "first-upload-phone")
    assert teacher.url.split("?")[0].endswith(f"/rounds/{round_id}/schools/{SMIS}")


DAYS = {
    "officer": ("/", "/rounds", "{round}", "{school}", "/schools", "/reports", "/inbox", "/account", "/help"),
    "director-57040001": ("/", "{school}", "/people", "/disclosures", "/schools/57040001", "/inbox", "/account"),
    "data-57040001": ("/", "{school}", "/schools/57040001", "/reports", "/inbox", "/rules", "/account"),
    "auditor": ("/", "/audit", "/disclosures", "{round}", "{school}", "/reports", "/schools"),
    "admin": ("/", "/people", "/organisations", "/imports", "/audit", "/ops"),
}


@pytest.fixture(scope="module")
def day(system: System, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A round in which one school has sent a file with something to correct; the addresses of a day."""
    officer, data = Api(system.url, "officer"), Api(system.url, f"data-{OLD_SMIS}")
    round_id = open_round(officer, school_codes=[OLD_SMIS, "57040002", "57040003"], year_be=2568)
    file = school_file(
        tmp_path_factory.mktemp("files"), OLD_SMIS, pupils=40, defects=("I03.digit", "C03.two-older"), year_be=2568
    )
    data.checked(data.upload(round_id, OLD_SMIS, file.path)["id"])
    return {"round": f"/rounds/{round_id}", "school": f"/rounds/{round_id}/schools/{OLD_SMIS}"}


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("username", DAYS)
def test_the_day_of_each_role(people: Desk, day: dict[str, str], username: str, width: dict[str, int]) -> None:
    page = people.open(width)
    sign_in(page, username)
    for address in DAYS[username]:
        answer = page.goto(address.format(**day))
        assert answer is not None
        assert answer.status == 200, f"{username} {address}: {answer.status}"
        place = re.sub(r"[{}/]+", "-", address).strip("-") or "home"
        people.shot(page, f"day-{username.split('-', maxsplit=1)[0]}-{place}-{'desktop' if width is DESK else 'phone'}")


PAGE_OF_LOG = 50


@pytest.fixture(scope="module")
def long_log(system: System, day: dict[str, str]) -> str:
    """More logins than a page of the log shows, and a file handed out for the reason returned."""
    for _ in range(PAGE_OF_LOG + 1):
        officer = Api(system.url, "officer")
    reason = "เทียบกับทะเบียนนักเรียนของโรงเรียน"
    school = officer.get(day["school"])
    version = school["submissions"][0]["id"]
    handed_out = officer.post(f"/submissions/{version}/download", {"reason": reason}, expect=None)
    assert handed_out.ok
    return reason


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desktop", "phone"])
def test_the_auditor_finds_who_did_what_and_who_saw_what(people: Desk, long_log: str, width: dict[str, int]) -> None:
    name = "desktop" if width is DESK else "phone"
    page = people.open(width)
    sign_in(page, "auditor")
    page.goto("/audit")
    page.get_by_label("เรื่อง").select_option("session")
    page.get_by_label("ตั้งแต่วันที่").fill(today())
    page.get_by_role("button", name="ค้นหา").click()
    expect(page).to_have_url(re.compile("kind=session"))
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(PAGE_OF_LOG)
    expect(rows.filter(has_text="เข้าสู่ระบบ")).to_have_count(PAGE_OF_LOG)
    people.shot(page, f"audit-filtered-{name}")

    page.get_by_role("link", name="รายการก่อนหน้านี้").click()
    expect(page.get_by_role("link", name="หน้าแรก")).to_be_visible()
    expect(page.get_by_label("เรื่อง")).to_have_value("session")
    expect(rows.filter(has_text="เข้าสู่ระบบ").first).to_be_visible()
    people.shot(page, f"audit-next-page-{name}")

    page.get_by_role("link", name="ใครเปิดดูข้อมูลอะไร").first.click()
    expect(page.get_by_role("heading", name="ใครเปิดดูข้อมูลอะไร")).to_be_visible()
    expect(page.get_by_text(long_log)).to_be_visible()
    page.get_by_label("ถึงวันที่").fill("01/01/2560")
    page.get_by_role("button", name="ค้นหา").click()
    expect(page.get_by_text("ไม่พบรายการ")).to_be_visible()
    people.shot(page, f"disclosures-filtered-{name}")


def test_a_value_is_looked_at_for_a_reason_and_the_director_sees_who_did(people: Desk, day: dict[str, str]) -> None:
    officer, director = people.open(DESK), people.open(PHONE)
    sign_in(officer, "officer")
    officer.goto(day["school"])
    officer.get_by_role("link", name=re.compile("ดูค่าเต็ม")).first.click()
    people.shot(officer, "reveal-ask-desktop")
    officer.get_by_label("เหตุผลที่ขอดู").fill("ตรวจกับทะเบียนบ้านที่โรงเรียนส่งมา")
    officer.get_by_role("button", name="แสดงค่าเต็ม").click()
    expect(officer.locator("output")).to_have_text(re.compile(r"^\d{13}$"))
    people.shot(officer, "reveal-shown-desktop")
    sign_in(director, f"director-{OLD_SMIS}")
    director.goto("/disclosures")
    expect(director.get_by_text("ตรวจกับทะเบียนบ้านที่โรงเรียนส่งมา")).to_be_visible()
    people.shot(director, "disclosures-phone")
