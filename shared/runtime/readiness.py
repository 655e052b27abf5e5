"""Whether this process can do its work: asked by health checks, answered by the runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[], tuple[bool, Mapping[str, Any]]]


def _starting() -> tuple[bool, Mapping[str, Any]]:
    return False, {"state": "starting"}


_check: list[Check] = [_starting]


def use(check: Check) -> None:
    """Let ``check`` speak for this process."""
    _check[:] = [check]


def check() -> tuple[bool, Mapping[str, Any]]:
    """Whether the process is ready, and the details."""
    return _check[0]()
