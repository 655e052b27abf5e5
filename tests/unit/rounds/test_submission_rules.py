"""A submission: may the same bytes come again, which reasons are carried over, when it is ready."""

from __future__ import annotations

from itertools import product

import pytest

from services.rounds.submissions.rules import (
    TOGETHER,
    TOGETHER_BYTES,
    Earlier,
    Reason,
    SubmissionPhase,
    carry_reasons,
    check_kind,
    check_same_bytes,
    fair_share,
    phase_after_check,
    version_shown,
)
from shared.problems import Problem

P = SubmissionPhase
READY_2 = Earlier(2, P.READY)


def test_the_bytes_of_the_version_that_stands_are_refused_unless_the_school_was_sent_back() -> None:
    with pytest.raises(Problem) as refused:
        check_same_bytes(READY_2, [READY_2], returned=False)
    assert refused.value.extra["version"] == 2
    assert check_same_bytes(READY_2, [READY_2], returned=True) is None


def test_the_bytes_that_are_being_read_are_refused() -> None:
    with pytest.raises(Problem):
        check_same_bytes(None, [Earlier(1, P.RECORDING)], returned=True)


@pytest.mark.parametrize("state", [P.SUPERSEDED, P.READY, P.HAS_ERRORS])
def test_the_bytes_of_an_older_version_are_f05(state: SubmissionPhase) -> None:
    assert check_same_bytes(None, [Earlier(1, state)], returned=False) == 1


@pytest.mark.parametrize("state", [P.FAILED, P.REJECTED])
def test_what_never_stood_may_come_again(state: SubmissionPhase) -> None:
    assert check_same_bytes(None, [Earlier(1, state)], returned=False) is None


STOOD, STANDS = Earlier(1, P.SUPERSEDED), Earlier(2, P.READY)


@pytest.mark.parametrize(
    ("newest_first", "asked", "shown"),
    [
        ([], None, None),
        ([STANDS, STOOD], None, 2),
        ([STANDS, STOOD], 1, 1),
        ([STANDS, STOOD], 7, 2),
        ([Earlier(3, P.RECORDING), STANDS, STOOD], None, 3),
        ([Earlier(3, P.REJECTED), STANDS, STOOD], None, 3),
        ([Earlier(4, P.SUPERSEDED), Earlier(3, P.FAILED), STANDS], None, 2),
    ],
)
def test_shown_is_what_was_asked_for_else_what_nobody_has_judged_else_what_stands(
    newest_first: list[Earlier], asked: int | None, shown: int | None
) -> None:
    assert version_shown(newest_first, STANDS.version, asked) == shown


def test_without_a_version_that_stands_the_newest_is_shown() -> None:
    assert version_shown([Earlier(3, P.HAS_ERRORS), Earlier(2, P.SUPERSEDED)], None, None) == 3


def test_a_file_is_ready_when_no_error_and_no_unexplained_warning_is_left() -> None:
    for open_severities in product(["ERROR", "WARN", "INFO"], repeat=2):
        ready = not {"ERROR", "WARN"} & set(open_severities)
        assert (phase_after_check(open_severities) is P.READY) is ready
    assert phase_after_check([]) is P.READY


def test_a_reason_stays_while_rule_row_and_value_are_unchanged() -> None:
    reasons = {("R03", "row", "value"): Reason("ย้ายมาจากต่างประเทศ", "in", "ครูสมศรี", None, 1)}
    same = {"rule": "R03", "row_key": "row", "value_hash": "value", "severity": "WARN", "state": "open"}
    kept, changed, error = carry_reasons(
        [same, {**same, "value_hash": "other"}, {**same, "severity": "ERROR"}], reasons
    )
    assert (kept["state"], kept["reason"], kept["kind"]) == ("acknowledged", "ย้ายมาจากต่างประเทศ", "in")
    assert (kept["reason_by"], kept["first_version"]) == ("ครูสมศรี", 1)
    assert changed["state"] == error["state"] == "open"


@pytest.mark.parametrize("rule", ["R01", "R02", "R03"])
def test_who_came_or_left_is_explained_by_a_kind_and_nothing_else_is(rule: str) -> None:
    check_kind({rule}, "graduated")
    check_kind({"C03"}, None)
    wrong = (({rule}, None, "required"), ({rule}, "moved", "unknown"), ({rule, "C03"}, "out", "unused"))
    for rules, kind, code in wrong:
        with pytest.raises(Problem) as refused:
            check_kind(rules, kind)
        assert [(error.pointer, error.code) for error in refused.value.errors] == [("kind", code)]


SMALL = (40_000, 0)


@pytest.mark.parametrize(
    ("waiting", "taken"),
    [
        ([], 0),
        ([SMALL], 1),
        ([SMALL] * 2, 1),
        ([SMALL] * 3, 2),
        ([SMALL] * 100, TOGETHER),
        ([(TOGETHER_BYTES * 10, 0)], 1),
        ([(TOGETHER_BYTES * 10, 0), *[SMALL] * 9], 1),
        ([SMALL, (TOGETHER_BYTES, 0), *[SMALL] * 9], 1),
        ([SMALL, SMALL, (40_000, 1), *[SMALL] * 9], 2),
        ([(40_000, 1), *[SMALL] * 9], 1),
    ],
)
def test_small_files_are_taken_together_what_failed_before_alone(waiting: list[tuple[int, int]], taken: int) -> None:
    assert fair_share(waiting) == taken
