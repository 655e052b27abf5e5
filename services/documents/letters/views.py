"""How letters look to the outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.documents.letters.tables import Letter, LetterStep
from services.documents.registers.tables import RegisterEntry
from services.documents.registers.views import number_view
from shared.clock import BANGKOK


def local(instant: dt.datetime | None) -> str | None:
    """An instant as ISO 8601 with Bangkok's offset."""
    return instant.astimezone(BANGKOK).isoformat() if instant else None


def letter_view(letter: Letter, numbers: Sequence[RegisterEntry]) -> dict[str, Any]:
    """One letter with the lines of the books that bear it."""
    return {
        "id": letter.id,
        "direction": letter.direction,
        "kind": letter.kind,
        "subject": letter.subject,
        "from": letter.sender,
        "to": letter.receiver,
        "doc_no": letter.doc_no,
        "doc_date": letter.doc_date.isoformat(),
        "received_at": local(letter.received_at),
        "speed": letter.speed,
        "speed_deadline": local(letter.speed_deadline),
        "secrecy": letter.secrecy,
        "channel": letter.channel,
        "note": letter.note,
        "summary": letter.summary,
        "state": letter.state,
        "owner": letter.owner,
        "holder": letter.holder,
        "org_path": letter.org_path,
        "created_at": local(letter.created_at),
        "closed_at": local(letter.closed_at),
        "void_reason": letter.void_reason,
        "numbers": [number_view(entry) for entry in numbers],
        "etag": f"l{letter.version}",
    }


def step_view(step: LetterStep) -> dict[str, Any]:
    """One line of a letter's history."""
    return {
        "seq": step.seq,
        "at": local(step.at),
        "actor": step.actor_name,
        "move": step.move,
        "from": step.from_state,
        "to": step.to_state,
        "unit": step.unit,
        "text": step.text,
        "detail": step.detail,
    }
