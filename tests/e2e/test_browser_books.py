"""Registers in a real browser, at a desk and on a phone: numbers given, reserved, void, asked for, on paper, closed."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from shared.clock import BANGKOK
from shared.thai.dates import be_year, format_slashed
from tests.running.accessibility import faults_of
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, sign_in
from tests.running.papers import text_of
from tests.running.system import System

SIZES = [pytest.param(DESK, id="desktop"), pytest.param(PHONE, id="phone")]
# each width has registers of its own, so that the stories do not disturb each other
LETTERS = {1280: ("ทะเบียนหนังสือส่ง", "ศธ 04xxx/{}"), 360: ("ทะเบียนหนังสือเวียน", "ศธ 04xxx/ว {}")}
ORDERS = {1280: "ทะเบียนคำสั่ง", 360: "ทะเบียนประกาศ"}
KINDS = {"ทะเบียนหนังสือส่ง": "sent", "ทะเบียนหนังสือเวียน": "circular", "ทะเบียนคำสั่ง": "order", "ทะเบียนประกาศ": "announcement"}


def day(days: int = 0) -> str:
    return format_slashed(dt.datetime.now(BANGKOK).date() + dt.timedelta(days=days))


def named(width: dict[str, int], page: str) -> str:
    return f"{page}-{'desktop' if width == DESK else 'phone'}"


def book(office: System, title: str) -> str:
    items = Api(office.url, "registrar").get("/books", owner="office")["items"]
    return next(f"/books/{one['id']}" for one in items if one["kind"] == KINDS[title])


def expect_accessible(page: Page, width: dict[str, int]) -> None:
    assert faults_of(page) == []
    page.set_viewport_size(width)


def taken(page: Page, name: str) -> Path:
    """The file behind a link."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path())


def part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="ส่วนของทะเบียน").get_by_role("link", name=name).click()


@pytest.mark.parametrize("width", SIZES)
def test_numbers_are_given_and_accounted_for(office: System, people: Desk, width: dict[str, int]) -> None:
    title, form = LETTERS[width["width"]]
    page = people.open(width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "registrar")
    page.get_by_role("link", name="เปิดทะเบียน").click()
    expect(page.get_by_role("heading", name="สพป.เชียงราย เขต 4")).to_be_visible()
    people.shot(page, named(width, "books"))
    expect_accessible(page, width)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_text("เลขแรกที่ออกจะเป็นเลข 1")).to_be_visible()

    # what is wrong stands at its field, and what was typed stays
    page.get_by_label("ใช้สำหรับ").fill("หนังสือเชิญประชุม")
    page.get_by_label("จองถึงวันที่").fill("30/02/2570")
    page.get_by_role("button", name="ออกเลขถัดไป").click()
    expect(page.get_by_role("alert")).to_contain_text("ไม่มีวันที่นี้ในปฏิทิน")
    expect(page.get_by_label("จองถึงวันที่")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("ใช้สำหรับ")).to_have_value("หนังสือเชิญประชุม")
    people.shot(page, named(width, "book-wrong"))
    expect_accessible(page, width)

    # the keyboard alone gives it; the number is large and is copied
    page.get_by_label("จองถึงวันที่").fill("")
    page.get_by_label("ใช้สำหรับ").press("Enter")
    expect(page.locator("output")).to_have_text(form.format(1))
    page.get_by_role("button", name="คัดลอก").click()
    expect(page.get_by_role("button", name="คัดลอกแล้ว")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == form.format(1)

    page.get_by_label("ใช้สำหรับ").fill("ประกาศรับสมัคร")
    page.get_by_label("จองถึงวันที่").fill(day(2))
    page.get_by_role("button", name="ออกเลขถัดไป").click()
    expect(page.get_by_role("heading", name="จองเลขไว้แล้ว")).to_be_visible()
    people.shot(page, named(width, "book-reserved"))
    page.get_by_role("link", name=form.format(2), exact=True).click()
    people.shot(page, named(width, "number-reserved"))
    page.locator("summary", has_text="ใช้เลขที่จองไว้").click()
    page.get_by_role("button", name="บันทึกว่าใช้แล้ว").click()
    expect(page.get_by_text("บันทึกว่าใช้เลขนี้แล้ว")).to_be_visible()

    page.locator("summary", has_text="แทรกเลขย้อนหลัง").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("ใช้สำหรับ").fill("ตกค้าง")
    dialog.get_by_label("วันที่ในทะเบียน").fill(day(1))
    dialog.get_by_label("เหตุผลที่แทรก").fill("ลืมลงทะเบียน")
    dialog.get_by_role("button", name="แทรกเลข").click()
    expect(dialog.get_by_role("alert")).to_contain_text("ต้องไม่เป็นวันในอนาคต")
    expect(dialog.get_by_label("เหตุผลที่แทรก")).to_have_value("ลืมลงทะเบียน")
    people.shot(page, named(width, "number-insert-wrong"))
    expect_accessible(page, width)
    dialog.get_by_label("วันที่ในทะเบียน").fill(day())
    dialog.get_by_role("button", name="แทรกเลข").click()
    expect(page.locator("output")).to_have_text(form.format("2.1"))

    page.locator("summary", has_text="ยกเลิกเลข").click()
    page.get_by_label("เหตุผลที่ยกเลิก").fill("พิมพ์ผิด")
    page.get_by_role("button", name="ยืนยันการยกเลิกเลข").click()
    expect(page.get_by_text("เลขนี้ยกเลิกแล้ว ห้ามนำไปใช้")).to_be_visible()
    people.shot(page, named(width, "number-void"))
    expect_accessible(page, width)
    page.get_by_role("link", name=re.compile(f"^{re.escape(title)}")).click()
    void = page.locator("tr", has_text=form.format("2.1"))
    expect(void.locator("s")).to_have_text(form.format("2.1"))
    expect(void).to_contain_text("พิมพ์ผิด")
    people.shot(page, named(width, "book"))
    expect_accessible(page, width)
    for paper in ("ทะเบียนทั้งปีสำหรับพิมพ์ (PDF)", "เฉพาะวันนี้ (PDF)"):
        printed = text_of(taken(page, paper).read_bytes())
        assert title in printed and "ตกค้าง" in printed and "ยกเลิก" in printed, paper
    register = openpyxl.load_workbook(io.BytesIO(taken(page, "ทะเบียนทั้งปี (.xlsx)").read_bytes())).active
    assert any("พิมพ์ผิด" in str(value) for row in register.values for value in row)

    part(page, "บัญชีตรวจสอบ")
    expect(page.get_by_text("ทะเบียนครบถ้วน เลข 1 ถึง 2")).to_be_visible()
    people.shot(page, named(width, "book-account"))
    expect_accessible(page, width)
    assert "sound; not closed yet" in office.khet("register", "verify", str(taken(page, "ดาวน์โหลดทะเบียนปีนี้")))
    page.emulate_media(media="print")
    expect(page.get_by_text("ผู้ตรวจ")).to_be_visible()
    for unprinted in ("ดาวน์โหลดทะเบียนปีนี้", "คำขอเลข"):
        expect(page.get_by_role("link", name=unprinted)).to_be_hidden()
    people.shot(page, named(width, "book-account-paper"))


@pytest.mark.parametrize("width", SIZES)
def test_who_may_not_issue_asks_and_who_keeps_the_book_answers(
    office: System, people: Desk, width: dict[str, int]
) -> None:
    place = book(office, ORDERS[width["width"]])
    asks = people.open(width, java_script_enabled=False)
    sign_in(asks, "officer")
    asks.goto("/books")
    people.shot(asks, named(width, "books-officer"))
    asks.goto(place)
    for purpose in ("แต่งตั้งคณะกรรมการ", "ขอเลขผิด", "ขอซ้ำ"):
        asks.get_by_label("ใช้สำหรับ").fill(purpose)
        asks.get_by_role("button", name="ส่งคำขอ").click()
        expect(asks.get_by_role("status")).to_contain_text("ส่งคำขอเลขแล้ว")
    asks.get_by_role("button", name="ถอนคำขอ ขอซ้ำ").click()
    expect(asks.get_by_role("status")).to_have_text("ถอนคำขอแล้ว")

    keeps = people.open(width)
    sign_in(keeps, "registrar")
    expect(keeps.get_by_role("link", name="คำขอเลขที่รอ")).to_contain_text("2")
    people.shot(keeps, named(width, "home-registrar"))
    keeps.get_by_role("link", name="ขอเลขผิด").click()
    people.shot(keeps, named(width, "book-requests"))
    expect_accessible(keeps, width)
    line = keeps.get_by_role("listitem").filter(has_text="ขอเลขผิด")
    line.locator("summary").click()
    keeps.get_by_role("dialog").get_by_label("เหตุผล").fill("ใช้เลขเดิม")
    keeps.get_by_role("button", name="แจ้งไม่ออกเลข").click()
    expect(keeps.get_by_text("แจ้งไม่ออกเลขแล้ว")).to_be_visible()
    keeps.get_by_role("button", name="ออกเลขให้ แต่งตั้งคณะกรรมการ").click()
    number = f"1/{be_year(dt.datetime.now(BANGKOK).year)}"
    expect(keeps.locator("output")).to_have_text(number)

    asks.goto(place)
    expect(asks.locator("output")).to_have_text(number)
    expect(asks.get_by_text("ใช้เลขเดิม")).to_be_visible()
    people.shot(asks, named(width, "requests-officer"))
    asks.goto(place + "/integrity")
    expect(asks.get_by_role("heading", name="ไม่มีสิทธิ์")).to_be_visible()


def test_two_clicks_without_scripts_give_one_number(office: System, people: Desk) -> None:
    place = book(office, "ทะเบียนคำสั่ง")
    before = Api(office.url, "registrar").get(f"{place}/entries")["last_no"]
    page = people.open(PHONE, java_script_enabled=False)
    sign_in(page, "registrar")
    page.goto(place)
    page.get_by_label("ใช้สำหรับ").fill("กดสองครั้ง")
    page.get_by_role("button", name="ออกเลขถัดไป").dblclick()
    expect(page.locator("output")).to_contain_text(f"{before + 1}/")
    assert Api(office.url, "registrar").get(f"{place}/entries")["last_no"] == before + 1


@pytest.mark.parametrize("width", SIZES)
def test_numbers_for_paper_are_written_by_hand_and_entered_afterwards(people: Desk, width: dict[str, int]) -> None:
    """A school's clerk, whose line fails; on a phone without scripts."""
    page = people.open(width, java_script_enabled=width == DESK)
    sign_in(page, "schoolclerk")
    page.goto("/books")
    page.get_by_role("link", name=LETTERS[width["width"]][0], exact=True).click()
    part(page, "เลขนอกระบบ")
    page.get_by_label("จำนวนเลข").fill("หลาย")
    page.get_by_label("ใช้สำหรับ").fill("ไฟดับ")
    page.get_by_role("button", name="กันเลข").click()
    expect(page.get_by_role("alert")).to_contain_text("จำนวนเลข: ต้องเป็นจำนวนเต็ม")
    page.get_by_label("จำนวนเลข").fill("4")
    page.get_by_role("button", name="กันเลข").click()
    people.shot(page, named(width, "block"))
    expect_accessible(page, width) if width == DESK else None
    page.emulate_media(media="print")
    people.shot(page, named(width, "block-paper"))
    page.emulate_media(media="screen")
    form = LETTERS[width["width"]][1]
    page.get_by_label(f"ใช้สำหรับ {form.format(1)}").fill("หนังสือลา")
    page.get_by_label(f"ใช้สำหรับ {form.format(3)}").fill("หนังสือขอใช้รถ")
    page.get_by_label(f"ลงวันที่ {form.format(3)}").fill(day(3))
    page.get_by_role("button", name="บันทึก และยกเลิกเลขที่ไม่ได้ใช้").click()
    expect(page.get_by_role("alert")).to_contain_text("ต้องไม่เป็นวันในอนาคต")
    expect(page.get_by_label(f"ลงวันที่ {form.format(3)}")).to_have_attribute("aria-invalid", "true")
    people.shot(page, named(width, "block-wrong"))
    page.get_by_label(f"ลงวันที่ {form.format(3)}").fill(day())
    page.get_by_role("button", name="บันทึก และยกเลิกเลขที่ไม่ได้ใช้").click()
    expect(page.get_by_text("บันทึกการใช้เลขชุดนี้แล้ว")).to_be_visible()
    expect(page.locator("s")).to_have_text([form.format(2), form.format(4)])
    people.shot(page, named(width, "block-entered"))
    page.get_by_role("link", name="เลขสำหรับใช้นอกระบบ").click()
    people.shot(page, named(width, "blocks"))


def test_a_group_begins_with_the_last_number_on_paper_and_its_own_code(people: Desk) -> None:
    page = people.open(DESK)
    sign_in(page, "groupclerk")
    page.goto("/books")
    page.get_by_role("link", name="ทะเบียนบันทึกข้อความ").click()
    part(page, "ตั้งค่า")
    page.get_by_label("เลขสุดท้ายที่ใช้แล้ว").fill("ร้อย")
    page.get_by_role("button", name="บันทึกเลขเริ่มต้น").click()
    expect(page.get_by_role("alert")).to_contain_text("เลขสุดท้ายที่ใช้แล้ว: ต้องเป็นจำนวนเต็ม")
    page.get_by_label("เลขสุดท้ายที่ใช้แล้ว").fill("120")
    page.get_by_role("button", name="บันทึกเลขเริ่มต้น").click()
    page.get_by_label("รหัสหนังสือ").fill("ศธ 04047")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกการตั้งค่าแล้ว")
    people.shot(page, "book-settings-desktop")
    expect_accessible(page, PHONE)
    people.shot(page, "book-settings-phone")
    part(page, "เลขในทะเบียน")
    page.get_by_label("ใช้สำหรับ").fill("ขออนุญาตไปราชการ")
    page.get_by_role("button", name="ออกเลขถัดไป").click()
    expect(page.locator("output")).to_have_text("ศธ 04047/121")
    part(page, "ตั้งค่า")
    expect(page.get_by_text("เลขเริ่มต้นจึงเปลี่ยนไม่ได้")).to_be_visible()


def test_circulars_that_share_numbers_lead_to_the_book_of_sent_letters(people: Desk) -> None:
    page = people.open(PHONE)
    sign_in(page, "schoolclerk")
    page.goto("/books")
    page.get_by_role("link", name="ทะเบียนหนังสือเวียน").click()
    part(page, "ตั้งค่า")
    page.get_by_role("radio", name="ใช้เลขร่วมกับทะเบียนหนังสือส่ง").check()
    page.get_by_role("button", name="บันทึก", exact=True).click()
    part(page, "เลขในทะเบียน")
    page.get_by_label("ใช้สำหรับ").fill("แจ้งทุกโรงเรียน")
    page.get_by_role("button", name="ออกเลขถัดไป").click()
    expect(page.get_by_role("heading", name="ทะเบียนหนังสือส่ง", level=1)).to_be_visible()
    expect(page.locator("output")).to_have_text(re.compile(r"^ศธ 04xxx/ว \d+$"))


def test_who_may_look_at_others_chooses_whose_books(people: Desk) -> None:
    page = people.open(PHONE)
    sign_in(page, "auditor")
    page.goto("/books")
    page.get_by_label("ทะเบียนของ").select_option(label="บ้านศรีลานนา")
    page.get_by_role("button", name="เปิดทะเบียน").click()
    expect(page.get_by_role("heading", name="บ้านศรีลานนา")).to_be_visible()
    people.shot(page, "books-chosen-phone")
    page.get_by_role("link", name="ทะเบียนหนังสือส่ง", exact=True).click()
    expect(page.get_by_role("button", name="ออกเลขถัดไป")).to_have_count(0)
    expect(page.get_by_text("หนังสือลา")).to_be_visible()
    school = people.open(PHONE)
    sign_in(school, "teacher")
    school.goto("/books")
    expect(school.get_by_label("ทะเบียนของ")).to_have_count(0)


def test_a_year_that_is_over_is_closed_and_proven(office: System, people: Desk) -> None:
    """The last story of the module: it moves the clock into the next year."""
    year = be_year(dt.datetime.now(BANGKOK).year)
    january = dt.datetime(year - 543 + 1, 1, 4, 9, 0, tzinfo=BANGKOK)
    office.move_clock((january - dt.datetime.now(BANGKOK)).total_seconds())
    page = people.open(DESK)
    sign_in(page, "schoolclerk")
    page.goto("/books")
    page.get_by_role("link", name="ทะเบียนหนังสือส่ง", exact=True).click()
    expect(page.get_by_text("เลขแรกที่ออกจะเป็นเลข 1")).to_be_visible()
    page.get_by_label("ปี พ.ศ.").select_option(str(year))
    page.get_by_role("button", name="เปลี่ยนปี").click()
    expect(page.get_by_role("heading", name=f"เลขในทะเบียนปี {year}")).to_be_visible()
    expect(page.get_by_role("button", name="ออกเลขถัดไป")).to_have_count(0)
    page.goto(page.url.partition("?")[0] + f"/integrity?be_year={year}")
    page.locator("summary", has_text="ปิดทะเบียนปี").click()
    people.shot(page, "book-close-desktop")
    page.get_by_role("button", name="ยืนยันการปิดทะเบียน").click()
    expect(page.get_by_text("ปิดทะเบียนของปีนี้แล้ว")).to_be_visible()
    head = page.locator("code.hash").inner_text()
    people.shot(page, "book-closed-desktop")
    file = taken(page, "ดาวน์โหลดทะเบียนปีนี้")
    assert f"head {head}" in office.khet("register", "verify", str(file), "--head", head)
    page.goto(page.url.replace("/integrity", "/entries/1"))
    expect(page.get_by_text("แก้ไขไม่ได้")).to_be_visible()
    expect(page.locator("summary", has_text="ยกเลิกเลข")).to_have_count(0)
