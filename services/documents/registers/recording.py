"""What is told and written down of an entry whenever it changes."""

from __future__ import annotations

from typing import Any

from services.documents.registers.rules import SECRET_KINDS
from services.documents.registers.tables import RegisterBook, RegisterEntry
from shared.bus.contracts.documents import ENTRY_RECORDED
from shared.db.unit import Unit

# what happens to an entry: it is entered, used, voided; each once, in this order
VERSIONS = {"entry.issue": 1, "entry.reserve": 1, "entry.insert": 1, "entry.use": 2, "entry.void": 3, "entry.expire": 3}


def record(unit: Unit, book: RegisterBook, entry: RegisterEntry, action: str, reason: str | None = None) -> None:
    """Put an entry as it is now into the audit log and on the bus. Of a secret book nobody is told, and the log has no
    words of it.
    """
    change: dict[str, Any] = {"display_no": entry.display_no, "be_year": entry.be_year, "state": entry.state}
    is_secret = book.kind in SECRET_KINDS
    unit.audit(action, f"entry/{entry.id}", book.org_path, change, None if is_secret else reason)
    if is_secret:
        return
    state = {
        "entry_id": entry.id,
        "book_id": book.id,
        "book_kind": book.kind,
        "owner": book.owner,
        "org_path": book.org_path,
        "be_year": entry.be_year,
        "no": entry.no,
        "suffix": entry.suffix,
        "state": entry.state,
        "entry_date": entry.entry_date.isoformat(),
        "letter_id": entry.letter_id,
    }
    unit.emit(ENTRY_RECORDED, f"entry/{entry.id}", VERSIONS[action], state, book.org_path)
