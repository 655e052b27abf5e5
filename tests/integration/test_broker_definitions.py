"""The generated definitions on a real broker: every process may do its work there, and nothing that is another's."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import amqp
import psycopg
import pytest
import requests
from kombu import Connection, Exchange, Queue
from requests.auth import HTTPBasicAuth

from shared.bus.broker_definitions import MONITOR, UNROUTABLE, document, password_hash, users
from shared.bus.contracts.registry import all_types
from shared.bus.publisher import Outgoing, RabbitPublisher
from shared.bus.topology import (
    RPC_EXCHANGE,
    dead_queue,
    dead_queue_name,
    declare_all,
    event_queue,
    event_queue_name,
    handled_types,
)
from shared.runtime.processes import PROCESSES
from tests.running.api import Api
from tests.running.rounds import open_round
from tests.running.system import KHET, Process, ServicesSystem, running
from tests.running.waiting import until
from tests.servers import PostgresServer, RabbitServer, plain_dsn
from tests.servers.ports import PortLease

ROOT = Path(__file__).resolve().parents[2]
SERVICES = [name for name, process in PROCESSES.items() if process.database]
OWNERS = sorted({event.owner for event in all_types().values()})
PASSWORDS = {user: f"{user} p@ss/1" for user in users()}
DATABASE_PASSWORDS = {name: f"secret-{name}" for name in SERVICES}
VHOST = "definitions"
REFUSED = amqp.AccessRefused


@pytest.fixture(scope="module")
def rabbit(servers: tuple[RabbitServer, PostgresServer]) -> Iterator[RabbitServer]:
    broker = servers[0]
    broker.add_vhost(VHOST)
    broker.management("POST", "definitions", document(PASSWORDS, VHOST))
    yield broker
    broker.drop_vhost(VHOST)
    for user in users():
        broker.management("DELETE", f"users/{user}")


def uri_of(rabbit: RabbitServer, user: str, vhost: str = VHOST) -> str:
    return rabbit.uri(vhost, user, PASSWORDS[user])


def connected(rabbit: RabbitServer, user: str) -> Connection:
    return Connection(uri_of(rabbit, user), connect_timeout=5)


def publish(rabbit: RabbitServer, user: str, exchange: str, key: str) -> set[str]:
    """The ids that the broker confirmed."""
    publisher = RabbitPublisher(uri_of(rabbit, user), 5)
    try:
        return publisher.publish([Outgoing("1", exchange, key, b"{}")])
    finally:
        publisher.close()


def messages_in(rabbit: RabbitServer, queue: str) -> int:
    with Connection(rabbit.uri(VHOST)) as connection, connection.channel() as channel:
        return int(channel.queue_declare(queue, passive=True).message_count)


def rpc_queue(service: str) -> Queue:
    exchange = Exchange(RPC_EXCHANGE, type="topic", durable=True)
    return Queue(f"rpc-{service}", exchange=exchange, routing_key=f"{service}.*", durable=True)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_declares_and_reads_its_own_queues(rabbit: RabbitServer, service: str) -> None:
    with connected(rabbit, service) as connection, connection.channel() as channel:
        for queue in (event_queue(service, handled_types()[service]), dead_queue(service), rpc_queue(service)):
            bound = queue(channel)
            bound.declare()
            bound.get()


@pytest.mark.parametrize("owner", OWNERS)
def test_an_owner_publishes_each_of_its_events(rabbit: RabbitServer, owner: str) -> None:
    for event in all_types().values():
        if event.owner == owner:
            assert publish(rabbit, owner, f"{owner}.events", event.type) == {"1"}


@pytest.mark.parametrize("user", [*PROCESSES, MONITOR])
def test_nobody_publishes_what_another_owns(rabbit: RabbitServer, user: str) -> None:
    for event in all_types().values():
        if event.owner != user:
            with pytest.raises(REFUSED):
                publish(rabbit, user, f"{event.owner}.events", event.type)


@pytest.mark.parametrize("owner", OWNERS)
def test_an_owner_publishes_nothing_undeclared_or_in_another_name(rabbit: RabbitServer, owner: str) -> None:
    other = next(event.type for event in all_types().values() if event.owner != owner)
    for key in (f"{owner}.never_declared.v1", other):
        with pytest.raises(REFUSED):
            publish(rabbit, owner, f"{owner}.events", key)


@pytest.mark.parametrize("user", [*PROCESSES, MONITOR])
def test_nobody_reads_the_queue_of_another(rabbit: RabbitServer, user: str) -> None:
    foreign = [
        name
        for service in SERVICES
        if service != user
        for name in (event_queue_name(service), dead_queue_name(service))
    ]
    for queue in foreign:
        with connected(rabbit, user) as connection, connection.channel() as channel, pytest.raises(REFUSED):
            channel.basic_get(queue)


def test_a_service_binds_only_what_its_dispatch_table_holds(rabbit: RabbitServer) -> None:
    handled = {(service, name) for service, names in handled_types().items() for name in names}
    for service in SERVICES:
        for event in all_types().values():
            if (service, event.type) not in handled and event.owner != service:
                with connected(rabbit, service) as connection, connection.channel() as channel, pytest.raises(REFUSED):
                    channel.queue_bind(event_queue_name(service), f"{event.owner}.events", event.type)


def test_the_gateway_calls_and_a_service_only_answers(rabbit: RabbitServer) -> None:
    assert publish(rabbit, "gateway", RPC_EXCHANGE, "rounds.get_round") == {"1"}
    for service in SERVICES:
        assert publish(rabbit, service, RPC_EXCHANGE, str(uuid.uuid4())) == {"1"}
        with pytest.raises(REFUSED):
            publish(rabbit, service, RPC_EXCHANGE, "schools.login")


def test_the_default_exchange_is_open_only_to_those_who_replay(rabbit: RabbitServer) -> None:
    for user in ("gateway", MONITOR):
        with pytest.raises(REFUSED):
            publish(rabbit, user, "", event_queue_name("reporting"))


def test_the_monitor_sees_and_touches_nothing(rabbit: RabbitServer) -> None:
    login = HTTPBasicAuth(MONITOR, PASSWORDS[MONITOR])
    with requests.Session() as session:
        session.trust_env = False
        seen = session.get(f"{rabbit.management_url}/api/queues/{VHOST}", auth=login, timeout=10)
        assert event_queue_name("reporting") in {queue["name"] for queue in seen.json()}
        purge = f"{rabbit.management_url}/api/queues/{VHOST}/{event_queue_name('reporting')}/contents"
        assert session.delete(purge, auth=login, timeout=10).status_code == 401


def test_a_wrong_password_opens_nothing(rabbit: RabbitServer) -> None:
    with pytest.raises(REFUSED), Connection(rabbit.uri(VHOST, "rounds", "wrong")) as connection:
        connection.connect()


def test_code_and_definitions_declare_the_same(rabbit: RabbitServer) -> None:
    before = {queue["name"]: queue["arguments"] for queue in rabbit.management("GET", f"queues/{VHOST}")}
    with Connection(rabbit.uri(VHOST)) as connection, connection.channel() as channel:
        declare_all(channel)
    after = {queue["name"]: queue["arguments"] for queue in rabbit.management("GET", f"queues/{VHOST}")}
    assert before == after


def test_an_event_that_nobody_follows_is_kept_where_it_is_seen(rabbit: RabbitServer) -> None:
    unfollowed = set(all_types()) - {name for names in handled_types().values() for name in names}
    for name in unfollowed:
        before = messages_in(rabbit, UNROUTABLE)
        publish(rabbit, name.split(".")[0], f"{name.split('.')[0]}.events", name)
        until(lambda before=before: messages_in(rabbit, UNROUTABLE) > before, 10, f"{name} among the unroutable")


def test_what_the_broker_gives_up_on_comes_to_the_dead_letters(rabbit: RabbitServer) -> None:
    queue = event_queue_name("reporting")
    with connected(rabbit, "reporting") as connection, connection.channel() as channel:
        channel.queue_purge(queue)
        publish(rabbit, "rounds", "rounds.events", "rounds.round_opened.v1")
        message = until(lambda: channel.basic_get(queue), 10, "the event")
        channel.basic_reject(message.delivery_tag, requeue=False)
        until(lambda: messages_in(rabbit, dead_queue_name("reporting")) > 0, 10, "the dead letter")


def test_a_node_takes_the_definitions_when_it_starts(tmp_path: Path) -> None:
    """With the very lines of deploy/rabbitmq/rabbitmq.conf; no other user comes into being."""
    administrator = {
        "name": "guest",
        "password_hash": password_hash("guest", "guest"),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"],
    }
    definitions = document(PASSWORDS)
    definitions["users"].append(administrator)
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(definitions))
    tmp_path.chmod(0o755)
    lines = (ROOT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text().splitlines()
    settings = dict(line.split(" = ", 1) for line in lines if line and not line.startswith("#"))
    del settings["disk_free_limit.absolute"]  # a machine that tests may have less
    with RabbitServer({**settings, "definitions.local.path": str(file)}) as node:
        named = {user["name"] for user in node.management("GET", "users")}
        assert named == {*users(), "guest"}
        node.restart()
        assert {user["name"] for user in node.management("GET", "users")} == named


class DeployedSystem(ServicesSystem):
    """Every process with a broker user and a database role of its own, as docker-compose.yml runs them."""

    def process_environment(self, name: str) -> dict[str, str]:
        host = self._postgres.admin_dsn.split("@", 1)[1].split("/", 1)[0]
        own = {"KHET_AMQP_URL": self._rabbit.uri(VHOST, name, PASSWORDS[name])}
        if name in SERVICES:
            login = f"khet_{name}:{DATABASE_PASSWORDS[name]}"
            own["KHET_DATABASE_URL"] = f"postgresql+psycopg://{login}@{host}/khet_{name}"
        return {**self.environment(), **own}

    def start(self) -> None:
        self.khet("secrets", str(self.folder / "data" / "secrets"))
        for service in SERVICES:
            self._khet_as(service, "migrate", "--service", service)
        self._khet_as("schools", "seed", "demo")
        for name in PROCESSES:
            lease = self._leases[name] = PortLease()
            environment = {**self.process_environment(name), "KHET_HEALTH_PORT": str(lease.port)}
            url = f"http://127.0.0.1:{lease.port}/health/ready"
            self.processes[name] = Process(["run", name], environment, self.folder / f"{name}.log", url)
        super(ServicesSystem, self).start()

    def _khet_as(self, name: str, *arguments: str) -> None:
        environment = {**os.environ, **self.process_environment(name)}
        subprocess.run([KHET, *arguments], env=environment, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def databases(servers: tuple[RabbitServer, PostgresServer]) -> Iterator[PostgresServer]:
    """The cluster as deploy/postgres/init-databases.sh leaves it."""
    postgres = servers[1]
    with psycopg.connect(plain_dsn(postgres.admin_dsn)) as connection:
        info = connection.info
        environment = {
            "PATH": os.environ["PATH"],
            "PGHOST": info.host,
            "PGPORT": str(info.port),
            "PGPASSWORD": info.password,
            "POSTGRES_USER": info.user,
            "SERVICES": " ".join(SERVICES),
            **{f"DB_PASSWORD_{name.upper()}": DATABASE_PASSWORDS[name] for name in SERVICES},
        }
    subprocess.run([ROOT / "deploy" / "postgres" / "init-databases.sh"], env=environment, check=True, timeout=60)
    yield postgres
    for name in SERVICES:
        postgres.drop_database(f"khet_{name}")


def test_a_role_enters_its_own_database_only(databases: PostgresServer) -> None:
    host = databases.admin_dsn.split("@", 1)[1].split("/", 1)[0]
    for role in SERVICES:
        for name in (*(f"khet_{service}" for service in SERVICES), "postgres"):
            address = f"postgresql://khet_{role}:{quote(DATABASE_PASSWORDS[role])}@{host}/{name}"
            if name == f"khet_{role}":
                psycopg.connect(address).close()
            else:
                with pytest.raises(psycopg.OperationalError, match="permission denied"):
                    psycopg.connect(address)


def test_the_system_works_with_these_rights_alone(
    rabbit: RabbitServer, databases: PostgresServer, tmp_path: Path
) -> None:
    with running(DeployedSystem(tmp_path, rabbit, databases)) as system:
        officer = Api(system.url, "officer")
        assert len(officer.get("/schools")["items"]) == 135
        # the schools have reached rounds over the bus: by their own event, or by the replay that rounds asked for
        open_round(officer)
        inbox = Api(system.url, "data-57040001")
        until(lambda: inbox.get("/inbox")["items"], 30, "the announcement in the inbox")
        logs = "".join(path.read_text() for path in tmp_path.glob("*.log"))
        assert "ACCESS_REFUSED" not in logs
