"""``khet``: starts processes and talks to a running system."""

from __future__ import annotations

import importlib
import sys
import warnings

SERVERS = {"up", "run"}


def main() -> None:
    """Entry point. A server process is made green before anything else is imported."""
    # a known debt (the imports of eventlet are kept in one package); operators can do nothing about it
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    if len(sys.argv) > 1 and sys.argv[1] in SERVERS:
        importlib.import_module("shared.runtime.green")
    importlib.import_module("shared.cli.commands").khet()
