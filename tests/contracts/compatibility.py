"""Published schemas of events: kept as files, and whether a new one may take the place of an old one.

Run as ``python -m tests.contracts.compatibility`` it writes the files of new event types and of compatible changes; a
schema that would break a reader is refused, it needs a new version of the event.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.bus.asyncapi import data_schema
from shared.bus.contracts.registry import EventType, all_types

PUBLISHED = Path(__file__).parent / "published"


def path_of(event_type: str) -> Path:
    return PUBLISHED / f"{event_type}.json"


def published() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(PUBLISHED.glob("*.json"))}


def normal(event: EventType) -> dict[str, Any]:
    """The schema of ``event`` with members in one order."""
    schema: dict[str, Any] = json.loads(json.dumps(data_schema(event), sort_keys=True, ensure_ascii=False))
    return schema


def breaks(old: Any, new: Any, where: str = "data") -> Iterator[str]:
    """What a reader of ``old`` would miss in ``new``: each break in words.

    Readers ignore members they do not know, so additions are compatible. Removed, renamed, retyped and no longer
    certain members are not, and neither is a value outside a list that readers were promised.
    """
    if new is None:
        yield f"{where} was removed"
        return
    before, after = _kinds(old), _kinds(new)
    if not after <= before:
        yield f"{where} was {sorted(before)} and may now be {sorted(after)}"
        return
    if "enum" in old and not set(new.get("enum", ())) <= set(old["enum"]):
        yield f"{where} may now have values outside {old['enum']}"
    if "enum" in old and "enum" not in new:
        yield f"{where} is no longer one of {old['enum']}"
    for key in ("items", "additionalProperties"):
        if key in old:
            yield from breaks(old[key], new.get(key), f"{where}[]")
    old_object, new_object = _object(old), _object(new)
    for name in sorted(set(old_object.get("required", ())) - set(new_object.get("required", ()))):
        if name in new_object.get("properties", {}):
            yield f"{where}.{name} may now be missing"
    for name, held in sorted(old_object.get("properties", {}).items()):
        yield from breaks(held, new_object.get("properties", {}).get(name), f"{where}.{name}")


def replaying_breaks(old: Any, new: Any, where: str = "data") -> Iterator[str]:
    """What a reader of ``new`` would miss in facts that were published as ``old``: owners keep and replay those."""
    old_object, new_object = _object(old), _object(new)
    for name in sorted(set(new_object.get("required", ())) - set(old_object.get("required", ()))):
        yield f"{where}.{name} is newly required: facts published before lack it"
    for name, held in sorted(old_object.get("properties", {}).items()):
        if name in new_object.get("properties", {}):
            yield from replaying_breaks(held, new_object["properties"][name], f"{where}.{name}")
    for key in ("items", "additionalProperties"):
        if key in old and key in new:
            yield from replaying_breaks(old[key], new[key], f"{where}[]")


def all_breaks(old: Any, new: Any) -> list[str]:
    return [*breaks(old, new), *replaying_breaks(old, new)]


def _kinds(schema: Any) -> set[str]:
    if "anyOf" in schema:
        return {kind for option in schema["anyOf"] for kind in _kinds(option)}
    kind = schema.get("type", "any")
    return set(kind) if isinstance(kind, list) else {kind}


def _object(schema: Any) -> Any:
    """The object among the options of a schema that may also be null."""
    return next((option for option in schema.get("anyOf", ()) if "properties" in option), schema)


def main() -> int:
    known, refused = published(), False
    for name, event in all_types().items():
        found = all_breaks(known[name], normal(event)) if name in known else []
        if found:
            refused = True
            sys.stderr.write(f"{name}: {'; '.join(found)}\n")
        elif known.get(name) != normal(event):
            text = json.dumps(normal(event), indent=1, sort_keys=True, ensure_ascii=False)
            path_of(name).write_text(f"{text}\n")
            sys.stdout.write(f"{name}: written\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
