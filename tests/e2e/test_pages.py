"""What pages weigh, how long they are kept, and that everybody reads them as they chose: over the running system."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from gateway.web.helping import TOPICS
from tests.running.api import Api
from tests.running.browser import Browser
from tests.running.dmc import school_file
from tests.running.events import events_of
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

FIRST_VISIT = 150_000
SMIS, NAME = "57040001", "บ้านศรีลานนา"
OTHER = "57040002"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("pages"))) as system:
        yield system


def round_of(office: System, year_be: int, *schools: str) -> str:
    """The open first round of a year of its own; returns its id."""
    as_of = f"{year_be - 543}-06-10"
    return open_round(Api(office.url, "officer"), year_be=year_be, as_of_date=as_of, school_codes=list(schools))


def reading(office: System, username: str | None, view: str) -> Browser:
    """Somebody at a browser who has chosen how pages are written."""
    browser = Browser(office.url, username)
    browser.session.cookies.set("khet_view", view)
    return browser


# ── weight ──


class Visitor:
    """A browser with an empty cache that counts what comes over the wire."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.weights: dict[str, int] = {}

    def visit(self, path: str) -> None:
        """A page, and once everything that it brings."""
        page = self._fetch(path)
        for address in re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', page):
            if address not in self.weights:
                asset = self._fetch(address)
                for inner in re.findall(r"url\(([^)]+)\)", asset) if ".css" in address else []:
                    self._fetch(urljoin(address, inner))

    def _fetch(self, path: str) -> str:
        headers = {"Accept-Encoding": "gzip", "Accept": "text/html"}
        answer = self._browser.session.get(self._browser.url + path, headers=headers, stream=True, timeout=30)
        assert answer.status_code == 200, path
        raw = answer.raw.read(decode_content=False)
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        self.weights[path] = len(raw) + head
        answer._content = answer.raw._decode(raw, decode_content=True, flush_decoder=True)
        return answer.text


def test_a_first_visit_is_light(office: System) -> None:
    """The login and the first page behind it, with style, scripts, every font, and the head of each answer."""
    browser = Browser(office.url)
    visitor = Visitor(browser)
    visitor.visit("/login")
    assert browser.log_in("officer").status_code == 303
    visitor.visit("/")
    assert sum(visitor.weights.values()) <= FIRST_VISIT, visitor.weights
    kinds = {urlsplit(path).path.rpartition(".")[2] for path in visitor.weights}
    assert kinds >= {"css", "js", "svg", "woff2"}, "python -m gateway.web.build fetches htmx and the font"


def test_what_is_named_by_its_content_is_kept_for_ever(office: System) -> None:
    page = requests.get(f"{office.url}/login", timeout=10)
    assert page.headers["Cache-Control"] == "no-store"
    for address in re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', page.text):
        answer = requests.get(office.url + address, timeout=10)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        old = requests.get(f"{office.url}{address.partition('?')[0]}?v=older", timeout=10)
        assert old.headers["Cache-Control"] == "public, no-cache", address
        again = requests.get(office.url + address, headers={"If-None-Match": answer.headers["ETag"]}, timeout=10)
        assert again.status_code == 304


def test_the_font_is_ours_and_comes_with_its_licence(office: System) -> None:
    sheet = requests.get(f"{office.url}/static/khet.css", timeout=10).text
    fonts = re.findall(r"url\((/static/vendor/[^)]+\.woff2)\)", sheet)
    assert len(fonts) == 4
    assert sheet.count("font-display: swap") == 4
    assert "http" not in "".join(re.findall(r"url\([^)]*\)", sheet))
    for font in fonts:
        answer = requests.get(office.url + font, timeout=10)
        assert answer.headers["Content-Type"] == "font/woff2"
        assert "immutable" in answer.headers["Cache-Control"]
    assert "SIL Open Font License" in requests.get(f"{office.url}/static/vendor/sarabun-OFL.txt", timeout=10).text


def test_what_the_tests_need_is_not_served(office: System) -> None:
    for path in ("/static/../node_modules/axe-core/axe.min.js", "/static/node_modules/axe-core/axe.min.js"):
        assert requests.get(office.url + path, timeout=10).status_code == 404


# ── language, digits, dates ──


def test_the_choice_is_made_without_scripts_and_kept_in_the_browser(office: System) -> None:
    browser = Browser(office.url, "officer")
    assert "งานของฉัน" in browser.get("/").text
    chosen = browser.post("/settings", {"language": "en", "digits": "thai", "dates": "full", "next": "/rounds"})
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/settings?next=%2Frounds&done=settings.saved")
    assert "SameSite=Lax" in chosen.headers["Set-Cookie"]
    page = browser.get("/settings").text
    assert '<html lang="en">' in page
    assert re.search(r"[๐-๙]+ [A-Z][a-z]+ B\.E\. [๐-๙]{4}", page)
    assert "๑๕,๐๑๒" in page
    from_the_bar = browser.post("/settings", {"language": "th", "next": "/rounds"})
    assert from_the_bar.headers["Location"] == "/rounds"
    assert '<html lang="th">' in browser.get("/rounds").text


def test_another_site_chooses_nothing_and_nobody_is_led_away(office: System) -> None:
    browser = Browser(office.url)
    refused = browser.post("/settings", {"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    led = browser.post("/settings", {"language": "en", "next": "//evil.example/"})
    assert led.headers["Location"] == "/"


def test_people_at_the_same_time_read_their_own_language(office: System) -> None:
    """The choice travels beside the request, not in it: requests that run together must not see each other's."""
    views = {"th.arabic.short": "งานของฉัน", "en.arabic.short": "My work", "en.thai.full": "My work"}
    round_of(office, 2567, SMIS)
    people = [reading(office, "officer", view) for view in views for _ in range(3)]
    start = threading.Barrier(len(people))

    def read(browser: Browser) -> tuple[str, list[str]]:
        start.wait()
        return browser.session.cookies["khet_view"], [browser.get("/").text for _ in range(8)]

    with ThreadPoolExecutor(len(people)) as pool:
        for view, pages in pool.map(read, people):
            language, digits, _dates = view.split(".")
            for page in pages:
                assert f'<html lang="{language}">' in page
                assert views[view] in page
                assert ("๒๕๖" in page) is (digits == "thai")


def test_problems_speak_english_where_their_code_is_known(office: System) -> None:
    browser = reading(office, None, "en.arabic.short")
    wrong = browser.log_in("officer", "wrong")
    assert wrong.status_code == 401
    assert "The user name or the password is wrong." in wrong.text
    signed_in = reading(office, "teacher", "en.arabic.short")
    assert "Not permitted" in signed_in.get("/ops", headers={"Accept": "text/html"}).text
    assert "Not found" in signed_in.get("/nowhere", headers={"Accept": "text/html"}).text


# ── help, rules ──


def test_every_page_leads_to_its_help(office: System) -> None:
    browser = Browser(office.url, "officer")
    for path, topic in {"/": "home", "/rounds": "rounds", "/schools": "schools", "/nowhere": "home"}.items():
        assert f'href="/help/{topic}"' in browser.get(path, headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("language", ["th", "en"])
def test_help_is_there_for_everybody_in_both_languages(office: System, language: str) -> None:
    browser = reading(office, None, f"{language}.arabic.short")
    for topic in TOPICS:
        page = browser.get(f"/help/{topic}")
        assert page.status_code == 200, topic
        assert page.text.count('<ol class="steps-list">') == 1, topic
    assert browser.get("/help/nothing").status_code == 404


def test_the_rules_page_shows_every_rule_where_findings_lead(office: System, tmp_path: Path) -> None:
    api = Api(office.url, f"data-{OTHER}")
    rules = api.get("/rules")
    assert len(rules["items"]) >= 30
    assert all(rule["source"] and rule["about"] and rule["scopes"] for rule in rules["items"])
    browser = Browser(office.url, f"data-{OTHER}")
    page = browser.get("/rules").text
    assert all(f'<article class="rule {rule["severity"].lower()}" id="{rule["id"]}"' in page for rule in rules["items"])
    found = browser.get("/rules?q=วันเกิด&severity=ERROR").text
    assert 'id="P06"' in found
    assert 'id="F01"' not in found
    assert "ไม่พบกฎที่ค้น" in browser.get("/rules?q=ไม่มีกฎเช่นนี้").text

    round_id = round_of(office, 2566, OTHER)
    wrong = school_file(tmp_path, OTHER, pupils=12, defects=("P03.title",), year_be=2566)
    assert api.checked(api.upload(round_id, OTHER, wrong.path)["id"])["state"] == "HAS_ERRORS"
    school = browser.get(f"/rounds/{round_id}/schools/{OTHER}").text
    assert 'href="/rules#P03"' in school


def test_a_rule_set_that_is_not_there_is_not_found(office: System) -> None:
    api = Api(office.url, "teacher")
    assert api.get("/rules", rule_set="dmc-2569-1")["rule_set"] == "dmc-2569-1"
    for wrong in ("dmc-1999-1", "../../etc/passwd", "%00"):
        assert api.get("/rules", rule_set=wrong, expect=None).status_code == 404
    assert Api(office.url).get("/rules", expect=None).status_code == 401


# ── charts, the API described ──


def described(page: str) -> str:
    """What the only drawing of numbers on a page says of itself."""
    [drawing] = re.findall(r'<svg class="(?:chart|strip)".*?</svg>', page, re.DOTALL)
    assert 'role="img"' in drawing
    found = re.search("<desc[^>]*>(.*?)</desc>", drawing)
    assert found
    return found[1]


def table_of(page: str, caption: str) -> list[list[str]]:
    """The cells of the rows of the table called ``caption``, its foot left out."""
    [table] = [one for one in re.findall("<table.*?</table>", page, re.DOTALL) if f">{caption}</caption>" in one]
    [body] = re.findall("<tbody>(.*?)</tbody>", table, re.DOTALL)
    rows = re.findall("<tr.*?</tr>", body, re.DOTALL)
    return [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]


def test_a_drawing_has_a_table_of_the_same_numbers_beside_it(office: System, tmp_path: Path) -> None:
    round_id = round_of(office, 2560, SMIS, OTHER)
    data, officer = Api(office.url, f"data-{SMIS}"), Browser(office.url, "officer")
    made = school_file(tmp_path, SMIS, pupils=40, year_be=2560)
    data.checked(data.upload(round_id, SMIS, made.path)["id"])

    def headcount() -> str | None:
        page = officer.get(f"/reports/headcount?round_id={round_id}").text
        return page if "chart-value" in page else None

    page = until(headcount, what="the head count")
    grades = [row for row in table_of(page, "จำนวนนักเรียนรายชั้น แยกเพศ และห้องเรียน") if "." in row[0]]
    assert len(grades) >= 6
    assert described(page) == ", ".join(f"{grade} ชาย {male} หญิง {female}" for grade, male, female, *_ in grades)

    board = officer.get(f"/rounds/{round_id}").text
    states = table_of(board, "จำนวนโรงเรียนตามสถานะ")
    assert sorted(count for _name, count in states) == ["1", "1"]
    assert described(board) == ", ".join(f"{name} {count}" for name, count in states)


def test_the_page_of_the_api_shows_every_operation(office: System) -> None:
    document = requests.get(f"{office.url}/api/openapi.json", timeout=10).json()
    page = requests.get(f"{office.url}/api/docs", timeout=30).text
    shown = re.findall(r'<span class="method \w+">([A-Z]+)</span> <code>(.*?)</code>', page)
    assert sorted(shown) == sorted((method.upper(), path) for path, one in document["paths"].items() for method in one)


# ── the board, live ──


def test_a_board_tells_what_moved_until_the_round_is_closed(office: System, tmp_path: Path) -> None:
    officer, data = Api(office.url, "officer"), Api(office.url, f"data-{SMIS}")
    round_id = round_of(office, 2565, SMIS, OTHER)
    address = f"{office.url}/api/v1/rounds/{round_id}/events"
    with officer.session.get(address, stream=True, timeout=60) as answer:
        events = events_of(answer)
        name, first = next(events)
        assert (name, first["changed"], first["state"]) == ("board", [], "OPEN")
        assert first["stamp"] == officer.get(f"/rounds/{round_id}/progress")["stamp"]
        made = school_file(tmp_path, SMIS, pupils=12, year_be=2565)
        data.checked(data.upload(round_id, SMIS, made.path)["id"])
        moves = [next(events)[1]]
        while moves[-1]["changed"][0]["state"] != "READY":
            moves.append(next(events)[1])
        assert {one["smis"] for move in moves for one in move["changed"]} == {SMIS}
        assert moves[-1]["changed"] == [{"smis": SMIS, "name": NAME, "state": "READY"}]
        assert moves[-1]["stamp"] == officer.get(f"/rounds/{round_id}/progress")["stamp"] != first["stamp"]
        officer.post(f"/rounds/{round_id}/close")
        *_more, (name, last) = events
        assert (name, last["state"]) == ("done", "CLOSED")
    closed = officer.request("GET", f"/rounds/{round_id}/events")
    assert [name for name, _ in events_of(closed)] == ["done"]


def test_a_school_follows_its_own_line_only(office: System) -> None:
    data = Api(office.url, f"data-{SMIS}")
    round_id = round_of(office, 2564, SMIS, OTHER)
    with data.session.get(f"{office.url}/api/v1/rounds/{round_id}/events", stream=True, timeout=60) as answer:
        events = events_of(answer)
        next(events)
        exempting = Api(office.url, "groupdirector")
        exempting.post(f"/rounds/{round_id}/schools/{OTHER}/exempt", {"reason": "ไม่มีนักเรียน"})
        exempting.post(f"/rounds/{round_id}/schools/{SMIS}/exempt", {"reason": "ไม่มีนักเรียน"})
        _name, event = next(events)
        assert [one["smis"] for one in event["changed"]] == [SMIS]


def test_a_board_falls_silent_when_the_session_ends(office: System) -> None:
    watcher = Api(office.url, "areadirector")
    round_id = round_of(office, 2563, SMIS)
    with watcher.session.get(f"{office.url}/api/v1/rounds/{round_id}/events", stream=True, timeout=60) as answer:
        events = events_of(answer)
        assert next(events)[0] == "board"
        watcher.post("/auth/revoke", {"all": True}, expect=None)
        name, problem = next(events)
        assert (name, problem["status"]) == ("problem", 401)
        assert list(events) == []


def test_who_has_no_part_in_rounds_hears_nothing(office: System) -> None:
    round_id = round_of(office, 2562, SMIS)
    assert Api(office.url, "teacher").request("GET", f"/rounds/{round_id}/events").status_code == 403
    assert Api(office.url).request("GET", f"/rounds/{round_id}/events").status_code == 401
    assert Api(office.url, "officer").request("GET", "/rounds/nothing/events").status_code == 404


# ── my work ──


@pytest.mark.parametrize(
    ("username", "says"),
    [
        ("registrar", "คำขอเลขที่รอ"),
        ("schoolclerk", "คำขอเลขที่รอ"),
        ("recordsofficer", "การเก็บและทำลายเอกสารยังไม่เปิดใช้"),
        ("teacher", "การส่งผลงาน ขอความช่วยเหลือ"),
        ("admin", "ยังไม่เคยเข้าใช้"),
        ("ops", "บริการที่พร้อม"),
        ("auditor", "ใน 7 วัน"),
        (f"director-{SMIS}", "ยังไม่มีบัญชี"),
        (f"data-{SMIS}", "ยังไม่บันทึกจำนวนห้องเรียนของปีการศึกษา"),
        ("groupdirector", "โรงเรียนยืนยันภายใน"),
        ("deputydirector", "โรงเรียนยืนยันภายใน"),
        ("areadirector", "โรงเรียนยืนยันภายใน"),
        ("officer", "โรงเรียนยืนยันภายใน"),
    ],
)
def test_everybody_lands_on_what_waits_for_them(office: System, username: str, says: str) -> None:
    a_round_runs(office)
    page = Browser(office.url, username).get("/").text
    assert "<h1>งานของฉัน</h1>" in page
    assert says in page


def test_one_person_with_several_roles_sees_all_of_them(office: System) -> None:
    page = Browser(office.url, "admin").get("/").text
    assert "บุคคลและบัญชี" in page
    assert "บริการที่พร้อม" in page


def a_round_runs(office: System) -> None:
    officer = Api(office.url, "officer")
    if not any(one["year_be"] == 2561 for one in officer.get("/rounds", limit=100)["items"]):
        round_of(office, 2561, SMIS, OTHER)
