"""Throw-away RabbitMQ and PostgreSQL for the tests: own ports, own folder, nothing left behind.

In a conftest::

    @pytest.fixture(scope="session")
    def broker() -> Iterator[RabbitServer]:
        with RabbitServer() as server:
            yield server

    @pytest.fixture
    def amqp_uri(broker: RabbitServer) -> Iterator[str]:
        name = f"t-{uuid4().hex}"
        yield broker.add_vhost(name)
        broker.drop_vhost(name)

By hand: ``python -m tests.servers ensure`` (install what is missing) and ``python -m tests.servers up``.
"""

from tests.servers.debian import CannotInstallError, ensure, ensure_all
from tests.servers.ports import PortLease
from tests.servers.postgres import PostgresServer, plain_dsn
from tests.servers.rabbitmq import RabbitServer
from tests.servers.server import ServerFailedError, ThrowAwayServer, running

__all__ = [
    "CannotInstallError",
    "PortLease",
    "PostgresServer",
    "RabbitServer",
    "ServerFailedError",
    "ThrowAwayServer",
    "ensure",
    "ensure_all",
    "plain_dsn",
    "running",
]
