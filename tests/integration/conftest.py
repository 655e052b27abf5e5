"""The service ``rounds`` at a desk, on both databases, for the tests that drive it without a gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running.duplicates_desk import Desk, open_desk


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    postgres = request.getfixturevalue("servers")[1] if request.param == "postgresql" else None
    yield from open_desk(tmp_path_factory.mktemp(request.param), postgres)


@pytest.fixture
def round_id(desk: Desk) -> Iterator[str]:
    """An open round in an area of its own; the clock is right again afterwards."""
    yield desk.open_round()
    desk.move_clock()
