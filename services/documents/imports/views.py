"""How an import looks to the outside: always the report on the register, and where it has an id, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.documents.imports.rules import ImportPhase
from services.documents.imports.tables import RegisterImport
from services.documents.imports.telling import NOTHING_YET
from shared.clock import BANGKOK


def import_view(found: RegisterImport) -> dict[str, Any]:
    """An import with what is known of the register so far."""
    return {
        **NOTHING_YET,
        **(found.report or {}),
        "id": found.id,
        "book_id": found.book_id,
        "state": found.state,
        "dry_run": found.dry_run,
        "filename": found.filename,
        "sha256": found.sha256,
        "entered": found.entered,
        "progress": found.progress,
        "problem": found.problem,
        "created_at": found.created_at.astimezone(BANGKOK).isoformat(),
    }


def looked_at(book_id: str, file: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a register that was only looked at while somebody waited: nothing of it is kept, so it has no id."""
    return {
        **report,
        "id": None,
        "book_id": book_id,
        "state": ImportPhase.DONE.value,
        "dry_run": True,
        "filename": file["filename"],
        "sha256": file["sha256"],
        "entered": 0,
        "progress": {"stage": "done", "done": report["counts"]["rows_in"], "total": report["counts"]["rows_in"]},
        "problem": None,
        "created_at": None,
    }
