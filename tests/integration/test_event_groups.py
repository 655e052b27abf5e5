"""Events on a real broker: handed over in groups, acknowledged after the commit, returned when the process stops."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from uuid import uuid4

import amqp
import pytest
from kombu import Connection, Queue

from shared.bus.consumer import EventQueueConsumer
from tests.running.waiting import until
from tests.servers import PostgresServer, RabbitServer


class Taker(EventQueueConsumer):
    """The consumer without the container around it."""

    def __init__(self) -> None:
        self.in_flight = set()


@pytest.mark.parametrize(
    ("group", "left"), [(range(6), 0), (range(4), 2), (range(2, 6), 2), ((0, 1, 3, 5), 2)], ids=str
)
def test_a_group_is_acknowledged_and_nothing_else(
    servers: tuple[RabbitServer, PostgresServer], group: Sequence[int], left: int
) -> None:
    taker = Taker()
    url = servers[0].add_vhost(f"v{uuid4().hex}")
    with Connection(url) as connection:
        queue = Queue("q", durable=True, queue_arguments={"x-queue-type": "quorum"}, channel=connection.channel())
        queue.declare()
        for number in range(6):
            queue.channel.basic_publish(amqp.Message(str(number)), routing_key="q")
        messages = [until(queue.get) for _ in range(6)]
        taker.in_flight = {message.delivery_tag for message in messages}
        taker.ack_group([messages[number] for number in group])
    assert len(taker.in_flight) == left
    with Connection(url) as connection, connection.channel() as channel:
        # what was not acknowledged has gone back to the broker
        until(lambda: channel.queue_declare("q", passive=True).message_count == left)


def test_what_a_broken_connection_brought_is_left_to_the_broker() -> None:
    taker = Taker()
    acked: list[int] = []
    dead = SimpleNamespace(channel=SimpleNamespace(connection=None), delivery_tag=9)
    alive = SimpleNamespace(
        channel=SimpleNamespace(connection=object()), delivery_tag=1, ack=lambda *, multiple: acked.append(multiple)
    )
    taker.in_flight = {1}
    taker.ack_group([dead, alive])
    assert (acked, taker.in_flight) == ([True], set())
