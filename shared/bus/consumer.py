"""nameko's queue consumer, made to drain, and the entrypoint through which a service receives its events.

nameko 2.14 drops the acknowledgement of handlers that are still running a second after SIGTERM, acks what it cannot
decode and can wait for ever on its worker pool. Here consumers are cancelled first, the connection stays until nothing
is in flight, and bodies arrive raw so that the service decides what an undecodable one means. Events are handed over in
groups: whatever has arrived while the group before was being applied, and a single one at once.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import amqp
from kombu import Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import Consumer, QueueConsumer

from shared.bus.replay import is_request
from shared.bus.topology import dead_queue, event_queue

EMBEDDED_PREFETCH_FACTOR = 8
TURN_SECONDS = 0.2
RECONNECT_SECONDS = 0.5
# Events in one group at most, and what the broker may send ahead: the next group gathers while one is applied.
GROUP = 100
EVENT_PREFETCH = 2 * GROUP

log = logging.getLogger(__name__)


class DrainingQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """A queue consumer whose connection outlives the messages in flight."""

    def __init__(self) -> None:
        super().__init__()
        self.in_flight: set[Any] = set()

    @property
    def is_consuming(self) -> bool:
        return bool(self._consumers) and self._consumers_ready.ready() and self.connected

    connected = False

    @property
    def prefetch_count(self) -> int:
        # the embedded transport counts one limit for all consumers of a connection, RabbitMQ one for each
        factor = EMBEDDED_PREFETCH_FACTOR if self.amqp_uri.startswith("khet:") else 1
        return int(self.container.max_workers) * factor

    def consume(self, limit: Any = None, timeout: Any = None, safety_interval: float = 1, **kwargs: Any) -> Any:
        """Kombu's loop, looking up more often: providers can only be cancelled between its turns."""
        return super().consume(limit, timeout, min(safety_interval, TURN_SECONDS), **kwargs)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        self.in_flight = set()
        for provider in self._providers:
            callback = partial(self.handle_message, provider)
            if getattr(provider, "takes_raw_messages", False):
                consumer = consumer_cls(queues=[provider.queue], on_message=partial(callback, None))
            else:
                consumer = consumer_cls(queues=[provider.queue], callbacks=[callback], accept=self.accept)
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def handle_message(self, provider: Any, body: Any, message: Any) -> None:
        self.in_flight.add(message.delivery_tag)
        if provider not in self._consumers or getattr(self.container, "draining", False):
            self.requeue_message(message)
            return
        super().handle_message(provider, body, message)

    def ack_message(self, message: Any) -> None:
        self._settled(message)
        with _reclaimed_by_the_broker():
            super().ack_message(message)

    def requeue_message(self, message: Any) -> None:
        self._settled(message)
        with _reclaimed_by_the_broker():
            super().requeue_message(message)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """As kombu's, but back within seconds after the broker is: it waits up to half a minute."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error,
                self.connect_max_retries,
                interval_start=RECONNECT_SECONDS,
                interval_step=RECONNECT_SECONDS,
                interval_max=4 * RECONNECT_SECONDS,
            )
            yield connection

    def _settled(self, message: Any) -> None:
        if message.channel is not None and message.channel.connection:
            self.in_flight.discard(message.delivery_tag)

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        self.connected = True
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        self.connected = False
        super().on_connection_error(exc, interval)

    def on_consume_end(self, connection: Any, channel: Any) -> None:
        self.connected = False
        super().on_consume_end(connection, channel)

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        if not self._consumers and not self.in_flight:
            self.should_stop = True


@contextmanager
def _reclaimed_by_the_broker() -> Iterator[None]:
    """A connection that breaks while a message is settled has given the message back to the broker already.

    nameko expects AMQP's own errors only; a broken pipe would end its whole container.
    """
    try:
        yield
    except (OSError, amqp.AMQPError) as error:
        log.info("a message could not be settled and will come again: %s", error)


class EventQueueConsumer(DrainingQueueConsumer):
    """A connection for events alone, which are acknowledged by the group."""

    @property
    def prefetch_count(self) -> int:
        return EVENT_PREFETCH

    def ack_group(self, messages: Sequence[Any]) -> None:
        """Acknowledge messages: with one word all that came before any message still in flight."""
        # what a broken connection brought has gone back to the broker, and its tags have been given again
        alive = [message for message in messages if message.channel.connection]
        others = self.in_flight - {message.delivery_tag for message in alive}
        before = [message for message in alive if _is_before(message.delivery_tag, others)]
        for message in before:
            self._settled(message)
        if before:
            with _reclaimed_by_the_broker():
                max(before, key=lambda message: message.delivery_tag).ack(multiple=True)
        for message in alive:
            if message not in before:
                self.ack_message(message)


def _is_before(tag: Any, others: set[Any]) -> bool:
    """Whether a tag is lower than all others; the embedded transport's are no numbers and have no order."""
    return isinstance(tag, int) and all(tag < other for other in others)


class RawConsumer(Consumer):  # type: ignore[misc]
    """An entrypoint that hands the raw body to its method and acks once the method has returned.

    The method must not raise for what is wrong with a message: it defers or parks it. If it raises all the same
    (a defect), the message goes back and the broker's delivery limit ends the loop.
    """

    queue_consumer = DrainingQueueConsumer()
    takes_raw_messages = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queue=None, **kwargs)

    def declared_queue(self) -> Queue:
        """The queue of this entrypoint's service."""
        raise NotImplementedError

    def setup(self) -> None:
        self.queue = self.declared_queue()
        super().setup()

    def handle_message(self, body: Any, message: Any) -> None:
        try:
            self.container.spawn_worker(
                self, (_raw(message),), {}, context_data={}, handle_result=partial(self.handle_result, message)
            )
        except ContainerBeingKilled:
            self.queue_consumer.requeue_message(message)

    def handle_message_processed(self, message: Any, result: Any = None, exc_info: Any = None) -> None:
        if exc_info is None:
            self.queue_consumer.ack_message(message)
        else:
            self.queue_consumer.requeue_message(message)


class EventConsumer(RawConsumer):
    """Receives the events in the dispatch table of the service class's ``definition``, several at a time.

    One group is in hand at a time, so groups of one process do not wait for each other's rows.
    """

    queue_consumer = EventQueueConsumer()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._waiting: deque[Any] = deque()
        self._busy = False

    def declared_queue(self) -> Queue:
        definition = self.container.service_cls.definition
        return event_queue(definition.name, definition.handlers)

    def handle_message(self, body: Any, message: Any) -> None:
        if message.delivery_info["routing_key"] == self.queue.name and is_request(_raw(message)):
            self._work_on([message], lambda: None)
            return
        self._waiting.append(message)
        if not self._busy:
            self._busy = True
            self._next_group()

    def _next_group(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP))]
        self._busy = bool(group)
        if group:
            self._work_on(group, self._next_group)

    def _work_on(self, group: list[Any], after: Callable[[], None]) -> None:
        if self.container.draining:
            self._return(group)
            after()
            return
        bodies = [_raw(message) for message in group]
        done = partial(self._done, group, after)
        try:
            self.container.spawn_worker(self, (bodies,), {}, context_data={}, handle_result=done)
        except ContainerBeingKilled:
            self._return(group)

    def _done(self, group: list[Any], after: Callable[[], None], _: Any, result: Any, exc_info: Any) -> Any:
        if exc_info is None:
            self.queue_consumer.ack_group(group)
        else:
            self._return(group)
        # from a thread of its own: this one still holds its place among the workers
        self.container.spawn_managed_thread(after)
        return result, exc_info

    def _return(self, group: list[Any]) -> None:
        for message in group:
            self.queue_consumer.requeue_message(message)


class DeadLetterConsumer(RawConsumer):
    """Receives what the broker gave up on."""

    def declared_queue(self) -> Queue:
        return dead_queue(self.container.service_cls.definition.name)


def _raw(message: Any) -> bytes:
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)


Method = TypeVar("Method", bound=Callable[..., Any])


def receive_events(method: Method) -> Method:
    """Let a method take the service's events."""
    decorated: Method = EventConsumer.decorator(method)
    return decorated


def receive_dead_letters(method: Method) -> Method:
    """Let a method take what the broker gave up on."""
    decorated: Method = DeadLetterConsumer.decorator(method)
    return decorated
