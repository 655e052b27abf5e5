"""The service ``rounds`` as the gateway drives it, without a gateway and without children: files come to stand."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from services.rounds.adapters import INCOMING
from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar.tables import Round
from services.rounds.database import TABLES
from services.rounds.duplicates.finding import compare_next
from services.rounds.gates.tables import SchoolRound
from services.rounds.submissions import commands as submissions
from services.rounds.submissions.checking import check_next
from services.rounds.submissions.tables import Submission
from services.rounds.synthetic.generate import Generated
from shared.db.migrate import upgrade
from shared.runtime.application import Application
from shared.security import secrets
from shared.security.identity import Grant, Identity
from shared.settings import Settings
from tests.running.dmc import school_file
from tests.servers import PostgresServer

ONE, TWO, THREE = "57040001", "57040002", "57040003"
OPENED = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


class InThisProcess:
    """Children whose jobs run here: what is tested is what becomes of their results."""

    def run(self, task: str, job: dict[str, Any], progress: Callable[[str, int, int], None]) -> Any:
        module, name = task.split(":")
        return json.loads(json.dumps(getattr(importlib.import_module(module), name)(job, progress)))

    def close(self) -> None:
        """Nothing to end."""


class Desk:
    """One running instance of the service with an open round of three schools."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.folder = folder
        self.app = Application(DEFINITION, settings)
        object.__setattr__(self.app, "adapters", replace(self.app.adapters, children=InThisProcess()))
        self._clock_file = Path(settings.clock_file)
        self._areas: dict[str, str] = {}

    def open_round(self) -> str:
        """An open round of three schools, in an area of its own; returns its id."""
        return self._open_round(f"/obec/{1000 + len(self._areas)}/", 1, "dmc-2569-1")

    def next_round(self, round_id: str) -> str:
        """The round after the first of an area, with the same schools and the rules that compare the two."""
        return self._open_round(self._areas[round_id], 2, "dmc-2569-2")

    def _open_round(self, area: str, round_no: int, rule_set: str) -> str:
        round_id = str(uuid.uuid4())
        self._areas[round_id] = area
        names = ("open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at")
        with self.app.write() as unit:
            unit.session.add(
                Round(
                    id=round_id, org_path=area, area_name="เขต", system="dmc", year_be=2569, round_no=round_no,
                    title="DMC",
                    as_of_date=dt.date(2026, 6, 10), rule_set=rule_set, state="OPEN", revision=1,
                    created_at=OPENED, opened_at=OPENED, announced_at=OPENED, **dict.fromkeys(names, OPENED),
                )
            )  # fmt: skip
            unit.session.flush()
            for smis in (ONE, TWO, THREE):
                unit.session.add(
                    SchoolRound(
                        id=str(uuid.uuid4()), round_id=round_id, smis=smis, name=f"บ้าน {smis[-1]}",
                        education_range="อนุบาล-ประถมศึกษา", one_teacher=False, org_path=f"{area}{smis}/",
                        state="NOT_STARTED", revision=0, version=0, last_version=0, school_deadline=OPENED,
                        certify_deadline=OPENED,
                    )
                )  # fmt: skip
        return round_id

    def file(self, smis: str, **options: Any) -> Generated:
        return school_file(self.folder, smis, **{"pupils": 12, **options})

    def send(self, round_id: str, smis: str, file: Generated) -> str:
        """Hand a file in; returns the id of the version, which nobody has read yet."""
        sha256 = self.app.adapters.files.keep(INCOMING, file.path)[0]
        named = {"sha256": sha256, "filename": file.filename, "size": file.path.stat().st_size}
        with self.app.write(self.data_officer(round_id, smis)) as unit:
            return str(submissions.receive(unit, round_id, smis, named)["id"])

    def stands(self, round_id: str, smis: str, **options: Any) -> Generated:
        """A file of the school is handed in, checked, and compared with the others."""
        file = self.file(smis, **options)
        self.send(round_id, smis, file)
        while check_next(self.app):
            pass
        self.compare()
        return file

    def data_officer(self, round_id: str, smis: str) -> Identity:
        """The data officer of a school of the round."""
        return _identity(f"data-{smis}", "data_officer", f"{self._areas[round_id]}{smis}/", smis)

    def area(self, round_id: str) -> str:
        """The node of the area of a round."""
        return self._areas[round_id]

    def compare(self) -> None:
        while compare_next(self.app):
            pass

    def standing(self, round_id: str, smis: str) -> Submission:
        """The version that stands for a school."""
        with self.app.read() as unit:
            chosen = select(Submission).join(SchoolRound, SchoolRound.submission_id == Submission.id)
            chosen = chosen.where(SchoolRound.round_id == round_id, SchoolRound.smis == smis)
            submission = unit.session.execute(chosen).scalar_one()
            unit.session.expunge(submission)
            return submission

    def school_of(self, round_id: str, smis: str) -> Select[tuple[SchoolRound]]:
        """What finds a school in a round."""
        return select(SchoolRound).filter_by(round_id=round_id, smis=smis)

    def events(self, aggregate: str) -> list[dict[str, Any]]:
        with self.app.database.read() as session:
            outbox = TABLES.outbox
            rows = session.execute(select(outbox.envelope).filter_by(aggregate=aggregate).order_by(outbox.seq))
            return [json.loads(row.envelope) for row in rows]

    def move_clock(self, **offset: float) -> None:
        self._clock_file.write_text(str(dt.timedelta(**offset).total_seconds()))


def officer() -> Identity:
    """An officer of every area."""
    return _identity("officer", "officer", "/obec/", "obec")


def _identity(username: str, role: str, scope: str, organisation: str) -> Identity:
    return Identity(username, username, f"ครู {username}", "s", (Grant(role, scope, organisation, "หน่วยงาน"),))


def open_desk(folder: Path, postgres: PostgresServer | None) -> Iterator[Desk]:
    """The service on SQLite, or on a database of its own in ``postgres``."""
    settings = Settings(data=folder, env="test", clock_file=str(folder / "clock"))
    secrets.create(settings.secrets_root)
    if postgres is not None:
        name = f"khet_{uuid.uuid4().hex[:12]}"
        url = postgres.create_database(name, name, "pw")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        settings = dataclasses.replace(settings, **in_services)
    upgrade("rounds", settings)
    files = folder / "made"
    files.mkdir()
    desk = Desk(settings, files)
    yield desk
    desk.app.close()
