"""The gateway's OpenAPI document, made as its process makes it, and what of it programs rely on.

``python -m tests.contracts.openapi`` writes ``api.json`` anew; what was there and is no longer is refused.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).parent / "api.json"
PAGE = "page "
METHODS = {"get", "put", "post", "patch", "delete"}

# the gateway reads its settings and keys when it is imported, so it is imported in a process of its own
PRINT = """
import json
from shared import settings
from shared.security import secrets
secrets.create(settings.current().secrets_root)
from gateway.app import ROUTER
from shared.http.openapi import document
routes = [{"name": r.name, "kind": r.kind, "method": r.method, "path": r.path, "doc": r.handler.__doc__ or "",
           "public": r.access.public, "roles": list(r.access.roles)} for r in ROUTER.routes]
print(json.dumps({"document": document(ROUTER, "Khet API", "1"), "routes": routes}))
"""


@cache
def printed() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KHET_DATA": folder, "KHET_MODE": "embedded", "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(
            [sys.executable, "-c", PRINT],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def document() -> dict[str, Any]:
    written: dict[str, Any] = printed()["document"]
    return written


def operations() -> dict[str, dict[str, Any]]:
    """Every operation by ``METHOD /path``."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def promises() -> dict[str, dict[str, Any]]:
    """What programs and people rely on: for every operation who may call it, codes of problems and members of answers;
    for every page and form who may open it.
    """
    of_programs = {
        name: {"access": operation["x-access"], "codes": operation["x-codes"], "answers": _members(operation)}
        for name, operation in sorted(operations().items())
    }
    of_people = {
        f"{PAGE}{route['method']} {route['path']}": {"access": {"public": route["public"], "roles": route["roles"]}}
        for route in sorted(printed()["routes"], key=lambda one: (one["path"], one["method"]))
        if route["kind"] == "page"
    }
    return of_programs | of_people


def broken(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What was promised to programs in ``old`` and is not in ``new``."""
    heirs = {name: _heir(name, new) for name in old if not name.startswith(PAGE)}
    gone = [name for name, heir in heirs.items() if heir is None]
    return gone + [
        f"{name}: {kind} {sorted(lost)}"
        for name, heir in heirs.items()
        if heir
        for kind in ("codes", "answers")
        if (lost := set(old[name][kind]) - set(new[heir][kind]))
    ]


def _heir(name: str, new: dict[str, Any]) -> str | None:
    """The operation that answers at an address: of the same name, else one whose parameters it fits."""
    if name in new:
        return name
    fitting = (one for one in new if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/{}]+", re.escape(one)), name))
    return max(fitting, key=len, default=None)


def _members(operation: dict[str, Any]) -> list[str]:
    good = next(answer for status, answer in sorted(operation["responses"].items()) if status.startswith("2"))
    schema = good.get("content", {}).get("application/json", {}).get("schema", {})
    return sorted(_resolved(schema).get("properties", {}))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    return found


def main() -> int:
    lost = broken(json.loads(KEPT.read_text()), promises()) if KEPT.exists() else []
    if lost:
        sys.stderr.write("".join(f"gone: {what}\n" for what in lost))
        return 1
    KEPT.write_text(json.dumps(promises(), indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
