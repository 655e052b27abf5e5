"""A received letter in Chromium, from the registry to its closing: a desk and a phone, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, sign_in
from tests.running.papers import a_letter, a_scan
from tests.running.system import System
from tests.running.waiting import until

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
    head.get_by_role("link", name="เลือกผู้รับผิดชอบ").click()
    staff.shot(head, "letter-assign")
    head.get_by_label("คำสั่งการ").fill("เข้าร่วมประชุมและรายงาน")
    head.get_by_label("กำหนดเสร็จ").fill("31/02/2600")
    rows = head.locator("table.people tbody tr")
    own = rows.filter(has_text=name_of(officer))
    own.get_by_label("ผู้รับผิดชอบ").check()
    rows.filter(has_text="รับเรื่อง").get_by_label("ผู้รับผิดชอบ").check()
    head.get_by_role("button", name="มอบหมาย", exact=True).click()
    expect(head.get_by_role("alert")).to_contain_text("ไม่มีวันที่นี้ในปฏิทิน")
    expect(own.get_by_label("ผู้รับผิดชอบ")).to_be_checked()
    head.get_by_label("กำหนดเสร็จ").fill("30 ก.ย. 2600")
    head.get_by_role("button", name="มอบหมาย", exact=True).click()
    done(head, "มอบหมายแล้ว")
    tasks = head.locator("section", has=head.locator("#tasks"))
    expect(tasks).to_contain_text("ยังไม่เปิดอ่าน 2 คน")

    officer.goto("/tasks")
    expect(officer.locator("tbody tr", has_text=subject)).to_contain_text("30 ก.ย. 2600")
    staff.shot(officer, "tasks")
    officer.get_by_role("link", name=subject).click()
    head.goto(place)
    expect(tasks).to_contain_text("ยังไม่เปิดอ่าน 1 คน")
    expect(tasks).to_contain_text("เปิดแล้ว ยังไม่รับ 1 คน")
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


def test_a_secret_letter_is_sent_to_the_paper_book(staff: Staff) -> None:
    registrar = staff.of("registrar")
    key_in(registrar, f"ลับ {staff.width}")
    registrar.locator("#secrecy").select_option("secret")
    registrar.get_by_role("button", name="บันทึกและลงทะเบียน").click()
    expect(registrar.get_by_role("alert")).to_contain_text("ทะเบียนลับ")


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
    expect(registrar.get_by_role("link", name=subject)).to_be_visible()
    staff.shot(registrar, "home-letters")


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
