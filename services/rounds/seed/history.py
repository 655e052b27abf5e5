"""Playing the round that is over: every step by the command that people use, on a clock of its own.

All of it is one transaction. Whoever looks, a running service too, finds no round or a published one, and a process
that dies leaves nothing to mend.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.rounds.adapters import INCOMING
from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar import commands as calendar
from services.rounds.calendar.rules import from_template
from services.rounds.calendar.tables import Round
from services.rounds.calendar.ticking import take_due_step
from services.rounds.duplicates import commands as duplicates
from services.rounds.duplicates.finding import compare_next
from services.rounds.duplicates.rules import BOTH, CaseState
from services.rounds.duplicates.tables import DuplicateCase
from services.rounds.gates import commands as gates
from services.rounds.gates.rules import SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.schools.projections import store_school
from services.rounds.seed import script
from services.rounds.submissions.checking import read_in_child
from services.rounds.submissions.commands import explain, receive
from services.rounds.submissions.jobs import claimed_of
from services.rounds.submissions.storing import store_results
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.synthetic.generate import generate
from shared.bus.envelope import Envelope
from shared.clock import Clock
from shared.db.unit import Trace, Unit
from shared.runtime.application import Application
from shared.security.identity import Identity
from shared.settings import Settings, SettingsError

OFFICER = "officer"
TOLD_EVERY = 45


class PastClock(Clock):
    """A clock that is set, and goes on from there."""

    def __init__(self) -> None:
        super().__init__(lambda: self._ahead)
        self._ahead = 0.0

    def set(self, moment: dt.datetime) -> None:
        """Let it be ``moment``."""
        self._ahead = (moment - Clock().now()).total_seconds()


def load(
    settings: Settings, people: Mapping[str, Identity], schools: Iterable[Envelope], say: Callable[[str], None]
) -> None:
    """Add the closed and published round 2568-3 to the demo office; one that is there already stays as it is.

    ``people`` are the demo accounts by user name, ``schools`` what their owner last told of the area's schools.

    Raises:
        SettingsError: in production, without the demo's people, or while the clock stands before the end of the round.
    """
    if settings.env == "production":
        raise SettingsError("no demo office in production (KHET_ENV)")
    if OFFICER not in people:
        raise SettingsError("the demo office has no officer: its past cannot be played")
    app = Application(DEFINITION, settings)
    try:
        if app.clock.now() < script.PUBLISHED:
            raise SettingsError(f"the clock stands before {script.PUBLISHED:%Y-%m-%d}: the round is not over yet")
        app.clock = PastClock()
        with app.write() as unit:
            for envelope in schools:
                store_school(unit, envelope)
        with app.database.write() as session, tempfile.TemporaryDirectory() as folder:
            played = Past(app, session, people, Path(folder), say).play()
        if played:
            app.clock.set(script.PUBLISHED)
            # likely duplicates are looked for behind the check; a running service may be at it too
            while compare_next(app):
                pass
    finally:
        app.close()


class Past:
    """The round as it is played within one transaction."""

    def __init__(
        self, app: Any, session: Session, people: Mapping[str, Identity], folder: Path, say: Callable[[str], None]
    ) -> None:
        self._app, self._session, self._people = app, session, people
        self._folder, self._say = folder, say
        self._trace = Trace()

    def play(self) -> bool:
        """Play it from the announcement to the publishing. False when there is such a round already."""
        round_id = self._announced()
        if round_id is None:
            return False
        self._as(OFFICER, script.OPENED, lambda unit: calendar.open_round(unit, round_id))
        schools = self._schools(round_id)
        self._each(schools, script.UPLOADS, self._upload, "ส่งไฟล์")
        self._each(schools, script.CONFIRMS, self._confirm, "ยืนยัน")
        self._each(schools, script.CERTIFIES, self._certify, "รับรอง")
        self._settle_duplicates(round_id)
        self._by_itself(script.WINDOW_BEGAN, round_id)
        self._each(schools, script.ACKNOWLEDGES, self._acknowledge, "เขตรับทราบ")
        self._as(OFFICER, script.CLOSED, lambda unit: calendar.close_round(unit, round_id))
        self._as(OFFICER, script.PUBLISHED, lambda unit: calendar.make_public(unit, round_id))
        self._say(f"{script.TITLE}: ปิดรอบและเผยแพร่แล้ว {len(schools)} โรงเรียน")
        return True

    def _announced(self) -> str | None:
        area = next(grant.scope for grant in self._people[OFFICER].grants if grant.role == OFFICER)
        place = {"system": script.SYSTEM, "year_be": script.YEAR_BE, "round_no": script.ROUND_NO}
        if self._session.execute(select(Round.id).filter_by(org_path=area, **place)).first():
            self._say(f"{script.TITLE}: มีรอบนี้อยู่แล้ว")
            return None
        fields = {**from_template(script.ROUND_NO, script.YEAR_BE), "title": script.TITLE}
        made = self._as(OFFICER, script.ANNOUNCED, lambda unit: calendar.create_round(unit, **fields))
        self._as(OFFICER, script.ANNOUNCED, lambda unit: calendar.announce_round(unit, made["id"]))
        return str(made["id"])

    def _schools(self, round_id: str) -> list[SchoolRound]:
        """The schools that take part: those whose people the demo office has."""
        statement = select(SchoolRound).filter_by(round_id=round_id, state=SchoolState.NOT_STARTED.value)
        found = self._session.execute(statement.order_by(SchoolRound.smis)).scalars()
        return [school for school in found if {f"data-{school.smis}", f"director-{school.smis}"} <= self._people.keys()]

    def _each(
        self,
        schools: list[SchoolRound],
        span: tuple[dt.datetime, dt.datetime],
        step: Callable[[SchoolRound, dt.datetime], None],
        what: str,
    ) -> None:
        for number, school in enumerate(schools):
            step(school, script.moment(span, number / len(schools)))
            if (number + 1) % TOLD_EVERY == 0 or number + 1 == len(schools):
                self._say(f"{script.TITLE}: {what} {number + 1}/{len(schools)}")

    def _upload(self, school: SchoolRound, moment: dt.datetime) -> None:
        made = generate(script.spec_of(school.smis, school.name, school.education_range), self._folder)
        sha256, size = self._app.adapters.files.keep(INCOMING, made.path)
        file = {"sha256": sha256, "filename": made.filename, "size": size}
        data = f"data-{school.smis}"
        sent = self._as(data, moment, lambda unit: receive(unit, school.round_id, school.smis, file))
        unit = self._unit(None)
        submission = self._session.get_one(Submission, sent["id"])
        claimed = claimed_of(unit, [submission])
        store_results(unit, list(zip(claimed, read_in_child(self._app, claimed, lambda *_: None), strict=True)))
        self._session.flush()
        for rule in self._warned(submission):
            self._as(data, moment, partial(explain, submission_id=submission.id, reason=script.REASON, rule=rule))

    def _warned(self, submission: Submission) -> list[str]:
        statement = select(Finding.rule).filter_by(submission_id=submission.id, severity="WARN").distinct()
        return sorted(self._session.execute(statement).scalars())

    def _confirm(self, school: SchoolRound, moment: dt.datetime) -> None:
        self._as(f"data-{school.smis}", moment, lambda unit: gates.confirm(unit, school.round_id, school.smis))

    def _certify(self, school: SchoolRound, moment: dt.datetime) -> None:
        self._as(f"director-{school.smis}", moment, lambda unit: gates.certify(unit, school.round_id, school.smis))

    def _settle_duplicates(self, round_id: str) -> None:
        """Made-up ids meet now and then: รับทราบ waits until somebody says that there are two children."""
        waiting = select(DuplicateCase.id).filter_by(round_id=round_id, state=CaseState.OPEN.value)
        for case_id in list(self._session.execute(waiting.order_by(DuplicateCase.id)).scalars()):
            self._as(
                OFFICER,
                script.DUPLICATES_SETTLED,
                partial(
                    duplicates.decide, round_id=round_id, case_id=case_id, keep=BOTH, reason=script.TWO_CHILDREN
                ),
            )

    def _acknowledge(self, school: SchoolRound, moment: dt.datetime) -> None:
        self._as(OFFICER, moment, lambda unit: gates.acknowledge(unit, school.round_id, school.smis))

    def _by_itself(self, moment: dt.datetime, round_id: str) -> None:
        self._app.clock.set(moment)
        unit = self._unit(None)
        take_due_step(unit, self._session.get_one(Round, round_id), unit.now())
        self._session.flush()

    def _as(self, username: str, moment: dt.datetime, command: Callable[[Unit], Any]) -> Any:
        """What a person does at a moment, as the service would take it from them."""
        self._app.clock.set(moment)
        answer = command(self._unit(self._people[username]))
        self._session.flush()
        return answer

    def _unit(self, caller: Identity | None) -> Unit:
        unit: Unit = self._app.unit(self._session, caller, self._trace)
        return unit
