"""How files look to the outside."""

from __future__ import annotations

from typing import Any

from services.documents.attachments.tables import Attachment
from services.documents.letters.views import local


def attachment_view(attachment: Attachment) -> dict[str, Any]:
    """One file of a letter."""
    return {
        "id": attachment.id,
        "letter_id": attachment.letter_id,
        "role": attachment.role,
        "filename": attachment.filename,
        "kind": attachment.kind,
        "size": attachment.size,
        "pages": attachment.pages,
        "notices": attachment.notices,
        "uploaded_at": local(attachment.uploaded_at),
    }
