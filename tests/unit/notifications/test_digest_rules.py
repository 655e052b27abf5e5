"""Who is reminded of what on which day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.digests.rules import (
    REMINDED,
    Digest,
    SchoolInRound,
    debts_of,
    digests_of,
    due_day,
    watched,
    when,
)
from shared.thai.dates import BANGKOK

AREA, SCHOOL = "/obec/5704/", "/obec/5704/57040001/"
D = dt.date(2026, 6, 10)
STATES = (
    "NOT_STARTED", "RECORDING", "HAS_ERRORS", "READY", "RETURNED",
    "CONFIRMED", "CERTIFIED", "ACKNOWLEDGED", "LOCKED", "EXEMPT",
)  # fmt: skip
OWES_CONFIRMING = set(STATES[:5])


def end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), BANGKOK).astimezone(dt.UTC)


def school(**changed: object) -> SchoolInRound:
    usual = SchoolInRound(
        round_id="r1", round_title="DMC 2569 รอบที่ 1", round_state="OPEN", area_path=AREA, smis="57040001",
        name="บ้านศรีลานนา", org_path=SCHOOL, state="NOT_STARTED", school_deadline=end_of(D),
        certify_deadline=end_of(D + dt.timedelta(days=2)),
    )  # fmt: skip
    return replace(usual, **changed)  # type: ignore[arg-type]


def away(days: int) -> dt.date:
    return D + dt.timedelta(days=days)


def to(digests: list[Digest], role: str) -> list[Digest]:
    return [digest for digest in digests if digest.role == role]


@pytest.mark.parametrize("days", range(-10, 5))
def test_a_data_officer_who_owes_is_reminded_on_five_days(days: int) -> None:
    found = to(digests_of([school(certify_deadline=end_of(away(60)))], away(days)), "data_officer")
    assert bool(found) == (days in (-7, -3, -1, 0, 1))
    for digest in found:
        assert (digest.org_path, digest.round_id, digest.smis) == (SCHOOL, "r1", "57040001")
        assert "10 มิ.ย. 2569" in digest.body and when(days) in digest.title


@pytest.mark.parametrize("days", range(-10, 5))
def test_a_director_counts_from_the_deadline_for_certifying(days: int) -> None:
    waiting = school(state="CONFIRMED")
    assert bool(to(digests_of([waiting], away(days)), "school_director")) == (days - 2 in (-7, -3, -1, 0, 1))
    assert not to(digests_of([waiting], away(days)), "data_officer"), "who has confirmed owes nothing"


@given(st.sampled_from(STATES), st.sampled_from(REMINDED))
def test_nothing_goes_to_those_who_owe_nothing(state: str, days: int) -> None:
    roles = Counter(debt.role for debt in debts_of(school(state=state), away(days)))
    assert roles["data_officer"] == (state in OWES_CONFIRMING)
    assert roles["school_director"] == (state in OWES_CONFIRMING | {"CONFIRMED"})


@pytest.mark.parametrize("round_state", ["DRAFT", "ANNOUNCED"])
def test_nobody_is_asked_for_what_cannot_be_sent_yet(round_state: str) -> None:
    assert digests_of([school(round_state=round_state)], D) == []


def test_an_extended_school_of_a_closed_round_is_reminded_by_its_own_date() -> None:
    extended = school(round_state="CLOSED", state="RETURNED", school_deadline=end_of(away(20)),
                      certify_deadline=end_of(away(20)))
    assert to(digests_of([extended], away(0)), "data_officer") == []
    (reminder,) = to(digests_of([extended], away(19)), "data_officer")
    assert "30 มิ.ย. 2569" in reminder.body


def test_one_message_tells_of_every_round_that_is_owed_the_most_urgent_first() -> None:
    other = school(round_id="r2", round_title="DMC 2569 รอบที่ 2", state="HAS_ERRORS", school_deadline=end_of(away(5)))
    done = school(round_id="r3", round_title="DMC 2568 รอบที่ 3", state="CERTIFIED")
    (digest,) = to(digests_of([other, school(), done], away(1)), "data_officer")
    lines = digest.body.splitlines()
    assert ["รอบที่ 1" in lines[1], "รอบที่ 2" in lines[2], len(lines)] == [True, True, 3]
    assert (digest.round_id, digest.smis) == (None, None)
    assert "2 รอบ" in digest.title and "เลยกำหนด 1 วัน" in lines[1] and "อีก 4 วัน" in lines[2]
    assert to(digests_of([other], away(1)), "data_officer") == [], "D-4 alone is no day to remind"


def test_the_area_is_told_on_the_day_and_the_day_after_and_its_director_only_then() -> None:
    schools = [
        school(smis=f"5704{number:04}", name=f"โรงเรียนที่ {number}", org_path=f"{AREA}5704{number:04}/",
               state="CONFIRMED" if number == 13 else "READY", certify_deadline=end_of(D))
        for number in range(1, 14)
    ]  # fmt: skip
    for days in (-7, -3, -1, 2):
        assert not to(digests_of(schools, away(days)), "officer")
    for days in (0, 1):
        (unanswered,) = to(digests_of(schools, away(days)), "officer")
        assert (unanswered.org_path, unanswered.round_id, unanswered.smis) == (AREA, "r1", None)
        assert "ยังไม่ยืนยัน 12 โรงเรียน" in unanswered.body and "ผู้อำนวยการยังไม่รับรอง 1 โรงเรียน" in unanswered.body
        assert "และอีก 2 โรงเรียน" in unanswered.body and "13 โรงเรียน" in unanswered.title
    assert not to(digests_of(schools, D), "group_director")
    (escalation,) = to(digests_of(schools, away(1)), "group_director")
    assert escalation.kind == "digest.escalation" and "เลยกำหนด 1 วัน" in escalation.body


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.sampled_from(STATES), st.integers(-8, 8)),
                unique_by=lambda one: one[:2]), st.integers(-3, 3))
def test_a_day_has_at_most_one_message_for_a_role_at_an_organisation(
    rows: list[tuple[int, int, str, int]], days: int
) -> None:
    schools = [
        school(smis=f"5704000{number}", org_path=f"{AREA}5704000{number}/", round_id=f"r{round_}",
               round_title=f"รอบ {round_}", state=state, school_deadline=end_of(away(offset)))
        for number, round_, state, offset in rows
    ]  # fmt: skip
    found = digests_of(schools, away(days))
    assert max(Counter((digest.role, digest.org_path) for digest in found).values(), default=1) == 1
    assert found == digests_of(reversed(schools), away(days)), "the order in which rows are read does not matter"


def test_half_past_eight_is_bangkoks_and_so_is_the_day() -> None:
    at = dt.datetime(2026, 6, 10, 8, 29, 59, 999999, BANGKOK)
    assert due_day(at) is None
    assert due_day(at + dt.timedelta(microseconds=1)) == D
    assert due_day(dt.datetime(2026, 6, 9, 17, 0, tzinfo=dt.UTC)) is None, "midnight in Bangkok, the day before in UTC"
    assert due_day(dt.datetime(2026, 6, 10, 16, 59, tzinfo=dt.UTC)) == D


def test_the_day_of_a_deadline_is_bangkoks_over_new_year_and_the_29th_of_february() -> None:
    new_year = school(school_deadline=dt.datetime(2026, 12, 31, 17, 30, tzinfo=dt.UTC))  # 00:30 on 1 January
    (debt, _) = debts_of(new_year, dt.date(2026, 12, 31))
    assert (debt.deadline, debt.days) == (dt.date(2027, 1, 1), -1)
    (reminder,) = to(digests_of([new_year], dt.date(2026, 12, 25)), "data_officer")
    assert "1 ม.ค. 2570" in reminder.body and "อีก 7 วัน" in reminder.title
    leap = school(school_deadline=end_of(dt.date(2028, 3, 1)))
    (debt, _) = debts_of(leap, dt.date(2028, 2, 29))
    assert debt.days == -1


@given(st.dates(dt.date(2024, 1, 1), dt.date(2032, 1, 1)), st.sampled_from(REMINDED), st.times())
def test_whatever_is_due_lies_among_the_deadlines_that_are_looked_at(day: dt.date, days: int, time: dt.time) -> None:
    first, last = watched(day)
    deadline = dt.datetime.combine(day - dt.timedelta(days=days), time.replace(microsecond=0), BANGKOK)
    assert first <= deadline <= last
