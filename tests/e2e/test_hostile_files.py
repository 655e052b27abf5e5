"""What people send by mistake and on purpose: a clear Thai answer with a stable code each, and the office goes on."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.running import hostile
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, System, running
from tests.running.waiting import until
from tests.servers import PostgresServer, RabbitServer

NAME = "2569-1-student.xlsx"
A, B, CLOSED = "57040001", "57040002", "57040007"
GET_SECONDS = 2.0
BOUNDARY = "khet"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
WRONG_IDS = (
    *("0", "-1", "null", "undefined", "1e999", "9" * 30, "x" * 200, "x" * 201),
    *("ก", "%F0%9F%98%80", "%FF%FE", "%EF%BF%BE", "%C2%A0", "%00", "a%00b", "%0A"),
    *("..", "..%2F..", "%2e%2e%2f", "..%5C..", "%27%20OR%201=1--", "%25", "*", "{id}"),
)


class Desk:
    """A data officer's desk: sends whatever it is told to, and looks at what becomes of it."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.data = Api(system.url, f"data-{A}")
        self.round_id = open_round(Api(system.url, "officer"), school_codes=[A, B])
        self.place = f"/rounds/{self.round_id}/schools/{A}"
        self._seed = 0

    def clean(self, **options: Any) -> bytes:
        """A faultless file of the school, another one each time."""
        self._seed += 1
        return school_file(self.folder, A, **{"pupils": 20, "seed": self._seed, **options}).path.read_bytes()

    def send(self, content: bytes, name: str = NAME, **form: Any) -> requests.Response:
        path = f"{self.system.url}/api/v1{self.place}/submissions"
        return self.data.session.post(path, files={"file": (name, content)}, data=form, timeout=60)

    def post(self, body: bytes, media_type: str | None, **headers: str) -> tuple[int, Any]:
        """A body exactly as written, with headers that need not be true."""
        connection = http.client.HTTPConnection(self.system.url.removeprefix("http://"), timeout=30)
        try:
            connection.putrequest("POST", f"/api/v1{self.place}/submissions")
            usual = {"Content-Length": str(len(body)), "Content-Type": media_type}
            if "Transfer_Encoding" in headers:
                usual.pop("Content-Length")
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            token = str(self.data.session.headers["Authorization"])
            for name, value in {**usual, **named, "Authorization": token}.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def submission(self, content: bytes, name: str = NAME, **form: Any) -> Any:
        """What became of a file that was taken in."""
        answer = self.send(content, name, **form)
        assert answer.status_code == 202, answer.text
        return self.data.checked(answer.json()["id"])

    def findings(self, submission: Any) -> list[Any]:
        """What is wrong with a file; that the school is a small one (S02) is said of all of them."""
        found = self.data.get(f"/submissions/{submission['id']}/findings", limit=500)["items"]
        items: list[Any] = [item for item in found if item["rule"] != "S02"]
        return items

    def standing(self) -> tuple[str, int]:
        school = self.data.get(self.place)
        return school["state"], school["version"]

    def refused(self, content: bytes, name: str, status: int, code: str) -> Any:
        """The answer to a file that was refused at once; it left no version behind."""
        before = self.data.get(self.place)["submissions"]
        answer = self.send(content, name)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert self.data.get(self.place)["submissions"] == before
        return clear(answer.json())

    def rejected(self, content: bytes, code: str, name: str = NAME) -> list[Any]:
        """The findings of a file that was read and rejected; the school stands as it stood."""
        before = self.standing()
        submission = self.submission(content, name)
        found = self.findings(submission)
        assert submission["state"] == "REJECTED", found
        assert code in {item["code"] for item in found if item["severity"] == "BLOCK"}, found
        assert all(is_thai(item["message"]) and is_thai(item["suggestion"]) for item in found), found
        assert submission["counts"]["block"] >= 1
        assert self.standing() == before
        return found


@pytest.fixture(scope="module", params=["embedded"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp(request.param))) as system:
        yield Desk(system, tmp_path_factory.mktemp("files"))


@pytest.fixture(params=["services"])
def services_desk(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    servers: tuple[RabbitServer, PostgresServer],
) -> Iterator[Desk]:
    with running(ServicesSystem(tmp_path_factory.mktemp(request.param), *servers)) as system:
        yield Desk(system, tmp_path_factory.mktemp("files"))


def is_thai(text: str) -> bool:
    return any("\u0e01" <= letter <= "\u0e5b" for letter in text)


def clear(problem: Any) -> Any:
    """A problem in words for people: Thai title, Thai detail and Thai fields where there are any."""
    assert is_thai(problem["title"]), problem
    assert all(is_thai(error["message"]) for error in problem.get("errors", ())), problem
    assert problem["type"].endswith(problem["code"])
    assert problem["trace_id"]
    return problem


# refused at once: what is no file to be read


@dataclass(frozen=True)
class Refused:
    """A file that is turned away at the door."""

    cause: str
    make: Callable[[bytes], bytes]
    name: str = NAME
    status: int = 422


def always(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _clean: content


AT_THE_DOOR = {
    "an empty file": Refused("empty", always(b"")),
    "an empty text": Refused("empty", always(b" \r\n\t\r\n"), "a.csv"),
    "a picture": Refused("type", always(hostile.PNG), "a.png", 415),
    "a picture called xlsx": Refused("type", always(hostile.PNG), status=415),
    "a PDF": Refused("type", always(hostile.PDF), "a.pdf", 415),
    "a PDF called csv": Refused("type", always(hostile.PDF), "a.csv", 415),
    "a Word document": Refused("type", lambda _: hostile.docx(), "a.docx", 415),
    "a Word document called xlsx": Refused("type", lambda _: hostile.docx(), status=415),
    "an old Word document called xls": Refused("type", lambda _: hostile.ole("WordDocument"), "a.xls", 415),
    "a text called xlsx": Refused("extension", always("ชั้น,ห้อง\nป.1,1\n".encode()), status=415),
    "a workbook called csv": Refused("extension", lambda clean: clean, "2569-1-student.csv", 415),
    "a workbook called xls": Refused("extension", lambda clean: clean, "2569-1-student.xls", 415),
    "a workbook without a suffix": Refused("extension", lambda clean: clean, "student", 415),
    "a page called xlsx": Refused("extension", always(b"<html><table></table></html>"), status=415),
    "a text in UTF-16": Refused("unreadable", always("ชั้น,ห้อง\nป.1,1\n".encode("utf-16")), "a.csv"),
    "a workbook without its directory": Refused("unreadable", hostile.without_directory),
    "a text called xls with macros": Refused("extension", always(b"Sub Auto_Open()"), "a.xls", 415),
    "half a workbook": Refused("unreadable", lambda clean: clean[: len(clean) // 2]),
    "the head of an old workbook": Refused("unreadable", lambda _: hostile.ole()[:600], "a.xls"),
    "a workbook with a password": Refused("encrypted", lambda _: hostile.encrypted_workbook()),
    "an old workbook with a password": Refused("encrypted", lambda _: hostile.locked_old_workbook(), "a.xls"),
    "a zip with a password": Refused("encrypted", hostile.locked_zip),
    "a bomb by its ratio": Refused("bomb", hostile.bomb_by_ratio),
    "a bomb by its size": Refused("bomb", hostile.bomb_by_size),
    "a bomb by the number of its parts": Refused("bomb", hostile.bomb_by_number),
    "a bomb of overlapping parts": Refused("bomb", hostile.bomb_by_overlap),
    "two parts of one name": Refused("bomb", hostile.two_of_one_name),
    "one byte more than 20 MB": Refused("too_large", lambda _: hostile.too_big(), "a.csv", 413),
    "50 MB": Refused("too_large", lambda _: (hostile.too_big() * 3)[: 50 * hostile.MEBI], "a.csv", 413),
}


@pytest.mark.parametrize("what", AT_THE_DOOR)
def test_turned_away_at_the_door(desk: Desk, what: str) -> None:
    case = AT_THE_DOOR[what]
    problem = desk.refused(case.make(desk.clean()), case.name, case.status, f"F01.{case.cause}")
    assert is_thai(problem["detail"]) or "MB" in problem["detail"]


# read and rejected: what only reading shows


def with_entity(name: str, doctype: bytes) -> Callable[[bytes], bytes]:
    used = (b"<t>", b"<t>&x;&a10;") if name == hostile.SHEET else None
    return lambda clean: hostile.with_doctype(clean, name, doctype, used)


WHEN_READ: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a part that unpacks to more than it says": ("F01.bomb", hostile.bomb_by_lie),
    "a value at XFD1048576": ("F01.range", hostile.with_far_cell),
    "a value at AM1048576": ("F01.range", hostile.with_cell_in_the_last_row),
    "a million rows of blanks": ("F01.range", hostile.with_blank_rows),
    "a sheet that does not unpack": ("F01.unreadable", hostile.with_damaged_sheet),
    "a sheet with a wrong checksum": ("F01.unreadable", hostile.with_wrong_checksum),
    "an external entity": ("F01.bomb", with_entity(hostile.SHEET, hostile.XXE)),
    "a billion laughs in the sheet": ("F01.bomb", with_entity(hostile.SHEET, hostile.LAUGHS)),
    "a billion laughs in the workbook": ("F01.bomb", with_entity(hostile.WORKBOOK, hostile.LAUGHS)),
    "a sheet that breaks off": (
        "F01.unreadable",
        lambda clean: hostile.rewritten(clean, {hostile.SHEET: hostile.part(clean)[:2000]}),
    ),
    "a formula": ("F12", lambda clean: hostile.with_formula(clean, "U5", "1+1")),
    "a command": ("F12", lambda clean: hostile.with_formula(clean, "U5", "cmd|' /C calc'!A0")),
    "a link to another file": ("F12.links", hostile.with_links),
}


@pytest.mark.parametrize("what", WHEN_READ)
def test_rejected_when_it_is_read(desk: Desk, what: str) -> None:
    code, make = WHEN_READ[what]
    desk.rejected(make(desk.clean()), code)


def test_a_formula_in_a_text_file_is_a_formula_too(desk: Desk) -> None:
    text = desk.clean(file_format="csv-bom").decode("utf-8-sig").splitlines()
    cells = text[4].split(",")
    cells[20] = "=HYPERLINK(A1)"
    text[4] = ",".join(cells)
    found = desk.rejected("\r\n".join(text).encode("utf-8-sig"), "F12", "2569-1-student.csv")
    assert {(item["row"], item["column"]) for item in found if item["code"] == "F12"} == {(5, "U")}


def test_a_text_of_no_known_letters_is_rejected_in_words(desk: Desk) -> None:
    noisy = hostile.noise(desk.clean(file_format="csv-cp874"))
    for content in (noisy, hostile.cut_letters(desk.clean(file_format="csv"))):
        found = desk.rejected(content, "F01.unreadable", "2569-1-student.csv")
        assert "CSV UTF-8" in found[0]["message"]
    whole = desk.submission(desk.clean(file_format="csv-cp874"), "2569-1-student.csv")
    assert (whole["state"], whole["counts"]["rows"]) == ("READY", 20)


def test_macros_are_ballast_and_never_run(desk: Desk) -> None:
    for name in ("2569-1-student.xlsm", NAME):
        submission = desk.submission(hostile.with_macros(desk.clean()), name)
        assert (submission["state"], submission["counts"]["rows"]) == ("READY", 20)
    # an old workbook is read for its values; this one has none
    desk.rejected(hostile.ole("Workbook", "_VBA_PROJECT_CUR"), "F02", "2569-1-student.xls")


def test_the_answer_to_an_external_entity_holds_nothing_of_this_machine(desk: Desk) -> None:
    content = with_entity(hostile.SHEET, hostile.XXE)(desk.clean())
    found = desk.rejected(content, "F01.bomb")
    assert "root:" not in json.dumps(found)


def test_a_file_of_another_school_says_whose_it_is(desk: Desk) -> None:
    other = school_file(desk.folder, B, pupils=20).path.read_bytes()
    found = desk.rejected(other, "F03")
    assert B in found[0]["message"]
    assert A in found[0]["message"]


def test_a_file_of_a_closed_school_says_that_it_was_closed(desk: Desk) -> None:
    found = desk.rejected(school_file(desk.folder, CLOSED, pupils=20).path.read_bytes(), "F03.closed")
    assert "ยุบ/เลิก" in found[0]["message"]
    assert CLOSED in found[0]["message"]


@pytest.mark.parametrize("name", ["2568-1-student.xlsx", "2569-2-student.xlsx", "2569-3-student (1).xlsx"])
def test_a_file_named_after_another_round_is_rejected_and_any_other_name_is_not(desk: Desk, name: str) -> None:
    content = desk.clean()
    found = desk.rejected(content, "F04", name)
    assert name[:6] in found[0]["message"]


def test_harmless_oddities_are_read(desk: Desk) -> None:
    literal = hostile.with_formula(desk.clean(), "U5", '"ถนนพหลโยธิน"')
    for content, codes in (
        (literal, {"F12.literal"}),
        (with_entity("xl/styles.xml", hostile.LAUGHS)(desk.clean()), set()),
    ):
        submission = desk.submission(content)
        found = desk.findings(submission)
        assert (submission["state"], {item["code"] for item in found}) == ("READY", codes), found
        assert submission["counts"]["rows"] == 20
    assert desk.submission(desk.clean(), "รายชื่อนักเรียน ส่งเขต.xlsx")["state"] == "READY"


# what stands


def test_a_rejected_file_moves_nothing_and_an_accepted_one_drops_the_confirmation(desk: Desk) -> None:
    ready = desk.submission(desk.clean())
    assert desk.data.post(f"{desk.place}/confirm")["state"] == "CONFIRMED"
    lines = desk.data.get(f"{desk.place}/history")["items"]

    desk.rejected(hostile.with_far_cell(desk.clean()), "F01.range")
    desk.rejected(school_file(desk.folder, B, pupils=20, seed=9).path.read_bytes(), "F03")
    desk.refused(b"", NAME, 422, "F01.empty")
    assert desk.standing() == ("CONFIRMED", ready["version"])
    assert desk.data.get(f"{desk.place}/history")["items"] == lines

    wrong = desk.submission(desk.clean(defects=("G01.blank",)))
    assert desk.standing() == ("HAS_ERRORS", wrong["version"])
    after = desk.data.get(f"{desk.place}/history")["items"]
    assert after[: len(lines)] == lines, "the history only grows"
    assert [(line["event"], line["from"], line["to"]) for line in after[len(lines) :]] == [
        ("upload", "CONFIRMED", "RECORDING"),
        ("validate", "RECORDING", "HAS_ERRORS"),
    ]
    assert desk.data.get(desk.place)["confirmed_at"] is None
    better = desk.submission(desk.clean())
    assert desk.standing() == ("READY", better["version"])
    assert desk.data.get(f"/submissions/{ready['id']}")["state"] == "SUPERSEDED"


def test_the_same_file_twice_is_answered_with_its_version(desk: Desk) -> None:
    first, second = desk.clean(), desk.clean()
    version = desk.submission(first)["version"]
    problem = desk.refused(first, NAME, 409, "submission.same_file")
    assert problem["version"] == version
    assert f"ฉบับที่ {version}" in problem["detail"]
    assert desk.refused(first, "another name.xlsx", 409, "submission.same_file")["version"] == version

    desk.submission(second)
    again = desk.submission(first)
    assert again["state"] == "HAS_ERRORS"
    (found,) = desk.findings(again)
    assert (found["rule"], found["severity"]) == ("F05", "ERROR")
    assert f"ฉบับที่ {version}" in found["message"]


def test_no_file_two_files_and_a_file_that_belies_what_was_said(desk: Desk) -> None:
    content = desk.clean()
    path = f"{desk.place}/submissions"
    for options in ({"json": {}}, {"json": {"no_pupils": False}}, {"data": {}}, {"data": b""}):
        answer = desk.data.request("POST", path, **options)
        assert (answer.status_code, clear(answer.json())["errors"][0]["pointer"]) == (422, "file"), answer.text
    two = [("file", (NAME, content)), ("file", (NAME, desk.clean()))]
    answer = desk.data.request("POST", path, files=two)
    assert (answer.status_code, clear(answer.json())["errors"][0]["pointer"]) == (422, "file")
    answer = desk.data.request("POST", path, files={"datei": (NAME, content)})
    assert (answer.status_code, clear(answer.json())["errors"][0]["pointer"]) == (422, "datei")
    assert clear(desk.send(content, no_pupils="perhaps").json())["errors"][0]["pointer"] == "no_pupils"
    assert clear(desk.send(content, colour="red").json())["errors"][0]["pointer"] == "colour"

    belied = desk.submission(content, no_pupils="true")
    assert belied["state"] == "HAS_ERRORS"
    assert {item["code"] for item in desk.findings(belied)} == {"F08.contradiction"}


def test_a_file_without_pupils_must_be_meant(desk: Desk) -> None:
    nobody = desk.clean(defects=("F08.empty",))
    submission = desk.submission(nobody)
    assert (submission["state"], {item["rule"] for item in desk.findings(submission)}) == ("HAS_ERRORS", {"F08"})


# names of files


STRANGE_NAMES = {
    "รายชื่อ นักเรียน ปี ๒๕๖๙ (ฉบับแก้ไข).xlsx": "รายชื่อ นักเรียน ปี ๒๕๖๙ (ฉบับแก้ไข).xlsx",
    "../../../../etc/passwd.xlsx": "passwd.xlsx",
    "..\\..\\windows\\system32\\a.xlsx": "a.xlsx",
    "/absolute/a.xlsx": "a.xlsx",
    'say "hello".xlsx': 'say "hello".xlsx',
    "'; DROP TABLE submission; --.xlsx": "'; DROP TABLE submission; --.xlsx",
    "a\x00b.xlsx": "ab.xlsx",
    "a\u202exslx.xlsx": "axslx.xlsx",
    "<script>alert(1)</script>.XLSX": "script>.XLSX",
    "a.xlsx ": "a.xlsx",
    "%00%2e%2e%2fa.xlsx": "%00%2e%2e%2fa.xlsx",
    "📗.xlsx": "📗.xlsx",
    "ก" * 180 + ".xlsx": "ก" * 180 + ".xlsx",
}


def multipart(*parts: tuple[str, bytes], end: bytes = b"--khet--\r\n") -> bytes:
    """A body of parts, each given by the value of its Content-Disposition."""
    begin = f"--{BOUNDARY}\r\nContent-Disposition: "
    return b"".join(f"{begin}{head}\r\n\r\n".encode() + content + b"\r\n" for head, content in parts) + end


def file_part(content: bytes, name: str = NAME) -> tuple[str, bytes]:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'form-data; name="file"; filename="{quoted}"', content


@pytest.mark.parametrize("name", STRANGE_NAMES, ids=range(len(STRANGE_NAMES)))
def test_a_strange_name_is_only_a_name(desk: Desk, name: str) -> None:
    status, accepted = desk.post(multipart(file_part(desk.clean(), name)), MULTIPART)
    assert status == 202, accepted
    assert desk.data.checked(accepted["id"])["filename"] == STRANGE_NAMES[name]


@pytest.mark.parametrize("name", ["ก" * 5000 + ".xlsx", ".xlsx", "...", "", "\x01"])
def test_a_name_that_says_nothing_gets_a_clear_answer(desk: Desk, name: str) -> None:
    status, answer = desk.post(multipart(file_part(desk.clean(), name)), MULTIPART)
    if status == 202:
        desk.data.checked(answer["id"])
    else:
        assert (status, clear(answer)["code"]) == (415, "F01.extension")


# bodies


def test_a_body_that_is_no_multipart_is_refused_in_words(desk: Desk) -> None:
    content = desk.clean()
    whole = multipart(file_part(content))
    broken = {
        "no boundary": (whole, "multipart/form-data"),
        "another boundary": (whole, "multipart/form-data; boundary=other"),
        "a long boundary": (whole, "multipart/form-data; boundary=" + "x" * 300),
        "no end": (multipart(file_part(content), end=b""), MULTIPART),
        "a part without a name": (multipart(('form-data; filename="a.xlsx"', content)), MULTIPART),
        "anything": (bytes(range(256)) * 50, MULTIPART),
    }
    for what, (body, media_type) in broken.items():
        status, problem = desk.post(body, media_type)
        assert (status, clear(problem)["code"]) == (400, "multipart"), f"{what}: {problem}"
    too_much = {
        "a hundred parts": multipart(*[file_part(b"a")] * 100),
        "a long field": multipart(('form-data; name="no_pupils"', b"x" * 300_000)),
    }
    for what, body in too_much.items():
        status, problem = desk.post(body, MULTIPART)
        assert (status, clear(problem)["code"]) == (413, "too_large"), f"{what}: {problem}"


def test_a_body_whose_length_nobody_knows_is_refused_before_it_is_read(desk: Desk) -> None:
    status, problem = desk.post(b"5\r\nhello\r\n0\r\n\r\n", MULTIPART, Transfer_Encoding="chunked")
    assert (status, clear(problem)["code"]) == (411, "length_required")
    for length in (50 * hostile.MEBI, 10**12):
        # nothing of the body is sent: the answer does not wait for it
        status, problem = desk.post(b"", MULTIPART, Content_Length=str(length))
        assert (status, clear(problem)["code"]) == (413, "F01.too_large")
    for length in ("1e3", "0x10", "9" * 20):
        # not even HTTP: the server below the application closes the connection, with or without words
        assert desk.post(b"", MULTIPART, Content_Length=length)[0] == 400


def test_other_types_of_bodies_are_refused_with_those_that_are_read(desk: Desk) -> None:
    for media_type in ("application/x-www-form-urlencoded", "text/plain", "application/xml", None):
        status, problem = desk.post(b"no_pupils=true", media_type)
        assert (status, clear(problem)["code"]) == (415, "media_type")
        assert "multipart/form-data" in problem["detail"]


WRONG_JSON = {
    b"{": 400,
    b"not json": 400,
    b'{"no_pupils": tru': 400,
    b'{"no_pupils": NaN}': 400,
    b'{"no_pupils": true, "no_pupils": false}': 400,
    b"\xff\xfe{\x00}\x00": 400,
    b'{"no_pupils": ' + b"1" * 5000 + b"}": 400,
    b"[" * 100_000: 400,
    b"[]": 422,
    b"null": 422,
    b'"text"': 422,
    b"1": 422,
    b'{"no_pupils": ' + b"[" * 100 + b"]" * 100 + b"}": 422,
    b'{"no_pupils": null}': 422,
    b'{"no_pupils": "\\u0000"}': 422,
    b'{"no_pupils": "\\ud800"}': 422,
    b'{"no\\u0000pupils": true}': 422,
    b'{"no_pupils": 100000000000000000000000000000000}': 422,
    b'{"file": "x"}': 422,
}


@pytest.mark.parametrize("body", WRONG_JSON, ids=range(len(WRONG_JSON)))
def test_wrong_json_is_refused_in_words(desk: Desk, body: bytes) -> None:
    expect_wrong_json(desk, body)


def expect_wrong_json(desk: Desk, body: bytes) -> None:
    status, problem = desk.post(body, "application/json")
    wanted = WRONG_JSON[body]
    assert (status, clear(problem)["code"]) == (wanted, {400: "json", 422: "invalid"}[wanted]), problem


WRONG_FIELDS: list[tuple[str, dict[str, Any], str]] = [
    ("confirm", {"version": 10**30}, "version"),
    ("confirm", {"version": "1"}, "version"),
    ("confirm", {"version": 1.5}, "version"),
    ("confirm", {"no_pupils": "perhaps"}, "no_pupils"),
    ("return", {"reason": "a\x00b"}, "reason"),
    ("return", {"reason": "a\x1bb"}, "reason"),
    ("return", {"reason": "\ud800"}, "reason"),
    ("return", {"reason": "ก" * 2001}, "reason"),
    ("return", {"reason": 1}, "reason"),
    ("return", {"reason": None}, "reason"),
    ("return", {"reason": "x", "rows": [10**30]}, "rows.0"),
    ("return", {"reason": "x", "rows": "3"}, "rows"),
    ("return", {"reason": "x", "rules": ["x" * 21]}, "rules.0"),
    ("return", {"reason": "x", "due": "0001-01-01T00:00:00+14:00"}, "due"),
]


@pytest.mark.parametrize(("gate", "body", "field"), WRONG_FIELDS, ids=range(len(WRONG_FIELDS)))
def test_wrong_fields_are_named(desk: Desk, gate: str, body: dict[str, Any], field: str) -> None:
    if field == "due":
        desk.submission(desk.clean())
        desk.data.post(f"{desk.place}/confirm")
    person = desk.data if gate == "confirm" else Api(desk.system.url, "officer")
    problem = clear(person.post(f"{desk.place}/{gate}", body, expect=422))
    assert [error["pointer"] for error in problem["errors"]] == [field]


# ids


def places(desk: Desk, wrong: str) -> Iterator[tuple[str, str, str]]:
    """Every path with an id in it: caller, method, path."""
    for path in ("", "/progress", f"/schools/{A}", f"/schools/{A}/history"):
        yield "officer", "GET", f"/rounds/{wrong}{path}"
    for path in ("/announce", "/open", "/close", f"/schools/{A}/acknowledge"):
        yield "officer", "POST", f"/rounds/{wrong}{path}"
    for path in ("", "/history"):
        yield "officer", "GET", f"/rounds/{desk.round_id}/schools/{wrong}{path}"
    for path in ("/acknowledge", "/submissions"):
        yield "officer", "POST", f"/rounds/{desk.round_id}/schools/{wrong}{path}"
    for path in ("", "/findings", "/events"):
        yield f"data-{A}", "GET", f"/submissions/{wrong}{path}"
    yield "officer", "GET", f"/schools/{wrong}"
    yield "officer", "POST", f"/inbox/{wrong}/read"
    for path in ("replay", "drop"):
        yield "ops", "POST", f"/ops/parked/{wrong}/{path}"
        yield "ops", "POST", f"/ops/parked/rounds.{wrong}/{path}"
    yield "ops", "POST", f"/ops/projections/{wrong}/rebuild"


def expect_nothing_there(desk: Desk, people: dict[str, Api], wrong: str) -> None:
    unexpected = []
    for caller, method, path in places(desk, wrong):
        # as written: requests would tidy the dots away
        request = people[caller].session.prepare_request(requests.Request(method, desk.system.url))
        request.url = f"{desk.system.url}/api/v1{path}"
        answer = people[caller].session.send(request, timeout=20)
        if answer.status_code not in {404, 405} or not is_thai(answer.json()["title"]):
            unexpected.append((method, path, answer.status_code, answer.text[:200]))
    assert unexpected == []


@pytest.mark.parametrize("wrong", WRONG_IDS)
def test_an_id_of_nothing_finds_nothing(desk: Desk, wrong: str) -> None:
    people = {name: Api(desk.system.url, name) for name in ("officer", "ops", f"data-{A}")}
    expect_nothing_there(desk, people, wrong)


# the others


class Others:
    """Somebody who goes on working meanwhile: the longest time that any of their questions took."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._api = Api(desk.system.url, "areadirector")
        self._done = threading.Event()
        self.longest = 0.0
        self.asked = 0

    def _ask(self) -> None:
        paths = (f"/rounds/{self._desk.round_id}/progress", "/schools", "/me", f"{self._desk.place}/history")
        while not self._done.is_set():
            started = time.monotonic()
            self._api.get(paths[self.asked % len(paths)])
            self.longest = max(self.longest, time.monotonic() - started)
            self.asked += 1

    def while_working(self, work: Callable[[], None]) -> None:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(self._ask)
            try:
                work()
            finally:
                self._done.set()
            asking.result()


def expect_others_served(desk: Desk, content: bytes, seconds: float, name: str = NAME) -> Any:
    """Upload something slow; everybody else is answered in time, and the process is healthy afterwards."""
    others = Others(desk)
    result: list[Any] = []

    def upload() -> None:
        accepted = desk.send(content, name)
        assert accepted.status_code == 202, accepted.text
        # the one who sent it waits with a stream, as the page does
        desk.data.get(f"/submissions/{accepted.json()['id']}/events", expect=None)
        result.append(desk.data.checked(accepted.json()["id"], seconds))

    others.while_working(upload)
    assert others.asked > 10
    assert others.longest < GET_SECONDS, f"somebody waited {others.longest:.1f} s"
    assert requests.get(f"{desk.system.url}/health/ready", timeout=10).status_code == 200
    return result[0]


def test_others_are_served_while_a_slow_file_is_read(desk: Desk) -> None:
    submission = expect_others_served(desk, hostile.slow_workbook(desk.clean(), megabytes=40), 60)
    assert submission["state"] in {"HAS_ERRORS", "REJECTED"}
    assert desk.submission(desk.clean())["state"] == "READY"


def test_others_are_served_while_a_million_rows_are_looked_through(desk: Desk) -> None:
    submission = expect_others_served(desk, hostile.with_empty_rows(desk.clean()), 60)
    assert (submission["state"], submission["counts"]["rows"]) == ("READY", 20)


def test_others_are_served_while_a_file_that_is_wrong_everywhere_is_stored(desk: Desk) -> None:
    submission = expect_others_served(desk, hostile.wrong_everywhere(A, 30_000), 120, "2569-1-student.csv")
    assert submission["state"] == "HAS_ERRORS"
    assert submission["counts"]["rows"] == 30_000 and submission["counts"]["error"] > 100_000
    findings = desk.data.get(f"/submissions/{submission['id']}/findings", rule="I03", limit=1000)
    assert 300 < len(findings["items"]) < 1000 and findings["next_cursor"] is None
    assert "30,000" in findings["items"][-1]["message"]


def test_others_are_served_while_a_body_trickles_in(desk: Desk) -> None:
    def trickle() -> None:
        connection = http.client.HTTPConnection(desk.system.url.removeprefix("http://"), timeout=30)
        body = multipart(file_part(desk.clean()))
        connection.putrequest("POST", f"/api/v1{desk.place}/submissions")
        connection.putheader("Authorization", str(desk.data.session.headers["Authorization"]))
        connection.putheader("Content-Type", MULTIPART)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:100])
        connections.append(connection)

    connections: list[http.client.HTTPConnection] = []
    others = Others(desk)
    try:
        others.while_working(lambda: [trickle() for _ in range(20)] and until(lambda: others.asked > 20))
    finally:
        for connection in connections:
            connection.close()
    assert others.longest < GET_SECONDS


def test_after_all_this_the_office_is_in_order(desk: Desk) -> None:
    assert requests.get(f"{desk.system.url}/health/ready", timeout=10).status_code == 200
    queues = Api(desk.system.url, "ops").get("/ops/queues")
    assert queues["unavailable"] == []
    assert {(one["ready"], one["parked"], one["deferred"]) for one in queues["items"]} == {(True, 0, 0)}
    assert desk.submission(desk.clean())["state"] == "READY"
    assert desk.data.post(f"{desk.place}/confirm")["state"] == "CONFIRMED"


def test_every_process_by_itself_takes_the_same_without_harm(services_desk: Desk) -> None:
    desk = services_desk
    for what in ("an empty file", "a picture called xlsx", "a workbook with a password", "a bomb by its ratio"):
        case = AT_THE_DOOR[what]
        desk.refused(case.make(desk.clean()), case.name, case.status, f"F01.{case.cause}")
    for what in ("a value at XFD1048576", "a billion laughs in the sheet", "a formula"):
        code, make = WHEN_READ[what]
        desk.rejected(make(desk.clean()), code)
    status, accepted = desk.post(multipart(file_part(desk.clean(), "a\x00ก📗.xlsx")), MULTIPART)
    assert (status, desk.data.checked(accepted["id"])["state"]) == (202, "READY")
    for body in WRONG_JSON:
        expect_wrong_json(desk, body)
    people = {name: Api(desk.system.url, name) for name in ("officer", "ops", f"data-{A}")}
    for wrong in WRONG_IDS:
        expect_nothing_there(desk, people, wrong)
    expect_others_served(desk, hostile.slow_workbook(desk.clean(), megabytes=30), 60)
    for process in desk.system.processes.values():
        assert process.is_running
    assert desk.submission(desk.clean())["state"] == "READY"
