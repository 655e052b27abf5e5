"""The story in a real browser: officer and director at a desk, data officer on a phone; then the other way about.

Pictures of every page go to ``$KHET_SCREENSHOTS`` (default: a temporary folder).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.rounds.synthetic.generate import Generated, generate
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import Spec
from shared.clock import BANGKOK
from shared.thai.dates import academic_year, format_slashed
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, running
from tests.servers import PostgresServer, RabbitServer

SMIS, NAME = "57040001", "บ้านศรีลานนา"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A whole office of its own, embedded, and browsers at it."""
    office, pictures = (tmp_path_factory.mktemp(name) for name in ("office", "screenshots"))
    with running(EmbeddedSystem(office)) as system, desk(system.url, pictures) as opened:
        yield opened


@pytest.fixture(scope="module")
def open_page(people: Desk) -> Open:
    """A page of its own session. Whatever the browser complains about (scripts, the content policy) fails the test."""
    return people.open


@pytest.fixture(scope="module")
def shot(people: Desk) -> Callable[[Page, str], None]:
    return people.shot


def file_of(folder: Path, year_be: int, *defects: str) -> Generated:
    spec = Spec(School(SMIS, NAME, "อนุบาล-ประถมศึกษา", 120), year_be=year_be, round_no=1, defects=defects, dated=False)
    own = folder / ("-".join(defects) or "clean")
    own.mkdir()
    return generate(spec, own)


def upload(page: Page, made: Generated, version: int) -> None:
    page.get_by_label("ไฟล์จาก DMC").set_input_files(made.path)
    page.get_by_role("button", name="ส่งไฟล์", exact=True).click()
    expect(page.get_by_role("heading", name=f"ไฟล์ฉบับที่ {version} มี", exact=False)).to_be_visible()


def confirm(page: Page, version: int) -> None:
    expect(page.get_by_role("heading", name=f"ยืนยันข้อมูลฉบับที่ {version}")).to_be_visible()
    page.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(page.get_by_role("heading", name="รอผู้อำนวยการโรงเรียนรับรอง")).to_be_visible()


def certify(page: Page) -> None:
    page.get_by_role("button", name="รับรองข้อมูล").click()
    expect(page.get_by_text("รับรองข้อมูลแล้ว รอเขตรับทราบ")).to_be_visible()


def test_a_round_from_template_to_acknowledged(
    open_page: Open, shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    today = dt.datetime.now(BANGKOK).date()
    year_be = academic_year(today)
    faulty = file_of(tmp_path, year_be, "P03.title", "H03.light")
    mended = file_of(tmp_path, year_be, "H03.light")
    in_days = lambda days: format_slashed(today + dt.timedelta(days=days))  # noqa: E731

    officer, teacher, director = open_page(DESK), open_page(PHONE), open_page(DESK)

    # the officer
    officer.goto("/rounds")
    shot(officer, "login-desktop")
    officer.get_by_label("ชื่อผู้ใช้").fill("officer")
    officer.get_by_label("รหัสผ่าน").fill("not-it")
    officer.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(officer.get_by_role("alert")).to_contain_text("ไม่ถูกต้อง")
    expect(officer.get_by_label("ชื่อผู้ใช้")).to_have_value("officer")
    sign_in(officer, "officer")
    shot(officer, "home-empty-desktop")
    officer.get_by_role("link", name="สร้างรอบข้อมูล").first.click()
    shot(officer, "round-choice-desktop")
    officer.get_by_role("link", name="ใช้แบบนี้ รอบที่ 1").click()
    officer.get_by_label("วันเปิดรอบ").fill("30/02/2569")
    officer.get_by_role("button", name="สร้างเป็นร่าง").click()
    expect(officer.get_by_label("วันเปิดรอบ")).to_have_value("30/02/2569")
    expect(officer.get_by_label("วันเปิดรอบ")).to_have_attribute("aria-invalid", "true")
    shot(officer, "round-form-error-desktop")
    for field, days in {
        "วันเปิดรอบ": 1, "กำหนดโรงเรียนยืนยัน": 14, "กำหนดผู้อำนวยการรับรอง": 15, "กำหนดเขตรับทราบ": 16, "วันปิดรอบ": 17,
    }.items():  # fmt: skip
        officer.get_by_label(field).fill(in_days(days))
    officer.get_by_role("button", name="สร้างเป็นร่าง").click()
    expect(officer.get_by_text("สร้างรอบเป็นร่างแล้ว")).to_be_visible()
    shot(officer, "round-draft-desktop")
    officer.get_by_role("button", name="ประกาศให้โรงเรียนทราบ").click()
    expect(officer.get_by_text("ประกาศรอบแล้ว")).to_be_visible()
    round_address = officer.url.split("?")[0]
    shot(officer, "round-announced-desktop")
    officer.get_by_role("button", name="เปิดรับข้อมูลเลย").click()
    expect(officer.get_by_text("เปิดรับข้อมูลแล้ว")).to_be_visible()

    # the data officer, on a phone
    teacher.goto("/")
    shot(teacher, "login-phone")
    sign_in(teacher, f"data-{SMIS}")
    shot(teacher, "home-phone")
    teacher.get_by_role("link", name="ข้อความ", exact=True).click()
    expect(teacher.locator(".messages .title", has_text="ประกาศรอบ DMC")).to_have_count(1)
    shot(teacher, "inbox-phone")
    teacher.get_by_role("button", name=re.compile("^เปิด")).click()
    expect(teacher.get_by_role("heading", name=NAME)).to_be_visible()
    shot(teacher, "school-not-started-phone")
    upload(teacher, faulty, 1)
    expect(teacher.get_by_role("heading", name=re.compile("คำนำหน้าชื่อกับเพศ"))).to_be_visible()
    wrong = next(finding for finding in faulty.findings if finding.rule == "P03")
    rule = teacher.locator("article.rule", has_text="P03")
    expect(rule).to_contain_text(re.compile(rf"แถว\s*{wrong.row}\s*คอลัมน์\s*{wrong.column}"))
    shot(teacher, "school-errors-phone")
    upload(teacher, mended, 2)
    expect(teacher.get_by_role("heading", name="ชี้แจงคำเตือน แล้วยืนยันได้")).to_be_visible()
    teacher.get_by_role("textbox", name="เหตุผล").fill("ชั่งซ้ำแล้ว น้ำหนักถูกต้อง")
    shot(teacher, "school-warning-phone")
    teacher.get_by_role("button", name=re.compile("^ชี้แจงทั้งหมด")).click()
    expect(teacher.get_by_role("heading", name="ยืนยันข้อมูลฉบับที่ 2")).to_be_visible()
    shot(teacher, "school-ready-phone")
    teacher.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(teacher.get_by_role("heading", name="รอผู้อำนวยการโรงเรียนรับรอง")).to_be_visible()
    shot(teacher, "school-confirmed-phone")
    school_address = teacher.url.split("?")[0]

    # the director
    sign_in(director, f"director-{SMIS}")
    shot(director, "home-director-desktop")
    director.get_by_role("link", name="ทำต่อ").click()
    shot(director, "school-certify-desktop")
    certify(director)

    # the officer sends it back from the board
    officer.goto("/")
    shot(officer, "home-desktop")
    officer.goto(round_address)
    officer.get_by_label("สถานะ", exact=True).select_option("CERTIFIED")
    expect(officer.get_by_role("heading", name=re.compile("โรงเรียน 1 แห่ง"))).to_be_visible()
    expect(officer).to_have_url(re.compile("state=CERTIFIED"))
    officer.locator("summary", has_text="ตีกลับ").click()
    officer.get_by_label("เหตุผลที่ตีกลับ").fill("ตรวจจำนวนนักเรียน อ.2 อีกครั้ง")
    shot(officer, "board-return-desktop")
    officer.get_by_role("button", name="ตีกลับ", exact=True).click()
    expect(officer.get_by_text("ตีกลับแล้ว")).to_be_visible()

    # confirmed and certified again, acknowledged
    teacher.goto("/")
    expect(teacher.get_by_text("ตรวจจำนวนนักเรียน อ.2 อีกครั้ง").first).to_be_visible()
    shot(teacher, "home-returned-phone")
    teacher.goto(school_address)
    shot(teacher, "school-returned-phone")
    teacher.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(teacher.get_by_role("heading", name="รอผู้อำนวยการโรงเรียนรับรอง")).to_be_visible()
    director.goto(school_address)
    certify(director)
    officer.goto(school_address)
    shot(officer, "school-certified-officer-desktop")
    officer.goto(round_address)
    shot(officer, "board-desktop")
    officer.get_by_role("button", name=re.compile("^รับทราบ")).click()
    expect(officer.get_by_role("status").filter(has_text="รับทราบแล้ว")).to_be_visible()
    director.goto(school_address)
    expect(director.get_by_role("heading", name="เรียบร้อยแล้ว")).to_be_visible()
    shot(director, "school-acknowledged-desktop")

    # the head count
    officer.goto("/reports")
    expect(officer.locator("tfoot")).to_contain_text(str(mended.counts["pupils"]))
    shot(officer, "headcount-desktop")
    teacher.goto("/reports")
    expect(teacher.locator("tfoot")).to_contain_text(str(mended.counts["pupils"]))
    shot(teacher, "headcount-phone")


def test_every_other_page_is_shown(open_page: Open, shot: Callable[[Page, str], None]) -> None:
    officer, ops, registrar = open_page(DESK), open_page(DESK), open_page(PHONE)
    sign_in(officer, "officer")
    for path, name in {
        "/rounds": "rounds", "/schools": "schools", f"/schools/{SMIS}": "school", "/inbox": "inbox-empty",
        "/account": "account", "/password": "password", "/api/docs": "api-docs", "/nowhere": "not-found",
        "/ops": "forbidden", "/pupil-copy": "pupil-copy",
    }.items():  # fmt: skip
        officer.goto(path)
        shot(officer, f"{name}-desktop")
        officer.set_viewport_size(PHONE)
        shot(officer, f"{name}-phone")
        officer.set_viewport_size(DESK)
    sign_in(ops, "ops")
    shot(ops, "home-ops-desktop")
    ops.goto("/ops")
    shot(ops, "ops-desktop")
    ops.get_by_role("link", name="สร้างใหม่ reporting").click()
    shot(ops, "rebuild-desktop")
    sign_in(registrar, "registrar")
    shot(registrar, "home-registrar-phone")


def test_a_profile_is_saved_and_a_stale_one_is_not(open_page: Open, shot: Callable[[Page, str], None]) -> None:
    first, second = open_page(DESK), open_page(PHONE)
    sign_in(first, "officer")
    sign_in(second, f"data-{SMIS}")
    for page in (first, second):
        page.goto(f"/schools/{SMIS}/rooms")
    first.get_by_label("ป.1").fill("2")
    first.get_by_role("button", name="บันทึก").click()
    expect(first.get_by_text("บันทึกข้อมูลพื้นฐานแล้ว")).to_be_visible()
    expect(first.get_by_label("ป.1")).to_have_value("2")
    second.get_by_label("ป.1").fill("3")
    second.get_by_role("button", name="บันทึก").click()
    expect(second.get_by_role("alert")).to_contain_text("ข้อมูลถูกแก้ไขไปก่อนแล้ว")
    expect(second.get_by_label("ป.1")).to_have_value("3")
    shot(second, "school-stale-phone")


def test_the_pages_work_without_javascript(
    open_page: Open, shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    sign_in(page, "data-57040002")
    page.get_by_role("link", name="ทำต่อ").click()
    page.get_by_role("button", name="ส่งไฟล์", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("กรุณาแนบไฟล์")
    empty = tmp_path / "1.xlsx"
    empty.write_bytes(b"")
    page.get_by_label("ไฟล์จาก DMC").set_input_files(empty)
    page.get_by_role("button", name="ส่งไฟล์", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.screenshot(path=tmp_path / "refused.png")
    page.get_by_label(re.compile("ไม่มีนักเรียนในรอบนี้")).check()
    page.get_by_role("button", name="ส่งไฟล์", exact=True).click()
    expect(page.get_by_role("heading", name="ยืนยันข้อมูลฉบับที่ 1")).to_be_visible()
    page.get_by_label("ยืนยันว่าโรงเรียนไม่มีนักเรียน").check()
    page.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(page.get_by_role("heading", name="รอผู้อำนวยการโรงเรียนรับรอง")).to_be_visible()


def test_a_link_to_the_login_never_leads_elsewhere(open_page: Open) -> None:
    page = open_page(PHONE)
    page.goto("/login?next=//evil.example/")
    page.get_by_label("ชื่อผู้ใช้").fill("teacher")
    page.get_by_label("รหัสผ่าน").fill("khet-demo")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", name="งานของฉัน")).to_be_visible()
    page.locator("summary", has_text="บัญชีของฉัน").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_text("ออกจากระบบแล้ว")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("button", name="เข้าสู่ระบบ")).to_be_visible()


def test_a_closed_round_shows_how_far_each_school_came(open_page: Open, shot: Callable[[Page, str], None]) -> None:
    officer, teacher = open_page(DESK), open_page(PHONE)
    sign_in(officer, "officer")
    officer.goto("/rounds")
    officer.get_by_role("link", name=re.compile("^DMC")).click()
    officer.locator("summary", has_text="ปิดรอบ").click()
    officer.get_by_role("button", name="ปิดรอบตอนนี้").click()
    expect(officer.get_by_text(re.compile("^ปิดรอบแล้วเมื่อ"))).to_be_visible()
    expect(officer.locator(".tile", has_text="เขตรับทราบแล้ว")).to_contain_text("1")
    expect(officer.locator(".tile", has_text="เขตไม่ได้รับทราบ")).to_contain_text("1")
    shot(officer, "board-closed-desktop")
    sign_in(teacher, "data-57040003")
    teacher.get_by_role("link", name="รอบข้อมูล", exact=True).click()
    teacher.get_by_role("link", name=re.compile("^DMC")).click()
    expect(teacher.get_by_role("heading", name="ปิดรอบแล้ว: ไม่ส่ง")).to_be_visible()
    expect(teacher.get_by_role("button", name="ส่งไฟล์", exact=True)).to_have_count(0)
    shot(teacher, "school-closed-phone")


def test_the_story_with_the_widths_changed_over(
    people: Desk, open_page: Open, shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    """The data officer at a desk; the director certifies, the officer returns and acknowledges on phones."""
    year_be = academic_year(dt.datetime.now(BANGKOK).date()) - 1
    officer, teacher, director = open_page(PHONE), open_page(DESK), open_page(PHONE)
    round_id = open_round(
        Api(people.url, "officer"), year_be=year_be, as_of_date=f"{year_be - 543}-06-10", school_codes=[SMIS]
    )
    school_address = f"/rounds/{round_id}/schools/{SMIS}"

    sign_in(teacher, f"data-{SMIS}")
    teacher.goto(school_address)
    upload(teacher, file_of(tmp_path, year_be, "H03.light"), 1)
    teacher.get_by_role("textbox", name="เหตุผล").fill("ชั่งซ้ำแล้ว น้ำหนักถูกต้อง")
    shot(teacher, "school-warning-desktop")
    teacher.get_by_role("button", name=re.compile("^ชี้แจงทั้งหมด")).click()
    confirm(teacher, 1)
    shot(teacher, "school-confirmed-desktop")

    sign_in(director, f"director-{SMIS}")
    director.goto(school_address)
    shot(director, "school-certify-phone")
    certify(director)

    sign_in(officer, "officer")
    officer.goto(f"/rounds/{round_id}?state=CERTIFIED")
    officer.locator("summary", has_text="ตีกลับ").click()
    officer.get_by_label("เหตุผลที่ตีกลับ").fill("ตรวจจำนวนนักเรียน ป.1 อีกครั้ง")
    shot(officer, "board-return-phone")
    officer.get_by_role("button", name="ตีกลับ", exact=True).click()
    expect(officer.get_by_text("ตีกลับแล้ว")).to_be_visible()

    teacher.goto("/")
    expect(teacher.get_by_text("ตรวจจำนวนนักเรียน ป.1 อีกครั้ง").first).to_be_visible()
    shot(teacher, "home-returned-desktop")
    teacher.goto(school_address)
    confirm(teacher, 1)
    director.goto(school_address)
    certify(director)
    officer.goto(school_address)
    shot(officer, "school-certified-officer-phone")
    officer.get_by_role("button", name="รับทราบ", exact=True).click()
    expect(officer.get_by_role("status").filter(has_text="รับทราบแล้ว")).to_be_visible()
    shot(officer, "school-acknowledged-officer-phone")
    director.goto(school_address)
    expect(director.get_by_role("heading", name="เรียบร้อยแล้ว")).to_be_visible()


def test_a_service_that_is_away_is_named_and_the_rest_is_shown(
    people: Desk, servers: tuple[RabbitServer, PostgresServer], tmp_path: Path
) -> None:
    with running(ServicesSystem(tmp_path, *servers)) as system:
        page = people.elsewhere(system.url).open(PHONE)
        page.set_default_timeout(30_000)
        sign_in(page, "officer")
        system.process_of("notifications").stop()
        system.process_of("reporting").stop()
        page.goto("/")
        expect(page.get_by_role("status")).to_contain_text("กล่องข้อความ")
        expect(page.get_by_role("link", name="สร้างรอบข้อมูล").first).to_be_visible()
        page.goto("/reports/headcount")
        expect(page.get_by_role("heading", name="ระบบยังไม่พร้อมใช้งานชั่วคราว")).to_be_visible()
