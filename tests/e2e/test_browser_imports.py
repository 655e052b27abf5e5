"""Importing lists in a real browser: a file is sent, its report read, repairs decided, applied, slips printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.running import emis
from tests.running.accessibility import faults_of
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.people_lists import citizen_id, people_list, person
from tests.running.system import EmbeddedSystem, System, running

SMIS = "57040001"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as started:
        yield started


@pytest.fixture(scope="module")
def browser(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


def opened(browser: Desk, size: dict[str, int], username: str, **options: object) -> Page:
    page = browser.open(size, **options)
    sign_in(page, username)
    return page


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def send(page: Page, path: Path, kind: str = "people") -> None:
    page.goto(f"/imports?kind={kind}")
    page.get_by_label("ไฟล์", exact=True).set_input_files(path)
    page.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()


def tile(page: Page, words: str) -> int:
    """The number over these words."""
    return int(page.locator(".tile", has_text=words).locator("b").inner_text().replace(",", ""))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_people_from_the_file_to_the_slips(browser: Desk, tmp_path: Path, size: dict[str, int]) -> None:
    width, first = size["width"], size["width"] * 100
    admin = opened(browser, size, "admin")
    admin.goto("/people")
    admin.get_by_role("link", name="นำเข้ารายชื่อ").click()
    expect(admin.get_by_role("heading", name="นำเข้าข้อมูล")).to_be_visible()
    browser.shot(admin, f"imports-empty-{width}")
    with admin.expect_download() as form:
        admin.get_by_role("link", name="แบบฟอร์มสำหรับกรอก").first.click()
    assert form.value.suggested_filename.endswith(".xlsx")
    admin.get_by_text("คอลัมน์ในไฟล์ และความหมาย").first.click()
    expect(admin.get_by_text("ใช้หาว่าเป็นคนเดียวกับที่มีในระบบ")).to_be_visible()
    browser.shot(admin, f"imports-columns-{width}")

    rows = [
        person(first),
        person(first + 1, เลขประจำตัวประชาชน=f'="{citizen_id(first + 1)}"'),
        person(first + 2, โทรศัพท์=812345678),
        person(first + 3, บทบาท="พ่อบ้าน"),
    ]
    send(admin, file_of(tmp_path, f"ครู-{width}.xlsx", people_list(rows, title="บัญชีรายชื่อครู")))
    expect(admin.get_by_role("heading", name="ตรวจแล้ว ยังไม่มีอะไรเปลี่ยนในระบบ")).to_be_visible()
    assert [tile(admin, words) for words in ("เพิ่มใหม่", "มีข้อผิดพลาด", "ไม่ใช่แถวข้อมูล")] == [1, 3, 2]
    expect(admin.get_by_text("6 = 1 + 0 + 0 + 3 + 2")).to_be_visible()
    expect(admin.get_by_text("ไม่รู้จักบทบาท “พ่อบ้าน”")).to_be_visible()
    assert citizen_id(first + 1) not in admin.content()
    browser.shot(admin, f"import-report-{width}")

    admin.get_by_label("แก้ โทรศัพท์ ในแถว 5").check()
    admin.get_by_role("button", name="รับการแก้ที่เลือก", exact=True).click()
    expect(admin.get_by_role("button", name="นำเข้า 2 แถว")).to_be_visible()
    repair = admin.locator("tr", has_text="ครอบค่าไว้")
    repair.get_by_role("button", name="รับทั้งหมด", exact=True).click()
    expect(admin.get_by_role("button", name="นำเข้า 3 แถว")).to_be_visible()
    expect(admin.get_by_text("ไม่นำเข้า 1 แถวที่มีข้อผิดพลาด")).to_be_visible()
    browser.shot(admin, f"import-decided-{width}")

    admin.get_by_role("button", name="นำเข้า 3 แถว").click()
    expect(admin.get_by_role("heading", name="นำเข้าแล้ว 3 แถว")).to_be_visible(timeout=60_000)
    with admin.expect_download() as report:
        admin.get_by_role("link", name="รายงานทุกแถว").click()
    assert report.value.suggested_filename.startswith("ผลการนำเข้า")
    expect(admin.get_by_text("เหลือไว้เฉพาะสถานะและจำนวน")).to_be_visible()
    browser.shot(admin, f"import-applied-{width}")

    admin.get_by_role("button", name="พิมพ์สลิปรหัสผ่าน 3 คน").click()
    expect(admin.locator("li.slip")).to_have_count(3)
    expect(admin.get_by_text(f"dara{first}", exact=True)).to_be_visible()
    admin.goto("/imports")
    admin.get_by_role("link", name=f"ครู-{width}.xlsx").click()
    expect(admin.get_by_role("heading", name="นำเข้าแล้ว 3 แถว")).to_be_visible()
    expect(admin.get_by_role("button", name="พิมพ์สลิปรหัสผ่าน")).to_have_count(0)


def test_the_list_of_emis_and_its_defect(browser: Desk, tmp_path: Path) -> None:
    admin = opened(browser, DESK, "admin")
    admin.goto("/schools")
    admin.get_by_role("link", name="นำเข้ารายชื่อโรงเรียน").click()
    send(admin, file_of(tmp_path, "รายชื่อโรงเรียน.xls", emis.emis_list()), "schools")
    expect(admin.get_by_role("button", name="นำเข้า 134 แถว")).to_be_visible(timeout=60_000)
    expect(admin.get_by_text("ข้อมูล ณ วันที่ 10 มิ.ย. 2563")).to_be_visible()
    defect = admin.locator("article", has_text="สมถวิลจินตมัย")
    expect(defect).to_contain_text("157120742 → 1057120742")
    browser.shot(admin, "import-emis-desk")
    admin.get_by_role("button", name="รับทั้งหมด", exact=True).click()
    expect(admin.get_by_role("button", name="นำเข้า 135 แถว")).to_be_visible(timeout=60_000)
    admin.get_by_text("ยกเลิก", exact=True).first.click()
    admin.get_by_role("button", name="ยกเลิกการนำเข้านี้").click()
    expect(admin.get_by_text("ยกเลิกการนำเข้าแล้ว ข้อมูลในระบบไม่เปลี่ยน")).to_be_visible()
    admin.goto("/schools/57040161")
    expect(admin.get_by_text("157120742").first).to_be_visible()


def test_a_director_without_scripts_imports_for_the_own_school(browser: Desk, tmp_path: Path) -> None:
    """The page refreshes itself while the file is read; nothing needs a script."""
    director = opened(browser, PHONE, f"director-{SMIS}", java_script_enabled=False)
    director.goto("/imports")
    expect(director.get_by_text("รายชื่อโรงเรียน")).to_have_count(0)
    send(director, file_of(tmp_path, "ครู.xlsx", people_list([person(77, หน่วยงาน="", บทบาท="ครูข้อมูล")])))
    expect(director.get_by_role("button", name="นำเข้า 1 แถว")).to_be_visible(timeout=60_000)
    director.get_by_role("button", name="นำเข้า 1 แถว").click()
    expect(director.get_by_role("heading", name="นำเข้าแล้ว 1 แถว")).to_be_visible(timeout=60_000)


def test_a_file_that_is_no_list_says_which_columns_it_lacks(browser: Desk, tmp_path: Path) -> None:
    admin = opened(browser, PHONE, "admin")
    send(admin, file_of(tmp_path, "ผิด.xlsx", emis.workbook([["ชื่อ", "นามสกุล", "อายุ"], ["ก", "ข", 3]])))
    expect(admin.get_by_role("heading", name="คอลัมน์ที่ต้องมีขาดไป")).to_be_visible()
    expect(admin.get_by_text("ไม่มีคอลัมน์ คำนำหน้า").first).to_be_visible()
    browser.shot(admin, "import-rejected-phone")
    admin.goto("/imports")
    admin.get_by_role("button", name="ส่งไฟล์เพื่อตรวจ").click()
    assert admin.get_by_label("ไฟล์", exact=True).evaluate("field => !field.validity.valid"), "a file is asked for"
    send(admin, file_of(tmp_path, "รูป.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200)))
    expect(admin.get_by_role("alert")).to_contain_text("ชนิดไฟล์ไม่ถูกต้อง")
    admin.reload()
    expect(admin.get_by_role("heading", name="นำเข้าข้อมูล")).to_be_visible()


def test_nothing_on_these_pages_keeps_anybody_out(browser: Desk, tmp_path: Path) -> None:
    admin = opened(browser, DESK, "admin")
    rows = [person(90), person(91, โทรศัพท์=812345678), person(92, บทบาท="พ่อบ้าน")]
    send(admin, file_of(tmp_path, "ตรวจ.xlsx", people_list(rows)))
    expect(admin.get_by_role("button", name="นำเข้า 1 แถว")).to_be_visible()
    for address in (admin.url, f"{admin.url}?all=1", "/imports", "/imports?kind=schools"):
        admin.goto(address)
        assert faults_of(admin) == [], address
