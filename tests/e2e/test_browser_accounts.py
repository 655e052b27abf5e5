"""People and accounts in a real browser: an admin and a director at a desk, a teacher on a phone without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.system import EmbeddedSystem, System, running

SMIS = "57040001"
NEW_PASSWORD = "ลมหนาวบนดอยช้าง"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as started:
        yield started


@pytest.fixture(scope="module")
def browser(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def director(request: pytest.FixtureRequest, browser: Desk) -> Page:
    page = browser.open(request.param)
    sign_in(page, f"director-{SMIS}")
    return page


def enter(director: Page, username: str, **fields: str) -> None:
    """A new person with an account, whose page is then shown."""
    director.goto("/people/new")
    given = {"title": "นาง", "given_name": "เกศินี", "family_name": "ดอยตุง", "username": username, **fields}
    for name, value in given.items():
        director.locator(f"#{name}").fill(value)
    director.get_by_role("button", name="บันทึก").click()


def slip_of(manager: Page) -> str:
    manager.get_by_role("button", name="พิมพ์สลิปรหัสผ่าน").click()
    manager.get_by_role("button", name="ออกรหัสผ่านและแสดงสลิป").click()
    return "".join(manager.locator("li.slip .secret span").all_inner_texts())


def log_in(page: Page, username: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน").fill(password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def test_a_director_enters_a_person_and_gives_a_role(browser: Desk, director: Page) -> None:
    width = director.viewport_size["width"]
    enter(director, f"person.{width}", citizen_id="1234", phone="12")
    expect(director.get_by_role("alert")).to_contain_text("ต้องเป็นตัวเลข 13 หลัก")
    for wrong in ("citizen_id", "phone"):
        expect(director.locator(f"#{wrong}")).to_have_attribute("aria-invalid", "true")
        expect(director.locator(f"#{wrong}-error")).to_be_visible()
    expect(director.locator("#family_name")).to_have_value("ดอยตุง")
    browser.shot(director, f"person-new-error-{width}")
    director.locator("#citizen_id").fill({1280: "1-5704-05990-38-7", 360: "2570457466024"}[width])
    director.locator("#phone").fill("081-234-5678")
    director.get_by_role("button", name="บันทึก").click()
    expect(director.get_by_role("status")).to_contain_text("เพิ่มบุคคลแล้ว")
    expect(director.locator("code", has_text="xxxxx")).to_be_visible()

    director.get_by_role("link", name="ให้บทบาท").click()
    offered = director.get_by_label("บทบาท", exact=True).locator("option").all_inner_texts()
    assert offered == ["เลือกบทบาท", "สารบรรณ", "ครูผู้รับผิดชอบข้อมูล", "ครู"]
    director.get_by_label("บทบาท", exact=True).select_option("data_officer")
    director.get_by_label("รักษาการแทน").check()
    director.get_by_label("ถึงวันที่").fill("31/2/2570")
    director.get_by_role("button", name="ให้บทบาท").click()
    expect(director.get_by_role("alert")).to_contain_text("ไม่มีวันที่นี้ในปฏิทิน")
    expect(director.get_by_label("ถึงวันที่")).to_have_value("31/2/2570")
    expect(director.get_by_label("รักษาการแทน")).to_be_checked()
    director.get_by_label("ถึงวันที่").fill("30 ก.ย. 2570")
    director.get_by_role("button", name="ให้บทบาท").click()
    expect(director.get_by_role("alert")).to_contain_text("การรักษาการต้องมีเลขที่คำสั่ง")
    director.locator("#order_no").fill("57/2569")
    director.locator("#order_date").fill("1/10/2569")
    director.get_by_role("button", name="ให้บทบาท").click()
    expect(director.get_by_role("status")).to_contain_text("ให้บทบาทแล้ว")
    grant = director.locator("section", has=director.locator("#grants")).locator("tbody tr")
    for words in ("รักษาการ", "คำสั่ง 57/2569", "30 ก.ย. 2570", "มีผลอยู่"):
        expect(grant).to_contain_text(words)
    browser.shot(director, f"person-{width}")

    director.get_by_role("button", name=re.compile("^สิ้นสุดบทบาท")).first.click()
    dialog = director.get_by_role("dialog")
    dialog.get_by_label("เหตุผล").fill("เปลี่ยนคำสั่ง")
    dialog.get_by_role("button", name="สิ้นสุดบทบาท").click()
    expect(grant).to_contain_text("สิ้นสุดเพราะ เปลี่ยนคำสั่ง")


def test_a_citizen_id_is_shown_to_who_says_why(browser: Desk, director: Page) -> None:
    width = director.viewport_size["width"]
    citizen_id, written = {
        1280: ("3570489566197", "3-5704-89566-19-7"), 360: ("5570478492924", "5-5704-78492-92-4"),
    }[width]  # fmt: skip
    enter(director, f"reveal.{width}", citizen_id=citizen_id)
    director.get_by_role("button", name="ดูเลขเต็ม").click()
    director.get_by_role("dialog").get_by_label("เหตุผลที่ขอดู").fill("ตรวจกับบัตรประชาชน")
    director.get_by_role("button", name="แสดงเลขเต็ม").click()
    expect(director.locator("output")).to_have_text(written)
    browser.shot(director, f"person-revealed-{width}")
    director.goto(director.url.split("/reveal")[0])
    expect(director.locator("output")).to_have_count(0)
    assert written not in director.content()


def test_the_list_is_narrowed_and_slips_are_printed_for_those_chosen(browser: Desk, director: Page) -> None:
    width = director.viewport_size["width"]
    for number in range(2):
        enter(director, f"slip{number}.{width}", given_name=f"{'กข'[number]}านี", family_name="สลิป")
    director.get_by_role("link", name="บุคลากร", exact=True).first.click()
    director.get_by_label("ชื่อ ตำแหน่ง หรือชื่อผู้ใช้").fill(f"สลิป {width}")
    director.get_by_label("สถานะ").select_option("NEVER_IN")
    director.get_by_role("button", name="กรอง").click()
    names = director.locator("tbody th a")
    expect(names).to_have_text(["นางกานี สลิป", "นางขานี สลิป"])
    browser.shot(director, f"people-{width}")
    for box in director.get_by_role("checkbox").all():
        box.check()
    director.get_by_role("button", name="พิมพ์สลิปของคนที่เลือก").click()
    director.get_by_role("button", name="ออกรหัสผ่านและแสดงสลิป").click()
    expect(director.locator("li.slip")).to_have_count(2)
    browser.shot(director, f"slips-{width}")
    director.emulate_media(media="print")
    expect(director.locator("nav.menu")).to_be_hidden()
    expect(director.locator("li.slip").first).to_be_visible()
    director.emulate_media(media="screen")
    director.goto("/people?q=nobody-of-that-name")
    expect(director.get_by_role("heading", name="ไม่พบบุคคล")).to_be_visible()


def test_a_director_sees_the_own_school_alone(director: Page) -> None:
    director.goto("/people")
    expect(director.locator("tbody tr", has_text="บ้านศรีลานนา").first).to_be_visible()
    units = director.locator("tbody td[data-label='หน่วยงาน']").all_inner_texts()
    assert set(units) == {"บ้านศรีลานนา"}
    expect(director.get_by_label("หน่วยงาน", exact=True)).to_have_count(0)


def test_from_the_slip_to_the_second_factor(browser: Desk, director: Page) -> None:
    """On a phone without scripts: first login, own password, second factor, the code at the door, recovery code."""
    width = director.viewport_size["width"]
    username = f"factor.{width}"
    enter(director, username)
    person = director.url.split("?")[0]
    password = slip_of(director)
    page = browser.open(PHONE, java_script_enabled=width == 1280)
    log_in(page, username, password)
    expect(page.get_by_role("heading", name="เปลี่ยนรหัสผ่าน")).to_be_visible()
    for new, says in (("password1234", "เดาได้ง่าย"), ("เกศินีคนดีที่หนึ่ง", "ชื่อหรือนามสกุล"), (NEW_PASSWORD, "")):
        page.get_by_label("รหัสผ่านเดิม").fill(password)
        page.get_by_label("รหัสผ่านใหม่", exact=True).fill(new)
        page.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(new)
        page.get_by_role("button", name="เปลี่ยนรหัสผ่าน").click()
        if says:
            expect(page.get_by_role("alert")).to_contain_text(says)
    expect(page.get_by_role("heading", name="บัญชีของฉัน")).to_be_visible()
    expect(page.get_by_text("เครื่องนี้", exact=True)).to_be_visible()
    browser.shot(page, f"account-{width}")

    page.get_by_role("link", name="ตั้งค่าการยืนยันสองขั้น").click()
    page.get_by_role("button", name="เริ่มตั้งค่า").click()
    expect(page.locator("svg.qr")).to_be_visible()
    browser.shot(page, f"totp-setup-{width}")
    key = "".join(page.locator(".key span").all_inner_texts())
    page.get_by_label("รหัส 6 หลัก").fill("000000")
    page.get_by_role("button", name="เปิดใช้").click()
    expect(page.get_by_role("alert")).to_contain_text("รหัสไม่ถูกต้อง")
    assert "".join(page.locator(".key span").all_inner_texts()) == key, "what was scanned still counts"
    page.get_by_label("รหัส 6 หลัก").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="เปิดใช้").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    browser.shot(page, f"totp-codes-{width}")
    page.get_by_role("link", name="เก็บไว้แล้ว").click()
    page.get_by_role("button", name="ออกจากระบบ", exact=True).last.click()

    page.goto("/account")
    page.get_by_label("ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน").fill(NEW_PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", name="ใส่รหัสยืนยัน")).to_be_visible()
    assert NEW_PASSWORD not in page.content()
    browser.shot(page, f"login-code-{width}")
    page.get_by_label("รหัสจากแอป").fill("000000")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("alert")).to_contain_text("รหัสไม่ถูกต้อง")
    page.get_by_label("รหัสจากแอป").fill(codes[3])
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", name="บัญชีของฉัน")).to_be_visible()
    expect(page.get_by_text("เหลือรหัสสำรอง 9 รหัส")).to_be_visible()

    director.goto(person)
    director.get_by_role("button", name="ปิดการยืนยันสองขั้น").click()
    director.get_by_role("dialog").get_by_role("button", name="ปิดการยืนยันสองขั้น").click()
    expect(director.get_by_role("status")).to_contain_text("ปิดการยืนยันสองขั้นของบัญชีนี้แล้ว")


def test_one_ends_a_session_elsewhere(system: System, browser: Desk) -> None:
    elsewhere = Api(system.url, f"data-{SMIS}")
    page = browser.open(PHONE)
    sign_in(page, f"data-{SMIS}")
    page.goto("/account")
    page.locator("tr", has_text="python-requests").get_by_role("button", name=re.compile("^สั่งออก")).click()
    expect(page.get_by_role("status")).to_contain_text("สั่งให้เครื่องนั้นออกจากระบบแล้ว")
    assert elsewhere.get("/me", expect=None).status_code == 401


def test_who_is_known_already_gets_an_account_and_is_seen_to_have_come_in(browser: Desk, director: Page) -> None:
    width = director.viewport_size["width"]
    enter(director, "", given_name=f"{'กข'[width == PHONE['width']]}ทีหลัง", family_name="ขอบัญชี")
    person = director.url.split("?")[0]
    director.get_by_label("ชื่อผู้ใช้").fill(f"later.{width}")
    director.get_by_role("button", name="เปิดบัญชี").click()
    expect(director.get_by_role("status")).to_contain_text("เปิดบัญชีแล้ว")
    facts = director.locator("dl.facts", has_text="ชื่อผู้ใช้")
    came_in = facts.locator("dt", has_text="เข้าใช้ล่าสุด").locator("+ dd")
    expect(came_in).to_have_text("ยังไม่เคยเข้าใช้")
    browser.shot(director, f"person-account-{width}")
    password = slip_of(director)
    owner = browser.open(PHONE)
    log_in(owner, f"later.{width}", password)
    expect(owner.get_by_role("heading", name="เปลี่ยนรหัสผ่าน")).to_be_visible()
    director.goto(person)
    expect(came_in).to_contain_text("IP 127.0.0.1")
    director.goto(f"/people?q=later.{width}")
    expect(director.locator("tbody td[data-label='เข้าใช้ล่าสุด']")).to_have_text(re.compile(r"25\d\d.*\d\d[:.]\d\d"))


def test_an_account_is_locked_and_its_owner_retires(browser: Desk, director: Page) -> None:
    width = director.viewport_size["width"]
    enter(director, f"leaver.{width}")
    person = director.url.split("?")[0]
    password = slip_of(director)
    owner = browser.open(PHONE)
    log_in(owner, f"leaver.{width}", password)
    expect(owner.get_by_role("heading", name="เปลี่ยนรหัสผ่าน")).to_be_visible()
    director.goto(person)
    expect(director.get_by_role("heading", name="เครื่องที่เข้าสู่ระบบอยู่")).to_be_visible()
    director.get_by_role("button", name="ล็อกบัญชี").click()
    director.get_by_role("dialog").get_by_label("เหตุผล").fill("โทรศัพท์หาย")
    director.get_by_role("dialog").get_by_role("button", name="ล็อกบัญชี").click()
    expect(director.get_by_text("โทรศัพท์หาย")).to_be_visible()
    owner.goto("/password")
    expect(owner.get_by_text("หมดเวลาใช้งานแล้ว")).to_be_visible()
    log_in(owner, f"leaver.{width}", password)
    expect(owner.get_by_role("alert")).to_contain_text("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")
    director.get_by_role("button", name="ปลดล็อกบัญชี").click()
    expect(director.get_by_role("status")).to_contain_text("ปลดล็อกบัญชีแล้ว")
    director.get_by_role("button", name="พ้นจากราชการ").click()
    dialog = director.get_by_role("dialog")
    dialog.get_by_label("ตั้งแต่วันที่").fill("1/1/2600")
    dialog.get_by_label("เหตุผล").fill("ลาออก")
    dialog.get_by_role("button", name="บันทึกการพ้นจากราชการ").click()
    expect(director.get_by_role("dialog").get_by_role("alert")).to_contain_text("ต้องไม่เป็นวันในอนาคต")
    browser.shot(director, f"person-retire-error-{width}")
    director.get_by_role("dialog").get_by_label("ตั้งแต่วันที่").fill("1/10/2569")
    director.get_by_role("dialog").get_by_role("button", name="บันทึกการพ้นจากราชการ").click()
    expect(director.get_by_text("พ้นจากราชการตั้งแต่ 1 ต.ค. 2569: ลาออก")).to_be_visible()
    expect(director.get_by_role("button", name="กลับเข้ารับราชการ")).to_be_visible()
    browser.shot(director, f"person-retired-{width}")


def test_two_who_edit_the_same_person(browser: Desk, director: Page) -> None:
    width = director.viewport_size["width"]
    enter(director, f"edited.{width}")
    person = director.url.split("?")[0]
    admin = browser.open(DESK)
    sign_in(admin, "admin")
    for page in (director, admin):
        page.goto(f"{person}/edit")
    admin.get_by_label("ตำแหน่ง").fill("ครูชำนาญการ")
    admin.get_by_role("button", name="บันทึก").click()
    expect(admin.get_by_role("status")).to_contain_text("บันทึกข้อมูลบุคคลแล้ว")
    director.get_by_label("ตำแหน่ง").fill("ครูผู้ช่วย")
    director.get_by_role("button", name="บันทึก").click()
    expect(director.get_by_role("alert")).to_contain_text("ข้อมูลถูกแก้ไขไปก่อนแล้ว")
    expect(director.get_by_label("ตำแหน่ง")).to_have_value("ครูผู้ช่วย")
    browser.shot(director, f"person-stale-{width}")
    director.get_by_role("link", name="เปิดข้อมูลล่าสุด").click()
    expect(director.get_by_label("ตำแหน่ง")).to_have_value("ครูชำนาญการ")


def test_nobody_else_is_shown_the_people(browser: Desk) -> None:
    page = browser.open(DESK)
    sign_in(page, "officer")
    expect(page.get_by_role("link", name="บุคลากร")).to_have_count(0)
    answer = page.goto("/people")
    assert answer is not None
    assert answer.status == 403
    browser.shot(page, "people-forbidden-desk")
