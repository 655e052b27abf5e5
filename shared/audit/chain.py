"""What is digested of an audit row and of the chain over them. No database, no clock.

A row's digest is made with the service's audit key when it is written; the sealer then chains the rows, so that a row
that was changed, taken away or put in between is found (DESIGN §9: chaining while writing would cost a third).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROW_CONTEXT = "audit.row"
LINK_CONTEXT = "audit.link"


@dataclass(frozen=True)
class Entry:
    """An audit row as plain values."""

    id: str
    at: dt.datetime
    actor: str
    action: str
    subject: str
    org_path: str
    reason: str | None
    change: Mapping[str, Any]
    correlation_id: str

    def canonical(self) -> str:
        """The row as one text: the same before it is stored and after it was read from either database."""
        return json.dumps(
            [
                self.id,
                self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
                self.actor,
                self.action,
                self.subject,
                self.org_path,
                self.reason,
                self.change,
                self.correlation_id,
            ],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )


def genesis(unkeyed_seq: int) -> str:
    """What the chain begins with. It says up to which row digests are missing, so that this cannot be moved later."""
    return f"genesis\0{unkeyed_seq}"


def link(previous: str, position: int, seq: int, canonical: str) -> str:
    """What the digest of one link is made of."""
    return f"{previous}\0{position}\0{seq}\0{canonical}"
