"""Everybody can use every page: axe-core on each for every role, at a desk, zoomed and on a phone; and the keyboard.

Pages come from the routes (tests/running/office_pages.py): a new page is looked at by being there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from services.schools.seed.office import AREAS
from tests.running.accessibility import DESK, HEIGHT, faults_of
from tests.running.chromium import PHONE, Desk, desk, sign_in
from tests.running.dmc import school_file
from tests.running.office_pages import PEOPLE, pages_of, park_a_message
from tests.running.system import EmbeddedSystem, running
from tests.running.two_areas import Side

SIZE = {"width": DESK, "height": HEIGHT}


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    """An office in which something has happened: a round with findings, people, a list, a plan, a parked message."""
    folder = tmp_path_factory.mktemp("office")
    with running(EmbeddedSystem(folder)) as system:
        side = Side(system, AREAS[0])
        side.play(folder)
        park_a_message(f"sqlite:///{folder / 'data' / 'db' / 'reporting.sqlite'}")
        yield side


@pytest.fixture(scope="module")
def people(side: Side, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(side.system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """Pages that were looked at: what two roles see alike is looked at once."""
    return set()


def signature(page: Page) -> str:
    """What the page itself holds, without the bar and the menu: those are looked at on each role's first page."""
    return hashlib.sha256(f"{page.url}{page.locator('main').inner_html()}".encode()).hexdigest()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("role", PEOPLE, ids=lambda role: role or "nobody")
def test_no_page_keeps_anybody_out(role: str, side: Side, people: Desk, seen: set[str]) -> None:
    page = people.open(SIZE)
    username = PEOPLE[role]
    if username:
        sign_in(page, username)
    faults = []
    for where in [*pages_of(role, side), "/nowhere"]:
        answer = page.goto(where)
        if answer is None or answer.status != (404 if where == "/nowhere" else 200):
            faults.append(f"{where} answers {answer and answer.status}")
        known = signature(page)
        if known not in seen or where == "/":
            seen.add(known)
            faults += [f"{where} {fault}" for fault in faults_of(page)]
    page.context.close()
    assert faults == []


def test_every_parameter_of_a_page_is_filled_in(side: Side) -> None:
    everything = {where for role in PEOPLE for where in pages_of(role, side)}
    assert len(everything) > 40
    assert [where for where in everything if "{" in where] == []


def wrong_login(page: Page, _side: Side) -> None:
    page.goto("/login")
    page.get_by_label("ชื่อผู้ใช้").fill("officer")
    page.get_by_label("รหัสผ่าน").fill("wrong")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def wrong_round(page: Page, _side: Side) -> None:
    sign_in(page, "officer")
    page.goto("/rounds/new?round_no=1&year_be=2569")
    page.get_by_label("วันเปิดรอบ").fill("30/02/2569")
    page.get_by_role("button", name="สร้างเป็นร่าง").click()


def open_dialog(page: Page, side: Side) -> None:
    sign_in(page, "officer")
    page.goto(f"/rounds/{side.things['round']}")
    page.locator("summary", has_text="ปิดรอบ").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def returned_without_reason(page: Page, side: Side) -> None:
    sign_in(page, "officer")
    page.goto(f"/rounds/{side.things['round']}/schools/{side.other}")
    page.locator("#return > summary").click()
    page.get_by_label("แถวที่ให้แก้").fill("สามแถว")
    page.locator("#return").get_by_label("เหตุผล").fill("ตรวจอีกครั้ง")
    page.get_by_role("button", name="ตีกลับ", exact=True).click()


def second_step(page: Page, _side: Side) -> None:
    sign_in(page, "recordsofficer")
    page.goto("/account/totp")
    page.get_by_role("button", name="เริ่มตั้งค่า").click()


def forbidden(page: Page, _side: Side) -> None:
    sign_in(page, "teacher")
    page.goto("/ops")


def recovery_codes(page: Page, _side: Side) -> None:
    sign_in(page, "deputydirector")
    page.goto("/account/totp")
    page.get_by_role("button", name="เริ่มตั้งค่า").click()
    secret = "".join(page.locator(".key span").all_inner_texts())
    page.get_by_label("รหัส 6 หลัก").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="เปิดใช้").click()


def printed_slip(page: Page, side: Side) -> None:
    sign_in(page, "admin")
    page.goto(f"/people/{side.things['person']}")
    page.locator("summary", has_text="พิมพ์สลิปรหัสผ่าน").click()
    page.get_by_role("button", name="ออกรหัสผ่านและแสดงสลิป").click()
    expect(page.locator("li.slip .secret")).to_be_visible()


def revealed_citizen_id(page: Page, side: Side) -> None:
    sign_in(page, "admin")
    page.goto(f"/people/{side.things['person']}")
    page.locator("summary", has_text="ดูเลขเต็ม").click()
    page.get_by_label("เหตุผลที่ขอดู").fill("ตรวจกับบัตรประชาชน")
    page.get_by_role("button", name="แสดงเลขเต็ม").click()
    expect(page.locator("output")).to_have_text(re.compile(r"^\d-\d{4}-\d{5}-\d{2}-\d$"))


def revealed_value(page: Page, side: Side) -> None:
    sign_in(page, "officer")
    page.goto(f"/submissions/{side.things['submission']}/findings/{side.things['finding']}")
    page.get_by_label("เหตุผลที่ขอดู").fill("ตรวจกับทะเบียนบ้าน")
    page.get_by_role("button", name="แสดงค่าเต็ม").click()
    expect(page.locator("output")).to_be_visible()


@pytest.mark.parametrize(
    ("arrive", "sign"),
    [
        (wrong_login, "ไม่ถูกต้อง"),
        (wrong_round, "ไม่มีวันที่นี้ในปฏิทิน"),
        (open_dialog, "ปิดรอบตอนนี้หรือไม่"),
        (returned_without_reason, "แถวต้องเป็นตัวเลข"),
        (second_step, "ส่องรูปนี้ด้วยแอป"),
        (forbidden, "ไม่มีสิทธิ์"),
        (recovery_codes, "เปิดการยืนยันสองขั้นแล้ว"),
        (printed_slip, "พิมพ์แล้วตัดแจกให้ถึงมือเจ้าของบัญชี"),
        (revealed_citizen_id, "การเปิดดูครั้งนี้บันทึกไว้แล้ว"),
        (revealed_value, "ค่าเต็มในไฟล์"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_neither_does_what_a_form_answers(
    arrive: Callable[[Page, Side], None], sign: str, side: Side, people: Desk
) -> None:
    page = people.open(SIZE)
    arrive(page, side)
    expect(page.get_by_text(sign).first).to_be_visible()
    assert faults_of(page) == []
    page.context.close()


# what stands in options and in descriptions of drawings cannot be marked
UNMARKED = """() => { const found = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) { const node = walk.currentNode;
      const known = node.parentElement.closest("[lang=th], [aria-hidden=true], option, desc, pre");
      if (!known && /[\\u0e00-\\u0e7f]/.test(node.data))
        found.push(node.data.trim()); }
    return found; }"""


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("role", ["area_admin", "officer", "registrar", "school_director", "data_officer", "auditor"])
def test_english_pages_say_so_and_mark_what_is_thai(role: str, side: Side, people: Desk) -> None:
    """Names, what people typed and what services say stay Thai, and are spoken as Thai."""
    page = people.open(SIZE)
    page.context.add_cookies([{"name": "khet_view", "value": "en.arabic.short", "url": side.system.url}])
    page.goto("/login")
    page.get_by_label("User name").fill(PEOPLE[role] or "")
    page.get_by_label("Password").fill("khet-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    assert faults_of(page) == []
    unmarked = []
    for where in pages_of(role, side):
        page.goto(where)
        assert page.locator("html").get_attribute("lang") == "en"
        if where != "/design" and (texts := page.evaluate(UNMARKED)):
            unmarked += [f"{where} {text}" for text in texts]
    page.context.close()
    assert not unmarked, "\n".join(unmarked)


# ── the keyboard alone ──


SHOWS_FOCUS = """document.activeElement.matches(':focus-visible')
    && getComputedStyle(document.activeElement).outlineStyle !== 'none'"""
HAS_NAME = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText || document.activeElement.value"


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until what has the focus is called ``name``."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in (page.evaluate(HAS_NAME) or ""):
            assert page.evaluate(SHOWS_FOCUS), f"nothing shows that {name} has the focus"
            return
    raise AssertionError(f"{name} was not reached")


def test_a_school_sends_and_confirms_with_the_keyboard_alone(side: Side, people: Desk, tmp_path: Path) -> None:
    smis = side.silent
    made = school_file(tmp_path, smis, pupils=25)
    page = people.open(PHONE)
    page.goto("/")
    page.keyboard.type(f"data-{smis}")  # the field has the focus
    tab_to(page, "รหัสผ่าน")
    page.keyboard.type("khet-demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="งานของฉัน")).to_be_visible()

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "ทำต่อ")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="ส่งไฟล์ข้อมูลนักเรียน")).to_be_visible()
    tab_to(page, "ไฟล์จาก DMC")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(made.path)
    tab_to(page, "ส่งไฟล์")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ยืนยันข้อมูลฉบับที่ 1")).to_be_visible()
    tab_to(page, "ยืนยันข้อมูล")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="รอผู้อำนวยการโรงเรียนรับรอง")).to_be_visible()


def test_a_dialog_keeps_the_keyboard_and_gives_it_back(side: Side, people: Desk) -> None:
    page = people.open(SIZE)
    open_dialog(page, side)
    for _ in range(6):
        page.keyboard.press("Tab")
        # the browser's own bar comes after the last thing of the dialog; the page behind never does
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "ปิดรอบ" in page.evaluate("document.activeElement.innerText")


def test_what_moves_stands_still_for_those_who_want_it(people: Desk) -> None:
    page = people.open(SIZE, reduced_motion="reduce")
    page.goto("/login")
    lasting = page.evaluate("getComputedStyle(document.querySelector('button.primary')).transitionDuration")
    assert lasting in ("0s", "")
