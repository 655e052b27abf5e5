"""Files of letters: taken by content, stamped with every number, shown to who may see the letter; printed registers."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from services.documents.attachments import commands as files
from services.documents.letters import commands as letters
from services.documents.letters import queries
from services.documents.registers import commands as registers
from services.documents.registers import papers
from shared.clock import BANGKOK
from shared.files.references import FileReference
from tests.running.documents_desk import DocumentsDesk, book, code_of, desk_at, identity, letter_fields
from tests.running.secret_desk import SECRET_BOOK, SENDER, SUBJECT, appointed, secret_letter

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
RECEIVED, GROUP_BOOK = book("received"), book("received", "5704-g-ict")


desk = desk_at(NOON, scope="module")


def a_letter(text: str = "Dear office") -> bytes:
    """A PDF of one page with a line of text."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_scan(width: int = 1240, height: int = 1754, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, kind, dpi=(width / 8.27, width / 8.27))
    return out.getvalue()


def sent(desk: DocumentsDesk, content: bytes, name: str) -> dict[str, Any]:
    path = Path(desk.settings.data) / "sent"
    path.write_bytes(content)
    return {"sha256": desk.app.adapters.files.keep("incoming", path)[0], "filename": name, "size": len(content)}


def attach(desk: DocumentsDesk, letter: str, content: bytes, name: str = "หนังสือ.pdf", who: str = "registrar",
           role: str = "main") -> Any:  # fmt: skip
    return files.add_attachment(desk.app, identity(who), letter, sent(desk, content, name), role)


def fetched(desk: DocumentsDesk, answer: dict[str, Any]) -> tuple[FileReference, bytes]:
    """What the gateway streams for a reference."""
    reference = desk.app.adapters.references.read(answer["reference"], desk.app.clock.now().timestamp())
    with desk.app.adapters.files.path_for_reading(reference.prefix, reference.sha256) as path:
        return reference, path.read_bytes()


def arrived(desk: DocumentsDesk, subject: str) -> str:
    values = letter_fields(subject=subject)
    return str(desk.command("registrar", letters.create_letter, values=values, again=True)["id"])


def registered_twice(desk: DocumentsDesk, subject: str) -> str:
    letter = arrived(desk, subject)
    desk.command("registrar", letters.register_letter, letter_id=letter, book_id=RECEIVED)
    desk.command("registrar", letters.forward_letter, letter_id=letter, to="5704-g-ict")
    desk.command("clerk", letters.register_letter, letter_id=letter, book_id=GROUP_BOOK)
    return letter


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_letter_is_stamped_with_the_number_of_every_book_in_which_it_stands(desk: DocumentsDesk) -> None:
    letter = registered_twice(desk, "ประทับสองตรา")
    attach(desk, letter, a_letter())
    reference, stamped = fetched(desk, files.hand_out_role(desk.app, identity("clerk"), letter, "stamped"))
    assert (reference.filename, reference.content_type) == ("หนังสือ-ลงรับ.pdf", "application/pdf")
    numbers = [number["display_no"] for number in desk.query("clerk", queries.get_letter, letter_id=letter)["numbers"]]
    text = text_of(stamped)
    assert all(f"เลขรับ {number}" in text for number in numbers) and text.count("เลขรับ") == 2
    assert "10 มิถุนายน 2569" in text and "12.00 น." in text
    _, original = fetched(desk, files.hand_out_role(desk.app, identity("clerk"), letter, "main"))
    assert original == a_letter() or "เลขรับ" not in text_of(original)


def test_a_stamp_goes_where_the_clerk_drags_it(desk: DocumentsDesk) -> None:
    letter = registered_twice(desk, "ลากตรา")
    attach(desk, letter, a_letter())
    first, second = desk.query("clerk", queries.get_letter, letter_id=letter)["numbers"]
    wanted = {"letter_id": letter, "page": 1, "x": 10.0, "y": 80.0}
    desk.command("registrar", files.place_stamp, entry_id=first["entry_id"], **wanted)
    assert code_of(lambda: desk.command("registrar", files.place_stamp, entry_id=second["entry_id"], **wanted)) == (
        "forbidden"
    )
    off = {**wanted, "x": 120.0}
    assert code_of(lambda: desk.command("registrar", files.place_stamp, entry_id=first["entry_id"], **off)) == "invalid"
    assert code_of(lambda: desk.command("registrar", files.place_stamp, entry_id="x", **wanted)) == "not_found"
    placed = files.hand_out_role(desk.app, identity("registrar"), letter, "stamped")["placed"]
    assert (round(placed[0]["x"]), round(placed[0]["y"]), placed[0]["outcome"]) == (10, 80, "kept")
    assert placed[1]["y"] < 20, "the other one goes to the usual place"


def test_a_picture_becomes_a_page_that_can_be_stamped_and_a_faint_one_is_told_of(desk: DocumentsDesk) -> None:
    letter = registered_twice(desk, "ภาพสแกน")
    taken = attach(desk, letter, a_scan(), "สแกน.png")
    assert (taken["kind"], taken["pages"]) == ("png", 1)
    assert [notice["code"] for notice in taken["notices"]] == ["low_dpi"]
    _, stamped = fetched(desk, files.hand_out_role(desk.app, identity("registrar"), letter, "stamped"))
    assert text_of(stamped).count("เลขรับ") == 2
    sharp = arrived(desk, "คมชัด")
    assert attach(desk, sharp, a_scan(2480, 3508), "สแกน.png")["notices"] == []


def test_what_is_no_letter_is_refused_by_its_content(desk: DocumentsDesk) -> None:
    letter = arrived(desk, "ไฟล์แปลก")
    for content, code in (
        (b"MZ\x90\x00 a program", "attachment.unknown_kind"),
        (b"", "attachment.empty"),
        (b"%PDF-1.7\n1 0 obj", "attachment.broken"),
    ):
        assert code_of(lambda content=content: attach(desk, letter, content)) == code
    attach(desk, letter, a_letter())
    assert code_of(lambda: attach(desk, letter, a_letter())) == "attachment.main"
    assert attach(desk, letter, a_scan(), "ส่งมาด้วย.png", role="enclosure")["role"] == "enclosure"
    assert code_of(lambda: files.hand_out_role(desk.app, identity("registrar"), letter, "stamped")) == (
        "attachment.unstampable"
    )


def test_who_may_not_see_the_letter_gets_no_file_of_it(desk: DocumentsDesk) -> None:
    letter = registered_twice(desk, "ใครเห็นได้")
    attachment = attach(desk, letter, a_letter())["id"]
    for who in ("officer", "schoolclerk", "stranger"):
        for call in (
            lambda who=who: files.hand_out_file(desk.app, identity(who), letter, attachment),
            lambda who=who: files.hand_out_role(desk.app, identity(who), letter, "stamped"),
            lambda who=who: attach(desk, letter, a_letter(), who=who, role="enclosure"),
        ):
            assert code_of(call) == "not_found"
    other = arrived(desk, "อีกฉบับ")
    assert code_of(lambda: files.hand_out_file(desk.app, identity("registrar"), other, attachment)) == "not_found"
    assert code_of(lambda: attach(desk, letter, a_letter(), who="head", role="enclosure")) == "forbidden"
    assert desk.audited("letter.file") or files.hand_out_file(desk.app, identity("clerk"), letter, attachment)
    assert desk.audited("letter.file")


def test_a_register_is_printed_with_the_columns_of_its_form(desk: DocumentsDesk) -> None:
    letter = registered_twice(desk, "ลงในแบบ 13")
    desk.command("registrar", letters.void_letter, letter_id=arrived_and_registered(desk), reason="ลงซ้ำ")
    number = desk.query("clerk", queries.get_letter, letter_id=letter)["numbers"][0]["display_no"]
    reference, pdf = fetched(desk, papers.print_register(desk.app, identity("registrar"), RECEIVED, "pdf", 2569))
    text = text_of(pdf).replace("\r\n", " ").replace("\n", " ")
    assert reference.filename == "ทะเบียนหนังสือรับ 2569.pdf"
    assert "ลงในแบบ 13" in text and "ยกเลิก" in text and "ศธ 04006/ว 12" in text
    _, xlsx = fetched(desk, papers.print_register(desk.app, identity("auditor"), RECEIVED, "xlsx", 2569, form=13))
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsx)).active.iter_rows(values_only=True))
    (line,) = [row for row in rows if "ลงในแบบ 13" in row]
    assert str(line[0]) == number and "หน่วยงาน 5704-g-ict 10 มิ.ย. 2569" in line
    _, day = fetched(desk, papers.print_register(desk.app, identity("registrar"), RECEIVED, "csv", day="2026-06-09"))
    assert "ลงในแบบ 13" not in day.decode("utf-8-sig")
    assert code_of(lambda: papers.print_register(desk.app, identity("officer"), RECEIVED, "pdf")) == "forbidden"
    assert code_of(lambda: papers.print_register(desk.app, identity("stranger"), RECEIVED, "pdf")) == "not_found"


def arrived_and_registered(desk: DocumentsDesk) -> str:
    letter = arrived(desk, "ลงผิด")
    desk.command("registrar", letters.register_letter, letter_id=letter, book_id=RECEIVED)
    return letter


def test_a_sent_book_is_printed_as_form_14(desk: DocumentsDesk) -> None:
    desk.command("registrar", registers.issue_number, book_id=book("sent"), purpose="หนังสือเชิญ")
    _, pdf = fetched(desk, papers.print_register(desk.app, identity("registrar"), book("sent"), "pdf"))
    assert "ทะเบียนหนังสือส่ง" in text_of(pdf) and "หนังสือเชิญ" in text_of(pdf)


def test_a_secret_register_is_printed_behind_its_veil(desk: DocumentsDesk) -> None:
    """The year and the sheet of the day: to who is cleared with what it says, to other readers the numbers."""
    appointed(desk, "registrar", post="registrar")
    secret_letter(desk)
    periods: tuple[dict[str, Any], ...] = ({}, {"day": "2026-06-10"})
    for period in periods:
        for who, is_told in (("registrar", True), ("auditor", False), ("director", False)):
            table = fetched(desk, papers.print_register(desk.app, identity(who), SECRET_BOOK, "csv", **period))[1]
            text = table.decode("utf-8-sig")
            assert [word in text for word in (SUBJECT, SENDER)] == [is_told] * 2, who
            assert ("(ปกปิดตามชั้นความลับ)" in text) is not is_told


def test_health_says_when_papers_are_not_in_the_official_letter_shapes(
    desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def told(font: Path) -> Any:
        monkeypatch.setattr("shared.printing.fonts.LAKSAMAN", font)
        return desk.app.readiness()[1]["paper_font"]

    there = tmp_path / "there.ttf"
    there.touch()
    assert (told(there), told(tmp_path / "away.ttf")) == ("exact", "replaced")
