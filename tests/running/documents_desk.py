"""The service ``documents`` as the gateway drives it, without a gateway: an area office, two groups, two schools."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from inspect import isgenerator
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import select

from services.documents.bootstrap import DEFINITION
from services.documents.database import TABLES
from services.documents.registers.opening import book_id
from services.documents.registers.rules import BookKind
from shared.bus.contracts.registry import EventType
from shared.bus.contracts.schools import SCHOOL_RECORDED, STAFF_RECORDED, UNIT_RECORDED
from shared.bus.envelope import Envelope
from shared.db.migrate import upgrade
from shared.db.together import Steps, alone
from shared.problems import Problem
from shared.runtime.application import Application
from shared.security import secrets
from shared.security.identity import Grant, Identity
from shared.settings import Settings
from tests.contracts.examples import EXAMPLES
from tests.servers import PostgresServer

AREA, OTHER_AREA = "/obec/5704/", "/obec/5703/"
OFFICE = "5704"
PLACES = {
    "5704": ("AREA", AREA),
    "5704-g-ict": ("GROUP", f"{AREA}g-ict/"),
    "5704-g-admin": ("GROUP", f"{AREA}g-admin/"),
    "5703": ("AREA", OTHER_AREA),
}
SCHOOLS = {"57040001": f"{AREA}57040001/", "57040002": f"{AREA}57040002/"}
# who: (roles at which unit), works in
PEOPLE: Mapping[str, tuple[str, str, str]] = {
    "registrar": ("registrar", "5704", "5704-g-admin"),
    "clerk": ("registrar", "5704-g-ict", "5704-g-ict"),
    "officer": ("officer", "5704", "5704-g-ict"),
    "second": ("officer", "5704", "5704-g-ict"),
    "head": ("group_director", "5704", "5704-g-ict"),
    "director": ("area_director", "5704", "5704"),
    "deputy": ("deputy_director", "5704", "5704"),
    "auditor": ("auditor", "5704", "5704"),
    "schoolclerk": ("registrar", "57040001", "57040001"),
    "teacher": ("teacher", "57040001", "57040001"),
    "stranger": ("registrar", "5703", "5703"),
}


class DocumentsDesk:
    """One running instance of the service."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = Application(DEFINITION, settings)
        self._clock_file = Path(settings.clock_file)
        self.heard: list[dict[str, Any]] = []

    def move_clock(self, to: dt.datetime) -> None:
        """Let it be ``to`` now, going on from there."""
        offset = (to - dt.datetime.now(dt.UTC)).total_seconds()
        unfinished = self._clock_file.with_suffix(".new")
        unfinished.write_text(str(offset))
        unfinished.replace(self._clock_file)

    def fill(self) -> None:
        """The units and people as ``schools`` tells of them."""
        for code, (kind, path) in PLACES.items():
            state = {"code": code, "kind": kind, "name": f"หน่วยงาน {code}", "org_path": path, "state": "OPEN"}
            self.tell(UNIT_RECORDED, f"unit/{code}", state, path)
        for smis, path in SCHOOLS.items():
            self.tell_school(smis, path)
        for name in PEOPLE:
            self.tell_staff(name)

    def tell(self, event: EventType, subject: str, state: dict[str, Any], path: str, version: int = 1) -> None:
        envelope = Envelope(
            type=event.type, source="/services/schools", subject=subject, version=version,
            time=dt.datetime.now(dt.UTC), data=event.checked(state), org=path,
        )  # fmt: skip
        self.heard.append(json.loads(envelope.encode()))
        self.app.inbox.consume(envelope.encode())

    def tell_school(self, smis: str, path: str) -> None:
        state = {**EXAMPLES[SCHOOL_RECORDED.schema], "smis": smis, "org_path": path, "name": f"บ้าน {smis[-1]}"}
        self.tell(SCHOOL_RECORDED, f"school/{smis}", state, path)

    def tell_staff(
        self, name: str, *, role: str | None = None, at: str | None = None, home: str | None = None,
        state: str = "ACTIVE", version: int = 1,
    ) -> None:  # fmt: skip
        """Somebody as ``schools`` tells of them: as in ``PEOPLE`` where nothing else is said."""
        known = PEOPLE.get(name, ("officer", OFFICE, OFFICE))
        role, at, home = (given or usual for given, usual in zip((role, at, home), known, strict=True))
        grant = {
            "role": role, "scope": path_of(at), "organisation": at, "acting": False,
            "valid_from": "2026-01-01", "valid_until": None, "order_no": None,
        }  # fmt: skip
        told = {"staff_id": name, "unit": home, "org_path": path_of(home), "state": state, "grants": [grant]}
        self.tell(STAFF_RECORDED, f"staff/{name}", told, path_of(home), version)

    def query(self, who: str, function: Callable[..., Any], **args: Any) -> Any:
        with self.app.read(identity(who)) as unit:
            unit.operation = function.__name__
            return json.loads(json.dumps(function(unit, **args)))

    def command(self, who: str, function: Callable[..., Any], **args: Any) -> Any:
        with self.app.write(identity(who)) as unit:
            unit.operation = function.__name__
            answer = function(unit, **args)
            return json.loads(json.dumps(alone(unit.session, answer) if isgenerator(answer) else answer))

    def command_in_steps(self, who: str, function: Callable[..., Steps[Any]], **args: Any) -> Any:
        """A command in one transaction with those of others at the same moment, as the service does it."""
        return self.app.done_together(identity(who), lambda unit: function(unit, **args))

    def events(self, type_: str) -> list[dict[str, Any]]:
        outbox = TABLES.outbox
        with self.app.database.read() as session:
            rows = session.execute(select(outbox.envelope).filter_by(type=type_).order_by(outbox.seq))
            return [json.loads(row.envelope) for row in rows]

    def audited(self, action: str) -> list[Any]:
        with self.app.database.read() as session:
            found = list(session.execute(select(TABLES.audit).filter_by(action=action)).scalars())
            session.expunge_all()
            return found


def path_of(code: str) -> str:
    return PLACES[code][1] if code in PLACES else SCHOOLS[code]


def identity(who: str) -> Identity:
    """Somebody of the office, as the gateway would sign them."""
    role, at, _ = PEOPLE[who]
    grant = Grant(role, path_of(at), at, f"หน่วยงาน {at}")
    return Identity(who, who, f"นาย{who} (สาธิต)", "session", (grant,))


def book(kind: str, owner: str = OFFICE) -> str:
    """The id of a book."""
    return book_id(owner, BookKind(kind))


def letter_fields(**changed: Any) -> dict[str, Any]:
    """A letter that came in, as a clerk keys it in."""
    return {
        "direction": "in", "kind": "external", "subject": "ขอเชิญประชุมผู้บริหารสถานศึกษา", "from": "สพฐ.", "to": "ผอ.สพป.",
        "doc_no": "ศธ 04006/ว 12", "doc_date": "2026-06-08", "speed": "urgent", "secrecy": "none", "channel": "paper",
        **changed,
    }  # fmt: skip


def code_of(function: Callable[[], Any]) -> str:
    """The code of the problem that a call ends in; empty when it succeeds."""
    try:
        function()
    except Problem as problem:
        return problem.code
    return ""


def desk_at(moment: dt.datetime, scope: Literal["function", "module"] = "function") -> Any:
    """A fixture: a desk on either database at which it is ``moment`` when a test (or a module) begins."""

    @pytest.fixture(scope=scope, params=["sqlite", "postgresql"])
    def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentsDesk]:
        postgres = request.getfixturevalue("servers")[1] if request.param == "postgresql" else None
        for opened in open_desk(tmp_path_factory.mktemp(f"documents-{request.param}"), postgres):
            opened.move_clock(moment)
            yield opened

    return desk


def open_desk(folder: Path, server: PostgresServer | None) -> Iterator[DocumentsDesk]:
    """A migrated service that knows its office, on SQLite or on the given PostgreSQL."""
    settings = Settings(data=folder, env="test", cheap_hashes=True, clock_file=str(folder / "clock"))
    secrets.create(settings.secrets_root)
    if server is not None:
        name = f"khet_documents_{folder.name}".replace("-", "_").lower()
        url = server.create_database(name, name, "s3cret")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        settings = dataclasses.replace(settings, **in_services)
    upgrade("documents", settings)
    desk = DocumentsDesk(settings)
    desk.fill()
    yield desk
    desk.app.close()
