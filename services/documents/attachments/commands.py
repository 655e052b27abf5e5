"""Taking files for letters, and handing them out.

What a child does takes a while, so these open units of their own before and after it and hold none meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.adapters import INCOMING, PREFIX
from services.documents.attachments import rules
from services.documents.attachments.drawing import hand_out_stamped, refuse
from services.documents.attachments.finding import main_of, may_attach
from services.documents.attachments.rules import FileRole
from services.documents.attachments.tables import Attachment, StampPlace
from services.documents.attachments.views import attachment_view
from services.documents.letters.finding import find_letter
from services.documents.letters.recording import write_down
from services.documents.letters.rules import OPEN_STATES, Secrecy, check_carried
from services.documents.letters.tables import Letter
from services.documents.printing.refusals import Refused
from services.documents.printing.scans import kind_of
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.tasks.finding import tasks_of
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.files.sniff import HEAD_BYTES
from shared.problems import conflict, forbidden, not_found
from shared.runtime import desk
from shared.security.identity import Identity

LOOK = "services.documents.printing.scans:look_task"


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
    refuse(answer)
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
    if role != "main":
        return hand_out_stamped(app, caller, letter_id)
    with app.write(caller) as unit:
        letter = find_letter(unit, letter_id)
        return _handed_out(unit, letter, main_of(unit, letter))


def _letter_to_attach(unit: Unit, letter_id: str, *, lock: bool = False) -> Letter:
    letter = find_letter(unit, letter_id, lock=lock)
    if not may_attach(unit, letter, tasks_of(unit, letter.id)):
        raise forbidden("แนบไฟล์ได้เฉพาะสารบรรณที่ลงทะเบียน ธุรการของหน่วยงานที่หนังสืออยู่ และผู้รับผิดชอบ")
    check_carried(Secrecy(letter.secrecy))
    if letter.state not in OPEN_STATES:
        raise conflict("letter.state", "เรื่องนี้สิ้นสุดแล้ว แนบไฟล์เพิ่มไม่ได้", state=letter.state)
    return letter


def _roles(unit: Unit, letter: Letter) -> list[FileRole]:
    found = unit.session.execute(select(Attachment.role).filter_by(letter_id=letter.id)).scalars()
    return [FileRole(role) for role in found]


def _handed_out(unit: Unit, letter: Letter, attachment: Attachment) -> dict[str, Any]:
    unit.audit("letter.file", f"letter/{letter.id}", letter.org_path, {"attachment": attachment.id})
    content_type = rules.CONTENT_TYPES[attachment.kind]
    return handout(unit, PREFIX, attachment.sha256, attachment.filename, content_type)
