"""The service ``rounds`` alone, without gateway or bus: rounds and schools put into its database, files checked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.rounds.adapters import PREFIX
from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar.tables import Round
from services.rounds.gates.tables import SchoolRound
from services.rounds.submissions.checking import check_next
from services.rounds.submissions.tables import Submission
from services.rounds.synthetic.generate import Generated
from shared.bus.envelope import new_id
from shared.db.migrate import upgrade
from shared.runtime.application import Application
from shared.security import secrets
from shared.settings import Settings
from tests.servers import PostgresServer, running

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
AREA = "/obec/5704/"


class RoundsService:
    """One running instance."""

    def __init__(self, settings: Settings) -> None:
        self.app = Application(DEFINITION, settings)

    def enter_round(self, year_be: int = 2569, round_no: int = 1, **values: Any) -> str:
        """An open round; its id."""
        dates = dict.fromkeys(("open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at"), NOW)
        fields = {
            "id": new_id(), "org_path": AREA, "area_name": "เขต", "system": "dmc", "title": "DMC", "state": "OPEN",
            "as_of_date": dt.date(2026, 6, 10), "rule_set": "dmc-2569-1", "revision": 1, "created_at": NOW,
            "opened_at": NOW, **dates, **values,
        }  # fmt: skip
        with self.app.write() as unit:
            unit.session.add(Round(year_be=year_be, round_no=round_no, **fields))
        return str(fields["id"])

    def enter_school(
        self, round_id: str, smis: str, state: str = "NOT_STARTED", area: str = AREA, **values: Any
    ) -> None:
        """A school in a round."""
        fields = {
            "education_range": "อนุบาล-ประถมศึกษา", "one_teacher": False, "revision": 1, "school_deadline": NOW,
            "certify_deadline": NOW, **values,
        }  # fmt: skip
        with self.app.write() as unit:
            unit.session.add(
                SchoolRound(
                    id=new_id(), round_id=round_id, smis=smis, name="บ้านทดสอบ", org_path=f"{area}{smis}/",
                    state=state, **fields,
                )
            )  # fmt: skip

    def check(self, round_id: str, smis: str, made: Generated) -> Submission:
        """Hand a generated file in for a school and check it; the version as it is afterwards."""
        sha256, _ = self.app.adapters.files.keep(PREFIX, made.path)
        with self.app.write() as unit:
            school = unit.session.query(SchoolRound).filter_by(round_id=round_id, smis=smis).one()
            school.last_version += 1
            submission = Submission(
                id=new_id(), round_id=round_id, smis=smis, org_path=school.org_path, version=school.last_version,
                revision=0, state="RECORDING", filename=made.filename, kind=made.kind, sha256=sha256,
                size=made.path.stat().st_size, no_pupils=False, uploaded_by="p", uploaded_by_name="ครู",
                on_behalf=False, created_at=NOW, counts={}, not_evaluated=[], progress={},
            )  # fmt: skip
            unit.session.add(submission)
            submission_id = submission.id
        assert check_next(self.app)
        return self.submission(submission_id)

    def submission(self, submission_id: str) -> Submission:
        with self.app.read() as unit:
            found: Submission = unit.session.get_one(Submission, submission_id)
            unit.session.expunge_all()
            return found


def open_rounds(database: str, folder: Path) -> Iterator[RoundsService]:
    """The migrated service on ``sqlite`` or on a PostgreSQL of its own, closed in the end."""
    settings = Settings(data=folder, env="test", clock_file=str(folder / "clock"))
    secrets.create(settings.secrets_root)
    if database == "sqlite":
        yield from _open(settings)
        return
    server = PostgresServer()
    with running(server):
        url = server.create_database("khet_rounds", "khet_rounds", "s3cret")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        yield from _open(dataclasses.replace(settings, **in_services))


def _open(settings: Settings) -> Iterator[RoundsService]:
    upgrade("rounds", settings)
    service = RoundsService(settings)
    yield service
    service.app.close()
