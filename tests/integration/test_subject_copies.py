"""Everything that is held about one pupil, for whoever may have it; of nobody else, and never unseen."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from services.rounds.database import TABLES
from services.rounds.duplicates import commands as duplicates
from services.rounds.pupils import disclosures as pupils
from services.rounds.pupils.rules import SHOWN_AN_HOUR
from services.rounds.subjects.disclosures import export_subject
from services.rounds.submissions import disclosures
from services.rounds.synthetic.generate import Generated
from services.rounds.synthetic.pupils import Pupil
from shared.security.identity import Grant, Identity
from shared.thai.national_id import check_digit, mask
from tests.running.duplicates_desk import ONE, TWO, Desk, officer
from tests.running.schools_service import refused

REASON = "ผู้ปกครองยื่นคำขอเมื่อ 12 มิ.ย. 2569"


def copy(desk: Desk, person: Identity, citizen_id: str, reason: str | None = REASON) -> dict[str, Any]:
    return export_subject(desk.app, person, citizen_id, reason)


def somebody(made: Generated) -> Pupil:
    """A pupil of a file in whose row nothing was planted."""
    planted = {finding.row for finding in made.findings}
    return next(
        pupil for row, pupil in enumerate(made.pupils, 3) if not pupil.pending and row not in planted
    )


def here(desk: Desk, round_id: str, copied: dict[str, Any]) -> list[dict[str, Any]]:
    """The places of one round: the officer of these tests is one of every area."""
    return [place for place in copied["places"] if place["round_id"] == round_id]


def test_a_copy_holds_the_row_its_findings_its_case_and_who_saw_it(desk: Desk, round_id: str) -> None:
    made = desk.stands(round_id, ONE, seed=11, defects=("C03.two-older",))
    row = next(finding.row for finding in made.findings if finding.rule == "C03")
    pupil = made.pupils[row - 3]
    desk.stands(round_id, TWO, seed=12, guests=(pupil,))
    version = desk.standing(round_id, ONE).id
    pupils.reveal_pupil(desk.app, officer(), version, row, "ตรวจตามที่โรงเรียนขอ")
    pupils.reveal_pupil(desk.app, officer(), version, row + 1, "ดูนักเรียนอีกคน")
    disclosures.hand_out_file(desk.app, officer(), version, "ดูทั้งไฟล์ของโรงเรียน")

    data = desk.data_officer(round_id, ONE)
    copied = copy(desk, data, pupil.citizen_id)
    assert copied["masked_id"] == mask(pupil.citizen_id)
    (place,) = copied["places"]
    assert (place["smis"], place["round_id"], place["row"], place["version"]) == (ONE, round_id, row, 1)
    cells = {cell["field"]: cell["value"] for cell in place["cells"]}
    assert cells["citizen_id"] == pupil.citizen_id
    assert (cells["first_name"], cells["last_name"]) == (pupil.first_name, pupil.last_name)
    assert {finding["rule"] for finding in place["findings"]} == {"C03"}
    assert [(seen["action"], seen["reason"]) for seen in place["disclosures"]] == [
        ("reveal.file", "ดูทั้งไฟล์ของโรงเรียน"),
        ("reveal.pupil", "ตรวจตามที่โรงเรียนขอ"),
    ]
    (case,) = copied["duplicates"]
    assert {side["smis"] for side in case["schools"]} == {ONE, TWO}
    assert [step["event"] for step in case["history"]] == ["found"]


def test_a_school_gets_what_its_own_files_hold_and_the_area_what_its_schools_hold(desk: Desk, round_id: str) -> None:
    made = desk.stands(round_id, ONE, seed=21)
    pupil = somebody(made)
    desk.stands(round_id, TWO, seed=22, guests=(pupil,))
    assert [place["smis"] for place in here(desk, round_id, copy(desk, officer(), pupil.citizen_id))] == [ONE, TWO]
    own = copy(desk, desk.data_officer(round_id, TWO), pupil.citizen_id)
    assert [place["smis"] for place in own["places"]] == [TWO]
    stranger = next(one for one in made.pupils if one.citizen_id != pupil.citizen_id)
    none = copy(desk, desk.data_officer(round_id, TWO), stranger.citizen_id)
    assert (none["places"], none["mentions"], none["duplicates"]) == ([], [], [])


def test_another_area_learns_nothing(desk: Desk, round_id: str) -> None:
    pupil = somebody(desk.stands(round_id, ONE, seed=31))
    other = desk.area(desk.open_round())
    stranger = _person("officer", other)
    none = copy(desk, stranger, pupil.citizen_id)
    assert (none["places"], none["mentions"], none["duplicates"]) == ([], [], [])
    assert _last_of(desk, stranger)["change"] == {"found": 0}, "asking in vain is written down too"


@pytest.mark.parametrize("role", ["auditor", "group_director", "area_director", "area_admin", "teacher"])
def test_nobody_else_may_ask(desk: Desk, round_id: str, role: str) -> None:
    pupil = somebody(desk.stands(round_id, ONE, seed=41))
    with refused("forbidden", 403):
        copy(desk, _person(role, desk.area(round_id)), pupil.citizen_id)


def test_asking_takes_a_reason_and_an_id(desk: Desk, round_id: str) -> None:
    pupil = somebody(desk.stands(round_id, ONE, seed=51))
    data = desk.data_officer(round_id, ONE)
    for citizen_id, reason in ((pupil.citizen_id, None), (pupil.citizen_id, "ขอ"), ("12345", REASON), ("", REASON)):
        with refused("invalid", 422):
            copy(desk, data, citizen_id, reason)
    one = pupil.citizen_id
    printed = "-".join((one[0], one[1:5], one[5:10], one[10:12], one[12]))
    assert copy(desk, data, printed)["places"], "as it stands on the card"


def test_the_copy_is_itself_a_disclosure_of_that_row_with_its_reason(desk: Desk, round_id: str) -> None:
    pupil = somebody(desk.stands(round_id, ONE, seed=61))
    data = desk.data_officer(round_id, ONE)
    copy(desk, data, pupil.citizen_id)
    entry = _last_of(desk, data)
    assert (entry["action"], entry["subject"], entry["reason"]) == ("reveal.subject", f"school/{ONE}", REASON)
    assert pupil.citizen_id not in str(entry)
    (place,) = copy(desk, data, pupil.citizen_id)["places"]
    assert [seen["action"] for seen in place["disclosures"]] == ["reveal.subject"]


def test_copies_count_among_the_pupils_of_an_hour(desk: Desk, round_id: str) -> None:
    pupil = somebody(desk.stands(round_id, ONE, seed=71))
    desk.move_clock(days=7)
    data = desk.data_officer(round_id, ONE)
    nobody = f"157040000001{check_digit('157040000001')}"
    for number in range(SHOWN_AN_HOUR):
        copy(desk, data, nobody if number % 2 else pupil.citizen_id)
    with refused("reveal.limit", 429):
        copy(desk, data, pupil.citizen_id)


def test_only_the_version_that_stands_is_given_and_older_ones_are_named(desk: Desk, round_id: str) -> None:
    first = desk.stands(round_id, ONE, seed=81)
    gone = somebody(first)
    made = desk.stands(round_id, ONE, seed=82)
    data = desk.data_officer(round_id, ONE)
    assert copy(desk, data, gone.citizen_id)["places"] == []
    (place,) = copy(desk, data, somebody(made).citizen_id)["places"]
    assert (place["version"], place["older_versions"]) == (2, [1])


def test_a_file_that_misses_the_pupil_of_the_round_before_is_named_too(desk: Desk, round_id: str) -> None:
    """R02 speaks of somebody who has no row: the finding is found by the keyed id."""
    pupil = somebody(desk.stands(round_id, ONE, seed=91))
    version = desk.standing(round_id, ONE)
    other = desk.next_round(round_id)
    with desk.app.write() as unit:
        school = unit.session.execute(desk.school_of(round_id, ONE)).scalar_one()
        school.state, school.locked_from = "LOCKED", "CERTIFIED"
    desk.stands(other, ONE, seed=92, round_no=2)
    copied = copy(desk, desk.data_officer(round_id, ONE), pupil.citizen_id)
    assert [place["submission_id"] for place in copied["places"]] == [version.id]
    assert {(mention["round_id"], mention["rule"]) for mention in copied["mentions"]} == {(other, "R02")}


def test_what_was_decided_of_a_case_is_in_the_copy(desk: Desk, round_id: str) -> None:
    made = desk.stands(round_id, ONE, seed=95)
    pupil = somebody(made)
    desk.stands(round_id, TWO, seed=96, guests=(pupil,))
    case = copy(desk, desk.data_officer(round_id, ONE), pupil.citizen_id)["duplicates"][0]["id"]
    with desk.app.write(officer()) as unit:
        duplicates.decide(unit, round_id, case, keep=ONE, reason="อยู่โรงเรียนนี้จริง", evidence=[])
    (settled,) = copy(desk, desk.data_officer(round_id, TWO), pupil.citizen_id)["duplicates"]
    assert (settled["state"], settled["keep"], settled["reason"]) == ("SETTLED", ONE, "อยู่โรงเรียนนี้จริง")


def _person(role: str, area: str) -> Identity:
    code = area.strip("/").rpartition("/")[2]
    return Identity(f"{role}-x", f"{role}-x", "ผู้ขอ", "s", (Grant(role, area, code, "เขต"),))


def _last_of(desk: Desk, person: Identity) -> dict[str, Any]:
    audit = TABLES.audit
    columns = (audit.action, audit.subject, audit.reason, audit.change)
    with desk.app.read() as unit:
        statement = select(*columns).where(audit.actor == person.person_id).order_by(audit.seq.desc()).limit(1)
        return dict(unit.session.execute(statement).mappings().one())
