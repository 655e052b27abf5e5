"""Taking files for letters, and handing them out as they came or with the stamps of the registers.

What a child does takes a while, so these open units of their own before and after it and hold none meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.adapters import INCOMING, PREFIX
from services.documents.attachments import rules
from services.documents.attachments.rules import FileRole
from services.documents.attachments.tables import Attachment, StampPlace
from services.documents.attachments.views import attachment_view
from services.documents.delegations.standing import persons
from services.documents.directory.queries import find_unit
from services.documents.letters.finding import find_letter
from services.documents.letters.recording import numbers_of, write_down
from services.documents.letters.rules import OPEN_STATES, Secrecy, check_carried
from services.documents.letters.tables import Letter
from services.documents.printing.refusals import Refused
from services.documents.printing.scans import kind_of
from services.documents.registers.rules import RECEIVED_KINDS, EntryState
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.tasks.tables import Task
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.files.sniff import HEAD_BYTES
from shared.problems import conflict, forbidden, not_found
from shared.runtime import desk
from shared.security.identity import Identity

LOOK = "services.documents.printing.scans:look_task"
PICTURE = "services.documents.printing.scans:picture_task"
STAMP = "services.documents.printing.stamps:stamp_task"


def add_attachment(
    app: Any, caller: Identity | None, letter_id: str, file: Mapping[str, Any], role: str = "main"
) -> dict[str, Any]:
    """Put a file to a letter. ``file`` is {sha256, filename, size} of a file in the store's ``incoming``.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``letter.state``, ``letter.top_secret``, ``attachment.main``,
            ``attachment.many`` (409);
            ``attachment.<cause>`` (422) for a file that is not taken; ``desk.*``.
    """
    with app.read(caller) as unit:
        rules.check_room(_roles(unit, _letter_to_attach(unit, letter_id)), FileRole(role))
    with app.adapters.files.path_for_reading(INCOMING, file["sha256"]) as path:
        try:
            with path.open("rb") as stream:
                kind = kind_of(stream.read(HEAD_BYTES), path)
        except Refused as refusal:
            raise rules.refused(refusal.code, refusal.detail) from None
        answer = desk.run(app.adapters, LOOK, {"path": str(path), "kind": kind})
    _refuse(answer)
    with app.write(caller) as unit:
        letter = _letter_to_attach(unit, letter_id, lock=True)
        rules.check_room(_roles(unit, letter), FileRole(role))
        unit.adapters.files.claim(file["sha256"], INCOMING, PREFIX)
        attachment = Attachment(
            id=new_id(),
            letter_id=letter.id,
            role=FileRole(role).value,
            filename=file["filename"][:300],
            kind=kind,
            size=file["size"],
            sha256=file["sha256"],
            pages=len(answer["look"]["pages"]),
            notices=answer["look"]["notices"],
            uploaded_at=unit.now(),
            uploaded_by=unit.actor,
        )
        unit.session.add(attachment)
        write_down(unit, letter, "attach", letter.state, detail={"role": role, "kind": kind})
        return attachment_view(attachment)


def place_stamp(unit: Unit, letter_id: str, entry_id: str, page: int, x: float, y: float) -> dict[str, Any]:
    """Put the stamp of one registration where the clerk dragged it; text below it sends it to the nearest free place.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422).
    """
    letter = find_letter(unit, letter_id)
    rules.check_place(page, x, y)
    found = select(RegisterEntry, RegisterBook).join(RegisterBook, RegisterBook.id == RegisterEntry.book_id)
    row = unit.session.execute(found.where(RegisterEntry.id == entry_id, RegisterEntry.letter_id == letter.id)).first()
    if row is None:
        raise not_found("ไม่พบเลขรับนี้ของหนังสือ")
    access.require_at(unit, access.KEEPS_BOOKS, row[1].org_path, "จัดวางตรารับ")
    place = unit.session.get(StampPlace, entry_id) or StampPlace(entry_id=entry_id)
    place.page, place.x, place.y, place.placed_at, place.placed_by = page, x, y, unit.now(), unit.actor
    unit.session.add(place)
    placed = {"page": page, "x": x, "y": y}
    unit.audit("letter.stamp", f"letter/{letter.id}", letter.org_path, {"entry": entry_id, **placed})
    return {"entry_id": entry_id, **placed}


def hand_out_file(app: Any, caller: Identity | None, letter_id: str, attachment_id: str) -> dict[str, Any]:
    """A reference with which the gateway streams a file as it came; good for a minute, and written down.

    Raises:
        Problem: ``not_found``.
    """
    with app.write(caller) as unit:
        letter = find_letter(unit, letter_id)
        found = select(Attachment).filter_by(id=attachment_id, letter_id=letter.id)
        attachment = unit.session.execute(found).scalar_one_or_none()
        if attachment is None:
            raise not_found("ไม่พบไฟล์นี้")
        return _handed_out(unit, letter, attachment)


def hand_out_role(app: Any, caller: Identity | None, letter_id: str, role: str) -> dict[str, Any]:
    """The same of the ``main`` file, or of it ``stamped``: with the receipt stamp of every book it stands in.

    Raises:
        Problem: ``not_found``; ``attachment.none``, ``attachment.unstampable`` (409); ``attachment.<cause>`` (422);
            ``desk.*``.
    """
    with app.read(caller) as unit:
        letter = find_letter(unit, letter_id)
        attachment = _main(unit, letter)
        stamps = _stamps(unit, letter)
        unit.session.expunge(attachment)
    if role == "main":
        return hand_out_file(app, caller, letter_id, attachment.id)
    if attachment.kind not in rules.STAMPED_KINDS or not stamps:
        raise conflict("attachment.unstampable", "หนังสือยังไม่ได้ลงทะเบียน หรือไฟล์หลักไม่ใช่ PDF หรือภาพ จึงประทับตราไม่ได้")
    made_sha256, placed = _stamped(app, attachment, stamps)
    with app.write(caller) as unit:
        letter = find_letter(unit, letter_id)
        change = {"attachment": attachment.id, "stamps": placed}
        unit.audit("letter.stamped", f"letter/{letter.id}", letter.org_path, change)
        name = rules.stamped_name(attachment.filename)
        return {**handout(unit, INCOMING, made_sha256, name, rules.CONTENT_TYPES["pdf"]), "placed": placed}


def _stamped(app: Any, attachment: Attachment, stamps: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The hash of the stamped file, which lies where uploads wait to be claimed, and where each stamp went."""
    sha256, prefix = attachment.sha256, PREFIX
    if attachment.kind != "pdf":
        job = {"title": attachment.filename, "made_at": attachment.uploaded_at.isoformat()}
        with app.adapters.files.path_for_reading(prefix, sha256) as path:
            drawn, sha256, _ = desk.run_into_file(app.adapters, PICTURE, {**job, "path": str(path)})
        _refuse(drawn)
        prefix = INCOMING
    with app.adapters.files.path_for_reading(prefix, sha256) as path:
        answer, made_sha256, _ = desk.run_into_file(app.adapters, STAMP, {"path": str(path), "stamps": stamps})
    _refuse(answer)
    return made_sha256, answer["placed"]


def _refuse(answer: Mapping[str, Any]) -> None:
    if answer["refused"] is not None:
        raise rules.refused(**answer["refused"])


def _letter_to_attach(unit: Unit, letter_id: str, *, lock: bool = False) -> Letter:
    """A letter to which the caller may put a file: its registry, who has it now, or who has a task in it."""
    letter = find_letter(unit, letter_id, lock=lock)
    own_task = select(Task.id).where(Task.letter_id == letter.id, Task.assignee_id.in_(persons(unit)))
    keeps = any(access.acts_at(unit, access.KEEPS_BOOKS, path) for path in (letter.org_path, letter.holder_path))
    if not keeps and unit.session.execute(own_task.limit(1)).first() is None:
        raise forbidden("แนบไฟล์ได้เฉพาะสารบรรณที่ลงทะเบียน ธุรการของหน่วยงานที่หนังสืออยู่ และผู้รับผิดชอบ")
    check_carried(Secrecy(letter.secrecy))
    if letter.state not in OPEN_STATES:
        raise conflict("letter.state", "เรื่องนี้สิ้นสุดแล้ว แนบไฟล์เพิ่มไม่ได้", state=letter.state)
    return letter


def _roles(unit: Unit, letter: Letter) -> list[FileRole]:
    found = unit.session.execute(select(Attachment.role).filter_by(letter_id=letter.id)).scalars()
    return [FileRole(role) for role in found]


def _main(unit: Unit, letter: Letter) -> Attachment:
    found = select(Attachment).filter_by(letter_id=letter.id, role=FileRole.MAIN.value)
    attachment = unit.session.execute(found).scalar_one_or_none()
    if attachment is None:
        raise conflict("attachment.none", "หนังสือนี้ยังไม่มีไฟล์")
    return attachment


def _stamps(unit: Unit, letter: Letter) -> list[dict[str, Any]]:
    """A stamp for every received book in which the letter stands: the office's first, then that of the group."""
    stamps = []
    for entry in numbers_of(unit, letter.id):
        book = unit.session.get_one(RegisterBook, entry.book_id)
        if entry.state == EntryState.VOID or book.kind not in RECEIVED_KINDS:
            continue
        place = unit.session.get(StampPlace, entry.id)
        received = letter.received_at if book.owner == letter.owner else entry.entered_at
        stamps.append(
            {
                "agency": find_unit(unit, book.owner).name,
                "number": entry.display_no,
                "received_at": received.isoformat(),
                "page": place.page if place else 1,
                "x": place.x if place else None,
                "y": place.y if place else None,
            }
        )
    return stamps


def _handed_out(unit: Unit, letter: Letter, attachment: Attachment) -> dict[str, Any]:
    unit.audit("letter.file", f"letter/{letter.id}", letter.org_path, {"attachment": attachment.id})
    content_type = rules.CONTENT_TYPES[attachment.kind]
    return handout(unit, PREFIX, attachment.sha256, attachment.filename, content_type)
