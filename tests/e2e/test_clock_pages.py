"""Extending, reopening and publishing as people do it in their pages, and the list to telephone from."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import openpyxl
import pytest

from tests.running.api import Api
from tests.running.browser import Browser
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, System, running

SMIS, OTHER = "57040001", "57040002"
DAY = 24 * 3600


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("clock-pages"))) as system:
        yield system


@pytest.fixture(scope="module")
def round_id(office: System) -> str:
    return open_round(Api(office.url, "officer"), school_codes=[SMIS, OTHER])


def typed(days: int) -> str:
    """A day so many days from now as people type it."""
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
    return f"{day.day}/{day.month}/{day.year + 543}"


def school_page(office: System, username: str, round_id: str, smis: str = SMIS) -> str:
    return Browser(office.url, username).get(f"/rounds/{round_id}/schools/{smis}").text


def test_the_group_director_gives_a_school_more_time_on_its_page(office: System, round_id: str) -> None:
    director = Browser(office.url, "groupdirector")
    address = f"/rounds/{round_id}/schools/{SMIS}"
    assert f'action="{address}/extend"' in director.get(address).text
    assert f'action="{address}/extend"' not in school_page(office, "officer", round_id)
    wrong = director.post(f"{address}/extend", {"until": "31/02/2570", "reason": "น้ำท่วม"})
    assert wrong.status_code == 422 and "ไม่มีวันที่นี้ในปฏิทิน" in wrong.text and "น้ำท่วม" in wrong.text
    assert director.post(f"{address}/extend", {"until": typed(-1), "reason": "น้ำท่วม"}).status_code == 422
    done = director.post(f"{address}/extend", {"until": typed(60), "reason": "น้ำท่วม"})
    assert (done.status_code, done.headers["Location"]) == (303, f"{address}?done=extended")
    for username in (f"data-{SMIS}", "officer"):
        page = school_page(office, username, round_id)
        assert "เขตขยายเวลาให้โรงเรียนนี้ถึง" in page and "กำหนดของรอบ" in page and "น้ำท่วม" in page
    assert "เขตขยายเวลา" not in school_page(office, "officer", round_id, OTHER)
    english = Browser(office.url, "officer")
    english.session.cookies.set("khet_view", "en.arabic.short")
    assert "Extended until" in english.get(f"/rounds/{round_id}").text


def test_a_school_with_more_time_keeps_its_work_when_the_round_is_closed(office: System, round_id: str) -> None:
    officer = Browser(office.url, "officer")
    assert officer.post(f"/rounds/{round_id}/close").status_code == 303
    home = Browser(office.url, f"data-{SMIS}").get("/").text
    assert "ส่งไฟล์ข้อมูลนักเรียนจาก DMC" in home, "the work of a closed round is still there"
    page = school_page(office, f"data-{SMIS}", round_id)
    assert "/upload" in page and "แม้รอบจะปิดแล้ว" in page
    assert "/upload" not in school_page(office, f"data-{OTHER}", round_id, OTHER)


def test_the_list_to_telephone_from_is_for_the_area(office: System, round_id: str) -> None:
    office.move_clock(20 * DAY)
    director = Browser(office.url, "groupdirector")
    assert f"/rounds/{round_id}/late" not in director.get(f"/rounds/{round_id}").text, "closed before anybody was late"
    empty = director.get(f"/rounds/{round_id}/late").text
    assert "ไม่มีโรงเรียนล่าช้า" in empty
    record = {"json": {"phone": "053-795 123"}, "headers": {"If-Match": "*"}}
    Api(office.url, "officer").request("PATCH", f"/schools/{OTHER}", expect=200, **record)
    running_round = open_round(Api(office.url, "officer"), round_no=2, school_codes=[SMIS, OTHER], **past_deadline(20))
    assert f"/rounds/{running_round}/late" in director.get(f"/rounds/{running_round}").text
    page = director.get(f"/rounds/{running_round}/late").text
    assert 'href="tel:053795123"' in page and OTHER in page and "ครูผู้รับผิดชอบข้อมูล" in page
    book = director.get(f"/rounds/{running_round}/late.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True))
    assert [(row[0], row[3]) for row in rows[2:]] == [(SMIS, None), (OTHER, "053-795 123")]
    assert rows[1][3] == "โทรศัพท์"
    assert Browser(office.url, f"data-{SMIS}").get(f"/rounds/{running_round}/late").status_code == 403


def past_deadline(days: int) -> dict[str, str]:
    """Dates of a round whose school deadline was yesterday, when it is ``days`` later than it is."""
    today = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
    offsets = {"open_at": -9, "school_deadline": -1, "certify_deadline": 1, "area_ack_deadline": 2, "close_at": 9}
    return {name: (today + dt.timedelta(days=offset)).isoformat() for name, offset in offsets.items()}


def test_a_closed_round_is_reopened_by_the_group_director_and_published_by_an_officer(
    office: System, round_id: str
) -> None:
    office.move_clock(20 * DAY + 60)
    officer, director = Browser(office.url, "officer"), Browser(office.url, "groupdirector")
    where = f"/rounds/{round_id}"
    assert f'action="{where}/reopen"' in director.get(where).text
    assert f'action="{where}/reopen"' not in officer.get(where).text
    assert director.post(f"{where}/reopen", {"reason": "", "close_at": ""}).status_code == 422
    wrong = director.post(f"{where}/reopen", {"reason": "แก้ไข", "close_at": "พรุ่งนี้"})
    assert wrong.status_code == 422 and "อ่านวันที่ไม่ได้" in wrong.text
    done = director.post(f"{where}/reopen", {"reason": "แก้ไข", "close_at": typed(40)})
    assert done.headers["Location"] == f"{where}?done=round.reopened"
    assert "/upload" in school_page(office, f"data-{OTHER}", round_id, OTHER)

    officer.post(f"{where}/close")
    assert f'action="{where}/publish"' in officer.get(where).text
    assert f'action="{where}/publish"' not in director.get(where).text
    assert officer.post(f"{where}/publish").headers["Location"] == f"{where}?done=round.published"
    page = director.get(where).text
    assert "เผยแพร่ตัวเลขแล้วเมื่อ" in page and "/reopen" not in page
    assert f'action="{where}/schools/{SMIS}/extend"' in director.get(f"{where}/schools/{SMIS}").text
