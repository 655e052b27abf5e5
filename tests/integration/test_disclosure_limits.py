"""What shows whole ids goes to one person only so often within an hour, whichever door it leaves by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from services.rounds.database import TABLES
from services.rounds.duplicates import evidence, queries
from services.rounds.pupils.limits import count_file
from services.rounds.pupils.rules import FILES_AN_HOUR, SHOWN_AN_HOUR
from services.rounds.submissions import disclosures
from services.rounds.submissions.tables import Finding
from services.rounds.workbooks import commands as workbooks
from shared.security.identity import Identity
from tests.running.duplicates_desk import ONE, TWO, Desk, officer
from tests.running.schools_service import refused

REASON = "ตรวจตามที่โรงเรียนขอ"


Fetch = Callable[[Identity], Any]


def _of_the_file(desk: Desk, round_id: str) -> Fetch:
    desk.stands(round_id, ONE)
    version = desk.standing(round_id, ONE).id
    return lambda person: disclosures.hand_out_file(desk.app, person, version, REASON)


def _of_the_annotated(desk: Desk, round_id: str) -> Fetch:
    desk.stands(round_id, ONE)
    version = desk.standing(round_id, ONE).id
    return lambda person: workbooks.hand_out_annotated(desk.app, person, version, REASON)


def _of_evidence(desk: Desk, round_id: str) -> Fetch:
    first = desk.stands(round_id, ONE)
    desk.stands(round_id, TWO, guests=(next(pupil for pupil in first.pupils if not pupil.pending),))
    with desk.app.read(officer()) as unit:
        case = queries.list_duplicates(unit, round_id)["items"][0]["id"]
    sha256, size = _received(desk, b"%PDF-1.7 " + case.encode())
    with desk.app.write(officer()) as unit:
        file = {"sha256": sha256, "filename": "หลักฐาน.pdf", "size": size}
        document = evidence.add_evidence(unit, round_id, case, file)["id"]
    return lambda person: evidence.hand_out_evidence(desk.app, person, round_id, case, document, REASON)


def _received(desk: Desk, content: bytes) -> tuple[str, int]:
    with desk.app.adapters.files.receive("incoming") as writer:
        writer.write(content)
        return writer.finish(), writer.size


DOORS = {"file": _of_the_file, "annotated": _of_the_annotated, "evidence": _of_evidence}


@pytest.mark.parametrize("door", DOORS)
def test_only_so_many_files_an_hour(desk: Desk, round_id: str, door: str) -> None:
    fetch = DOORS[door](desk, round_id)
    desk.move_clock(days=list(DOORS).index(door) + 1)
    for _ in range(FILES_AN_HOUR - 1):
        _count_one(desk)
    assert fetch(officer())["reference"]
    with refused("download.limit", 429):
        fetch(officer())
    shown = _shown(desk, round_id)
    desk.move_clock(days=list(DOORS).index(door) + 1, hours=1)
    assert fetch(officer())["reference"]
    assert _shown(desk, round_id) == shown + 1, "what was refused is not written down as shown"


def test_a_school_is_limited_too_and_by_itself(desk: Desk, round_id: str) -> None:
    fetch = _of_the_file(desk, round_id)
    data = desk.data_officer(round_id, ONE)
    desk.move_clock(days=10)
    for _ in range(FILES_AN_HOUR):
        assert fetch(data)["reference"]
    with refused("download.limit", 429) as problem:
        fetch(data)
    assert 0 < problem.value.extra["retry_after"] <= 3601
    assert fetch(officer())["reference"], "who downloads is counted, not what"


def test_single_values_count_as_pupils_shown(desk: Desk, round_id: str) -> None:
    desk.stands(round_id, ONE, defects=("I03.digit",))
    version = desk.standing(round_id, ONE).id
    with desk.app.read() as unit:
        finding = unit.session.execute(
            select(Finding.id).where(Finding.submission_id == version, Finding.value.is_not(None))
        ).scalars().first()
    desk.move_clock(days=20)
    for _ in range(SHOWN_AN_HOUR):
        assert disclosures.reveal_finding(desk.app, officer(), version, finding, REASON)["value"]
    with refused("reveal.limit", 429):
        disclosures.reveal_finding(desk.app, officer(), version, finding, REASON)
    assert disclosures.hand_out_file(desk.app, officer(), version, REASON)["reference"], "files are counted apart"


def test_the_log_says_which_version_was_shown(desk: Desk, round_id: str) -> None:
    fetch = _of_the_file(desk, round_id)
    desk.move_clock(days=30)
    fetch(officer())
    audit = TABLES.audit
    newest = select(audit.change, audit.subject, audit.reason).where(audit.action == "reveal.file")
    with desk.app.read() as unit:
        change, subject, reason = unit.session.execute(newest.order_by(audit.seq.desc()).limit(1)).one()
    assert change["submission"] == desk.standing(round_id, ONE).id
    assert (subject, reason) == (f"school/{ONE}", REASON)


def _count_one(desk: Desk) -> None:
    with desk.app.write(officer()) as unit:
        count_file(unit)


def _shown(desk: Desk, round_id: str) -> int:
    audit = TABLES.audit
    with desk.app.read() as unit:
        rows = unit.session.execute(select(audit.org_path).where(audit.action.startswith("reveal."))).scalars()
        return sum(path.startswith(desk.area(round_id)) for path in rows)
