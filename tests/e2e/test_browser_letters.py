"""A received letter in Chromium, from the registry to its closing: a desk and a phone, with scripts and without."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shared.clock import BANGKOK
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, sign_in
from tests.running.old_registers import Amounts, as_csv, make
from tests.running.papers import a_letter, a_scan, pictures_of, text_of
from tests.running.system import System
from tests.running.waiting import until

DAY = dt.timedelta(days=1)
SIZES = {1280: DESK, 360: PHONE}


@pytest.fixture(scope="module")
def system(office: System) -> System:
    """The office, once it is known who works in it."""
    registrar, admin = Api(office.url, "registrar"), Api(office.url, "admin")
    until(lambda: registrar.get("/books", owner="5704-g-ict")["items"], what="the books of the group")
    unit = {"unit": "5704-g-ict", "title": "นาย", "family_name": "รับเรื่อง"}
    person = admin.post("/people", {**unit, "given_name": "ดำรง", "username": "second"}, expect=201)["person_id"]
    admin.post(f"/people/{person}/grants", {"role": "officer", "organisation": "5704"}, expect=201)
    password = admin.post(f"/people/{person}/password-slip", {})["password"]
    change = {"current_password": password, "new_password": "ลมหนาวบนดอยช้าง"}
    Api(office.url, "second", password).post("/auth/password", change)
    return office


@pytest.fixture(params=[1280, 360])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


class Staff:
    """Pages of the people of the office, at one width; on the phone without scripts."""

    def __init__(self, browser: Desk, width: int) -> None:
        self.browser, self.width, self.pages = browser, width, dict[str, Page]()

    def of(self, username: str) -> Page:
        if username not in self.pages:
            self.pages[username] = self.browser.open(SIZES[self.width], java_script_enabled=self.width == DESK["width"])
            password = {"password": "ลมหนาวบนดอยช้าง"} if username == "second" else {}
            sign_in(self.pages[username], username, **password)
        return self.pages[username]

    def shot(self, page: Page, name: str) -> None:
        # measuring a page takes a script
        if self.width == DESK["width"]:
            self.browser.shot(page, f"{name}-{self.width}")
        else:
            look = self.browser.open(PHONE)
            look.context.add_cookies(page.context.cookies())
            look.goto(page.url)
            self.browser.shot(look, f"{name}-{self.width}")
            look.context.close()


@pytest.fixture
def staff(system: System, people: Desk, width: int) -> Iterator[Staff]:
    assert system
    opened = Staff(people, width)
    yield opened
    for page in opened.pages.values():
        page.context.close()


def key_in(page: Page, subject: str, **more: str) -> None:
    """Fill in the form, in the order of the register."""
    page.goto("/letters/new")
    fields = {"doc_no": f"ศธ 04006/{subject}", "doc_date": "8 มิ.ย. 2569", "from": "สพฐ.", "subject": subject, **more}
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)


def done(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def number_of(page: Page) -> int:
    return int(page.locator(".last-number").inner_text())


def attach(page: Page, name: str, content: bytes) -> None:
    """Put a file to the letter of the page."""
    page.get_by_label("ไฟล์", exact=True).set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name="แนบไฟล์").click()


def placed(page: Page, stamp: str) -> tuple[int, int]:
    """Where a stamp will stand on paper, in percent of the page."""
    look = page.request.get(f"/api/v1{stamp}").json()
    [own] = [one for one in look["stamps"] if one["entry_id"] == look["entry_id"]]
    return round(own["x"]), round(own["y"])


def drag(page: Page, to: tuple[float, float]) -> None:
    """Move the stamp so that its upper left corner is at a place of the page, in percent of it, and hold it there."""
    page.locator(".stamp-page").scroll_into_view_if_needed()
    box, sheet = page.locator("button.stamp").bounding_box(), page.locator(".stamp-page").bounding_box()
    assert box and sheet
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(
        sheet["x"] + to[0] / 100 * sheet["width"] + 5, sheet["y"] + to[1] / 100 * sheet["height"] + 5, steps=4
    )


def stamped_at(staff: Staff, page: Page) -> None:
    """Put the stamp of the letter's number elsewhere: by dragging it, and without scripts by choosing a corner."""
    page.get_by_role("link", name="จัดวางตราเลขรับ").click()
    stamp = page.url.partition("/letters/")[2].partition("?")[0]
    if staff.width == DESK["width"]:
        drag(page, to=(20, 40))
        expect(page.locator("button.stamp")).to_have_class(re.compile("over"))
        said = page.locator("[data-said]")
        page.mouse.up()
        expect(page.locator("button.stamp")).not_to_have_class(re.compile("over"))
        expect(said).to_contain_text("ห่างขอบซ้าย")
        drag(page, to=(45, 4))
        page.mouse.up()
        expect(said).to_contain_text("ห่างขอบซ้าย 45% ขอบบน 4%")
        wanted = (45, 4)
    else:
        page.get_by_label("มุมล่างซ้าย").check()
        wanted = (3, 90)
    staff.shot(page, "letter-stamp")
    page.get_by_role("button", name="บันทึกตำแหน่ง").click()
    done(page, "บันทึกตำแหน่งตราแล้ว")
    assert placed(page, f"/letters/{stamp}") == wanted
    page.get_by_role("link", name="กลับไปที่หนังสือ").click()


def stand_in(staff: Staff, head: Page, for_days: tuple[str, str]) -> None:
    """The head of the group goes on leave; what is wrong with the days is said first."""
    head.goto("/delegations")
    for label, day in zip(("ตั้งแต่วันที่", "ถึงวันที่"), for_days, strict=True):
        head.get_by_label(label).fill(day)
    deputies = head.get_by_label("ผู้รับมอบ (ผู้ทำแทน)")
    deputies.select_option(deputies.locator("option", has_text="ดำรง").get_attribute("value"))
    head.locator("#order_no").fill("45/2569")
    head.get_by_role("button", name="บันทึกการมอบ").click()
    expect(head.get_by_role("alert")).to_contain_text("ตั้งแต่วันที่")
    today = dt.datetime.now(BANGKOK).date()
    for label, day in (("ตั้งแต่วันที่", today - DAY), ("ถึงวันที่", today + DAY)):
        head.get_by_label(label).fill(f"{day.day}/{day.month}/{day.year + 543}")
    head.get_by_role("button", name="บันทึกการมอบ").click()
    done(head, "บันทึกการมอบแล้ว")
    row = head.locator("tbody tr", has_text="ดำรง รับเรื่อง").filter(has_text="มีผลอยู่")
    expect(row).to_contain_text("45/2569")
    expect(row).to_contain_text("รักษาราชการแทน")
    staff.shot(head, "delegations")


def back(head: Page) -> None:
    """The head is back before the order ends."""
    head.goto("/delegations")
    row = head.locator("tbody tr").filter(has_text="มีผลอยู่")
    row.locator("details.confirm > summary").click()
    head.get_by_role("button", name="ยกเลิกการมอบ").click()
    done(head, "ยกเลิกการมอบแล้ว")
    expect(row).to_have_count(0)


def printed(staff: Staff, registrar: Page, subject: str) -> None:
    """The register on paper: a page of form 13 lying down, with the letter in it and nothing cut off at its edges."""
    registrar.goto("/books")
    registrar.get_by_role("link", name="ทะเบียนหนังสือรับ", exact=True).first.click()
    href = registrar.get_by_role("link", name="ทะเบียนทั้งปีสำหรับพิมพ์ (PDF)").get_attribute("href")
    register = registrar.request.get(href or "").body()
    assert subject.replace(" ", "") in re.sub(r"\s", "", text_of(register))
    page = pictures_of(register)[0].convert("L")
    staff.browser.keep(page, f"register-{staff.width}")
    assert page.width > page.height
    inside = (15, 15, page.width - 15, page.height - 15)
    edges = page.copy()
    edges.paste(255, inside)
    assert edges.getextrema() == (255, 255)
    ink = sum(page.crop(inside).histogram()[:128]) / (page.width * page.height)
    assert 0.002 < ink < 0.2


def test_the_way_of_a_letter(staff: Staff) -> None:
    registrar, clerk, head, officer, second = map(
        staff.of, ("registrar", "groupclerk", "groupdirector", "officer", "second")
    )
    subject = f"ขอเชิญประชุมทาง {staff.width}"
    key_in(registrar, subject, to="ผอ.สพป.เชียงราย เขต 4")
    registrar.locator("#speed").select_option("urgent")
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    done(registrar, "บันทึกหนังสือแล้ว")
    place = registrar.url.partition("?")[0]
    attach(registrar, "หนังสือ.pdf", b"nothing that anybody knows")
    expect(registrar.get_by_role("alert")).to_contain_text("รับไฟล์นี้ไม่ได้")
    attach(registrar, "หนังสือ.pdf", a_letter())
    done(registrar, "แนบไฟล์แล้ว")
    registrar.get_by_role("button", name="ลงทะเบียนรับ").click()
    done(registrar, "ลงทะเบียนรับแล้ว")
    expect(registrar.locator("dl.numbers dd")).to_have_count(1)
    stamped_at(staff, registrar)
    registrar.locator("#attach > summary").click()
    registrar.get_by_label("สิ่งที่ส่งมาด้วย").set_input_files(
        {"name": "กำหนดการ.png", "mimeType": "image/png", "buffer": a_scan()}
    )
    registrar.get_by_role("button", name="แนบไฟล์").click()
    done(registrar, "แนบไฟล์แล้ว")
    expect(registrar.locator("section", has=registrar.locator("#files"))).to_contain_text("300 dpi")
    registrar.locator("#step-forward > summary").click()
    registrar.get_by_label("กลุ่มที่ส่งต่อ").select_option("5704-g-ict")
    staff.shot(registrar, "letter-registered")
    registrar.get_by_role("button", name="ส่งต่อ", exact=True).click()
    done(registrar, "ส่งต่อแล้ว")
    expect(registrar.get_by_role("button", name="ลงทะเบียนรับ")).to_have_count(0)

    clerk.goto("/")
    clerk.get_by_role("link", name=subject).click()
    clerk.get_by_role("button", name="ลงทะเบียนรับ").click()
    done(clerk, "ลงทะเบียนรับแล้ว")
    expect(clerk.locator("dl.numbers dd")).to_have_count(2)
    clerk.get_by_label("สรุปเรื่อง").fill("ประชุมทางไกล ควรมอบเจ้าหน้าที่เข้าร่วม")
    clerk.get_by_role("button", name="เสนอ", exact=True).click()
    done(clerk, "เสนอแล้ว")

    head.goto("/")
    head.get_by_role("link", name=subject).click()
    staff.shot(head, "letter-proposed")
    stand_in(staff, head, for_days=("เมื่อวาน", "01/01/2400"))

    second.goto("/")
    second.get_by_role("link", name=subject).click()
    second.get_by_role("link", name="เลือกผู้รับผิดชอบ").click()
    staff.shot(second, "letter-assign")
    second.get_by_label("คำสั่งการ").fill("เข้าร่วมประชุมและรายงาน")
    second.get_by_label("กำหนดเสร็จ").fill("31/02/2600")
    rows = second.locator("table.people tbody tr")
    own = rows.filter(has_text=name_of(officer))
    own.get_by_label("ผู้รับผิดชอบ").check()
    rows.filter(has_text="รับเรื่อง").get_by_label("ผู้รับผิดชอบ").check()
    second.get_by_role("button", name="มอบหมาย", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("ไม่มีวันที่นี้ในปฏิทิน")
    expect(own.get_by_label("ผู้รับผิดชอบ")).to_be_checked()
    second.get_by_label("กำหนดเสร็จ").fill("30 ก.ย. 2600")
    second.get_by_role("button", name="มอบหมาย", exact=True).click()
    done(second, "มอบหมายแล้ว")
    endorsements = second.locator("section", has=second.locator("#endorsements"))
    expect(endorsements).to_contain_text("รักษาราชการแทนผู้อำนวยการกลุ่ม")
    back(head)
    second.goto(place)
    expect(second.get_by_role("link", name="มอบหมายเพิ่ม")).to_have_count(0)
    head.goto(place)
    tasks = head.locator("section", has=head.locator("#tasks"))
    # whoever gave it to themselves has opened it
    expect(tasks).to_contain_text("ยังไม่เปิดอ่าน 1 คน")

    officer.goto("/tasks")
    expect(officer.locator("tbody tr", has_text=subject)).to_contain_text("30 ก.ย. 2600")
    staff.shot(officer, "tasks")
    officer.get_by_role("link", name=subject).click()
    head.goto(place)
    expect(tasks).to_contain_text("เปิดแล้ว ยังไม่รับ 2 คน")
    officer.get_by_role("button", name="รับเรื่อง", exact=True).click()
    done(officer, "บันทึกการรับเรื่องแล้ว")
    for page in (officer, second):
        page.goto(place)
        if page is second:
            page.locator("#step-report > summary").click()
        page.get_by_label("ผลการดำเนินการ").fill("เข้าร่วมประชุมแล้ว")
        page.get_by_role("button", name="ส่งรายงาน").click()
        done(page, "บันทึกรายงานผลแล้ว")
    head.goto(place)
    staff.shot(head, "letter-reported")
    head.get_by_role("button", name="ปิดเรื่อง", exact=True).click()
    done(head, "ปิดเรื่องแล้ว")
    expect(head.locator(".head .badge").last).to_have_text("ปิดเรื่อง")
    steps = head.locator("section", has=head.locator("#history")).locator("li p:first-child b").all_inner_texts()
    assert steps == [
        "ปิดเรื่อง", "รายงานครบทุกคน", "เริ่มดำเนินการ", "มอบหมาย", "เสนอ", "ลงทะเบียนรับ", "ส่งต่อ", "แนบไฟล์",
        "ลงทะเบียนรับ", "แนบไฟล์", "รับหนังสือเข้า",
    ]  # fmt: skip
    staff.shot(head, "letter-closed")
    expect(head.locator("section", has=head.locator("#next"))).to_have_count(0)
    printed(staff, registrar, subject)


def test_a_stamp_follows_a_finger_and_the_arrow_keys(people: Desk, system: System) -> None:
    registrar = Api(system.url, "registrar")
    fields = {"direction": "in", "kind": "external", "subject": "ลากด้วยนิ้ว", "from": "สพฐ.", "doc_date": "2026-06-08"}
    fields |= {"speed": "normal", "secrecy": "none", "channel": "paper"}
    letter = registrar.post("/letters", {**fields, "register": True}, expect=201)
    place = f"/letters/{letter['id']}"
    registrar.request("POST", f"{place}/attachments", expect=201, files={"file": ("หนังสือ.pdf", a_letter())})
    stamp = f"{place}/stamps/{letter['numbers'][0]['entry_id']}"
    page = people.open(PHONE, has_touch=True)
    sign_in(page, "registrar")
    page.goto(stamp)
    people.shot(page, "letter-stamp-scripts-360")
    button, said = page.locator("button.stamp"), page.locator("[data-said]")
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    page.locator(".stamp-page").scroll_into_view_if_needed()
    box, sheet = button.bounding_box(), page.locator(".stamp-page").bounding_box()
    assert box and sheet
    start = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch("touchStart", start)
    touch("touchMove", (start[0] - sheet["width"] * 0.2, start[1] + sheet["height"] * 0.05))
    touch("touchEnd")
    expect(said).to_have_text(re.compile(r"ห่างขอบซ้าย 5\d% ขอบบน [78]%"))
    button.focus()
    x, y = map(int, re.findall(r"\d+", said.inner_text()))
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text(f"ซ้าย {x + 1}% ขอบบน {y}%")
    # what is written below is jumped over
    for _ in range(80):
        page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("ขอบบน 91%")
    page.keyboard.press("Shift+ArrowUp")
    expect(said).to_contain_text("ขอบบน 86%")
    page.get_by_label("มุมบนซ้าย").check()
    expect(said).to_contain_text("ขอบบน 12%")
    button.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("ตามที่ลากไว้ในหน้า")).to_be_checked()
    page.get_by_role("button", name="บันทึกตำแหน่ง").click()
    done(page, "บันทึกตำแหน่งตราแล้ว")
    assert placed(page, stamp) == (3, 13)
    page.context.close()


def test_a_letter_goes_round_and_it_is_known_who_has_read_it(staff: Staff) -> None:
    registrar, officer = staff.of("registrar"), staff.of("officer")
    subject, name = f"แจ้งเวียน {staff.width}", name_of(officer)
    officer.goto("/circulars")
    key_in(registrar, subject)
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    registrar.get_by_role("link", name=subject, exact=True).click()
    place = registrar.url
    registrar.get_by_role("link", name="เวียนให้ทราบ").click()
    registrar.get_by_role("button", name="เวียนหนังสือ").click()
    expect(registrar.get_by_role("alert")).to_contain_text("ต้องเลือกทุกคน หน่วยงาน หรือบุคคล")
    unit = registrar.locator("details", has=registrar.get_by_label(name))
    unit.locator("summary").click()
    unit.get_by_label(name).check()
    staff.shot(registrar, "letter-circulate")
    unit.get_by_label("ทุกคนในหน่วยงานนี้").check()
    registrar.get_by_label("ข้อความถึงผู้รับ").fill("โปรดทราบและถือปฏิบัติ")
    registrar.get_by_role("button", name="เวียนหนังสือ").click()
    done(registrar, "เวียนหนังสือแล้ว")
    overview = registrar.locator("section", has=registrar.locator("#circulations"))
    expect(overview).to_contain_text("อ่านแล้ว 0 จาก")

    officer.goto("/circulars")
    expect(officer.locator("tbody tr", has_text=subject)).to_contain_text("ยังไม่อ่าน")
    staff.shot(officer, "circulars")
    officer.get_by_role("link", name=subject, exact=True).click()
    expect(officer.locator(".notice.info")).to_contain_text("โปรดทราบและถือปฏิบัติ")
    expect(officer.locator("section", has=officer.locator("#next"))).to_have_count(0)
    staff.shot(officer, "letter-circular")
    registrar.goto(place)
    expect(overview).to_contain_text("อ่านแล้ว 1 จาก")
    overview.locator("summary").first.click()
    expect(overview.locator("details").first.locator("li", has_text=name)).to_contain_text("น.")
    staff.shot(registrar, "letter-circulated")

    registrar.get_by_role("link", name="ลงรับฉบับที่อ้างถึงเรื่องนี้").click()
    expect(registrar.locator("#refers_to")).to_have_value(re.compile(r"\d+/\d{4}"))
    earlier = registrar.locator("#refers_to").input_value()
    key_in(registrar, f"{subject} ฉบับแก้ไข", refers_to=earlier)
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    done(registrar, "บันทึกหนังสือแล้ว")
    thread = registrar.locator("section", has=registrar.locator("#thread")).locator("li")
    expect(thread).to_contain_text([subject, "ฉบับนี้"])
    staff.shot(registrar, "letter-thread")
    registrar.get_by_role("link", name="แก้ไขข้อมูล").click()
    expect(registrar.locator("#refers_to")).to_have_value(earlier)

    registrar.goto(place)
    overview.locator("details.confirm > summary").click()
    back = registrar.get_by_role("dialog") if staff.width == DESK["width"] else overview.locator("details.confirm")
    back.get_by_label("เหตุผล").fill("แนบไฟล์ผิด")
    back.get_by_role("button", name="ถอนหนังสือเวียน").click()
    done(registrar, "ถอนหนังสือเวียนแล้ว")
    expect(overview).to_contain_text("แนบไฟล์ผิด")
    officer.goto("/circulars")
    expect(officer.get_by_role("link", name=subject, exact=True)).to_have_count(0)


def name_of(page: Page) -> str:
    """The name of whoever is signed in, as lists have it."""
    return page.locator(".who-name").inner_text().removesuffix(" (สาธิต)").strip()


def test_a_heap_is_registered_one_after_the_other(staff: Staff) -> None:
    registrar = staff.of("registrar")
    subject = f"กองหนังสือ {staff.width}"
    key_in(registrar, f"{subject} ฉบับหนึ่ง", to="ผอ.สพป.")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    done(registrar, "ลงทะเบียนรับแล้ว")
    first = number_of(registrar)
    staff.shot(registrar, "letter-new-after")
    expect(registrar.locator("#subject")).to_have_value("")
    expect(registrar.locator("#to")).to_have_value("ผอ.สพป.")
    key_in(registrar, f"{subject} ฉบับสอง")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    expect(registrar.locator(".last-number")).to_have_text(str(first + 1))

    # the same once more: what was typed stays, and it is said that it is another one
    key_in(registrar, f"{subject} ฉบับสอง", note="มาทางอีเมลด้วย")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    expect(registrar.get_by_role("alert")).to_contain_text(str(first + 1))
    expect(registrar.locator("#note")).to_have_value("มาทางอีเมลด้วย")
    expect(registrar.locator("#doc_date")).to_have_value("8 มิ.ย. 2569")
    if staff.width == DESK["width"]:
        staff.browser.shot(registrar, "letter-again")
    registrar.get_by_label("เป็นอีกฉบับ").check()
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    expect(registrar.locator(".last-number")).to_have_text(str(first + 2))
    expect(registrar.locator(".card.last .notice")).to_contain_text(f"อาจรับไว้แล้ว (เลขรับ {first + 1})")


PASTE = """([field, text]) => {
  const copied = new DataTransfer();
  copied.setData("text/plain", text);
  const pasted = { clipboardData: copied, bubbles: true, cancelable: true };
  document.querySelector(field).dispatchEvent(new ClipboardEvent("paste", pasted));
}"""


def test_a_table_of_letters_is_filled_and_wrong_rows_come_back(staff: Staff) -> None:
    registrar, is_desk = staff.of("registrar"), staff.width == DESK["width"]
    subjects = [f"ตาราง {staff.width} ฉบับ {place}" for place in range(12)]
    rows = [(f"ที่ {subject}", "8/6/2569", "สพฐ.", subject) for subject in subjects]
    rows[1] = (rows[1][0], "31/02/2569", *rows[1][2:])
    registrar.goto("/letters/bulk")
    if is_desk:
        # a cell with a line break stands between marks in what a sheet copies; rows that are missing are made
        lines = ("\t".join((*row[:3], f'"{row[3]}\n(ต่อ)"', "", "ด่วนมาก")) for row in rows)
        registrar.evaluate(PASTE, ["#doc_no-1", "".join(f"{line}\r\n" for line in lines)])
        expect(registrar.locator("#subject-12")).to_have_value(f"{subjects[11]} (ต่อ)")
        expect(registrar.locator("#speed-12")).to_have_value("very_urgent")
        registrar.locator("#doc_no-1").focus()
        registrar.keyboard.press("ArrowDown")
        registrar.keyboard.press("Enter")
        expect(registrar.locator("#doc_no-3")).to_be_focused()
        staff.shot(registrar, "letters-bulk")
    else:
        registrar.get_by_role("button", name="เพิ่มแถว").click()
        for place, row in enumerate(rows, start=1):
            for name, value in zip(("doc_no", "doc_date", "from", "subject"), row, strict=True):
                registrar.locator(f"#{name}-{place}").fill(value)
    registrar.get_by_role("button", name="บันทึกและลงทะเบียนทุกแถว").click()
    given = registrar.locator(".card.last tbody tr")
    expect(given).to_have_count(11)
    numbers = [int(text) for text in registrar.locator(".card.last tbody td:first-child").all_inner_texts()]
    assert numbers == list(range(numbers[0], numbers[0] + 11))
    expect(registrar.get_by_role("alert")).to_contain_text("ยังไม่ได้ลงทะเบียน")
    expect(registrar.locator("#doc_date-1")).to_have_value("31/02/2569")
    expect(registrar.locator("#doc_date-1")).to_have_attribute("aria-invalid", "true")
    if is_desk:
        staff.shot(registrar, "letters-bulk-refused")
    registrar.locator("#doc_date-1").fill("9/6/2569")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียนทุกแถว").click()
    expect(given).to_have_count(1)
    expect(given.locator("td").first).to_have_text(str(numbers[-1] + 1))


def test_a_list_is_narrowed_sorted_named_and_found_on_my_work(staff: Staff) -> None:
    registrar, name = staff.of("registrar"), f"ด่วนที่สุด {staff.width}"
    for subject in ("โอนเงิน", "เกษียณอายุ", "ขอเชิญ"):
        key_in(registrar, f"{subject} {staff.width}", **{"from": f"กระทรวง {staff.width}"})
        registrar.locator("#speed").select_option("most_urgent")
        registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
        done(registrar, "ลงทะเบียนรับแล้ว")
    registrar.goto(f"/letters?q=กระทรวง {staff.width}")
    registrar.locator(".more-fields > summary").click()
    registrar.get_by_label("ชั้นความเร็ว").select_option("most_urgent")
    registrar.get_by_label("รับตั้งแต่วันที่").fill("1 ม.ค. 2569")
    registrar.get_by_label("เรียงตาม").select_option("subject")
    registrar.get_by_role("button", name="กรอง").click()
    subjects = registrar.locator("tbody th a")
    expect(subjects).to_have_text([f"{one} {staff.width}" for one in ("เกษียณอายุ", "ขอเชิญ", "โอนเงิน")])
    registrar.locator(".save-view > summary").click()
    registrar.get_by_label("ชื่อรายการ").fill(name)
    registrar.get_by_role("button", name="บันทึกรายการ").click()
    done(registrar, "บันทึกรายการแล้ว")
    staff.shot(registrar, "letters-narrowed")
    expect(registrar.locator(".views [aria-current]")).to_have_text(f"{name} 3")
    registrar.goto("/")
    registrar.get_by_role("link", name=f"3 {name}").click()
    expect(subjects).to_have_count(3)
    registrar.goto(f"/letters?q=เกษียนอายุ {staff.width}")
    expect(subjects).to_have_text([f"เกษียณอายุ {staff.width}"])
    expect(registrar.get_by_role("status")).to_contain_text("ใกล้เคียง")
    registrar.goto("/letters?doc_from=31/02/2569")
    expect(registrar.get_by_role("alert")).to_contain_text("ไม่ใช่วันที่ที่ถูกต้อง")
    registrar.goto("/letters/views")
    row = registrar.locator("tr", has_text=name)
    row.locator("summary", has_text="เปลี่ยนชื่อ").click()
    registrar.locator("input[name=name]:visible").fill(f"{name} ใหม่")
    registrar.get_by_role("button", name="เปลี่ยนชื่อ").last.click()
    done(registrar, "เปลี่ยนชื่อรายการแล้ว")
    staff.shot(registrar, "letter-views")
    row.locator("summary", has_text="ลบรายการ").click()
    registrar.get_by_role("button", name="ลบรายการ").last.click()
    done(registrar, "ลบรายการแล้ว")
    expect(row).to_have_count(0)


def test_a_correspondent_is_chosen_from_the_book_and_two_of_them_made_one(staff: Staff) -> None:
    registrar, place = staff.of("registrar"), f"ห้วยซ้อ {staff.width}"
    for name in (f"องค์การบริหารส่วนตำบล{place}", f"องค์การบริหารส่วน ต.{place}"):
        registrar.goto("/contacts")
        registrar.get_by_label("ชื่อ", exact=True).fill(name)
        registrar.get_by_label("ประเภท").select_option("local")
        registrar.get_by_role("button", name="เพิ่มผู้ติดต่อ").click()
        done(registrar, "เพิ่มผู้ติดต่อแล้ว")
    registrar.goto("/letters/new")
    if staff.width == DESK["width"]:
        registrar.locator("#from").press_sequentially("ห้วย ซ้อ")
    suggested = registrar.locator(f"#contacts option[value*='{place}']")
    expect(suggested).to_have_count(2)
    registrar.goto(f"/contacts?q=ต.{place}")
    registrar.get_by_role("link", name=place).click()
    staff.shot(registrar, "contact")
    registrar.get_by_label(f"องค์การบริหารส่วนตำบล{place}").check()
    registrar.get_by_role("button", name="รวมเป็นรายเดียว").click()
    done(registrar, "รวมเป็นรายเดียวแล้ว")
    registrar.goto(f"/contacts?q=ต.{place}")
    expect(registrar.locator("tbody th a")).to_have_text([f"องค์การบริหารส่วนตำบล{place}"])
    staff.shot(registrar, "contacts")


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(staff: Staff) -> None:
    registrar = staff.of("registrar")
    key_in(registrar, f"ผิด {staff.width}", doc_date="31/02/2569", received_at="10/06/2569", received_at_time="25.99")
    registrar.locator("#speed").select_option("within")
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    alert = registrar.get_by_role("alert")
    for words in ("ลงวันที่", "วันเวลาที่รับ", "ด่วนภายในต้องระบุวันเวลา"):
        expect(alert).to_contain_text(words)
    expect(registrar.locator("#received_at_time")).to_have_value("25.99")
    expect(registrar.locator("#speed")).to_have_value("within")
    right = {"doc_date": "๘/๖/๒๕๖๙", "received_at_time": "9.05 น."}
    for name, value in {**right, "speed_deadline": "30/6/2569", "speed_deadline_time": "16.30"}.items():
        registrar.locator(f"#{name}").fill(value)
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    done(registrar, "บันทึกหนังสือแล้ว")
    facts = registrar.locator("dl.facts").last
    for words in ("8 มิ.ย. 2569", "10 มิ.ย. 2569 09:05 น.", "30 มิ.ย. 2569 16:30 น."):
        expect(facts).to_contain_text(re.compile(words.replace(" ", r"\s")))


def test_a_secret_letter_is_left_to_who_was_appointed(staff: Staff) -> None:
    registrar = staff.of("registrar")
    key_in(registrar, f"ลับ {staff.width}")
    registrar.locator("#secrecy").select_option("secret")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    expect(registrar.get_by_role("alert")).to_contain_text("นายทะเบียนข้อมูลข่าวสารลับ")


def test_a_letter_is_put_right_sent_back_and_voided(staff: Staff) -> None:
    registrar, clerk = staff.of("registrar"), staff.of("groupclerk")
    subject = f"แก้ไข {staff.width}"
    key_in(registrar, subject)
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    registrar.get_by_role("link", name=subject, exact=True).click()
    place = registrar.url
    registrar.get_by_role("link", name="แก้ไขข้อมูล").click()
    registrar.locator("#from").fill("สพม.เชียงราย")
    registrar.get_by_role("button", name="บันทึก", exact=True).click()
    done(registrar, "แก้ไขข้อมูลหนังสือแล้ว")
    expect(registrar.locator(".head")).to_contain_text("สพม.เชียงราย")
    registrar.locator("#step-forward > summary").click()
    registrar.get_by_label("กลุ่มที่ส่งต่อ").select_option("5704-g-ict")
    registrar.get_by_role("button", name="ส่งต่อ", exact=True).click()
    clerk.goto(place)
    expect(clerk.get_by_role("link", name="แก้ไขข้อมูล")).to_have_count(0)
    clerk.locator("#return > summary").click()
    back = clerk.get_by_role("dialog") if staff.width == DESK["width"] else clerk.locator("#return")
    back.get_by_label("เหตุผล").fill("ไม่ใช่งานของกลุ่ม")
    back.get_by_role("button", name="คืนเรื่อง").click()
    done(clerk, "คืนเรื่องแล้ว")
    registrar.goto(place)
    expect(registrar.get_by_text("“ไม่ใช่งานของกลุ่ม”")).to_be_visible()
    registrar.locator("#void > summary").click()
    void = registrar.get_by_role("dialog") if staff.width == DESK["width"] else registrar.locator("#void")
    void.get_by_label("เหตุผล").fill("ลงผิดฉบับ")
    void.get_by_role("button", name="ยกเลิกหนังสือ").click()
    done(registrar, "ยกเลิกหนังสือแล้ว")
    expect(registrar.locator("dl.numbers s")).to_be_visible()
    staff.shot(registrar, "letter-void")


def test_the_list_is_narrowed(staff: Staff) -> None:
    registrar = staff.of("registrar")
    subject = f"ค้างรอ {staff.width}"
    key_in(registrar, subject)
    registrar.locator("#speed").select_option("most_urgent")
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    registrar.goto("/letters")
    staff.shot(registrar, "letters")
    registrar.get_by_label("รอท่านดำเนินการ").select_option("register")
    registrar.get_by_label("อยู่ที่").select_option("5704")
    registrar.get_by_role("button", name="กรอง").click()
    row = registrar.locator("tbody tr", has_text=subject)
    expect(row).to_contain_text("ด่วนที่สุด")
    expect(row).to_contain_text("รอลงทะเบียน")
    registrar.get_by_label("อยู่ที่").select_option("5704-g-admin")
    registrar.get_by_role("button", name="กรอง").click()
    expect(registrar.get_by_role("heading", name="ไม่มีหนังสือตามที่เลือก")).to_be_visible()
    registrar.goto("/")
    staff.shot(registrar, "home-letters")
    registrar.get_by_role("link", name=re.compile("รอลงทะเบียน$")).click()
    expect(registrar.locator("tbody tr", has_text=subject)).to_be_visible()


def test_a_desk_is_handed_over(staff: Staff, system: System) -> None:
    registrar, director = Api(system.url, "registrar"), Api(system.url, "areadirector")
    head, officer, second = staff.of("groupdirector"), staff.of("officer"), staff.of("second")
    fields = {"direction": "in", "kind": "external", "subject": f"ส่งมอบ {staff.width}", "from": "สพฐ."}
    fields |= {"doc_date": "2026-06-08", "speed": "normal", "secrecy": "none", "channel": "paper", "register": True}
    place = f"/letters/{registrar.post('/letters', fields, expect=201)['id']}"
    registrar.post(f"{place}/propose", {"summary": "เพื่อพิจารณา"})
    person = officer.request.get("/api/v1/me").json()["person_id"]
    director.post(f"{place}/assign", {"responsible": [person], "instruction": "ดำเนินการ", "due": "2099-01-01"})
    head.goto("/delegations")
    head.locator("#handover > summary").click()
    for name, who in (("ผู้ส่งมอบ", name_of(officer)), ("ผู้รับมอบงาน", "ดำรง")):
        field = head.get_by_label(name, exact=True)
        field.select_option(field.locator("option", has_text=who).get_attribute("value"))
    head.locator("#handover-order").fill("50/2569")
    head.locator("#handover-reason").fill("ย้ายไปปฏิบัติราชการที่อื่น")
    head.get_by_role("button", name="ส่งมอบงานทั้งหมด").click()
    done(head, "ส่งมอบงานแล้ว")
    second.goto("/tasks")
    expect(second.locator("tbody tr", has_text=f"ส่งมอบ {staff.width}")).to_be_visible()
    officer.goto("/tasks")
    expect(officer.get_by_text(f"ส่งมอบ {staff.width}")).to_have_count(0)


def test_the_registry_says_on_which_days_the_office_works(staff: Staff) -> None:
    registrar = staff.of("registrar")
    year = dt.datetime.now(BANGKOK).year + 543
    day = {DESK["width"]: 6, PHONE["width"]: 7}[staff.width]
    registrar.goto("/office-days")
    if staff.width == DESK["width"]:
        expect(registrar.get_by_role("heading", name="ทำการตามปฏิทินราชการทุกวัน")).to_be_visible()
    registrar.locator("#day").fill(f"31/02/{year}")
    registrar.get_by_label("ชื่อวัน").fill("วันหยุดพิเศษตามมติ ครม.")
    registrar.get_by_role("button", name="บันทึก", exact=True).click()
    expect(registrar.get_by_role("alert")).to_contain_text("ไม่มีวันที่นี้ในปฏิทิน")
    registrar.locator("#day").fill(f"{day}/1/{year}")
    registrar.get_by_role("button", name="บันทึก", exact=True).click()
    done(registrar, "บันทึกวันแล้ว")
    row = registrar.locator("tbody tr", has_text="วันหยุดพิเศษ").filter(has_text=f"{day} มกราคม")
    expect(row).to_contain_text("วันหยุด")
    staff.shot(registrar, "office-days")
    if staff.width == PHONE["width"]:
        row.locator("details.confirm > summary").click()
        row.get_by_role("button", name="ลบวันนี้").click()
        done(registrar, "ลบวันแล้ว")
        expect(row).to_have_count(0)
    officer = staff.of("officer")
    officer.goto("/office-days")
    expect(officer.get_by_role("heading", name="เพิ่มวัน")).to_have_count(0)


def test_an_old_register_is_looked_at_and_taken_over(staff: Staff) -> None:
    clerk = staff.of("schoolclerk")
    clerk.goto("/books")
    clerk.get_by_role("link", name="ทะเบียนหนังสือรับ", exact=True).click()
    clerk.get_by_role("link", name="ทะเบียนเดิม").click()
    sending = clerk.get_by_label("ไฟล์", exact=True)
    sending.set_input_files({"name": "รายชื่อ.csv", "mimeType": "text/csv", "buffer": "ชื่อ,อายุ\nก,1\n".encode()})
    clerk.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()
    expect(clerk.get_by_role("alert")).to_contain_text("หัวตาราง")
    staff.shot(clerk, "old-register-refused")
    amounts = Amounts(rows=60, duplicates=2, letters=1, gaps=2, voids=2, bad_cells=2, bad_numbers=2, disorder=0)
    table, planted = make(5, amounts)
    sending.set_input_files({"name": "ทะเบียนรับเดิม.csv", "mimeType": "text/csv", "buffer": as_csv(table)})
    clerk.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()
    expect(clerk.get_by_role("heading", name="ตรวจแล้ว ยังไม่มีอะไรเข้าทะเบียน")).to_be_visible()
    rows = clerk.locator("section", has=clerk.locator("#rows"))
    for row in planted.unreadable:
        expect(rows.locator("tr", has_text=re.compile(rf"แถว {row}\b"))).to_contain_text("อ่านไม่ได้")
    expect(clerk.get_by_text(f"เลขที่หายไป {len(planted.gaps)} ช่วง")).to_be_visible()
    staff.shot(clerk, "old-register")
    if staff.width == PHONE["width"]:
        expect(clerk.get_by_text("ไม่มีแถวที่นำเข้าได้")).to_be_visible()
        return
    button = clerk.get_by_role("button", name="นำเข้า")
    count = re.sub(r"\D", "", button.inner_text())
    clerk.set_viewport_size(PHONE)
    staff.browser.shot(clerk, "old-register-report-360")
    button.click()
    expect(clerk.get_by_role("heading", name=f"นำเข้าแล้ว {count} แถว")).to_be_visible()
    clerk.get_by_role("link", name="เปิดทะเบียน").click()
    clerk.get_by_role("link", name="บัญชีตรวจสอบ").click()
    assert int(count) > 40


def test_a_double_click_makes_one_letter(people: Desk, system: System) -> None:
    page = people.open(DESK)
    sign_in(page, "registrar")
    key_in(page, "ดับเบิลคลิก")
    form = page.locator("form[action='/letters/new']")
    body = form.evaluate("form => new URLSearchParams([...new FormData(form), ['then', 'register']]).toString()")
    send = """async body => {
        const headers = {"Content-Type": "application/x-www-form-urlencoded"};
        return (await fetch("/letters/new", {method: "POST", body, headers})).url;
    }"""
    first, again = (page.evaluate(send, body) for _ in range(2))
    assert first == again and "last=" in first
    found = Api(system.url, "registrar").get("/letters", limit=200)["items"]
    assert [letter["subject"] for letter in found].count("ดับเบิลคลิก") == 1


def test_who_keeps_no_registry_is_not_offered_to_key_in(people: Desk) -> None:
    for username in ("groupclerk", "officer"):
        page = people.open(PHONE)
        sign_in(page, username)
        page.goto("/letters")
        expect(page.get_by_role("link", name="ลงรับหนังสือ")).to_have_count(0)
        answer = page.goto("/letters/new")
        assert answer is not None and answer.status == 403
        page.context.close()


def choose(page: Page, name: str) -> None:
    """Somebody from the list of people."""
    page.locator("#person").select_option(page.locator("#person option", has_text=name).first.get_attribute("value"))


def appoint(page: Page, name: str, post: str) -> None:
    page.goto("/clearances")
    choose(page, name)
    page.locator("#post").select_option(post)
    page.locator("#level").select_option("very_secret")
    page.locator("#order_no").fill("๙/๒๕๖๙")
    for field, day in (("order_date", "1 มิ.ย. 2569"), ("from", "1 มิ.ย. 2569"), ("until", "31 ธ.ค. 2600")):
        page.locator(f"#{field}").fill(day)
    page.get_by_role("button", name="บันทึกการแต่งตั้ง").click()
    done(page, "บันทึกการแต่งตั้งแล้ว")


def test_a_very_secret_letter_is_opened_with_a_reason(people: Desk, system: System) -> None:
    assert system
    staff = Staff(people, DESK["width"])
    registrar, director, auditor = map(staff.of, ("registrar", "areadirector", "auditor"))
    subject = "ตรวจสอบเรื่องนกยูง"
    key_in(registrar, subject)
    registrar.locator("#secrecy").select_option("very_secret")
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    expect(registrar.get_by_role("alert")).to_contain_text("นายทะเบียนข้อมูลข่าวสารลับ")
    expect(registrar.locator("#subject")).to_have_value(subject)
    director.goto("/clearances")
    expect(director.get_by_text("ยังไม่ได้แต่งตั้งใคร")).to_be_visible()
    staff.shot(director, "clearances-none")
    appoint(director, name_of(registrar), "registrar")
    appoint(director, name_of(director), "reader")
    staff.shot(director, "clearances")
    registrar.get_by_role("button", name="บันทึกไว้ก่อน").click()
    done(registrar, "บันทึกหนังสือแล้ว")
    place = registrar.url.partition("?")[0]
    registrar.get_by_role("button", name="ลงทะเบียนรับ").click()
    done(registrar, "ลงทะเบียนรับแล้ว")
    marks = registrar.locator(".secrecy-mark")
    expect(marks).to_have_text(["ลับมาก", "ลับมาก"])
    assert marks.first.evaluate("one => getComputedStyle(one).color") == "rgb(163, 33, 27)"
    expect(registrar.get_by_label("สรุปเรื่อง")).to_have_count(0)
    expect(registrar.get_by_text("ยังเสนอไม่ได้")).to_be_visible()
    choose(registrar, name_of(director))
    registrar.get_by_role("button", name="เพิ่มในบัญชี").click()
    done(registrar, "เพิ่มผู้เข้าถึงแล้ว")
    registrar.get_by_label("สรุปเรื่อง").fill("โปรดพิจารณา")
    staff.shot(registrar, "letter-very-secret")
    registrar.get_by_role("button", name="เสนอ", exact=True).click()
    done(registrar, "เสนอแล้ว")
    director.goto("/")
    expect(director.get_by_text(subject)).to_have_count(0)
    director.get_by_role("link", name="หนังสือลับมาก").click()
    expect(director.get_by_role("heading", name="เปิดหนังสือโดยระบุเหตุผล")).to_be_visible()
    director.get_by_label("เหตุผลที่เปิด").fill("ดู")
    director.get_by_role("button", name="เปิดหนังสือ").click()
    expect(director.get_by_role("alert")).to_contain_text("5")
    staff.shot(director, "letter-open")
    phone = people.open(PHONE)
    phone.context.add_cookies(director.context.cookies())
    for path, name in ((place, "letter-open"), ("/clearances", "clearances")):
        phone.goto(path)
        people.shot(phone, f"{name}-360")
    director.get_by_label("เหตุผลที่เปิด").fill("พิจารณาสั่งการ")
    director.get_by_role("button", name="เปิดหนังสือ").click()
    expect(director.get_by_role("heading", name=subject)).to_be_visible()
    phone.goto(place)
    people.shot(phone, "letter-very-secret-360")
    phone.context.close()
    director.get_by_role("link", name="เลือกผู้รับผิดชอบ").click()
    expect(director.locator("table.people tbody tr")).to_have_count(2)
    auditor.goto(place)
    expect(auditor.get_by_role("heading", name="ไม่พบ")).to_be_visible()
    auditor.goto("/letters?q=นกยูง")
    expect(auditor.get_by_text(subject)).to_have_count(0)
    for page in staff.pages.values():
        page.context.close()
def test_the_menu_leads_to_the_reports_of_letters(staff: Staff) -> None:
    registrar = staff.of("registrar")
    key_in(registrar, f"ค้างนาน {staff.width}", doc_date="5 ม.ค. 2569", received_at="5/1/2569", received_at_time="09.00")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    registrar.goto("/")
    if staff.width == PHONE["width"]:
        registrar.locator("nav.menu summary").click()
    registrar.locator("nav.menu a:visible", has_text="รายงานหนังสือ").click()
    expect(registrar.get_by_role("heading", level=1)).to_have_text("ปริมาณงานหนังสือ")
    staff.shot(registrar, "letter-workload")
    registrar.get_by_label("ช่วงเวลา", exact=True).select_option("be_year")
    registrar.get_by_label("แยกตาม").select_option("person")
    registrar.get_by_role("button", name="แสดง").click()
    expect(registrar.get_by_role("rowheader", name="ดำรง")).to_be_visible()
    staff.shot(registrar, "letter-workload-people")
    registrar.get_by_role("link", name="เวลาดำเนินการ").click()
    expect(registrar.get_by_text("ไม่ใช่เวลาทำการ")).to_be_visible()
    staff.shot(registrar, "letter-turnaround")
    registrar.get_by_role("link", name="เลยกำหนดและติดค้าง").click()
    staff.shot(registrar, "letter-overdue")
    registrar.get_by_label("แยกตาม").select_option("letter")
    registrar.get_by_role("button", name="แสดง").click()
    row = registrar.get_by_role("row", name=f"ค้างนาน {staff.width}")
    expect(row).to_contain_text("เลยกำหนดตามชั้นความเร็ว")
    staff.shot(registrar, "letter-overdue-list")
    registrar.get_by_role("link", name="ปี 2568").click()
    expect(registrar.get_by_role("heading", name="ไม่มีเรื่องที่เลยกำหนดหรือติดค้าง")).to_be_visible()
    staff.shot(registrar, "letter-overdue-none")
    head = staff.of("groupdirector")
    head.goto("/letter-reports")
    expect(head.get_by_role("rowheader")).to_have_text([re.compile("ICT"), "รวมทั้งหมด"])
