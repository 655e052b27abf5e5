"""The gateway's entrypoint in nameko: a connection receives the whole request, only then a worker is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared.http.answers import Answer
from shared.http.application import Application, draining_problem
from shared.http.listener import Listener
from shared.http.request import Request
from shared.http.routing import Router
from shared.http.settings import HttpSettings

_Method = TypeVar("_Method", bound=Callable[..., Answer])


class HttpApplication(Entrypoint):  # type: ignore[misc]
    """Serves a router through one method of a service: ``@serve(ROUTER) def handle(self, request) -> Answer``.

    Settings are ``container.config["HTTP"]`` (the names of :class:`HttpSettings`). New requests get a 503 as soon as
    ``container.draining`` or :attr:`draining` is true; :meth:`stop` closes the listening socket and returns when the
    running requests are answered, so it needs the workers to go on until then.
    """

    def __init__(self, router: Router, **kwargs: Any) -> None:
        self.router = router
        self.draining = False
        self._listener: Listener | None = None
        super().__init__(**kwargs)

    @property
    def address(self) -> tuple[str, int] | None:
        """Where the server listens, once it does."""
        return self._listener.address if self._listener else None

    def setup(self) -> None:
        settings = HttpSettings(**self.container.config["HTTP"])
        application = Application(self.router, settings, self._run_in_worker, self._is_draining)
        self._listener = Listener(application, settings, self.container.spawn_managed_thread)

    def start(self) -> None:
        if self._listener:
            self._listener.start()

    def stop(self) -> None:
        self.draining = True
        if self._listener:
            self._listener.stop()

    def kill(self) -> None:
        self.draining = True
        if self._listener:
            self._listener.kill()

    def _is_draining(self) -> bool:
        return self.draining or bool(getattr(self.container, "draining", False))

    def _run_in_worker(self, request: Request) -> Answer:
        """Wait for a free worker, then for its answer; both in the connection's own green thread."""
        finished = Event()

        def hand_back(_worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished.send((result, exc_info))
            return result, exc_info

        context = {"traceparent": request.traceparent}
        try:
            self.container.spawn_worker(self, (request,), {}, context_data=context, handle_result=hand_back)
        except ContainerBeingKilled:
            raise draining_problem() from None
        result, exc_info = finished.wait()
        if exc_info is not None:
            raise exc_info[1]
        answer: Answer = result
        return answer


serve: Callable[[Router], Callable[[_Method], _Method]] = HttpApplication.decorator
