"""How a duplicate looks to the area, and to each school: nobody sees more of another's pupil than settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.rounds.calendar.views import local
from services.rounds.duplicates.lookup import Entry
from services.rounds.duplicates.rules import GATING, RULE_OF, CaseState, Kind, Side, Standing, loser
from services.rounds.duplicates.tables import DuplicateCase, DuplicateEntry, DuplicateEvidence
from services.rounds.rules.dmc.grades import label_of
from services.rounds.rules.dmc.layout import CITIZEN_ID, COLUMNS
from shared.thai.national_id import mask, mask_within

AREA = "area"


@dataclass(frozen=True)
class Viewpoint:
    """From where somebody looks at a case: from the area, and from which of its schools."""

    is_area: bool
    own: frozenset[str]

    def sees(self, smis: str) -> bool:
        """Whether what the school (or ``area``) put to the case may be seen, names of people included."""
        return self.is_area or smis in self.own


def case_view(
    case: DuplicateCase, viewpoint: Viewpoint, entries: Mapping[tuple[str, bytes], Entry], documents: int
) -> dict[str, Any]:
    """A case: both schools with grade and masked id, what agrees, how it stands."""
    first, second = Side(case.first_smis, case.first_key), Side(case.second_smis, case.second_key)
    losing = loser(Standing(CaseState(case.state), case.basis, case.keep), first, second)
    names = (case.first_name, case.first_masked), (case.second_name, case.second_masked)
    return {
        "id": case.id,
        "round_id": case.round_id,
        "kind": case.kind,
        "rule": RULE_OF[Kind(case.kind)],
        "is_gating": Kind(case.kind) in GATING,
        "state": case.state,
        "masked_id": case.first_masked,
        "same_names": case.same_names,
        "same_birth": case.same_birth,
        "keep": case.keep,
        "reason": case.reason,
        "found_at": local(case.found_at),
        "decided_at": local(case.decided_at),
        "documents": documents,
        "schools": [
            {
                "smis": side.smis,
                "name": name,
                "grade": _grade(entries.get((side.smis, side.key))),
                "masked_id": masked,
                "is_own": side.smis in viewpoint.own,
                "counts": case.state != CaseState.GONE and side != losing,
            }
            for side, (name, masked) in zip((first, second), names, strict=True)
        ],
    }


def pupil_view(cells: Sequence[str]) -> list[dict[str, str]]:
    """A school's own pupil as its file has it, column by column; the id stays masked until it is revealed."""
    return [
        {
            "field": column.field,
            "header": column.header,
            "value": mask(value) if column.field == CITIZEN_ID else mask_within(value),
        }
        for column, value in zip(COLUMNS, cells, strict=True)
        if value
    ]


def evidence_view(document: DuplicateEvidence, viewpoint: Viewpoint) -> dict[str, Any]:
    """A document: to the other school only that there is one."""
    is_shown = viewpoint.sees(document.smis)
    return {
        "id": document.id,
        "smis": document.smis,
        "uploaded_at": local(document.uploaded_at),
        "is_cited": document.is_cited,
        "filename": mask_within(document.filename) if is_shown else None,
        "content_type": document.content_type if is_shown else None,
        "size": document.size if is_shown else None,
        "uploaded_by": document.uploaded_by_name if is_shown else None,
    }


def entry_view(entry: DuplicateEntry, viewpoint: Viewpoint) -> dict[str, Any]:
    """A step of a case; who took it is told to the area."""
    return {
        "at": local(entry.at),
        "event": entry.event,
        "state": entry.state,
        "keep": entry.keep,
        "reason": entry.reason,
        "actor": entry.actor_name if viewpoint.is_area else None,
    }


def _grade(entry: Entry | None) -> str | None:
    return label_of(entry.grade) if entry and entry.grade is not None else None
