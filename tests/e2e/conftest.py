"""An office of one's own, and browsers at it, for the stories of one module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running.chromium import Desk, desk
from tests.running.system import EmbeddedSystem, System, running


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system in one process."""
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as system:
        yield system


@pytest.fixture(scope="module")
def people(office: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Browsers at it."""
    with desk(office.url, tmp_path_factory.mktemp("screenshots")) as opened:
        yield opened
