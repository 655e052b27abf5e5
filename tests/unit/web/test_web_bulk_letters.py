"""Keying in a table of letters without a browser: what is sent on, and what comes back."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from gateway.web.pages import bulk_letters
from shared.bus.rpc import Call
from shared.problems import FieldError, conflict, invalid
from tests.unit.web.test_web_questions import FakeOffice, asked_by

LETTER = {
    "id": "l1", "subject": "ขอเชิญประชุม", "note": "", "from": "สพฐ.", "doc_no": "ศธ 1", "doc_date": "2026-06-08",
    "speed": "normal", "secrecy": "none", "numbers": [{"state": "used", "display_no": "41"}],
    "warnings": [{"code": "doc_date.future", "message": "ลงวันที่ของหนังสือเป็นวันในอนาคต"}],
}  # fmt: skip
WRONG = invalid([FieldError("doc_date", "date", "ลงวันที่: ไม่ใช่วันที่ที่ถูกต้อง")])
AGAIN = conflict("letter.again", "เพิ่งลงทะเบียนหนังสือเรื่องเดียวกัน", letter_id="l0", numbers=["7"])


class Registry:
    """``documents``, which registers what has a subject and no fault planted in it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def __call__(self, call: Call) -> Any:
        if call.operation == "list_holders":
            return {"items": [], "registry": "เขต"}
        if call.operation == "list_contacts":
            return {"items": [{"name": "อบต.เวียง"}]}
        self.sent = call.args["rows"]
        return {"rows": [{"row": place, **self._became(row)} for place, row in enumerate(self.sent)]}

    @staticmethod
    def _became(row: dict[str, Any]) -> dict[str, Any]:
        fault = {"ผิด": WRONG, "ซ้ำ": None if row["again"] else AGAIN}.get(row["values"]["subject"])
        return {"letter": None if fault else LETTER, "problem": fault.as_dict() if fault else None}


def posted(registry: Registry, *rows: dict[str, str], **common: str) -> tuple[int, str]:
    fields = {"rows": str(len(rows)), "kind": "external", "channel": "paper", "then": "register", **common}
    for number, row in enumerate(rows, start=1):
        fields |= {f"{name}-{number}": value for name, value in {"speed": "normal", "key": f"k{number}", **row}.items()}
    request = asked_by(("registrar", "/obec/5704/"), path="/letters/bulk")
    request.posted = MultiDict(fields)
    answer = bulk_letters.register_from_grid(request, FakeOffice(registry))
    return answer.status, answer.body.decode()


def test_an_empty_table_has_rows_names_to_choose_from_and_keys_of_its_own() -> None:
    office = FakeOffice(Registry())
    page = bulk_letters.show_grid(asked_by(("registrar", "/obec/5704/")), office).body.decode()
    keys = re.findall(r'name="key-\d+" value="([^"]+)"', page)
    assert len(set(keys)) == 10 and '<option value="อบต.เวียง">' in page
    assert office.steps == [["list_holders", "list_contacts"]]


def test_filled_rows_are_sent_with_what_they_have_in_common_and_empty_ones_are_not() -> None:
    registry = Registry()
    first = {"doc_no": "ศธ 1", "doc_date": "8/6/2569", "from": "สพฐ.", "subject": "ขอเชิญประชุม"}
    status, page = posted(registry, first, {}, {"subject": "สอง", "speed": "urgent"}, to="ผอ.", received_at="9/6/2569",
                          received_at_time="9.30")  # fmt: skip
    assert status == 200 and [row["key"] for row in registry.sent] == ["k1", "k3"]
    values = registry.sent[0]["values"]
    assert values == {
        "direction": "in", "secrecy": "none", "kind": "external", "channel": "paper", "to": "ผอ.",
        "received_at": "2026-06-09T09:30", "note": "", "speed": "normal", **first,
    }  # fmt: skip
    assert registry.sent[1]["values"]["speed"] == "urgent"
    assert "ลงทะเบียนแล้ว 2 ฉบับ" in page and "ลงวันที่ของหนังสือเป็นวันในอนาคต" in page
    assert ">41<" in page and 'value="k1"' not in page


def test_a_wrong_row_comes_back_as_it_was_typed_with_its_key_and_what_is_wrong() -> None:
    status, page = posted(Registry(), {"subject": "ดี"}, {"subject": "ผิด", "doc_date": "31/02/2569"})
    assert status == 422 and "ลงทะเบียนแล้ว 1 ฉบับ" in page
    assert 'name="key-1" value="k2"' in page and 'value="31/02/2569"' in page
    assert 'aria-describedby="doc_date-1-error"' in page and "ไม่ใช่วันที่ที่ถูกต้อง" in page


def test_what_was_keyed_in_a_moment_ago_is_registered_when_it_is_another() -> None:
    registry = Registry()
    _, page = posted(registry, {"subject": "ซ้ำ"})
    assert 'name="again-1"' in page and "เพิ่งลงทะเบียน" in page
    status, _ = posted(registry, {"subject": "ซ้ำ", "again": "1"})
    assert (status, registry.sent[0]["again"]) == (200, True)


def test_more_rows_keep_what_was_typed_and_register_nothing() -> None:
    registry = Registry()
    status, page = posted(registry, {"subject": "หนึ่ง"}, then="more")
    assert status == 200 and not registry.sent
    assert page.count("<tr data-row=") == 11 and 'value="หนึ่ง"' in page and 'name="key-1" value="k1"' in page


def test_nothing_typed_is_told() -> None:
    registry = Registry()
    status, page = posted(registry, {}, {})
    assert status == 422 and not registry.sent and "ยังไม่ได้กรอกแถวใด" in page
