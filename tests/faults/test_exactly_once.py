"""Exactly once under trouble: whatever is killed, stopped or restarted in the middle, the end is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kombu import Connection

from shared.bus.topology import event_queue_name
from tests.running.api import Api
from tests.running.office_day import Day, expect_undisturbed, play
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, System, running
from tests.running.waiting import until
from tests.servers import PostgresServer, RabbitServer, plain_dsn
from tests.servers import running as servers_running

FEW = 12


@pytest.fixture
def own_servers() -> Iterator[tuple[RabbitServer, PostgresServer]]:
    """Servers that this test may break."""
    rabbit, postgres = RabbitServer(), PostgresServer()
    with servers_running(rabbit, postgres):
        yield rabbit, postgres


def schools_of(system: System, how_many: int) -> list[str]:
    items = Api(system.url, "officer").get("/schools")["items"]
    return [school["smis"] for school in items[:how_many]]


def round_for(system: System, schools: list[str]) -> str:
    return open_round(Api(system.url, "officer"), school_codes=schools)


def crash(system: System, name: str) -> None:
    """kill -9 and start again."""
    system.processes[name].kill()
    system.restart(name)


def drain(system: System, name: str) -> None:
    """SIGTERM, a clean exit, and start again."""
    assert system.processes[name].stop() == 0
    system.restart(name)


def test_embedded_survives_a_crash_in_the_middle(tmp_path: Path) -> None:
    with running(EmbeddedSystem(tmp_path)) as system:
        schools = schools_of(system, FEW)
        troubles = {FEW // 3: lambda: crash(system, "khet")}
        expect_undisturbed(system, play(system, round_for(system, schools), schools, tmp_path, troubles))


def test_services_survive_crashes_a_drain_duplicates_and_poison(
    servers: tuple[RabbitServer, PostgresServer], tmp_path: Path
) -> None:
    with running(ServicesSystem(tmp_path, *servers)) as system:
        schools = schools_of(system, FEW)
        troubles = {
            2: lambda: crash(system, "rounds"),
            5: lambda: crash(system, "reporting"),
            8: lambda: drain(system, "notifications"),
        }
        day = play(system, round_for(system, schools), schools, tmp_path, troubles)
        expect_undisturbed(system, day)
        send_everything_again(system)
        expect_undisturbed(system, day)
        expect_poison_to_be_parked(system, day)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_the_whole_area_at_once_under_every_trouble(
    own_servers: tuple[RabbitServer, PostgresServer], tmp_path: Path
) -> None:
    rabbit, postgres = own_servers
    with running(ServicesSystem(tmp_path, rabbit, postgres)) as system:
        schools = schools_of(system, 135)
        assert len(schools) == 135
        troubles = {
            20: lambda: crash(system, "rounds"),
            45: lambda: crash(system, "reporting"),
            65: lambda: drain(system, "notifications"),
            85: rabbit.restart,
            105: lambda: crash(system, "gateway"),
        }
        day = play(system, round_for(system, schools), schools, tmp_path, troubles)
        expect_undisturbed(system, day)
        send_everything_again(system)
        expect_undisturbed(system, day)
        expect_poison_to_be_parked(system, day)


def send_everything_again(system: ServicesSystem) -> None:
    """Publish every event of rounds a second time, as a broker may."""
    with psycopg.connect(plain_dsn(system.database_url("rounds"))) as database:
        rows = database.execute("SELECT type, envelope FROM outbox ORDER BY seq").fetchall()
    with Connection(system.amqp_url) as connection, connection.Producer() as producer:
        for kind, envelope in rows:
            producer.publish(envelope, exchange="rounds.events", routing_key=kind, content_type="text/plain")
    wait_for_empty_queues(system)


def wait_for_empty_queues(system: System) -> None:
    ops = Api(system.url, "ops")

    def empty() -> bool:
        items = ops.get("/ops/queues")["items"]
        return all(queue["messages"] == 0 for item in items for queue in item["queues"])

    until(empty, 60, "empty queues")


def expect_poison_to_be_parked(system: ServicesSystem, day: Day) -> None:
    """A message that no code can read and one that its handler cannot take: parked, read, replayed, dropped."""
    with psycopg.connect(plain_dsn(system.database_url("rounds"))) as database:
        (sample,) = database.execute("SELECT envelope FROM outbox WHERE type LIKE '%confirmed%' LIMIT 1").fetchone()
    broken = json.loads(sample)
    broken.update(id="00000000-0000-7000-8000-000000000001", subject="school_round/poison", aggregateversion=99)
    del broken["data"]["name"]
    with Connection(system.amqp_url) as connection, connection.Producer() as producer:
        for body in ("not an event", json.dumps(broken)):
            producer.publish(body, routing_key=event_queue_name("reporting"), content_type="text/plain")
    ops = Api(system.url, "ops")
    items = until(lambda: _parked(ops, 2), 30, "two parked messages")
    undecodable, unfit = sorted(items, key=lambda item: item["type"] != "undecodable")
    assert undecodable["body"] == "not an event"
    assert unfit["attempts"] == 3 and "name" in unfit["error"] and unfit["body"]["subject"] == "school_round/poison"
    ops.post(f"/ops/parked/{unfit['id']}/replay")
    again = until(lambda: [item for item in _parked(ops, 2) if item["last_failed_at"] > unfit["last_failed_at"]], 30)
    assert again[0]["id"] == unfit["id"]
    for item in items:
        ops.post(f"/ops/parked/{item['id']}/drop")
    assert ops.get("/ops/parked")["items"] == []
    expect_undisturbed(system, day)


def _parked(ops: Api, how_many: int) -> list[Any]:
    items = ops.get("/ops/parked")["items"]
    return items if len(items) == how_many else []


def test_services_survive_a_restart_of_the_broker(
    own_servers: tuple[RabbitServer, PostgresServer], tmp_path: Path
) -> None:
    rabbit, postgres = own_servers
    with running(ServicesSystem(tmp_path, rabbit, postgres)) as system:
        schools = schools_of(system, FEW)
        day = play(system, round_for(system, schools), schools, tmp_path, {4: rabbit.restart})
        expect_undisturbed(system, day)
