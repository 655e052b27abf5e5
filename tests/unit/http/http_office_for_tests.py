"""A small service behind the real server, run as a process of its own so that pytest's stays without green threads.

``python http_office_for_tests.py '<settings as JSON>'`` prints its port; SIGTERM makes it drain, SIGINT stops it.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path

import eventlet

eventlet.monkey_patch()

from marshmallow import Schema, fields, validate  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.files.store import INCOMING, FileStore  # noqa: E402
from shared.http.answers import ServerEvent, event_stream, file_answer, json_answer, page, redirect  # noqa: E402
from shared.http.health import HealthServer  # noqa: E402
from shared.http.routing import PUBLIC, Access, Router, Routes  # noqa: E402
from shared.http.server import serve  # noqa: E402
from shared.http.static import StaticFiles  # noqa: E402
from shared.security import secrets  # noqa: E402
from shared.security.vault import Vaults  # noqa: E402

routes = Routes(tag="letters")
gates = {}


class CreateLetter(Schema):
    subject = fields.String(required=True, validate=validate.Length(min=1, max=200), metadata={"title": "เรื่อง"})
    copies = fields.Integer(load_default=1, validate=validate.Range(min=1, max=99))


@routes.get("/api/v1/ping", access=PUBLIC)
def ping(request, office):
    return {"pong": True, "trace_id": request.trace_id, "remote": request.remote}


@routes.post("/api/v1/letters", body=CreateLetter, status=201, idempotent=True)
def create_letter(request, office):
    return request.json


@routes.get("/api/v1/letters/{id:int}")
def show_letter(request, office):
    return json_answer({"id": request.params["id"], "body": "ก" * 2000}, etag="7")


@routes.patch("/api/v1/letters/{id:int}")
def change_letter(request, office):
    return {"if_match": request.if_match}


@routes.post("/api/v1/uploads", body=CreateLetter, files=("file", "attachments*"), status=201)
def upload(request, office):
    return {"form": request.form, "files": [vars(file) for file in request.files]}


@routes.get("/api/v1/files/{sha256}")
def download(request, office):
    return file_answer(office.store.path_for_reading(INCOMING, request.params["sha256"]), "ประกาศ.txt", "text/plain")


@routes.post("/api/v1/gates/{name}")
def wait_at_gate(request, office):
    """Holds its worker until the gate opens."""
    gates.setdefault(request.params["name"], eventlet.event.Event()).wait()
    return {"passed": True}


@routes.put("/api/v1/gates/{name}", if_match=False, worker=False)
def open_gate(request, office):
    gates.setdefault(request.params["name"], eventlet.event.Event()).send(None)
    return {"opened": True}


@routes.get("/api/v1/gates/{name}", worker=False)
def is_held(request, office):
    return {"held": request.params["name"] in gates}


@routes.get("/api/v1/stream", produces="text/event-stream")
def stream(request, office):
    def events():
        for number in range(3):
            while f"step{number}" not in gates or not gates[f"step{number}"].ready():
                yield None
            yield ServerEvent({"number": number}, event="step", id=str(number))
        while True:
            yield None

    return event_stream(events(), every=0.01, heartbeat=0.05)


@routes.get("/api/v1/broken")
def broken(request, office):
    raise ZeroDivisionError("secret detail")


@routes.get("/api/v1/header")
def bad_header(request, office):
    return json_answer({}, headers={"X-Bad": "a\r\nSet-Cookie: b=c"})


@routes.page("/letters", access=Access(public=True))
def letters_page(request, office):
    return page("<h1>หนังสือ</h1>" + "ก" * 1000)


@routes.form("/letters", body=CreateLetter)
def post_letters(request, office):
    return redirect(f"/letters?q={request.form['subject']}")


def error_page(request, problem):
    return page(f"<h1>{problem.title}</h1>", problem.status)


def keep_turning():
    """A signal does not wake a hub that waits for nothing but a connection; the real processes always tick."""
    nobody_releases = eventlet.semaphore.Semaphore(0)
    while True:
        nobody_releases.acquire(timeout=0.05)


def main():
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    settings = json.loads(sys.argv[1])
    folder = Path(settings.pop("folder"))
    workers = settings.pop("workers", 1)
    secrets.create(folder / "secrets")
    files = FileStore(folder, Vaults(folder / "secrets" / "vault"), min_free=0)
    assets = folder / "static"
    assets.mkdir()
    (assets / "app.css").write_text("body { margin: 0 }\n" * 200)
    router = Router([routes, StaticFiles(assets).routes], render_problem=error_page)

    class Office:
        name = "office"
        store = files

        @serve(router)
        def handle(self, request):
            return router.answer(request, self)

    http = {"host": "127.0.0.1", "port": 0, "incoming": files, **settings}
    container = ServiceContainer(Office, {"HTTP": http, "max_workers": workers})
    container.draining = False
    container.start()
    health = HealthServer("127.0.0.1", 0, lambda: (not container.draining, {"store": str(folder)}))
    health.start()
    entrypoint = next(iter(container.entrypoints))
    sys.stdout.write(json.dumps({"port": entrypoint.address[1], "health": health.address[1]}) + "\n")
    sys.stdout.flush()
    eventlet.spawn(keep_turning)
    signal.signal(signal.SIGTERM, lambda *_: setattr(container, "draining", True))
    signal.signal(signal.SIGINT, lambda *_: eventlet.spawn(container.stop))
    container.wait()
    health.stop()


if __name__ == "__main__":
    main()
