"""Downloads: the owner hands out a reference, the gateway streams the one file that it names."""

from __future__ import annotations

from gateway.environment import CLOCK, SETTINGS
from gateway.office import Office
from shared.files.references import ReferenceSealer
from shared.files.store import FileStore
from shared.http.answers import Answer, file_answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.security import secrets
from shared.security.vault import Vaults

routes = Routes(tag="files")

STORE = FileStore(SETTINGS.files_root, Vaults(SETTINGS.vault_root))
SEALER = ReferenceSealer(secrets.read(SETTINGS.secrets_root, "file_reference"))


@routes.get(
    "/api/v1/files/{reference:path}", produces="application/octet-stream", problems=("file.reference", "not_found")
)
def download_file(request: Request, _office: Office) -> Answer:
    """The file that a reference names, for five minutes after it was handed out."""
    reference = SEALER.read(request.params["reference"], CLOCK.now().timestamp())
    opened = STORE.path_by_key(reference.prefix, reference.sha256, bytes.fromhex(reference.file_key))
    return file_answer(opened, reference.filename, reference.content_type)
