"""Until when a version keeps what it holds of pupils."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from services.rounds.retention.rules import Version, ended_at, is_over, to_erase
from services.rounds.submissions.rules import SubmissionPhase
from shared.settings import Settings, SettingsError

CLOSED = dt.datetime(2026, 6, 12, 17, tzinfo=dt.UTC)
OLD = Version("old", SubmissionPhase.SUPERSEDED, stands=False, is_referred=False, is_erased=False)


def test_while_a_school_may_still_act_nothing_is_over() -> None:
    assert ended_at(None, None, is_locked=False) is None
    assert ended_at(CLOSED, CLOSED + dt.timedelta(days=3), is_locked=False) is None, "its extension runs"
    assert not is_over(None, 1, CLOSED + dt.timedelta(days=999))


def test_the_time_runs_from_the_last_moment_in_which_the_school_could_act() -> None:
    extended = CLOSED + dt.timedelta(days=20)
    assert ended_at(CLOSED, None, is_locked=True) == CLOSED
    assert ended_at(CLOSED, extended, is_locked=True) == extended
    assert ended_at(CLOSED, CLOSED - dt.timedelta(days=1), is_locked=True) == CLOSED


def test_the_last_second_still_belongs_to_it() -> None:
    due = CLOSED + dt.timedelta(days=90)
    assert not is_over(CLOSED, 90, due - dt.timedelta(seconds=1))
    assert is_over(CLOSED, 90, due)


@pytest.mark.parametrize("phase", [SubmissionPhase.SUPERSEDED, SubmissionPhase.REJECTED, SubmissionPhase.FAILED])
def test_what_was_replaced_or_refused_goes(phase: SubmissionPhase) -> None:
    assert to_erase([replace(OLD, phase=phase)]) == ["old"]


@pytest.mark.parametrize(
    "kept",
    [
        replace(OLD, stands=True, phase=SubmissionPhase.READY),
        replace(OLD, stands=True),
        replace(OLD, is_referred=True),
        replace(OLD, is_erased=True),
        replace(OLD, phase=SubmissionPhase.RECORDING),
        replace(OLD, phase=SubmissionPhase.READY),
    ],
)
def test_what_stands_was_snapped_or_is_being_read_stays(kept: Version) -> None:
    assert to_erase([kept, OLD]) == ["old"]


def test_the_office_cannot_set_a_time_that_ends_with_the_round() -> None:
    with pytest.raises(SettingsError):
        Settings(retention_days=0)
