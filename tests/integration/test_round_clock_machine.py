"""Whatever people and the clock do to a school in a round, in any order: the real commands on a small database."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from services.rounds.submissions.commands import receive
from services.rounds.submissions.jobs import Claimed
from services.rounds.submissions.storing import store_results
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


@dataclass(frozen=True)
class Seen:
    """Everything as it stands after a step, read at once."""

    now: dt.datetime
    round: Round
    school: SchoolRound
    snapshots: list[tuple[Any, ...]]
    lines: list[tuple[str, str | None, str]]
    told: Envelope

    @property
    def view(self) -> dict[str, Any]:
        return school_round_view(self.round, self.school, self.now)

    @property
    def has_more_time(self) -> bool:
        until = self.school.extended_until
        return until is not None and not has_passed(until, self.now)


class SchoolAndClock(RuleBasedStateMachine):
    """One school in one round that has just opened."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desk = Desk(Path(self.folder.name))
        self.round_id = ""
        self.taken: list[tuple[Any, ...]] = []

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
            self.round_id = calendar.create_round(unit, **kind, **dates)["id"]
            calendar.announce_round(unit, self.round_id)
        self.desk.clock.at += dt.timedelta(days=1)
        self.seen = self.look()

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
        went_through = self.attempt(caller, command, smis=SMIS, **args)
        assert self.seen.view["is_open"] or not went_through, "a gate let a school through after its own end"
        return went_through

    @rule(hours=st.sampled_from([1, 30, 60]))
    def time_passes(self, hours: int) -> None:
        was = self.seen.school
        self.desk.clock.at += dt.timedelta(hours=hours)
        now = self.look().school
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
            rule_set = unit.session.get_one(Round, submission.round_id).rule_set
            result = {
                "accepted": True, "findings": [], "counts": counts, "tables": tables, "not_evaluated": [],
                "rule_set": rule_set, "entries": [],
            }  # fmt: skip
            store_results(unit, [(Claimed(submission.id, "", 1, None, {}), result)])

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

    @rule(hours=st.sampled_from([20, 50, 200]))
    def extend(self, hours: int) -> None:
        was, round_, until = self.seen.school, self.seen.round, self.desk.clock.at + dt.timedelta(hours=hours)
        done = self.attempt(DIRECTOR, gates.extend, smis=SMIS, until=until.isoformat(), reason=REASON)
        assert done == (round_.closed_at is not None or until > round_.school_deadline)
        if done:
            now = self.look().school
            assert now.state == ("RETURNED" if was.state == "LOCKED" else was.state)
            assert (now.extended_until, now.locked_from) == (until, was.locked_from)

    @precondition(lambda self: self.seen.round.closed_at is not None)
    @rule(used=st.booleans(), number=st.integers(0, 40))
    def extension_runs_its_course(self, used: bool, number: int) -> None:
        """What chance alone would seldom bring about."""
        self.extend(20)
        self.seen = self.look()
        if used:
            self.answer(number)
            self.seen = self.look()
        self.time_passes(30)

    @rule(days=st.sampled_from([None, 1, 3]))
    def reopen(self, days: int | None) -> None:
        was = self.seen
        close_at = (self.desk.clock.at + dt.timedelta(days=days)).isoformat() if days else None
        done = self.attempt(DIRECTOR, calendar.reopen_round, reason=REASON, close_at=close_at)
        assert done == (was.round.state == "CLOSED")
        if done:
            now = self.look()
            assert (now.round.state, now.school.locked_from) == ("CONFIRM_WINDOW", None)
            if was.school.state == "LOCKED":
                kept = ("confirmed_at", "certified_at", "acknowledged_at")
                assert now.school.state == was.school.locked_from
                assert [getattr(now.school, name) for name in kept] == [getattr(was.school, name) for name in kept]

    @rule()
    def close(self) -> None:
        self.attempt(OFFICER, calendar.close_round)

    @precondition(lambda self: self.seen.round.state == "CLOSED")
    @rule()
    def publish(self) -> None:
        assert self.attempt(OFFICER, calendar.make_public)

    def look(self) -> Seen:
        """What stands, after the clock has had its turn: it comes every second."""
        advance_by_the_clock(self.desk)
        subject = f"school_round/{self.round_id}/{SMIS}"
        outbox = DEFINITION.tables.outbox
        with self.desk.read() as unit:
            session = unit.session
            envelope = session.execute(
                select(outbox.envelope).filter_by(aggregate=subject).order_by(outbox.seq.desc()).limit(1)
            ).scalar_one()
            seen = Seen(
                self.desk.clock.at,
                session.get_one(Round, self.round_id),
                session.execute(select(SchoolRound)).scalar_one(),
                [
                    (one.number, one.submission_id, one.locked_from, one.taken_at, str(one.tables))
                    for one in session.execute(select(Snapshot).order_by(Snapshot.number)).scalars()
                ],
                [
                    (line.event, line.from_state, line.to_state)
                    for line in session.execute(select(HistoryEntry).order_by(HistoryEntry.seq)).scalars()
                ],
                Envelope.decode(envelope.encode()),
            )
            session.expunge(seen.round)
            session.expunge(seen.school)
        return seen

    @precondition(lambda self: self.round_id)
    @invariant()
    def everything_holds(self) -> None:
        before, self.seen = self.seen, self.look()
        self.snapshots_are_numbered_and_never_change()
        self.a_locked_school_counts_by_its_newest_snapshot()
        self.a_closed_round_leaves_nobody_open_but_who_has_more_time()
        self.what_is_public_stays_public_and_every_amendment_has_its_snapshot(before.round)
        self.the_history_leads_to_where_the_school_stands_and_so_does_the_last_event()
        self.whoever_let_a_deadline_pass_is_flagged()

    def snapshots_are_numbered_and_never_change(self) -> None:
        found = self.seen.snapshots
        assert found[: len(self.taken)] == self.taken
        assert [one[0] for one in found] == list(range(1, len(found) + 1))
        self.taken = found

    def a_locked_school_counts_by_its_newest_snapshot(self) -> None:
        school = self.seen.school
        if school.state == "LOCKED":
            assert school.locked_from is not None
            if school.locked_from in SIGNED:
                assert self.taken[-1][1:3] == (school.submission_id, school.locked_from)

    def a_closed_round_leaves_nobody_open_but_who_has_more_time(self) -> None:
        round_, school = self.seen.round, self.seen.school
        if round_.closed_at is not None:
            assert self.seen.view["is_open"] == self.seen.has_more_time == (school.state != "LOCKED")
        else:
            assert school.state != "LOCKED" and self.seen.view["is_open"]
        assert school.school_deadline == max(round_.school_deadline, school.extended_until or round_.school_deadline)

    def what_is_public_stays_public_and_every_amendment_has_its_snapshot(self, before: Round) -> None:
        round_ = self.seen.round
        if before.published_at:
            assert round_.state in ("PUBLISHED", "AMENDED") and round_.published_at == before.published_at
            later = [one for one in self.taken if one[3] > before.published_at]
            assert (round_.amendments, round_.state == "AMENDED") == (len(later), bool(later))

    def the_history_leads_to_where_the_school_stands_and_so_does_the_last_event(self) -> None:
        school, lines, told = self.seen.school, self.seen.lines, self.seen.told
        assert lines[-1][2] == school.state
        for (_, _, stood), (name, origin, _) in itertools.pairwise(lines):
            assert origin == stood
            assert SchoolState(origin) in TRANSITIONS[Event(name)][0]
        assert (told.version, told.data["state"], told.data["locked_from"]) == (
            school.revision, school.state, school.locked_from,
        )  # fmt: skip
        assert dt.datetime.fromisoformat(told.data["school_deadline"]) == school.school_deadline

    def whoever_let_a_deadline_pass_is_flagged(self) -> None:
        school = self.seen.school
        if school.confirmed_at is None and school.state != "LOCKED":
            is_over = has_passed(school.school_deadline, self.seen.now)
            assert self.seen.view["late"] == is_over == (school.late_since is not None)


SchoolAndClock.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSchoolAndClock = SchoolAndClock.TestCase
