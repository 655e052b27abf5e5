"""The in-process transport of embedded mode.

kombu's memory transport with two things added: consumers wake up at once instead of polling, and a publisher can wait
until *every consumer has committed* a message, which is what makes an outbox row durable without a broker.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from queue import Empty
from typing import Any

import eventlet
from eventlet.event import Event
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES, memory, virtual

URL = "khet://embedded"
TRACKED = "khet-tracked"


class Wake:
    """Wakes every waiter whenever something was put into a queue or acknowledged."""

    def __init__(self) -> None:
        self._event = Event()

    def notify(self) -> None:
        event, self._event = self._event, Event()
        event.send(None)

    def waiter(self) -> Event:
        """To be taken before looking, so that what arrives in between is not missed."""
        return self._event


class Commitments:
    """Counts, for each tracked message, the queue copies that were not acknowledged yet."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def put(self, message_id: str) -> None:
        self._open[message_id] = self._open.get(message_id, 0) + 1

    def acknowledged(self, message_id: str) -> None:
        left = self._open.get(message_id, 0) - 1
        if left > 0:
            self._open[message_id] = left
        else:
            self._open.pop(message_id, None)

    def is_open(self, message_id: str) -> bool:
        return message_id in self._open


class Channel(memory.Channel):  # type: ignore[misc]
    """A channel whose puts and acknowledgements are noticed by those who wait for them."""

    # base64 is for stores that hold text alone
    body_encoding = None
    wake = Wake()
    commitments = Commitments()

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        tracked = message["headers"].get(TRACKED)
        if tracked:
            self.commitments.put(tracked)
        super()._put(queue, message, **kwargs)
        self.wake.notify()

    def _restore(self, message: Any) -> None:
        # going back into its queue, the copy that was counted is the copy that is counted again
        tracked = message.headers.get(TRACKED)
        super()._restore(message)
        if tracked:
            self.commitments.acknowledged(tracked)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        while True:
            message = super()._get(queue, timeout)
            expiry = message["properties"].get("expires_at")
            if expiry is None or expiry > time.monotonic():
                return message

    def basic_publish(self, message: Any, exchange: str, routing_key: str, **kwargs: Any) -> Any:
        expiration = message["properties"].get("expiration")
        if expiration is not None:
            message["properties"]["expires_at"] = time.monotonic() + int(expiration) / 1000
        return super().basic_publish(message, exchange, routing_key, **kwargs)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        message = self.qos.get(delivery_tag)
        super().basic_ack(delivery_tag, multiple)
        tracked = message.headers.get(TRACKED)
        if tracked:
            self.commitments.acknowledged(tracked)
        self.wake.notify()


class Transport(memory.Transport):  # type: ignore[misc]
    """kombu's in-memory transport, woken instead of polling."""

    Channel = Channel
    global_state = virtual.BrokerState()

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            waiter = Channel.wake.waiter()
            try:
                self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError from None
                with eventlet.Timeout(left, False):
                    waiter.wait()
            else:
                return


TRANSPORT_ALIASES["khet"] = "shared.bus.embedded:Transport"


class EmbeddedPublisher:
    """Publishes in this process; a message is confirmed once every consumer has acknowledged it."""

    def __init__(self, confirm_timeout: float) -> None:
        self._timeout = confirm_timeout
        self._connection = Connection(URL)

    def publish(self, batch: Iterable[Any]) -> set[str]:
        """Publish every message of ``batch``; returns the ids that all consumers have committed in time."""
        waiting: set[str] = set()
        with self._connection.channel() as channel:
            for outgoing in batch:
                message = channel.prepare_message(
                    outgoing.body.decode(),
                    content_type=outgoing.content_type,
                    content_encoding="utf-8",
                    headers={TRACKED: outgoing.id},
                )
                channel.basic_publish(message, outgoing.exchange, outgoing.routing_key)
                waiting.add(outgoing.id)
        return self._wait(waiting)

    def _wait(self, ids: set[str]) -> set[str]:
        deadline = time.monotonic() + self._timeout
        while True:
            waiter = Channel.wake.waiter()
            left = {message_id for message_id in ids if Channel.commitments.is_open(message_id)}
            remaining = deadline - time.monotonic()
            if not left or remaining <= 0:
                return ids - left
            with eventlet.Timeout(remaining, False):
                waiter.wait()

    def close(self) -> None:
        self._connection.release()
