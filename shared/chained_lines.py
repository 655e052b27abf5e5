"""Lines of a book chained by digests: they and one digest that was noted down are proof without any system."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def chained(lines: Iterable[Mapping[str, Any]], head: str = "") -> Iterator[dict[str, Any]]:
    """Each line with the digest over it and the digest before it: whoever changes, removes or puts in one line must
    change every digest behind it, and the last one stands in the closed book and wherever it was noted down.
    """
    for line in lines:
        head = digest(head, line)
        yield {**line, "digest": head}


def digest(before: str, line: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before and the line as JSON with sorted members (hex)."""
    written = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{written}".encode()).hexdigest()


def head_of(lines: Sequence[Mapping[str, Any]]) -> str:
    """The last digest of chained lines; of none, that over an empty line."""
    return str(lines[-1].get("digest", "")) if lines else digest("", {})


def first_break(lines: Sequence[Mapping[str, Any]]) -> int | None:
    """The index of the first line of an export whose digest does not follow from those before; None when all do."""
    head = ""
    for index, line in enumerate(lines):
        head = digest(head, {name: value for name, value in line.items() if name != "digest"})
        if line.get("digest") != head:
            return index
    return None
