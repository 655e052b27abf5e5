"""A newer rule set in an open round: tried on every school, listed, applied; nobody is un-confirmed silently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from services.rounds.adapters import PREFIX
from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar.tables import Round
from services.rounds.duplicates.tables import ComparisonTask
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.pupils.tables import PupilEntry
from services.rounds.rulechanges import checking as rechecking
from services.rounds.rulechanges.commands import apply_rule_set, try_rule_set
from services.rounds.rulechanges.queries import get_rule_change
from services.rounds.submissions import checking
from services.rounds.submissions.commands import explain
from services.rounds.submissions.storing import store_results
from services.rounds.submissions.tables import Finding, Submission
from shared.db.migrate import upgrade
from shared.problems import Problem
from shared.runtime.application import Application
from shared.runtime.children import JobFailed
from shared.security import secrets
from shared.security.identity import Grant, Identity
from shared.settings import Settings
from tests.running.dmc import school_file
from tests.running.duplicates_desk import InThisProcess

AREA = "/obec/5704/"
OLD, NEW = "dmc-2569-1", "dmc-2569-2"
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
SCHOOLS = ("57040001", "57040002", "57040003", "57040004")
READY, CONFIRMED, RETURNED, CLEAN = SCHOOLS


class Inline(InThisProcess):
    """Such as may be told to fail."""

    failing = False

    def run(self, task: str, job: dict[str, Any], progress: Callable[[str, int, int], None]) -> Any:
        if self.failing:
            raise JobFailed("raised", "for the test")
        return super().run(task, job, progress)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    settings = Settings(data=tmp_path, env="test", clock_file=str(tmp_path / "clock"))
    secrets.create(settings.secrets_root)
    upgrade("rounds", settings)
    application = Application(DEFINITION, settings)
    object.__setattr__(application, "adapters", replace(application.adapters, children=Inline()))
    enter(application, tmp_path)
    yield application
    application.close()


def somebody(role: str, scope: str = AREA) -> Identity:
    return Identity("p1", "somebody", "สมศรี", "s1", (Grant(role, scope, "5704", ""),))


def enter(app: Application, folder: Path) -> None:
    """A round opened under the old set; three schools with a digit in a name, which only the new set minds."""
    (folder / "files-of-schools").mkdir()
    with app.write() as unit:
        later = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
        dates = dict.fromkeys(("school_deadline", "certify_deadline", "area_ack_deadline", "close_at"), later)
        unit.session.add(
            Round(
                id="r", org_path=AREA, area_name="เขต", system="dmc", year_be=2569, round_no=1, title="DMC",
                as_of_date=dt.date(2026, 6, 10), rule_set=OLD, state="OPEN", revision=1, created_at=NOW, opened_at=NOW,
                open_at=NOW, **dates,
            )
        )  # fmt: skip
        unit.session.flush()
        for smis in SCHOOLS:
            unit.session.add(
                SchoolRound(
                    id=smis, round_id="r", smis=smis, name="บ้านตัวอย่าง", education_range="อนุบาล-ประถมศึกษา",
                    one_teacher=False, org_path=f"{AREA}{smis}/", state="NOT_STARTED", revision=1, last_version=1,
                    school_deadline=later, certify_deadline=later,
                )
            )  # fmt: skip
            defects = () if smis == CLEAN else ("P02.digit",)
            made = school_file(folder / "files-of-schools", smis, pupils=30, defects=defects)
            unit.session.add(
                Submission(
                    id=f"v{smis}", round_id="r", smis=smis, org_path=f"{AREA}{smis}/", version=1, revision=0,
                    state="RECORDING", filename=made.filename, kind=made.kind, size=1, no_pupils=False,
                    sha256=app.adapters.files.keep(PREFIX, made.path)[0], uploaded_by="p", uploaded_by_name="ครู",
                    on_behalf=False, created_at=NOW, counts={}, not_evaluated=[], progress={},
                )
            )  # fmt: skip
    while checking.check_next(app):
        pass
    with app.write() as unit:
        for smis, state in ((CONFIRMED, "CONFIRMED"), (RETURNED, "RETURNED")):
            unit.session.get_one(SchoolRound, smis).state = state


def officer(app: Application, function: Callable[..., Any], **args: Any) -> Any:
    with app.write(somebody("officer")) as unit:
        return function(unit, round_id="r", **args)


def work_off(app: Application) -> None:
    while rechecking.recheck_next(app):
        pass


def states(app: Application) -> dict[str, str]:
    with app.read() as unit:
        schools = unit.session.execute(select(SchoolRound)).scalars()
        return {school.smis: school.state for school in schools}


def rules_found(app: Application, smis: str) -> set[str]:
    with app.read() as unit:
        return set(unit.session.execute(select(Finding.rule).filter_by(submission_id=f"v{smis}")).scalars())


BEFORE = {READY: "READY", CONFIRMED: "CONFIRMED", RETURNED: "RETURNED", CLEAN: "READY"}
FAILS = [{"rule": "P02", "severity": "WARN", "count": 1}]


def test_a_trial_lists_who_would_fail_and_changes_nothing(app: Application) -> None:
    assert states(app) == BEFORE
    begun = officer(app, try_rule_set, rule_set=NEW)
    assert (begun["state"], begun["total"], begun["done"]) == ("TRIAL", 4, 0)
    work_off(app)
    seen = officer(app, get_rule_change)
    assert (seen["done"], seen["failed"]) == (4, 0)
    assert [(one["smis"], one["state"], one["fails"], one["kept"]) for one in seen["schools"]] == [
        (smis, BEFORE[smis], FAILS, False) for smis in (READY, CONFIRMED, RETURNED)
    ]
    assert states(app) == BEFORE
    assert "P02" not in rules_found(app, READY)
    with app.read() as unit:
        assert unit.session.get_one(Round, "r").rule_set == OLD


def test_applied_rules_bind_who_has_not_signed_and_leave_who_has(app: Application) -> None:
    officer(app, try_rule_set, rule_set=NEW)
    with pytest.raises(Problem, match="ยังทดลองตรวจไม่ครบ"):
        officer(app, apply_rule_set)
    work_off(app)
    assert officer(app, apply_rule_set)["state"] == "APPLYING"
    work_off(app)
    seen = officer(app, get_rule_change)
    assert (seen["state"], seen["done"]) == ("APPLIED", 4)
    assert {one["smis"]: one["kept"] for one in seen["schools"]} == {READY: False, CONFIRMED: True, RETURNED: False}
    assert states(app) == {READY: "HAS_ERRORS", CONFIRMED: "CONFIRMED", RETURNED: "RETURNED", CLEAN: "READY"}
    assert {smis: "P02" in rules_found(app, smis) for smis in SCHOOLS} == {
        READY: True, CONFIRMED: False, RETURNED: True, CLEAN: False,
    }  # fmt: skip
    with app.read() as unit:
        assert unit.session.get_one(Round, "r").rule_set == NEW
        events = unit.session.execute(select(HistoryEntry.event).filter_by(school_round_id=READY)).scalars().all()
        assert events[-1] == "rules_changed"
    with pytest.raises(Problem):
        officer(app, apply_rule_set)


def test_a_reason_given_stays_when_the_rules_change(app: Application) -> None:
    officer(app, try_rule_set, rule_set=NEW)
    work_off(app)
    officer(app, apply_rule_set)
    work_off(app)
    with app.write(somebody("data_officer", f"{AREA}{READY}/")) as unit:
        explain(unit, f"v{READY}", reason="ตรวจแล้ว", rule="P02")
    assert states(app)[READY] == "READY"
    with app.write() as unit:
        unit.session.get_one(Round, "r").rule_set = OLD
    officer(app, try_rule_set, rule_set=NEW)
    work_off(app)
    assert READY not in {one["smis"] for one in officer(app, get_rule_change)["schools"]}


def test_another_process_takes_over_what_a_killed_one_had_in_hand(app: Application) -> None:
    officer(app, try_rule_set, rule_set=NEW)
    for _ in SCHOOLS:
        assert rechecking.claim_next(app) is not None
    assert not rechecking.recheck_next(app)
    Path(app.settings.clock_file).write_text("60")
    work_off(app)
    assert officer(app, get_rule_change)["done"] == 4


def test_a_check_that_fails_is_tried_again_and_then_keeps_the_set_from_being_applied(app: Application) -> None:
    officer(app, try_rule_set, rule_set=NEW)
    app.adapters.children.failing = True
    work_off(app)
    assert officer(app, get_rule_change)["failed"] == 4
    with pytest.raises(Problem, match="ทดลองตรวจไม่สำเร็จ"):
        officer(app, apply_rule_set)
    app.adapters.children.failing = False
    officer(app, try_rule_set, rule_set=NEW)
    work_off(app)
    assert officer(app, apply_rule_set)["state"] == "APPLYING"


@pytest.mark.parametrize(("rule_set", "code"), [("dmc-1999-1", "unknown"), (OLD, "not_newer")])
def test_only_a_newer_set_that_is_there_may_follow(app: Application, rule_set: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        officer(app, try_rule_set, rule_set=rule_set)
    assert [error.code for error in refused.value.errors] == [code]


def test_nobody_but_an_officer_changes_rules_and_only_where_data_is_taken(app: Application) -> None:
    for role in ("auditor", "group_director"):
        with pytest.raises(Problem) as refused, app.write(somebody(role)) as unit:
            try_rule_set(unit, "r", NEW)
        assert refused.value.code == "forbidden"
    with pytest.raises(Problem) as missing:
        officer(app, apply_rule_set)
    assert missing.value.code == "rule_change.none"
    assert officer(app, get_rule_change)["state"] == "NONE"
    with app.write() as unit:
        unit.session.get_one(Round, "r").state = "CLOSED"
    with pytest.raises(Problem) as closed:
        officer(app, try_rule_set, rule_set=NEW)
    assert closed.value.code == "round.state"


def test_a_file_read_by_the_old_rules_while_they_changed_is_read_again(app: Application) -> None:
    with app.write() as unit:
        unit.session.get_one(Submission, f"v{READY}").state = "RECORDING"
        unit.session.get_one(SchoolRound, READY).submission_id = None
        unit.session.execute(delete(Finding).filter_by(submission_id=f"v{READY}"))
        unit.session.execute(delete(PupilEntry).filter_by(submission_id=f"v{READY}"))
        unit.session.execute(delete(ComparisonTask).filter_by(submission_id=f"v{READY}"))
    (claimed,) = checking.claim_next(app)
    with app.write() as unit:
        unit.session.get_one(Round, "r").rule_set = NEW
        store_results(unit, [(claimed, {"rule_set": OLD})])
    assert checking.check_next(app)
    assert "P02" in rules_found(app, READY)
