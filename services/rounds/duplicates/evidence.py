"""Documents put to a case: by either school or the area, seen by who put them there and by the area."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from services.rounds import access
from services.rounds.adapters import INCOMING, PREFIX
from services.rounds.calendar.views import find_round
from services.rounds.duplicates.book import add_entry, check_workable, lock_cases
from services.rounds.duplicates.queries import find_case, viewpoint_of
from services.rounds.duplicates.rules import CaseState, check_evidence, require_room
from services.rounds.duplicates.tables import DuplicateCase, DuplicateEvidence
from services.rounds.duplicates.views import AREA, evidence_view
from services.rounds.gates.publishing import Author
from services.rounds.pupils.limits import count_file
from services.rounds.retention.commands import keep_bytes
from shared.audit.disclosure import checked_reason
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.files.sniff import HEAD_BYTES, sniff
from shared.problems import conflict, forbidden, not_found
from shared.security.identity import Identity


def add_evidence(unit: Unit, round_id: str, case_id: str, file: dict[str, Any]) -> dict[str, Any]:
    """Put a document to a case; the same one sent again by the same side is that one.

    ``file`` is {sha256, filename, size} of a file in the store's ``incoming``.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``evidence.type`` (415), ``evidence.too_large`` (413), ``evidence.empty``
            (422); ``evidence.too_many``, ``duplicate.state``, ``round.not_open``, ``round.closed`` (409).
    """
    case = find_case(unit, round_id, case_id)
    check_workable(unit, find_round(unit, round_id), case)
    side, org_path = _side(unit, case)
    if case.state == CaseState.GONE:
        raise conflict("duplicate.state", "รายการนี้ไม่ซ้ำซ้อนแล้ว จึงไม่รับเอกสารเพิ่ม", state=case.state)
    content_type = _look_at(unit, file)
    lock_cases(unit, round_id)
    known = unit.session.execute(
        select(DuplicateEvidence).filter_by(case_id=case.id, smis=side, sha256=file["sha256"])
    ).scalar_one_or_none()
    document = known or _new_document(unit, case, side, org_path, file, content_type)
    return evidence_view(document, viewpoint_of(unit, case))


def hand_out_evidence(
    app: Any, caller: Identity | None, round_id: str, case_id: str, evidence_id: str, reason: str | None = None
) -> dict[str, Any]:
    """A reference with which the gateway streams a document; good for a minute. It is written down.

    Raises:
        Problem: ``not_found``, also for what the other school put to the case; ``forbidden``; ``invalid`` (422) without
            a reason where one is needed; ``download.limit`` (429).
    """
    with app.write(caller) as unit:
        case = find_case(unit, round_id, case_id)
        document = unit.session.execute(
            select(DuplicateEvidence).filter_by(id=evidence_id, case_id=case.id)
        ).scalar_one_or_none()
        viewpoint = viewpoint_of(unit, case)
        if document is None or not viewpoint.sees(document.smis):
            raise not_found("ไม่พบเอกสารนี้")
        is_own = document.smis in viewpoint.own
        if not is_own and not unit.identity.holds(access.JUDGES, case.org_path):
            raise forbidden()
        text = checked_reason(reason, needed=not is_own)
        count_file(unit)
        path = _path_of(case, document.smis)
        subject = f"school/{document.smis}" if document.smis != AREA else f"duplicate/{case.id}"
        unit.audit("reveal.evidence", subject, path, {"case": case.id, "sha256": document.sha256}, text)
        return handout(unit, PREFIX, document.sha256, document.filename, document.content_type)


def _side(unit: Unit, case: DuplicateCase) -> tuple[str, str]:
    """For whom the caller speaks: the area or one of both schools, with its node."""
    if unit.identity.holds(access.JUDGES, case.org_path):
        return AREA, case.org_path
    own = sorted(viewpoint_of(unit, case).own)
    if not own:
        raise forbidden("แนบเอกสารได้เฉพาะโรงเรียนที่เกี่ยวข้องและเจ้าหน้าที่เขต")
    return own[0], _path_of(case, own[0])


def _path_of(case: DuplicateCase, side: str) -> str:
    return {case.first_smis: case.first_path, case.second_smis: case.second_path}.get(side, case.org_path)


def _look_at(unit: Unit, file: dict[str, Any]) -> str:
    """What the bytes say they are; they are looked at before the file is taken over."""
    files = unit.adapters.files
    with files.path_for_reading(INCOMING, file["sha256"]) as path, path.open("rb") as stream:
        content_type = sniff(stream.read(HEAD_BYTES))
    check_evidence(content_type, file["size"])
    keep_bytes(unit, file["sha256"])
    files.claim(file["sha256"], INCOMING, PREFIX)
    return content_type


def _new_document(
    unit: Unit, case: DuplicateCase, side: str, org_path: str, file: dict[str, Any], content_type: str
) -> DuplicateEvidence:
    count = select(func.count()).select_from(DuplicateEvidence).filter_by(case_id=case.id, smis=side)
    require_room(unit.session.execute(count).scalar_one())
    document = DuplicateEvidence(
        id=new_id(),
        case_id=case.id,
        smis=side,
        sha256=file["sha256"],
        filename=file["filename"],
        content_type=content_type,
        size=file["size"],
        uploaded_by=unit.identity.person_id,
        uploaded_by_name=unit.identity.name,
        uploaded_at=unit.now(),
        is_cited=False,
    )
    unit.session.add(document)
    add_entry(unit, case, "evidence", Author(unit.identity.person_id, unit.identity.name))
    change = {"evidence": document.id, "sha256": document.sha256, "size": document.size}
    unit.audit("duplicate.evidence", f"duplicate/{case.id}", org_path, change)
    return document
