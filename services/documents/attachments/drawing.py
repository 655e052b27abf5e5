"""What children draw of the main file of a letter: with its stamps, where one may stand, a page for the screen.

What a child does takes a while, so these open units of their own before and after it and hold none meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.documents import access
from services.documents.adapters import INCOMING, PREFIX
from services.documents.attachments import rules
from services.documents.attachments.finding import main_of, registrations, stamps_on
from services.documents.attachments.tables import Attachment
from services.documents.letters.finding import find_letter
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.problems import conflict, not_found
from shared.runtime import desk
from shared.security.identity import Identity

PICTURE = "services.documents.printing.scans:picture_task"
STAMP = "services.documents.printing.stamps:stamp_task"
ROOM = "services.documents.printing.previews:room_task"
PAGE = "services.documents.printing.previews:page_task"


def look_at_stamp(app: Any, caller: Identity | None, letter_id: str, entry_id: str) -> dict[str, Any]:
    """Where the stamp of one registration stands and where it may: the fields of
    :class:`StampRoom <services.documents.printing.previews.StampRoom>`, ``stamps`` with what each of ``placed`` says,
    and whether the caller may move it.

    Raises:
        Problem: ``not_found``; ``attachment.none``, ``attachment.unstampable`` (409); ``attachment.<cause>`` (422);
            ``desk.*``.
    """
    with app.read(caller) as unit:
        attachment, stamps = _stampable(unit, letter_id)
        letter = find_letter(unit, letter_id)
        book = next((book for entry, book in registrations(unit, letter) if entry.id == entry_id), None)
        if book is None:
            raise not_found("ไม่พบเลขรับนี้ของหนังสือ")
        may_place = access.acts_at(unit, access.KEEPS_BOOKS, book.org_path)
    page = stamps[entry_id]["page"]
    with _pdf_of(app, attachment) as path:
        job = {"path": str(path), "stamps": list(stamps.values()), "chosen": list(stamps).index(entry_id)}
        answer = desk.run(app.adapters, ROOM, job)
    refuse(answer)
    room = answer["room"]
    together = [(key, stamp) for key, stamp in stamps.items() if stamp["page"] == page]
    shown = [
        {
            "entry_id": key,
            **{name: stamp[name] for name in ("agency", "number", "received_at")},
            "is_chosen": stamp["x"] is not None,
            **placed,
        }
        for (key, stamp), placed in zip(together, room.pop("placed"), strict=True)
    ]
    corners = [{"corner": corner, "x": x, "y": y} for corner, x, y in room.pop("corners")]
    return {**room, "entry_id": entry_id, "page": page, "stamps": shown, "corners": corners, "may_place": may_place}


def hand_out_page(app: Any, caller: Identity | None, letter_id: str, page: int = 1) -> dict[str, Any]:
    """A reference to a picture of a page of the main file as it came, to be looked at on a screen; written down.

    Raises:
        Problem: as :func:`look_at_stamp`.
    """
    with app.read(caller) as unit:
        attachment = main_of(unit, find_letter(unit, letter_id))
        if attachment.kind not in rules.STAMPED_KINDS:
            raise _unstampable()
        unit.session.expunge(attachment)
    with _pdf_of(app, attachment) as path:
        answer, sha256, _ = desk.run_into_file(app.adapters, PAGE, {"path": str(path), "page": page})
    refuse(answer)
    with app.write(caller) as unit:
        letter = find_letter(unit, letter_id)
        unit.audit("letter.file", f"letter/{letter.id}", letter.org_path, {"attachment": attachment.id, "page": page})
        return handout(unit, INCOMING, sha256, f"{page}.webp", "image/webp")


def hand_out_stamped(app: Any, caller: Identity | None, letter_id: str) -> dict[str, Any]:
    """A reference to the main file with the receipt stamp of every book in which the letter stands, and where each
    was put.

    Raises:
        Problem: as :func:`look_at_stamp`.
    """
    with app.read(caller) as unit:
        attachment, stamps = _stampable(unit, letter_id)
    with _pdf_of(app, attachment) as path:
        job = {"path": str(path), "stamps": list(stamps.values())}
        answer, sha256, _ = desk.run_into_file(app.adapters, STAMP, job)
    refuse(answer)
    placed = answer["placed"]
    with app.write(caller) as unit:
        letter = find_letter(unit, letter_id)
        change = {"attachment": attachment.id, "stamps": placed}
        unit.audit("letter.stamped", f"letter/{letter.id}", letter.org_path, change)
        name = rules.stamped_name(attachment.filename)
        return {**handout(unit, INCOMING, sha256, name, rules.CONTENT_TYPES["pdf"]), "placed": placed}


def refuse(answer: Mapping[str, Any]) -> None:
    """Say what a child said.

    Raises:
        Problem: ``attachment.<cause>`` (422).
    """
    if answer["refused"] is not None:
        raise rules.refused(**answer["refused"])


def _stampable(unit: Unit, letter_id: str) -> tuple[Attachment, dict[str, dict[str, Any]]]:
    letter = find_letter(unit, letter_id)
    attachment, stamps = main_of(unit, letter), stamps_on(unit, letter)
    if attachment.kind not in rules.STAMPED_KINDS or not stamps:
        raise _unstampable()
    unit.session.expunge(attachment)
    return attachment, stamps


def _unstampable() -> Exception:
    return conflict("attachment.unstampable", "หนังสือยังไม่ได้ลงทะเบียน หรือไฟล์หลักไม่ใช่ PDF หรือภาพ จึงประทับตราไม่ได้")


@contextmanager
def _pdf_of(app: Any, attachment: Attachment) -> Iterator[Path]:
    """The file as a PDF: a picture becomes a page."""
    sha256, prefix = attachment.sha256, PREFIX
    if attachment.kind != "pdf":
        job = {"title": attachment.filename, "made_at": attachment.uploaded_at.isoformat()}
        with app.adapters.files.path_for_reading(prefix, sha256) as path:
            drawn, sha256, _ = desk.run_into_file(app.adapters, PICTURE, {**job, "path": str(path)})
        refuse(drawn)
        prefix = INCOMING
    with app.adapters.files.path_for_reading(prefix, sha256) as path:
        yield path
