"""Whatever people and the clock do to a school in a round, in any order: the real commands on a small database."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event, select

from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar import commands as calendar
from services.rounds.calendar.tables import Round
from services.rounds.calendar.ticking import advance_by_the_clock
from services.rounds.gates import commands as gates
from services.rounds.gates.rules import SIGNED, TRANSITIONS, Event, SchoolState
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.gates.views import school_round_view
from services.rounds.schools.tables import School
from services.rounds.snapshots.tables import Snapshot
from services.rounds.submissions.checking import Claimed, store_result
from services.rounds.submissions.commands import receive
from services.rounds.submissions.tables import Submission
from shared.bus.envelope import Envelope
from shared.clock import Clock
from shared.db.engine import Database
from shared.db.unit import Trace, Unit
from shared.problems import Problem
from shared.security import secrets
from shared.security.identity import Grant, Identity
from shared.security.vault import Vaults
from shared.thai.dates import has_passed

AREA, SMIS = "/obec/5704/", "57040001"
SCHOOL = f"{AREA}{SMIS}/"
START = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
NAMES = ("classes", "ages", "disadvantage", "nationality", "religion")
REASON = "เหตุผล"


def person(name: str, role: str, scope: str) -> Identity:
    return Identity(name, name, name, "s", (Grant(role, scope, scope.split("/")[-2], name),))


OFFICER = person("officer", "officer", AREA)
DIRECTOR = person("groupdirector", "group_director", AREA)
DATA, HEAD = person("data", "data_officer", SCHOOL), person("head", "school_director", SCHOOL)


class Hands(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.at = START

    def now(self) -> dt.datetime:
        return self.at


class Desk:
    """The rounds service without a bus: commands and the ticker on a database of one's own."""

    def __init__(self, folder: Path) -> None:
        secrets.create(folder)
        self.vault = Vaults(folder / "vault").of("rounds")
        self.database = Database(f"sqlite:///{folder / 'db.sqlite'}", 2, self.vault)
        # nothing here has to survive a power cut, and hypothesis commits thousands of times
        event.listen(self.database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        DEFINITION.base.metadata.create_all(self.database.engine)
        self.clock = Hands()

    @contextmanager
    def write(self, caller: Identity | None = None) -> Iterator[Unit]:
        with self.database.write() as session:
            yield self._unit(session, caller)

    @contextmanager
    def read(self, caller: Identity | None = None) -> Iterator[Unit]:
        with self.database.read() as session:
            yield self._unit(session, caller)

    def _unit(self, session: Any, caller: Identity | None) -> Unit:
        return Unit("rounds", session, self.clock, DEFINITION.tables, caller, Trace(), self.vault)


class SchoolAndClock(RuleBasedStateMachine):
    """One school in one round."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desk = Desk(Path(self.folder.name))
        self.round_id = ""
        self.taken: list[tuple[Any, ...]] = []
        self.phases: list[str] = []

    def teardown(self) -> None:
        self.desk.database.close()
        self.folder.cleanup()

    @initialize()
    def announce(self) -> None:
        days = {"open_at": 1, "school_deadline": 5, "certify_deadline": 6, "area_ack_deadline": 7, "close_at": 8}
        dates = {name: (START + dt.timedelta(days=offset)).isoformat() for name, offset in days.items()}
        with self.desk.write(OFFICER) as unit:
            unit.session.add(
                School(smis=SMIS, version=1, name="บ้านตัวอย่าง", education_range="อ.2-ป.6", amphoe=None, org_path=SCHOOL,
                       area_code="5704", area_name="เขต", state="OPEN", one_teacher=False)
            )  # fmt: skip
            unit.session.flush()
            kind = {"system": "dmc", "year_be": 2569, "round_no": 1, "as_of_date": "2026-06-10"}
            made = calendar.create_round(unit, **kind, **dates)
            self.round_id = made["id"]
            calendar.announce_round(unit, self.round_id)

    def attempt(self, caller: Identity, command: Any, **args: Any) -> bool:
        """Whether a command went through; a refusal is a conflict or a field, and changes nothing."""
        try:
            with self.desk.write(caller) as unit:
                command(unit, round_id=self.round_id, **args)
        except Problem as problem:
            assert problem.status in (409, 422), problem
            return False
        return True

    def gate(self, caller: Identity, command: Any, **args: Any) -> bool:
        was_open = self.view()["is_open"]
        went_through = self.attempt(caller, command, smis=SMIS, **args)
        assert was_open or not went_through, "a gate let a school through after its own end"
        return went_through

    @rule(hours=st.sampled_from([1, 12, 24, 60]))
    def time_passes(self, hours: int) -> None:
        was = self.school()
        self.desk.clock.at += dt.timedelta(hours=hours)
        advance_by_the_clock(self.desk)
        now = self.school()
        if was.extension_unused and now.state == "LOCKED":
            kept = ("locked_from", "version", "confirmed_at", "certified_at", "acknowledged_at")
            assert [getattr(now, name) for name in kept] == [getattr(was, name) for name in kept]

    @rule(number=st.integers(0, 40))
    def upload(self, number: int) -> None:
        if not self.gate(DATA, receive, no_pupils=True):
            return
        with self.desk.write() as unit:
            submission = unit.session.execute(select(Submission).filter_by(state="RECORDING")).scalar_one()
            rows = [{"grade": "ป.1", "room": 1, "male": number, "female": 1}]
            tables = {name: rows if name == "classes" else [] for name in NAMES}
            counts = {"rows": number, "pupils": number + 1, "error": 0}
            result = {"accepted": True, "findings": [], "counts": counts, "tables": tables, "not_evaluated": []}
            store_result(unit, Claimed(submission.id, "", 1, None, {}), result)

    @rule()
    def confirm(self) -> None:
        self.gate(DATA, gates.confirm, no_pupils=True)

    @rule()
    def certify(self) -> None:
        self.gate(HEAD, gates.certify)

    @rule(number=st.integers(0, 40))
    def answer(self, number: int) -> None:
        self.upload(number)
        self.confirm()
        self.certify()

    @rule()
    def acknowledge(self) -> None:
        self.gate(OFFICER, gates.acknowledge)

    @rule()
    def return_(self) -> None:
        self.gate(OFFICER, gates.return_school, reason=REASON)

    @rule(hours=st.sampled_from([2, 30, 100, 400]))
    def extend(self, hours: int) -> None:
        was = self.school()
        until = self.desk.clock.at + dt.timedelta(hours=hours)
        done = self.attempt(DIRECTOR, gates.extend, smis=SMIS, until=until.isoformat(), reason=REASON)
        now = self.school()
        if done:
            assert now.state == ("RETURNED" if was.state == "LOCKED" else was.state)
            assert (now.extended_until, now.locked_from) == (until, was.locked_from)
        else:
            assert self.round().closed_at is None and until <= self.round().school_deadline

    @rule(days=st.sampled_from([None, 1, 3]))
    def reopen(self, days: int | None) -> None:
        was, round_ = self.school(), self.round()
        close_at = (self.desk.clock.at + dt.timedelta(days=days)).isoformat() if days else None
        done = self.attempt(DIRECTOR, calendar.reopen_round, reason=REASON, close_at=close_at)
        assert done == (round_.state == "CLOSED")
        if done:
            now = self.school()
            assert (self.round().state, now.locked_from) == ("CONFIRM_WINDOW", None)
            if was.state == "LOCKED":
                assert now.state == was.locked_from
                assert now.confirmed_at == was.confirmed_at and now.certified_at == was.certified_at

    @rule()
    def close(self) -> None:
        self.attempt(OFFICER, calendar.close_round)

    @precondition(lambda self: self.round().state == "CLOSED")
    @rule()
    def publish(self) -> None:
        assert self.attempt(OFFICER, calendar.make_public)

    def round(self) -> Round:
        with self.desk.read() as unit:
            return _loose(unit, unit.session.get_one(Round, self.round_id))

    def school(self) -> SchoolRound:
        with self.desk.read() as unit:
            found = unit.session.execute(select(SchoolRound).filter_by(round_id=self.round_id)).scalar_one()
            return _loose(unit, found)

    def view(self) -> dict[str, Any]:
        return school_round_view(self.round(), self.school(), self.desk.clock.at)

    @invariant()
    def snapshots_are_numbered_and_never_change(self) -> None:
        with self.desk.read() as unit:
            rows = unit.session.execute(select(Snapshot).order_by(Snapshot.number)).scalars()
            found = [(s.number, s.id, s.version, s.locked_from, s.taken_at, str(s.tables)) for s in rows]
        assert found[: len(self.taken)] == self.taken
        assert [one[0] for one in found] == list(range(1, len(found) + 1))
        self.taken = found

    @invariant()
    def a_locked_school_counts_by_its_newest_snapshot(self) -> None:
        if not self.round_id:
            return
        school = self.school()
        if school.state == "LOCKED" and school.locked_from in SIGNED:
            with self.desk.read() as unit:
                newest = unit.session.execute(select(Snapshot).order_by(Snapshot.number.desc()).limit(1)).scalar_one()
                assert (newest.submission_id, newest.locked_from) == (school.submission_id, school.locked_from)
        assert (school.state == "LOCKED") <= (school.locked_from is not None)

    @invariant()
    def a_closed_round_leaves_nobody_open_but_who_has_more_time(self) -> None:
        if not self.round_id:
            return
        round_, school = self.round(), self.school()
        more = school.extended_until is not None and not has_passed(school.extended_until, self.desk.clock.at)
        if round_.closed_at is not None:
            assert self.view()["is_open"] == more
            assert (school.state == "LOCKED") == (not more) or more
        assert school.school_deadline == max(round_.school_deadline, school.extended_until or round_.school_deadline)

    @invariant()
    def what_is_public_stays_public_and_every_amendment_has_its_snapshot(self) -> None:
        if not self.round_id:
            return
        round_ = self.round()
        self.phases.append(round_.state)
        if "PUBLISHED" in self.phases or "AMENDED" in self.phases:
            assert round_.state in ("PUBLISHED", "AMENDED")
            later = [one for one in self.taken if one[4] > round_.published_at]
            assert len(later) == round_.amendments
            assert (round_.state == "AMENDED") == bool(later)

    @invariant()
    def the_history_leads_to_where_the_school_stands_and_so_does_the_last_event(self) -> None:
        if not self.round_id:
            return
        school = self.school()
        with self.desk.read() as unit:
            rows = unit.session.execute(select(HistoryEntry).order_by(HistoryEntry.seq)).scalars()
            lines = [(row.event, row.from_state, row.to_state) for row in rows]
            outbox = DEFINITION.tables.outbox
            newest = select(outbox.envelope).filter_by(aggregate=f"school_round/{self.round_id}/{SMIS}")
            envelope = unit.session.execute(newest.order_by(outbox.seq.desc()).limit(1)).scalar_one()
        assert lines[-1][2] == school.state
        for (_, _, stood), (name, origin, _) in itertools.pairwise(lines):
            assert origin == stood
            assert SchoolState(origin) in TRANSITIONS[Event(name)][0]
        told = Envelope.decode(envelope.encode())
        assert (told.version, told.data["state"], told.data["locked_from"]) == (
            school.revision, school.state, school.locked_from,
        )  # fmt: skip
        assert dt.datetime.fromisoformat(told.data["school_deadline"]) == school.school_deadline

    @invariant()
    def whoever_let_a_deadline_pass_is_flagged_once(self) -> None:
        if not self.round_id:
            return
        advance_by_the_clock(self.desk)
        school = self.school()
        waited_for = school.confirmed_at is None and school.state not in ("LOCKED", "EXEMPT")
        is_over = has_passed(school.school_deadline, self.desk.clock.at) and self.round().opened_at is not None
        if waited_for and is_over:
            assert self.view()["late"] and school.late_since == school.school_deadline


def _loose(unit: Unit, row: Any) -> Any:
    """A row as it stood, to look at later."""
    unit.session.expunge(row)
    return row


SchoolAndClock.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSchoolAndClock = SchoolAndClock.TestCase
