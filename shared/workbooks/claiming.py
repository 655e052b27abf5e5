"""Taking a workbook over from the gateway: claimed out of ``incoming``, and looked at from outside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.files.store import FileStore
from shared.problems import Problem
from shared.workbooks.container import inspect
from shared.workbooks.faults import ContainerFault

FAULT_STATUS = {"too_large": 413, "type": 415, "extension": 415}


def claim_workbook(files: FileStore, from_prefix: str, to_prefix: str, file: Mapping[str, Any]) -> str:
    """Take the file {sha256, filename} over; the kind of container that it is (``xlsx``, ``xls``, ``html``, ``csv``).

    Raises:
        Problem: ``F01.<cause>`` (4xx) for a file that is no readable container; ``not_found`` when it is gone.
    """
    files.claim(file["sha256"], from_prefix, to_prefix)
    with files.path_for_reading(to_prefix, file["sha256"]) as path:
        return kind_of(path, file["filename"])


def kind_of(path: Path, filename: str) -> str:
    """The kind of container that the file at ``path``, sent as ``filename``, is.

    Raises:
        Problem: ``F01.<cause>`` (4xx) for a file that is no readable container.
    """
    try:
        return inspect(path, filename).kind
    except ContainerFault as fault:
        status = FAULT_STATUS.get(fault.cause, 422)
        raise Problem(f"F01.{fault.cause}", status, fault.title, fault.detail, extra={"rule": "F01"}) from fault
