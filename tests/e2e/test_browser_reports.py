"""The page that shows any report, at a desk and on a phone, and the sheet that a director signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.reporting.reports.registry import REPORTS
from services.rounds.synthetic.pupils import Pupil
from tests.running.api import Api
from tests.running.chromium import DESK, PHONE, Desk, desk, sign_in
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

SCHOOLS = ("57040001", "57040002", "57040003", "57040139")


SHARED = 6  # pupils of the first school who are in the file of the second too


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("system"))) as started:
        yield started


@pytest.fixture(scope="module")
def people(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(system.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened


@pytest.fixture(scope="module")
def round_id(system: System, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three of four schools have sent, one of them is certified; the round before is closed."""
    folder, officer = tmp_path_factory.mktemp("files"), Api(system.url, "officer")
    earlier = open_round(officer, year_be=2568, round_no=3, as_of_date="2026-03-31", school_codes=list(SCHOOLS))
    now = open_round(officer, school_codes=list(SCHOOLS))
    shared: tuple[Pupil, ...] = ()
    for smis in SCHOOLS[:3]:
        data = Api(system.url, f"data-{smis}")
        for of, spec in ((earlier, {"year_be": 2568, "round_no": 3}), (now, {"guests": shared})):
            made = school_file(folder, smis, pupils=70, seed=int(smis[-1]), **spec)
            shared = tuple(pupil for pupil in made.pupils if not pupil.pending)[:SHARED] if smis == SCHOOLS[0] else ()
            assert data.checked(data.upload(of, smis, made.path)["id"])["state"] == "READY"
    for of in (earlier, now):
        place = f"/rounds/{of}/schools/{SCHOOLS[0]}"
        Api(system.url, f"data-{SCHOOLS[0]}").post(f"{place}/confirm")
        Api(system.url, f"director-{SCHOOLS[0]}").post(f"{place}/certify")
    officer.post(f"/rounds/{earlier}/close")

    def counted() -> bool:
        return officer.get("/reports/progress", round_id=now)["total"]["certified"] == 1

    until(counted, what="the certified school in the report")
    return now


def shot(people: Desk, page: Page, name: str, size: dict[str, int]) -> None:
    people.shot(page, f"report-{name}-{'phone' if size is PHONE else 'desktop'}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_one_page_shows_every_report(people: Desk, round_id: str, size: dict[str, int]) -> None:
    page = people.open(size)
    sign_in(page, "officer")
    for key, report in REPORTS.items():
        page.goto(f"/reports/{key}?round_id={round_id}")
        expect(page.get_by_role("heading", name=report.title)).to_be_visible()
        tabs = page.get_by_role("navigation", name="รายงาน")
        expect(tabs.locator("[aria-current]")).to_have_text(report.short)
        if report.unavailable:
            expect(page.get_by_role("heading", name="ไม่ประเมิน: ไม่มีข้อมูล")).to_be_visible()
            expect(page.locator("table")).to_have_count(0)
        else:
            expect(page.locator("table.report")).to_be_visible()
            expect(page.get_by_text("มี 2 โรงเรียนที่ยังไม่ยืนยันข้อมูล")).to_be_visible()
            assert page.get_by_role("columnheader", name=re.compile("รอบก่อน")).count() >= 1, key
        shot(people, page, key, size)
    page.context.close()


def test_a_report_is_cut_otherwise_narrowed_and_made_public(people: Desk, round_id: str) -> None:
    page = people.open(PHONE)
    sign_in(page, "officer")
    page.goto(f"/reports/headcount?round_id={round_id}")
    page.get_by_label("แยกตาม").select_option("school")
    page.get_by_role("button", name="แสดง").click()
    expect(page.locator("tbody tr", has_text="57040139")).to_contain_text("ยังไม่ส่งไฟล์")
    shot(people, page, "by-school", PHONE)
    page.set_viewport_size(DESK)
    shot(people, page, "by-school", DESK)
    page.get_by_label("ฉบับ").select_option("public")
    page.get_by_role("button", name="แสดง").click()
    expect(page.get_by_text("ฉบับเผยแพร่: <5 คือ 1-4 คน")).to_be_visible()
    page.get_by_role("link", name="ด้อยโอกาส").click()
    expect(page.get_by_label("ฉบับ")).to_have_value("public")
    expect(page.get_by_role("cell", name="<5").first).to_be_visible()
    shot(people, page, "public", DESK)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith("เบื้องต้น.csv")
    page.goto(f"/reports/sizes?round_id={round_id}&scheme=small7")
    expect(page.get_by_label("แยกตาม")).to_have_value("small7")
    answer = page.goto("/reports/nothing")
    assert answer is not None and answer.status == 404
    page.context.close()


def test_duplicates_stand_by_rule_and_with_both_schools(people: Desk, round_id: str) -> None:
    page = people.open(DESK)
    sign_in(page, "officer")
    page.goto(f"/reports/duplicates?round_id={round_id}")
    table = page.locator("table.report")
    cells = table.get_by_role("row", name="เลขประจำตัวเดียวกัน (I10)").get_by_role("cell")
    assert [cells.nth(place).inner_text() for place in range(3)] == [str(SHARED), str(SHARED), "0"]
    page.get_by_label("แยกตาม").select_option("school")
    page.get_by_role("button", name="แสดง").click()
    for smis in SCHOOLS[:2]:
        row = table.get_by_role("row").filter(has_text=smis)
        expect(row.get_by_role("cell", name=str(SHARED), exact=True)).to_have_count(2)
    expect(table.locator("tfoot").get_by_role("cell", name=str(SHARED), exact=True)).to_have_count(2)
    shot(people, page, "duplicates-by-school", DESK)
    page.context.close()


def test_a_director_prints_what_was_certified(people: Desk, round_id: str, tmp_path: Path) -> None:
    page = people.open(DESK)
    sign_in(page, f"director-{SCHOOLS[0]}")
    page.goto(f"/rounds/{round_id}/schools/{SCHOOLS[0]}")
    page.get_by_role("link", name="ใบรับรองข้อมูลนักเรียน").click()
    expect(page.get_by_role("heading", name="แบบรับรองข้อมูลนักเรียนรายบุคคล")).to_be_visible()
    expect(page.get_by_text("ข้อมูล ณ วันที่ 10 มิถุนายน 2569")).to_be_visible()
    people.shot(page, "certificate-desktop")
    page.set_viewport_size(PHONE)
    people.shot(page, "certificate-phone")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="พิมพ์")).to_be_hidden()
    people.shot(page, "certificate-print")
    paper = page.pdf(path=tmp_path / "certificate.pdf", prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1, "one sheet of A4"
    page.context.close()
