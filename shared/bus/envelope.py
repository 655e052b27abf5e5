"""The envelope of every message: CloudEvents 1.0 in strict JSON of our own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from uuid_utils import uuid7

CONTENT_TYPE = "application/cloudevents+json"


class UndecodableMessage(Exception):
    """A message that is not one of our envelopes."""


def new_id() -> str:
    """A time-ordered identifier (UUID 7)."""
    return str(uuid7())


@dataclass(frozen=True)
class Envelope:
    """A fact on its way. ``subject`` is the aggregate, ``version`` counts its states, ``org`` is its path."""

    type: str
    source: str
    subject: str
    version: int
    time: dt.datetime
    data: Mapping[str, Any]
    id: str = field(default_factory=new_id)
    actor: str = ""
    org: str = ""
    traceparent: str = ""
    correlation_id: str = ""
    causation_id: str = ""
    replay: bool = False

    def encode(self) -> bytes:
        """Strict JSON: no NaN, no objects of Python's own; UTF-8."""
        document = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.astimezone(dt.UTC).isoformat(),
            "datacontenttype": "application/json",
            "aggregateversion": self.version,
            "actor": self.actor,
            "org": self.org,
            "traceparent": self.traceparent,
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "replay": self.replay,
            "data": self.data,
        }
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, body: bytes | str) -> Envelope:
        """Read an envelope.

        Raises:
            UndecodableMessage: not JSON, or without the members of an envelope.
        """
        try:
            document = json.loads(body)
            return cls(
                type=str(document["type"]),
                source=str(document["source"]),
                subject=str(document["subject"]),
                version=int(document["aggregateversion"]),
                time=dt.datetime.fromisoformat(document["time"]),
                data=dict(document["data"]),
                id=str(document["id"]),
                actor=str(document.get("actor", "")),
                org=str(document.get("org", "")),
                traceparent=str(document.get("traceparent", "")),
                correlation_id=str(document.get("correlationid", "")),
                causation_id=str(document.get("causationid", "")),
                replay=bool(document.get("replay", False)),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UndecodableMessage(f"{type(error).__name__}: {error}") from error
