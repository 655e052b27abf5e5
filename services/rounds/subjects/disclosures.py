"""A copy of everything that is held about one pupil. Each is counted and written down."""

from __future__ import annotations

from typing import Any

from services.rounds import access
from services.rounds.calendar.views import local
from services.rounds.pupils.limits import count_pupil
from services.rounds.pupils.rolls import roll_columns
from services.rounds.rules.dmc.identity_number import read_identity
from services.rounds.rules.dmc.layout import COLUMNS
from services.rounds.subjects import queries, views
from services.rounds.subjects.queries import Place
from services.rounds.submissions.disclosures import audit_shown
from services.rounds.submissions.tables import Finding
from shared.audit.disclosure import checked_reason
from shared.db.unit import Unit
from shared.problems import FieldError, forbidden, invalid
from shared.security.access import is_area
from shared.security.identity import Grant, Identity
from shared.thai.national_id import mask

ACTION = "reveal.subject"


def export_subject(app: Any, caller: Identity | None, citizen_id: str, reason: str | None = None) -> dict[str, Any]:
    """Everything about the pupil with this id in the files that stand, within the caller's reach; empty when there is
    none: ``places`` (rows, their findings, who was shown them), ``mentions`` (findings of files in which the pupil has
    no row), ``duplicates``.

    Asking is written down with its reason, where the pupil was found and where not.

    Raises:
        Problem: ``forbidden``; ``invalid`` (422) for what is no id, or without a reason; ``reveal.limit`` (429).
    """
    with app.write(caller) as unit:
        grant = _grant_of(unit)
        text = checked_reason(reason)
        value = _read_id(citizen_id)
        count_pupil(unit)
        key = queries.blind_key(unit, value)
        places = queries.places_of(unit, key)
        findings = queries.findings_of(unit, value, places)
        answer = {
            "masked_id": mask(value),
            "created_at": local(unit.now()),
            "places": [_place(unit, place, findings.get(place.submission.id, [])) for place in places],
            "mentions": _mentions(unit, places, findings),
            "duplicates": queries.duplicates_of(unit, key),
        }
        for place in places:
            audit_shown(unit, ACTION, place.submission, {"row": place.row}, text)
        if not places:
            kind = "area" if is_area(grant.scope) else "school"
            unit.audit(ACTION, f"{kind}/{grant.organisation}", grant.scope, {"found": 0}, text)
        return answer


def _read_id(text: str) -> str:
    """The id as the index knows it: 13 digits or ``G`` and twelve, valid or not, for files hold wrong ones too.

    Raises:
        Problem: ``invalid`` (422) naming ``citizen_id``.
    """
    value = read_identity(text, typed=True).value
    if value is None:
        raise invalid([FieldError("citizen_id", "format", "กรุณากรอกเลข 13 หลัก หรือ G ตามด้วยเลข 12 หลัก")])
    return value


def _grant_of(unit: Unit) -> Grant:
    """By which of the caller's grants they may ask.

    Raises:
        Problem: ``forbidden``.
    """
    for grant in unit.identity.grants:
        if grant.role in access.REVEALS:
            return grant
    raise forbidden("ขอสำเนาข้อมูลนักเรียนได้เฉพาะโรงเรียนของนักเรียนและเจ้าหน้าที่ของเขต")


def _place(unit: Unit, place: Place, findings: list[Finding]) -> dict[str, Any]:
    columns = roll_columns(unit.adapters, place.submission.roll_sha256, *(column.field for column in COLUMNS))
    return views.place_view(
        place,
        columns[place.row],
        # a file may have the id in two rows
        [finding for finding in findings if finding.row in (place.row, None)],
        queries.older_versions(unit, place),
        queries.disclosures_of(unit, place),
    )


def _mentions(unit: Unit, places: list[Place], findings: dict[str, list[Finding]]) -> list[dict[str, Any]]:
    elsewhere = findings.keys() - {place.submission.id for place in places}
    return [
        {**views.version_view(submission, round_), **views.whole_finding(finding)}
        for submission, round_ in queries.versions_of(unit, elsewhere)
        for finding in findings[submission.id]
    ]
