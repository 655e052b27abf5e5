"""What becomes of a file that cannot be checked: tried again, then FAILED (our fault) or F01 (the file's)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar.tables import Round
from services.rounds.gates.tables import SchoolRound
from services.rounds.submissions import checking
from services.rounds.submissions.tables import Finding, Submission
from shared.db.migrate import upgrade
from shared.runtime.application import Application
from shared.runtime.children import JobFailed
from shared.runtime.leases import ATTEMPTS
from shared.security import secrets
from shared.settings import Settings

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


class FailingChildren:
    """Children whose jobs all fail in the same way."""

    def __init__(self, cause: str) -> None:
        self.cause = cause

    def run(self, *_: Any) -> Any:
        raise JobFailed(self.cause, "for the test")

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    settings = Settings(data=tmp_path, env="test", clock_file=str(tmp_path / "clock"))
    secrets.create(settings.secrets_root)
    upgrade("rounds", settings)
    application = Application(DEFINITION, settings)
    yield application
    application.close()


def enter_submission(app: Application) -> str:
    with app.write() as unit:
        dates = dict.fromkeys(("open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at"), NOW)
        round_ = Round(
            id="r", org_path="/obec/5704/", area_name="เขต", system="dmc", year_be=2569, round_no=1, title="DMC",
            as_of_date=NOW.date(), rule_set="dmc-2569-1", state="OPEN", revision=1, created_at=NOW, opened_at=NOW,
            **dates,
        )  # fmt: skip
        unit.session.add(round_)
        unit.session.flush()
        unit.session.add(
            SchoolRound(
                id="s", round_id="r", smis="57040001", name="บ้านทดสอบ", education_range="อนุบาล-ประถมศึกษา",
                one_teacher=False, org_path="/obec/5704/57040001/", state="CONFIRMED", revision=1, last_version=1,
                school_deadline=NOW, certify_deadline=NOW,
            )
        )
        unit.session.add(
            Submission(
                id="v", round_id="r", smis="57040001", org_path="/obec/5704/57040001/", version=1, revision=0,
                state="RECORDING", filename="", size=0, no_pupils=True, uploaded_by="p", uploaded_by_name="ครู",
                on_behalf=False, created_at=NOW, counts={}, not_evaluated=[], progress={},
            )
        )
    return "v"


def work_off(app: Application, cause: str) -> None:
    """Let the checker come round until nothing is left to try, moving the clock past each wait."""
    object.__setattr__(app, "adapters", replace(app.adapters, children=FailingChildren(cause)))
    for later in range(ATTEMPTS):
        Path(app.settings.clock_file).write_text(str(60 * (later + 1)))
        assert checking.check_next(app)
    Path(app.settings.clock_file).write_text("3600")
    assert not checking.check_next(app)


def standing(app: Application) -> tuple[str, str, list[str]]:
    with app.read() as unit:
        submission = unit.session.get_one(Submission, "v")
        rules = unit.session.execute(select(Finding.rule)).scalars().all()
        return submission.state, unit.session.get_one(SchoolRound, "s").state, list(rules)


def test_a_defect_of_ours_leaves_the_file_failed_and_the_confirmation_untouched(app: Application) -> None:
    enter_submission(app)
    work_off(app, "raised")
    assert standing(app) == ("FAILED", "CONFIRMED", [])


def test_a_file_that_no_child_survives_is_rejected_with_f01_and_moves_nothing(app: Application) -> None:
    enter_submission(app)
    work_off(app, "memory")
    assert standing(app) == ("REJECTED", "CONFIRMED", ["F01"])
