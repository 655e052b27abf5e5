"""The W3C trace context: continued when the caller sent one, begun otherwise."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)


@dataclass(frozen=True)
class Trace:
    """One request's place in its trace; ``trace_id`` is also the request id a user can quote."""

    trace_id: str
    span_id: str
    flags: str = "01"

    @property
    def traceparent(self) -> str:
        """The header for whatever this request calls."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    @classmethod
    def begin(cls) -> Trace:
        """A new trace."""
        return cls(secrets.token_hex(16), secrets.token_hex(8))

    @classmethod
    def continued(cls, header: str | None) -> Trace:
        """The caller's trace with a span of our own; a missing or broken header begins a new one."""
        match = _TRACEPARENT.fullmatch(header or "")
        if match is None or match[1] == "ff" or (match[1] == "00" and match[5]):
            return cls.begin()
        if not int(match[2], 16) or not int(match[3], 16):
            return cls.begin()
        return cls(match[2], secrets.token_hex(8), match[4])
