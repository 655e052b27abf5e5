"""Servers and systems that tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.system import EmbeddedSystem, ServicesSystem, System, running
from tests.servers import PostgresServer, RabbitServer
from tests.servers import running as servers_running


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[RabbitServer, PostgresServer]]:
    """A RabbitMQ and a PostgreSQL of this test session's own."""
    rabbit, postgres = RabbitServer(), PostgresServer()
    with servers_running(rabbit, postgres):
        yield rabbit, postgres


@pytest.fixture(scope="module", params=["embedded", "services"])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A running Khet with the demo office, in each of both modes."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        made: System = EmbeddedSystem(folder)
    else:
        made = ServicesSystem(folder, *request.getfixturevalue("servers"))
    with running(made) as started:
        yield started
