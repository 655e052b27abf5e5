"""Calls from the gateway to the one owner: nameko's RPC with a mandatory time limit and typed problems."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import amqp
import eventlet
import orjson
from kombu.exceptions import OperationalError
from kombu.serialization import register
from nameko.amqp.publish import Publisher, UndeliverableMessage
from nameko.extensions import DependencyProvider
from nameko.rpc import ReplyListener, Responder, Rpc, RpcConsumer, get_rpc_exchange

from shared.bus.consumer import DrainingQueueConsumer
from shared.problems import Problem

log = logging.getLogger(__name__)

SERIALIZER = "khet-json"
CONTENT_TYPE = "application/x-khet-json"


# kombu's own JSON writes {"__type__": "datetime"} for what plain JSON cannot say; here that is an error
_PLAIN_ONLY = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_NON_STR_KEYS


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=_PLAIN_ONLY)


register(SERIALIZER, _dumps, orjson.loads, content_type=CONTENT_TYPE, content_encoding="utf-8")


class _Message:
    """A request whose content type is found on every transport; virtual ones leave it out of the properties."""

    def __init__(self, message: Any) -> None:
        self.properties = {**message.properties, "content_type": message.content_type}


class KhetRpcConsumer(RpcConsumer):  # type: ignore[misc]
    """nameko's RPC consumer on the draining queue consumer."""

    queue_consumer = DrainingQueueConsumer()

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        config = self.container.config
        responder = Responder(config["AMQP_URI"], get_rpc_exchange(config), SERIALIZER, _Message(message))
        try:
            result, exc_info = responder.send_response(result, exc_info)
        except (OSError, OperationalError, amqp.AMQPError):
            # the caller has a time limit; the work is done and must not be done again because nobody can be told
            log.warning("an answer could not be sent: the broker is away")
        self.queue_consumer.ack_message(message)
        return result, exc_info


class KhetRpc(Rpc):  # type: ignore[misc]
    """The entrypoint of every operation."""

    rpc_consumer = KhetRpcConsumer()


Method = TypeVar("Method", bound=Callable[..., Any])


def rpc(method: Method) -> Method:
    """Let a method answer calls; it takes one request and returns what ``Application`` made of it."""
    decorated: Method = KhetRpc.decorator(method)
    return decorated


class KhetReplyListener(ReplyListener):  # type: ignore[misc]
    """nameko's reply listener on the draining queue consumer; forgets callers that gave up."""

    queue_consumer = DrainingQueueConsumer()

    def forget(self, correlation_id: str) -> None:
        self._reply_events.pop(correlation_id, None)


@dataclass(frozen=True)
class Call:
    """One question or command for ``service``."""

    service: str
    operation: str
    args: Mapping[str, Any]


@dataclass(frozen=True)
class CallTime:
    """One call that was made: when it began (monotonic seconds) and how long its answer took."""

    name: str
    started: float
    seconds: float


@dataclass(frozen=True)
class Context:
    """What travels with every call of one HTTP request, and ``made``, the calls so far as they ended."""

    identity: str | None = None
    idempotency_key: str | None = None
    correlation_id: str = ""
    traceparent: str = ""
    made: MutableSequence[CallTime] = field(default_factory=list)


def unavailable(service: str) -> Problem:
    """The owner does not answer in time."""
    return Problem(
        "unavailable", 503, "ระบบยังไม่พร้อมใช้งานชั่วคราว", "กรุณาลองใหม่อีกครั้งในอีกสักครู่", extra={"unavailable": [service]}
    )


class Caller:
    """Makes calls; one for a whole gateway process."""

    def __init__(self, container: Any, replies: KhetReplyListener, timeout: float) -> None:
        self._container = container
        self._replies = replies
        self._timeout = timeout
        self._publisher = Publisher(
            container.config["AMQP_URI"],
            serializer=SERIALIZER,
            expiration=timeout,
            delivery_mode=1,
            retry=True,
            retry_policy={"max_retries": 1, "interval_start": 0.1},
        )

    def call(self, call: Call, context: Context) -> Any:
        """The owner's answer.

        Raises:
            Problem: the owner said no, or ``unavailable`` (503) when it did not answer in time.
        """
        started = time.monotonic()
        try:
            return self._result(call, self._send(call, context))
        finally:
            name = f"{call.service}.{call.operation}"
            context.made.append(CallTime(name, started, time.monotonic() - started))

    def gather(self, calls: Mapping[str, Call], context: Context) -> tuple[dict[str, Any], list[str]]:
        """Many calls at once with one deadline: the answers that came, and the services that did not answer.

        Raises:
            Problem: an owner said no.
        """
        answers: dict[str, Any] = {}
        missing: set[str] = set()
        pile = eventlet.GreenPile(max(1, len(calls)))
        for name, call in calls.items():
            pile.spawn(self._settle, name, call, context)
        for name, answer, problem in pile:
            if problem is None:
                answers[name] = answer
            elif problem.code == "unavailable":
                missing.add(calls[name].service)
            else:
                raise problem
        return answers, sorted(missing)

    def _settle(self, name: str, call: Call, context: Context) -> tuple[str, Any, Problem | None]:
        try:
            return name, self.call(call, context), None
        except Problem as problem:
            return name, None, problem

    def _send(self, call: Call, context: Context) -> tuple[str, Any]:
        correlation_id = str(uuid.uuid4())
        event = self._replies.get_reply_event(correlation_id)
        request = {
            "identity": context.identity,
            "idempotency_key": context.idempotency_key,
            "correlation_id": context.correlation_id,
            "traceparent": context.traceparent,
            "args": dict(call.args),
        }
        try:
            with eventlet.Timeout(self._timeout, TimeoutError):
                self._publisher.publish(
                    {"args": [request], "kwargs": {}},
                    exchange=get_rpc_exchange(self._container.config),
                    routing_key=f"{call.service}.{call.operation}",
                    mandatory=True,
                    reply_to=self._replies.routing_key,
                    correlation_id=correlation_id,
                )
        except (UndeliverableMessage, OperationalError, OSError, amqp.AMQPError) as error:
            self._replies.forget(correlation_id)
            log.warning("call %s.%s was not sent: %s", call.service, call.operation, error)
            raise unavailable(call.service) from error
        return correlation_id, event

    def _result(self, call: Call, sent: tuple[str, Any]) -> Any:
        correlation_id, event = sent
        try:
            with eventlet.Timeout(self._timeout, TimeoutError):
                body = event.wait()
        except TimeoutError as error:
            log.warning("call %s.%s was not answered in time", call.service, call.operation)
            raise unavailable(call.service) from error
        finally:
            self._replies.forget(correlation_id)
        if body["error"] is not None:
            raise RemoteFailure(f"{call.service}.{call.operation}: {body['error']}")
        answer = body["result"]
        if "problem" in answer:
            raise Problem.from_dict(answer["problem"])
        return answer["result"]


class RemoteFailure(Exception):
    """A defect in the service that was called; it is logged there."""


class CallerProvider(DependencyProvider):  # type: ignore[misc]
    """Injects a :class:`Caller`."""

    replies = KhetReplyListener()

    def start(self) -> None:
        self.caller = Caller(self.container, self.replies, self.container.config["SETTINGS"].rpc_timeout)

    def get_dependency(self, worker_ctx: Any) -> Caller:
        return self.caller


