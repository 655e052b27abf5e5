"""A file of the store on its way to somebody: a sealed reference with which the gateway streams it."""

from __future__ import annotations

from typing import Any

from shared.files.references import FileReference

REFERENCE_SECONDS = 60


def handout(unit: Any, prefix: str, sha256: str, filename: str, content_type: str) -> dict[str, Any]:
    """A reference with which the gateway streams one file of the store; good for a minute."""
    reference = FileReference(
        prefix=prefix,
        sha256=sha256,
        file_key=unit.adapters.files.file_key(prefix, sha256).hex(),
        filename=filename,
        content_type=content_type,
        expires_at=int(unit.now().timestamp()) + REFERENCE_SECONDS,
    )
    return {"reference": unit.adapters.references.seal(reference)}
