"""The way of an import, and that its sums must be those of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.imports.kinds import KINDS
from services.schools.imports.kinds.registers import REGISTERS
from services.schools.imports.rules import (
    ENDED,
    WORKING,
    ImportState,
    Outcome,
    Step,
    Verdict,
    accepted,
    after,
    check_sums,
    count,
    parse_row_id,
    row_id,
    shown_first,
)
from shared.problems import Problem

VERDICTS = st.sampled_from([verdict.value for verdict in Verdict])


def test_a_checked_list_is_decided_upon_applied_or_left() -> None:
    assert after(ImportState.CHECKED, Step.DECIDE) is ImportState.CHECKING
    assert after(ImportState.CHECKED, Step.APPLY) is ImportState.APPLYING
    assert after(ImportState.CHECKED, Step.CANCEL) is ImportState.CANCELLED


@pytest.mark.parametrize(
    ("state", "counts", "first"),
    [
        (ImportState.CHECKED, {"ERROR": 1, "CHANGE": 2, "NEW": 3}, {"verdict": "ERROR"}),
        (ImportState.CHECKED, {"ERROR": 0, "NEW": 3, "SAME": 9}, {"verdict": "NEW"}),
        (ImportState.CHECKED, {"SAME": 9}, {}),
        (ImportState.APPLIED, {"NEW": 3, "outcome_APPLIED": 2, "outcome_STALE": 1}, {"outcome": "STALE"}),
        (ImportState.APPLIED, {"NEW": 3, "outcome_APPLIED": 3}, {"outcome": "APPLIED"}),
    ],
)
def test_rows_that_want_an_answer_are_shown_first(
    state: ImportState, counts: dict[str, int], first: dict[str, str]
) -> None:
    assert shown_first(state, counts) == first


@pytest.mark.parametrize("state", [ImportState.APPLYING, ImportState.APPLIED])
def test_applying_again_changes_nothing(state: ImportState) -> None:
    assert after(state, Step.APPLY) is state


@pytest.mark.parametrize("state", sorted({ImportState.APPLYING, *ENDED} - {ImportState.CANCELLED}))
def test_what_is_applied_or_over_cannot_be_cancelled(state: ImportState) -> None:
    with pytest.raises(Problem) as refused:
        after(state, Step.CANCEL)
    assert (refused.value.code, refused.value.status) == ("import.state", 409)


@pytest.mark.parametrize("state", list(ImportState))
@pytest.mark.parametrize("step", list(Step))
def test_every_refusal_says_why(state: ImportState, step: Step) -> None:
    try:
        after(state, step)
    except Problem as problem:
        assert problem.detail
        assert problem.extra == {"state": state}


def test_what_is_working_has_not_ended() -> None:
    assert WORKING.isdisjoint(ENDED)
    assert WORKING | ENDED | {ImportState.CHECKED} == set(ImportState)


@given(st.lists(VERDICTS))
def test_the_verdicts_add_up_to_the_rows_of_the_file(verdicts: list[str]) -> None:
    counts = count(len(verdicts), verdicts)
    assert sum(counts[verdict] for verdict in Verdict) == counts["rows_in"] == len(verdicts)


@given(st.lists(VERDICTS, min_size=1), st.integers(-3, 3).filter(bool))
def test_a_row_too_few_or_too_many_is_a_defect(verdicts: list[str], wrong_by: int) -> None:
    with pytest.raises(ValueError, match="rows came in"):
        count(len(verdicts) + wrong_by, verdicts)


def test_outcomes_are_counted_where_there_are_some() -> None:
    counts = count(3, ["NEW", "ERROR", "NEW"], ["APPLIED", "LEFT", None])
    assert (counts["outcome_APPLIED"], counts["outcome_LEFT"], counts["outcome_REFUSED"]) == (1, 1, 0)
    assert {f"outcome_{outcome}" for outcome in Outcome} < set(counts)
    check_sums(counts)


@given(st.integers(1, 20), st.integers(1, 5000))
def test_a_row_is_called_by_sheet_and_row(sheet: int, row: int) -> None:
    assert parse_row_id(row_id(sheet, row)) == (sheet, row)


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "a-1", "1-๒", "1-12345678", "1.5-2", " 1-1"])
def test_what_is_no_row_is_none(text: str) -> None:
    assert parse_row_id(text) is None


def test_a_decision_holds_for_the_value_that_was_shown() -> None:
    decisions = {"smis": {"accept": True, "after": "57040001"}}
    assert accepted(decisions, "smis", "57040001") is True
    assert accepted(decisions, "smis", "57040002") is None
    assert accepted(decisions, "name", "57040001") is None
    assert accepted({"smis": {"accept": False, "after": "57040001"}}, "smis", "57040001") is False


def test_every_kind_has_both_its_sides() -> None:
    assert set(KINDS) == set(REGISTERS)
    assert all(name == kind.name for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_knows_its_own_columns(kind: object) -> None:
    columns = kind.columns  # type: ignore[attr-defined]
    named = [name for column in columns.known for name in (column.header, *column.aliases)]
    found = [columns.field_of(name) for name in named]
    assert None not in found
    for column in columns.known:
        assert columns.field_of(column.header) == column.field
        assert all(columns.field_of(alias) == column.field for alias in column.aliases), column.field
    assert {field for group in columns.needed for field in group} <= {column.field for column in columns.known}
