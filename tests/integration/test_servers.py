"""The throw-away servers themselves: they work, survive a restart with their data, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from kombu import Connection, Queue

from shared.printing.fonts import laksaman
from tests.servers import CannotInstallError, PortLease, PostgresServer, RabbitServer, debian, plain_dsn, running
from tests.servers.ports import accepts

Found = TypeVar("Found")

WAIT = 15.0
QUEUE_IS_WRITTEN_DOWN = 1.5
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[RabbitServer, PostgresServer]]:
    rabbit, postgres = RabbitServer(), PostgresServer()
    with running(rabbit, postgres):
        yield rabbit, postgres


@pytest.fixture
def rabbit(servers: tuple[RabbitServer, PostgresServer]) -> RabbitServer:
    return servers[0]


@pytest.fixture
def postgres(servers: tuple[RabbitServer, PostgresServer]) -> PostgresServer:
    return servers[1]


def quorum_queue() -> Queue:
    return Queue("letters", durable=True, queue_arguments={"x-queue-type": "quorum"})


def declare(uri: str) -> None:
    with Connection(uri) as connection:
        quorum_queue()(connection.default_channel).declare()


def publish(uri: str, body: str) -> None:
    """Publish and wait for the broker's confirmation."""
    with Connection(uri, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish(body, routing_key="letters", delivery_mode="persistent")


def take(uri: str) -> str:
    """Take the next message; a quorum queue may still be choosing its leader just after a restart."""
    with Connection(uri) as connection:
        queue = quorum_queue()(connection.default_channel)
        message = until(queue.get)
        message.ack()
        return str(message.payload)


def until(read: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + WAIT
    while (found := read()) is None:
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def test_a_message_goes_through_a_quorum_queue(rabbit: RabbitServer) -> None:
    uri = rabbit.add_vhost("through")
    declare(uri)
    publish(uri, "circular 12")
    assert take(uri) == "circular 12"


@pytest.mark.parametrize("interrupt", [RabbitServer.halt, RabbitServer.kill])
def test_a_confirmed_message_is_still_there_after_a_restart(
    rabbit: RabbitServer, interrupt: Callable[[RabbitServer], None]
) -> None:
    name = f"restart-{interrupt.__name__}"
    uri = rabbit.add_vhost(name)
    declare(uri)
    # RabbitMQ notes which quorum queues live on the node a moment after declaring them: a queue declared just before a
    # crash does not come back. Ours are declared long before; what matters is a message confirmed just before.
    time.sleep(QUEUE_IS_WRITTEN_DOWN)
    publish(uri, "circular 13")
    interrupt(rabbit)
    assert not accepts(rabbit.amqp_port)
    rabbit.restart()
    assert rabbit.uri(name) == uri
    assert take(uri) == "circular 13"


def test_a_dropped_virtual_host_is_gone(rabbit: RabbitServer) -> None:
    rabbit.add_vhost("short-lived")
    rabbit.drop_vhost("short-lived")
    assert "short-lived" not in {vhost["name"] for vhost in rabbit.management("GET", "vhosts")}


def test_a_new_database_answers_its_owner(postgres: PostgresServer) -> None:
    dsn = postgres.create_database("documents", "documents", "pass/word @1")
    assert dsn == f"postgresql+psycopg://documents:pass%2Fword%20%401@127.0.0.1:{postgres.port}/documents"
    with psycopg.connect(plain_dsn(dsn)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_thai_is_found_by_trigrams(postgres: PostgresServer) -> None:
    with psycopg.connect(plain_dsn(postgres.create_database("search", "search", "pw"))) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('หนังสือราชการ', 'หนังสือเวียน') > 0").fetchone()
        assert row == (True,)


def test_a_service_cannot_enter_the_database_of_another(postgres: PostgresServer) -> None:
    mine = postgres.create_database("mine", "mine", "pw")
    postgres.create_database("theirs", "theirs", "pw")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(plain_dsn(mine).removesuffix("mine") + "theirs")


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(postgres: PostgresServer) -> None:
    dsn = plain_dsn(postgres.create_database("short_lived", "short_lived", "pw"))
    connection = psycopg.connect(dsn)
    try:
        postgres.drop_database("short_lived")
    finally:
        connection.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(dsn)


@pytest.mark.parametrize("interrupt", [PostgresServer.halt, PostgresServer.kill])
def test_a_commit_survives_a_restart(postgres: PostgresServer, interrupt: Callable[[PostgresServer], None]) -> None:
    name = f"restart_{interrupt.__name__}"
    dsn = plain_dsn(postgres.create_database(name, name, "pw"))
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE entry AS SELECT 7 AS number")
    interrupt(postgres)
    postgres.restart()
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT number FROM entry").fetchone() == (7,)


def test_stopping_removes_process_folder_and_port() -> None:
    with PostgresServer() as server:
        folder, port = server.folder, server.port
    assert not folder.exists()
    assert not accepts(port)
    server.stop()


def test_servers_end_when_their_session_is_killed() -> None:
    """Nothing is left even when the test session gets no chance to clean up."""
    session = subprocess.Popen(
        [sys.executable, "-c", SESSION],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert session.stdout is not None
    with session, session.stdout as said:
        folder, port = said.readline().split()
        assert accepts(int(port))
        session.send_signal(signal.SIGKILL)
    until(lambda: None if accepts(int(port)) or Path(folder).exists() else True)


SESSION = """
import time
from tests.servers import PostgresServer
with PostgresServer() as server:
    print(server.folder, server.port, flush=True)
    time.sleep(60)
"""


def test_a_leased_port_is_not_leased_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    lease = PortLease()
    monkeypatch.setattr("tests.servers.ports.LOWEST", lease.port)
    monkeypatch.setattr("tests.servers.ports.HIGHEST", lease.port)
    with pytest.raises(RuntimeError, match="No free port"):
        PortLease()
    lease.release()
    again = PortLease()
    again.release()
    assert again.port == lease.port


def test_who_may_not_install_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(CannotInstallError, match="apt-get install -y --no-install-recommends postgresql"):
        debian.ensure(["postgresql"], lambda: None)


def test_packages_are_installed_once_and_start_no_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    policy, asked = tmp_path / "policy-rc.d", []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(debian, "POLICY", policy)
    monkeypatch.setattr(debian, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(debian, "_apt", lambda *words: asked.append((words[0], policy.exists())))
    for _ in range(2):
        assert debian.ensure(["postgresql"], lambda: "found" if asked else None) == "found"
    assert asked == [("update", True), ("install", True)]
    assert not policy.exists()


def test_the_font_of_official_papers_is_among_what_is_installed() -> None:
    """On its own: other packages bring it only by choice of the package manager."""
    assert (("fonts-tlwg-laksaman-ttf",), laksaman) in [(need.packages, need.probe) for need in debian.REQUIREMENTS]
