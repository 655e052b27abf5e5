"""Files on their way out: the owner hands the gateway a sealed reference, the gateway streams the one file it names."""

from __future__ import annotations

from functools import cache

from gateway.environment import CLOCK, SETTINGS
from shared.files.references import ReferenceSealer
from shared.files.store import FileStore
from shared.http.answers import Answer, file_answer
from shared.security import secrets
from shared.security.vault import Vaults

STORE = FileStore(SETTINGS.files_root, Vaults(SETTINGS.vault_root))


@cache
def sealer() -> ReferenceSealer:
    """What opens references; its key is read with the first of them: pages are also tried where there is none."""
    return ReferenceSealer(secrets.read(SETTINGS.secrets_root, "file_reference"))


def download(sealed: str) -> Answer:
    """The file that a reference names.

    Raises:
        Problem: ``file.reference`` (403), ``file.reference_expired`` (410), ``not_found``.
    """
    reference = sealer().read(sealed, CLOCK.now().timestamp())
    opened = STORE.path_by_key(reference.prefix, reference.sha256, bytes.fromhex(reference.file_key))
    answer = file_answer(opened, reference.filename, reference.content_type)
    answer.headers["Cache-Control"] = "no-store"
    return answer
