"""The font of official papers, installed when it is missing and may be."""

from __future__ import annotations

import pytest

from shared.printing.fonts import DEBIAN_PACKAGE, laksaman
from tests.servers import ensure


@pytest.fixture(scope="session", autouse=True)
def exact_font() -> None:
    ensure([DEBIAN_PACKAGE], laksaman)
