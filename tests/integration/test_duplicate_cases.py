"""Duplicates in the service itself, on both databases: found in the moment, exact in the counts, gone with the file."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from services.rounds.duplicates import commands, finding, queries
from services.rounds.duplicates.tables import ComparisonTask
from services.rounds.pupils import disclosures
from services.rounds.pupils.rolls import kept_roll
from services.rounds.pupils.rules import SHOWN_AN_HOUR
from services.rounds.rules.dmc.roll import open_roll
from services.rounds.rules.dmc.tables import build_tables
from services.rounds.submissions.checking import check_next
from services.rounds.synthetic.pupils import Pupil
from shared.thai.national_id import check_digit
from tests.running.duplicates_desk import ONE, THREE, TWO, Desk, officer
from tests.running.schools_service import refused

AS_OF = dt.date(2026, 6, 10)


def cases(desk: Desk, round_id: str, **filters: str) -> list[Any]:
    with desk.app.read(officer()) as unit:
        found: list[Any] = queries.list_duplicates(unit, round_id, **filters)["items"]
        return found


def decided(desk: Desk, round_id: str, case_id: str, keep: str) -> Any:
    with desk.app.write(officer()) as unit:
        return commands.decide(unit, round_id, case_id, keep, "ตรวจหลักฐานแล้ว")


def reopened(desk: Desk, round_id: str, case_id: str) -> Any:
    with desk.app.write(officer()) as unit:
        return commands.reopen(unit, round_id, case_id, "โรงเรียนอุทธรณ์")


def present(pupils: list[Pupil], number: int = 0) -> Pupil:
    return [pupil for pupil in pupils if not pupil.pending][number]


def another_id(citizen_id: str) -> str:
    """A valid id far from this one."""
    body = "8" + citizen_id[1:8][::-1] + "7351"
    return f"{body}{check_digit(body)}"


def told(desk: Desk, round_id: str, smis: str) -> Any:
    """What was last told of the version that stands: counts and tables."""
    return desk.events(f"submission/{desk.standing(round_id, smis).id}")[-1]["data"]


def test_the_losing_school_is_told_anew_without_the_pupil_and_exactly_as_before_when_reopened(
    desk: Desk, round_id: str
) -> None:
    shared = present(desk.stands(round_id, ONE).pupils)
    desk.stands(round_id, TWO, guests=(shared,))
    (case,) = cases(desk, round_id)
    as_filed = told(desk, round_id, TWO)
    version = desk.standing(round_id, TWO)
    pupils, layout = open_roll(kept_roll(desk.app.adapters, version.roll_sha256))
    # what the roll gives back is what the file gave: nothing else may change with a pupil left out
    assert build_tables(pupils, layout, AS_OF) == version.tables
    left = [pupil for pupil in pupils if pupil.identity.value != shared.citizen_id]
    assert len(left) == len(pupils) - 1

    decided(desk, round_id, case["id"], ONE)
    after = told(desk, round_id, TWO)
    assert after["tables"] == build_tables(left, layout, AS_OF) != as_filed["tables"]
    assert after["counts"] == {**as_filed["counts"], "pupils": as_filed["counts"]["pupils"] - 1, "excluded": 1}
    assert desk.standing(round_id, TWO).tables == as_filed["tables"]

    reopened(desk, round_id, case["id"])
    assert told(desk, round_id, TWO) == {**as_filed, "state": after["state"]}
    decided(desk, round_id, case["id"], "both")
    assert told(desk, round_id, TWO)["tables"] == as_filed["tables"]


def test_what_is_told_of_a_case_holds_nothing_of_the_pupil(desk: Desk, round_id: str) -> None:
    shared = present(desk.stands(round_id, ONE).pupils)
    desk.stands(round_id, TWO, guests=(shared,))
    (case,) = cases(desk, round_id)
    decided(desk, round_id, case["id"], TWO)
    events = desk.events(f"duplicate/{case['id']}")
    assert [event["type"] for event in events] == ["rounds.duplicate_found.v1", "rounds.duplicate_settled.v1"]
    assert [event["data"]["state"] for event in events] == ["OPEN", "SETTLED"]
    written = json.dumps(events, ensure_ascii=False)
    for text in (shared.citizen_id, shared.first_name, shared.last_name, case["masked_id"]):
        assert text not in written


def test_two_files_that_come_to_stand_in_the_same_moment_do_not_miss_each_other(desk: Desk) -> None:
    for _ in range(3):
        round_id = desk.open_round()
        first = desk.file(ONE)
        second = desk.file(TWO, guests=(present(first.pupils),))
        desk.send(round_id, ONE, first)
        desk.send(round_id, TWO, second)
        with ThreadPoolExecutor(2) as pool:
            assert all(pool.map(lambda _: check_next(desk.app), range(2)))
        desk.compare()
        assert [case["state"] for case in cases(desk, round_id)] == ["OPEN"]


def test_who_only_cannot_be_struck_off_yet_is_no_duplicate(desk: Desk, round_id: str) -> None:
    shared = present(desk.stands(round_id, ONE).pupils)
    desk.stands(round_id, TWO, guests=(replace(shared, pending=True),))
    assert cases(desk, round_id) == []


def test_likely_ones_are_found_behind_the_check_and_gate_nothing(desk: Desk, round_id: str) -> None:
    pupils = [pupil for pupil in desk.stands(round_id, ONE).pupils if pupil.citizen_id.isdigit() and not pupil.pending]
    person, near, namesake = pupils[:3]
    near_id = near.citizen_id[:5] + str((int(near.citizen_id[5]) + 1) % 10) + near.citizen_id[6:]
    guests = (
        replace(person, citizen_id=another_id(person.citizen_id)),
        replace(near, citizen_id=near_id),
        replace(namesake, citizen_id=another_id(namesake.citizen_id), birth=namesake.birth.replace(day=3, month=2)),
    )
    desk.stands(round_id, TWO, guests=guests)
    found = {case["kind"]: case for case in cases(desk, round_id)}
    assert set(found) == {"same_person", "near_id"}
    assert (found["same_person"]["rule"], found["near_id"]["rule"]) == ("I09", "I15")
    assert all(case["same_names"] and case["same_birth"] and not case["is_gating"] for case in found.values())
    masked = [school["masked_id"] for school in found["same_person"]["schools"]]
    assert len(set(masked)) == 2
    with desk.app.read(officer()) as unit:
        assert queries.open_duplicates_of(unit, round_id, ONE) == 0
    # the head count follows a decision on a candidate too, also through the next version
    decided(desk, round_id, found["same_person"]["id"], ONE)
    assert told(desk, round_id, TWO)["counts"]["excluded"] == 1
    desk.stands(round_id, TWO, guests=guests, seed=2)
    assert told(desk, round_id, TWO)["counts"]["excluded"] == 1
    # the name is corrected: it is nobody's double any more
    desk.stands(round_id, TWO, guests=(replace(guests[0], first_name="ชื่อใหม่"), guests[1]), seed=3)
    assert {case["kind"]: case["state"] for case in cases(desk, round_id)} == {"same_person": "GONE", "near_id": "OPEN"}
    assert "excluded" not in told(desk, round_id, TWO)["counts"]


def test_a_comparison_that_dies_is_done_again_and_one_done_twice_changes_nothing(
    desk: Desk, round_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = present(desk.stands(round_id, ONE).pupils)
    file = desk.file(TWO, guests=(replace(shared, citizen_id=another_id(shared.citizen_id)),))
    desk.send(round_id, TWO, file)
    assert check_next(desk.app)
    with monkeypatch.context() as dying:
        dying.setattr(finding, "record_step", die)
        with suppress(Died):
            finding.compare_next(desk.app)
    assert cases(desk, round_id) == [] and waiting(desk) == 1
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: finding.compare_next(desk.app), range(2)))
    assert [case["kind"] for case in cases(desk, round_id)] == ["same_person"]
    assert waiting(desk) == 0


class Died(Exception):
    """The process was killed."""


def die(*_: Any, **__: Any) -> None:
    raise Died


def waiting(desk: Desk) -> int:
    with desk.app.read() as unit:
        return unit.session.execute(select(func.count()).select_from(ComparisonTask)).scalar_one()


def test_a_version_that_cannot_be_compared_keeps_nobody_waiting(
    desk: Desk, round_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.send(round_id, ONE, desk.file(ONE))
    assert check_next(desk.app)
    with monkeypatch.context() as broken:
        broken.setattr(finding, "_compare", die)
        assert finding.compare_next(desk.app)
    assert not finding.compare_next(desk.app) and waiting(desk) == 1
    desk.move_clock(minutes=2)
    assert finding.compare_next(desk.app)
    desk.move_clock()
    assert waiting(desk) == 0


def test_decisions_follow_the_files(desk: Desk, round_id: str) -> None:
    shared = present(desk.stands(round_id, ONE).pupils)
    desk.stands(round_id, TWO, guests=(shared,))
    (case,) = cases(desk, round_id)
    decided(desk, round_id, case["id"], ONE)

    desk.stands(round_id, TWO, seed=2)
    assert states(desk, round_id) == [("GONE", ONE)]
    assert desk.standing(round_id, TWO).excluded == []

    # back and unchanged: decided as before, and left out of the first numbers that are told
    desk.stands(round_id, TWO, seed=3, guests=(shared,))
    assert states(desk, round_id) == [("SETTLED", ONE)]
    first_told = desk.events(f"submission/{desk.standing(round_id, TWO).id}")[-1]
    assert (first_told["type"], first_told["data"]["counts"]["excluded"]) == ("rounds.submission_checked.v1", 1)

    # other facts than those decided on: it is open again, and both count
    desk.stands(round_id, TWO, seed=4, guests=(replace(shared, last_name="นามสกุลอื่น"),))
    assert states(desk, round_id) == [("OPEN", None)]
    assert desk.standing(round_id, TWO).excluded == []
    assert cases(desk, round_id)[0]["same_names"] is False
    # names differ, so only the rolls can tell whether the birth dates agree
    assert cases(desk, round_id)[0]["same_birth"] is True

    # the keeper's file changes under a decision: the other counts them again, told at once
    decided(desk, round_id, case["id"], ONE)
    assert len(desk.standing(round_id, TWO).excluded) == 1
    desk.stands(round_id, ONE, seed=9)
    assert states(desk, round_id) == [("GONE", ONE)]
    assert "excluded" not in told(desk, round_id, TWO)["counts"]
    with desk.app.read(officer()) as unit:
        steps = [step["event"] for step in queries.get_duplicate(unit, round_id, case["id"])["history"]]
    assert steps == ["found", "settled", "gone", "settled", "reopened", "settled", "gone"]


def states(desk: Desk, round_id: str) -> list[tuple[str, str | None]]:
    return [(case["state"], case["keep"]) for case in cases(desk, round_id)]


def test_three_schools_make_three_cases_and_no_decision_contradicts_another(desk: Desk, round_id: str) -> None:
    shared = present(desk.stands(round_id, ONE).pupils)
    for smis in (TWO, THREE):
        desk.stands(round_id, smis, guests=(shared,))
    pairs = {tuple(school["smis"] for school in case["schools"]): case["id"] for case in cases(desk, round_id)}
    assert set(pairs) == {(ONE, TWO), (ONE, THREE), (TWO, THREE)}
    decided(desk, round_id, pairs[ONE, TWO], ONE)
    with refused("duplicate.contradicts", 409):
        decided(desk, round_id, pairs[TWO, THREE], TWO)
    decided(desk, round_id, pairs[ONE, THREE], THREE)
    decided(desk, round_id, pairs[TWO, THREE], THREE)
    # lost twice is lost once, and somebody counts the pupil
    assert [len(desk.standing(round_id, smis).excluded) for smis in (ONE, TWO, THREE)] == [1, 1, 0]
    # each school sees the cases in which it has a part
    with desk.app.read(desk.data_officer(round_id, TWO)) as unit:
        assert {case["id"] for case in queries.list_duplicates(unit, round_id)["items"]} == {
            pairs[ONE, TWO], pairs[TWO, THREE],
        }


def test_sixty_at_once_say_how_many_they_are(desk: Desk, round_id: str) -> None:
    first = desk.stands(round_id, ONE, pupils=30)
    guests = tuple(pupil for pupil in first.pupils if not pupil.pending)[:20]
    desk.stands(round_id, TWO, guests=guests)
    found = cases(desk, round_id)
    assert len(found) == len(guests)
    for case in found:
        (event,) = desk.events(f"duplicate/{case['id']}")
        assert event["data"]["found_with"] == len(guests)
        assert event["data"]["found_by"] == desk.standing(round_id, TWO).id
    # a second page begins behind the first
    with desk.app.read(officer()) as unit:
        page = queries.list_duplicates(unit, round_id, limit=15)
        rest = queries.list_duplicates(unit, round_id, limit=15, cursor=page["next_cursor"])
    assert [case["id"] for case in (*page["items"], *rest["items"])] == [case["id"] for case in found]
    assert rest["next_cursor"] is None


def test_one_person_sees_only_so_many_pupils_an_hour(desk: Desk, round_id: str) -> None:
    desk.stands(round_id, ONE)
    version = desk.standing(round_id, ONE).id

    def reveal(person: Any, row: int = 3) -> Any:
        return disclosures.reveal_pupil(desk.app, person, version, row, "ตรวจตามที่โรงเรียนขอ")

    for _ in range(SHOWN_AN_HOUR):
        assert reveal(officer())["cells"]
    with refused("reveal.limit", 429):
        reveal(officer())
    assert reveal(desk.data_officer(round_id, ONE))["row"] == 3
    with refused("not_found", 404):
        reveal(desk.data_officer(round_id, ONE), row=9999)
    desk.move_clock(hours=1)
    assert reveal(officer())["cells"]
    desk.move_clock()
