"""Superseded versions lose what they hold of pupils when their time is over: once, and nothing that is needed."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from services.rounds.adapters import PREFIX
from services.rounds.calendar.commands import close
from services.rounds.calendar.tables import Round
from services.rounds.database import TABLES
from services.rounds.duplicates import evidence, queries
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.locking import lock_again
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.pupils import disclosures as pupils
from services.rounds.retention import commands
from services.rounds.retention.commands import SETTLED
from services.rounds.retention.rules import ERASED_TEXT
from services.rounds.retention.tables import FileErasure
from services.rounds.retention.ticking import erase_by_the_clock
from services.rounds.submissions import disclosures
from services.rounds.submissions.checking import check_next
from services.rounds.submissions.commands import explain
from services.rounds.submissions.tables import Finding, Submission
from shared.thai.national_id import mask
from tests.running.duplicates_desk import ONE, THREE, TWO, Desk, officer
from tests.running.schools_service import refused

DAYS = 90
REASON = "ตรวจตามที่โรงเรียนขอ"
# a CSV of the same pupils has the same bytes, an XLSX holds the time it was made
AS_CSV: dict[str, Any] = {"file_format": "csv", "defects": ("I03.digit",)}


def test_the_time_being_over_file_roll_and_values_go_and_the_account_of_them_stays(desk: Desk, round_id: str) -> None:
    wrong = desk.stands(round_id, ONE, defects=("I03.digit", "C03.two-older"), seed=101)
    _explain(desk, round_id, ONE, "C03", "ซ้ำชั้นตามมติของโรงเรียน")
    desk.stands(round_id, ONE, seed=102, defects=("G01.blank",))
    old, new = _versions(desk, round_id, ONE)
    secret = _wrong_id(desk, old)
    assert mask(secret) in " ".join(str(value) for value in _texts(desk, old))
    _close(desk, round_id)
    desk.move_clock(days=DAYS, minutes=-1)
    _run(desk)
    assert _versions(desk, round_id, ONE)[0].erased_at is None, "the last minute still belongs to it"

    desk.move_clock(days=DAYS, minutes=1)
    _run(desk)
    erased, stands = _versions(desk, round_id, ONE)
    assert erased.erased_at is not None
    assert (erased.sha256, erased.counts, erased.tables) == (old.sha256, old.counts, old.tables)
    assert (erased.state, erased.uploaded_by, erased.created_at) == (old.state, old.uploaded_by, old.created_at)
    rules = {(rule, row) for rule, row in _findings(desk, old, Finding.rule, Finding.row)}
    assert {"I03", "C03"} <= {rule for rule, _ in rules}
    assert {row for rule, row in rules if rule == "I03"} == {one.row for one in wrong.findings if one.rule == "I03"}
    assert set(_texts(desk, old)) <= {None, ERASED_TEXT}
    explained = _findings(desk, old, Finding.reason_by, Finding.reason_at)
    assert any(by and at for by, at in explained), "who explained what, and when, stays"

    assert stands.erased_at is None
    assert _texts(desk, new), "nothing of the version that stands is touched"
    desk.move_clock(days=DAYS, minutes=2 + SETTLED.total_seconds() / 60)
    _run(desk)
    files = desk.app.adapters.files
    assert not files.exists(PREFIX, old.sha256)
    assert not files.exists(PREFIX, old.roll_sha256)
    assert files.exists(PREFIX, new.sha256)
    assert files.exists(PREFIX, new.roll_sha256)


def test_whoever_asks_for_what_was_erased_is_told_so(desk: Desk, round_id: str) -> None:
    old = _erased(desk, round_id)
    finding = _findings(desk, old, Finding.id)[0][0]
    for asked in (
        lambda: disclosures.hand_out_file(desk.app, officer(), old.id, REASON),
        lambda: disclosures.reveal_finding(desk.app, officer(), old.id, finding, REASON),
        lambda: pupils.reveal_pupil(desk.app, officer(), old.id, 3, REASON),
    ):
        with refused("submission.erased", 410) as problem:
            asked()
        assert problem.value.extra["erased_at"]


def test_it_is_written_down_once_whoever_else_tries(desk: Desk, round_id: str) -> None:
    old = _replaced(desk, round_id, seed=301)
    _close(desk, round_id)
    desk.move_clock(days=DAYS + 1)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: _run(desk), range(2)))
    _run(desk)
    history = [entry for entry in _history(desk, round_id, ONE) if entry["event"] == "erase"]
    assert [entry["detail"] for entry in history] == [{"versions": [1], "days": DAYS}]
    assert _audited(desk, "submission.erased", f"submission/{old.id}") == 1


def test_a_process_that_dies_between_leaves_nothing_behind(
    desk: Desk, round_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _replaced(desk, round_id, seed=401)
    _close(desk, round_id)
    desk.move_clock(days=DAYS + 1)
    _run(desk)
    desk.move_clock(days=DAYS + 2)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(desk.app.adapters.files), "delete", die)
        with pytest.raises(KeyboardInterrupt):
            erase_by_the_clock(desk.app)
    assert desk.app.adapters.files.exists(PREFIX, old.sha256)
    _run(desk)
    assert not desk.app.adapters.files.exists(PREFIX, old.sha256)
    assert not _waiting(desk, old.sha256)


def test_a_school_whose_extension_runs_keeps_everything(desk: Desk, round_id: str) -> None:
    _replaced(desk, round_id, seed=501)
    with desk.app.write() as unit:
        school = find_school_round(unit, round_id, ONE, lock=True)
        school.extended_until = unit.now() + dt.timedelta(days=DAYS + 30)
    _close(desk, round_id)
    desk.move_clock(days=DAYS + 1)
    _run(desk)
    assert _versions(desk, round_id, ONE)[0].erased_at is None
    _lock(desk, round_id)
    desk.move_clock(days=DAYS + 31)
    _run(desk)
    assert _versions(desk, round_id, ONE)[0].erased_at is None, "its own time runs from the end of the extension"
    desk.move_clock(days=2 * DAYS + 31)
    _run(desk)
    assert _versions(desk, round_id, ONE)[0].erased_at is not None


def test_what_a_snapshot_was_taken_of_stays(desk: Desk, round_id: str) -> None:
    desk.stands(round_id, ONE, seed=601)
    snapped = desk.standing(round_id, ONE)
    _sign(desk, round_id, ONE)
    _close(desk, round_id)
    with desk.app.write() as unit:
        school = find_school_round(unit, round_id, ONE, lock=True)
        school.state, school.extended_until = "RETURNED", unit.now() + dt.timedelta(days=1)
    desk.stands(round_id, ONE, seed=602)
    _lock(desk, round_id)
    desk.move_clock(days=DAYS + 2)
    _run(desk)
    first = _versions(desk, round_id, ONE)[0]
    assert (first.id, first.state, first.erased_at) == (snapped.id, "SUPERSEDED", None)


def test_what_an_open_case_of_a_duplicate_came_up_with_stays_until_it_is_settled(desk: Desk, round_id: str) -> None:
    first = desk.stands(round_id, ONE, seed=701)
    guest = next(pupil for pupil in first.pupils if not pupil.pending)
    desk.stands(round_id, TWO, seed=702, guests=(guest,))
    desk.stands(round_id, TWO, seed=703, guests=(guest,))
    _close(desk, round_id)
    desk.move_clock(days=DAYS + 1)
    _run(desk)
    assert _versions(desk, round_id, TWO)[0].erased_at is None


def test_bytes_that_another_version_or_a_document_shares_stay(desk: Desk, round_id: str) -> None:
    shared = _replaced(desk, round_id, seed=801)
    other = desk.open_round()
    file = desk.file(ONE, seed=801, **AS_CSV)
    desk.send(other, ONE, file)
    while check_next(desk.app):
        pass
    assert desk.standing(other, ONE).sha256 == shared.sha256
    _close(desk, round_id)
    desk.move_clock(days=DAYS + 1)
    _run(desk)
    assert _versions(desk, round_id, ONE)[0].erased_at is not None
    desk.move_clock(days=DAYS + 2)
    _run(desk)
    assert desk.app.adapters.files.exists(PREFIX, shared.sha256)
    assert not _waiting(desk, shared.sha256), "nobody looks at it again"


def test_bytes_that_come_again_before_they_are_gone_stay(desk: Desk, round_id: str) -> None:
    old = _erased(desk, round_id, seed=901)
    assert _waiting(desk, old.sha256)
    other = desk.open_round()
    desk.send(other, ONE, desk.file(ONE, seed=901, **AS_CSV))
    assert not _waiting(desk, old.sha256)
    with desk.app.write() as unit:
        assert not commands.remove_bytes(unit, old.sha256)
    assert desk.app.adapters.files.exists(PREFIX, old.sha256)


def test_a_document_put_to_a_case_outlives_the_version_with_its_bytes(desk: Desk, round_id: str) -> None:
    first = desk.stands(round_id, ONE, seed=951)
    guest = next(pupil for pupil in first.pupils if not pupil.pending)
    desk.stands(round_id, THREE, seed=952, guests=(guest,))
    with desk.app.read(officer()) as unit:
        case = queries.list_duplicates(unit, round_id)["items"][0]["id"]
    with desk.app.adapters.files.receive("incoming") as writer:
        writer.write(b"%PDF-1.7 paper")
        file = {"sha256": writer.finish(), "filename": "หลักฐาน.pdf", "size": writer.size}
    with desk.app.write() as unit:
        unit.session.add(FileErasure(sha256=file["sha256"], due_at=unit.now()))
    with desk.app.write(officer()) as unit:
        evidence.add_evidence(unit, round_id, case, file)
    desk.move_clock(days=1)
    _run(desk)
    assert desk.app.adapters.files.exists(PREFIX, file["sha256"])


def _replaced(desk: Desk, round_id: str, seed: int) -> Submission:
    """A version that was replaced by the next."""
    desk.stands(round_id, ONE, seed=seed, **AS_CSV)
    old = desk.standing(round_id, ONE)
    desk.stands(round_id, ONE, seed=seed + 1)
    return old


def _erased(desk: Desk, round_id: str, seed: int = 201) -> Submission:
    old = _replaced(desk, round_id, seed)
    _close(desk, round_id)
    desk.move_clock(days=DAYS, minutes=1)
    _run(desk)
    return old


def _run(desk: Desk) -> None:
    while erase_by_the_clock(desk.app):
        pass


def _close(desk: Desk, round_id: str) -> None:
    with desk.app.write() as unit:
        close(unit, unit.session.get_one(Round, round_id))


def _lock(desk: Desk, round_id: str) -> None:
    with desk.app.write() as unit:
        lock_again(unit, unit.session.get_one(Round, round_id), find_school_round(unit, round_id, ONE, lock=True))


def _sign(desk: Desk, round_id: str, smis: str) -> None:
    with desk.app.write() as unit:
        find_school_round(unit, round_id, smis, lock=True).state = "CERTIFIED"


def _explain(desk: Desk, round_id: str, smis: str, rule: str, reason: str) -> None:
    with desk.app.write() as unit:
        school = find_school_round(unit, round_id, smis, lock=True)
        school.extended_until = unit.now() + dt.timedelta(days=1)
    with desk.app.write(desk.data_officer(round_id, smis)) as unit:
        explain(unit, desk.standing(round_id, smis).id, reason, rule)
    with desk.app.write() as unit:
        find_school_round(unit, round_id, smis, lock=True).extended_until = None


def _versions(desk: Desk, round_id: str, smis: str) -> list[Submission]:
    with desk.app.read() as unit:
        rows = unit.session.execute(
            select(Submission).filter_by(round_id=round_id, smis=smis).order_by(Submission.version)
        )
        found = list(rows.scalars())
        unit.session.expunge_all()
        return found


def _findings(desk: Desk, submission: Submission, *columns: Any) -> list[Any]:
    with desk.app.read() as unit:
        rows = unit.session.execute(select(*columns).filter_by(submission_id=submission.id).order_by(Finding.seq))
        return list(rows.all())


def _texts(desk: Desk, submission: Submission) -> list[Any]:
    held = (Finding.value, Finding.value_masked, Finding.message, Finding.reason, Finding.row_key, Finding.value_hash)
    return [text for row in _findings(desk, submission, *held) for text in row]


def _wrong_id(desk: Desk, submission: Submission) -> str:
    values = _findings(desk, submission, Finding.rule, Finding.value)
    return str(next(value for rule, value in values if rule == "I03"))


def _history(desk: Desk, round_id: str, smis: str) -> list[dict[str, Any]]:
    with desk.app.read() as unit:
        rows = unit.session.execute(
            select(HistoryEntry.event, HistoryEntry.detail)
            .join(SchoolRound, SchoolRound.id == HistoryEntry.school_round_id)
            .where(SchoolRound.round_id == round_id, SchoolRound.smis == smis)
        )
        return [{"event": event, "detail": detail} for event, detail in rows]


def _audited(desk: Desk, action: str, subject: str) -> int:
    audit = TABLES.audit
    with desk.app.read() as unit:
        counted = select(func.count()).select_from(audit).filter_by(action=action, subject=subject)
        return int(unit.session.execute(counted).scalar_one())


def _waiting(desk: Desk, sha256: str | None) -> bool:
    with desk.app.read() as unit:
        return unit.session.get(FileErasure, sha256) is not None
