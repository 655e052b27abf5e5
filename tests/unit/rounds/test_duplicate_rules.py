"""What makes a duplicate, how a case moves, and whom a decision leaves out."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.rounds.duplicates import rules
from services.rounds.duplicates.rules import BOTH, CaseState, Kind, Person, Side, Standing
from shared.problems import Problem

ONE, TWO, THREE = (Side(f"5704000{number}", bytes([number])) for number in (1, 2, 3))
SCHOOLS = (ONE.smis, TWO.smis)


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("1570400000011", "1570400000012", True),
        ("1570400000011", "1570400001001", False),
        ("1570400000012", "1570400000021", True),
        ("1570400000123", "1570400000321", False),
        ("1570400000011", "1570400000022", False),
        ("1570400000011", "1570400000011", False),
        ("157040000001", "1570400000011", False),
        ("G645700000012", "G645700000021", True),
    ],
)
def test_near_is_one_digit_or_two_neighbours_that_changed_places(one: str, other: str, is_near: bool) -> None:
    assert rules.near(one, other) is is_near is rules.near(other, one)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (Person("1570400000011", "01/02/2560"), Person("1570400999999", "01/02/2560"), Kind.SAME_PERSON),
        (Person("1570400000011", "01/02/2560"), Person("1570400999999", "02/02/2560"), None),
        (Person("1570400000011", "01/02/2560"), Person("1570400000012", "02/02/2560"), Kind.NEAR_ID),
        (Person("1570400000011", ""), Person("1570400999999", ""), None),
        (Person("", "01/02/2560"), Person("1570400999999", "01/02/2560"), None),
        (Person("1570400000011", "01/02/2560"), Person("1570400000011", "01/02/2560"), None),
    ],
)
def test_of_the_same_names_an_equal_birth_date_or_a_near_id_makes_a_candidate(
    one: Person, other: Person, kind: Kind | None
) -> None:
    assert rules.candidate(one, other) is kind


def test_only_the_same_id_keeps_the_area_waiting() -> None:
    assert {Kind.SAME_ID} == rules.GATING
    problem = rules.open_duplicates(3)
    assert (problem.code, problem.status, problem.extra["duplicates"]) == ("school_round.duplicates", 409, 3)


def test_a_decision_leaves_the_pupil_out_at_one_school_at_most() -> None:
    case = rules.found("facts")
    assert rules.loser(case, ONE, TWO) is None
    assert rules.loser(rules.settled(case, ONE.smis), ONE, TWO) == TWO
    assert rules.loser(rules.settled(case, TWO.smis), ONE, TWO) == ONE
    assert rules.loser(rules.settled(case, BOTH), ONE, TWO) is None
    assert rules.loser(rules.carried(case), ONE, TWO) is None


def test_who_loses_in_two_cases_is_left_out_once() -> None:
    kept = rules.settled(rules.found("facts"), ONE.smis)
    also = rules.settled(rules.found("facts"), THREE.smis)
    cases = [(kept, ONE, TWO), (also, TWO, THREE)]
    assert rules.losing_keys(cases, TWO.smis) == {TWO.key}
    assert rules.losing_keys(cases, ONE.smis) == rules.losing_keys(cases, THREE.smis) == set()


def test_a_pupil_is_kept_at_one_of_both_schools_and_not_where_another_case_took_them_away() -> None:
    assert rules.check_keep(BOTH, SCHOOLS, frozenset(SCHOOLS)) == BOTH
    assert rules.check_keep(ONE.smis, SCHOOLS, frozenset({TWO.smis})) == ONE.smis
    for keep, lost, code in ((THREE.smis, frozenset(), "invalid"), (ONE.smis, {ONE.smis}, "duplicate.contradicts")):
        with pytest.raises(Problem) as refused:
            rules.check_keep(keep, SCHOOLS, frozenset(lost))
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("content_type", "size", "code"),
    [
        ("application/pdf", rules.EVIDENCE_BYTES, None),
        ("image/png", 1, None),
        ("image/jpeg", rules.EVIDENCE_BYTES + 1, "evidence.too_large"),
        ("text/plain", 10, "evidence.type"),
        ("application/pdf", 0, "evidence.empty"),
    ],
)
def test_a_document_is_told_by_its_content(content_type: str, size: int, code: str | None) -> None:
    if code is None:
        rules.check_evidence(content_type, size)
        return
    with pytest.raises(Problem) as refused:
        rules.check_evidence(content_type, size)
    assert refused.value.code == code


class CaseMachine(RuleBasedStateMachine):
    """A case under files that come and go; ``decided`` is what the area last said of the facts that are there."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Standing = rules.found("a")
        self.is_there = True
        self.decided: tuple[CaseState, str | None] = (CaseState.OPEN, None)

    @rule(facts=st.sampled_from("ab"))
    def both_files_have_the_pupil(self, facts: str) -> None:
        if facts != self.case.basis:
            self.decided = (CaseState.OPEN, None)
        self.case, self.is_there = rules.seen(self.case, facts), True

    @rule()
    def a_file_has_the_pupil_no_more(self) -> None:
        self.case, self.is_there = rules.unseen(self.case), False

    @rule(keep=st.sampled_from((*SCHOOLS, BOTH)))
    def the_area_settles(self, keep: str) -> None:
        with suppress(Problem):
            self.case = rules.settled(self.case, keep)
            self.decided = (CaseState.SETTLED, keep)

    @rule()
    def the_area_carries(self) -> None:
        with suppress(Problem):
            self.case = rules.carried(self.case)
            self.decided = (CaseState.CARRIED, None)

    @precondition(lambda self: self.decided[0] is not CaseState.OPEN)
    @rule()
    def the_area_takes_it_back(self) -> None:
        with suppress(Problem):
            self.case = rules.reopened(self.case)
            self.decided = (CaseState.OPEN, None)

    @invariant()
    def it_stands_as_was_decided_on_these_facts_while_both_have_the_pupil(self) -> None:
        if self.is_there:
            assert (self.case.state, self.case.keep) == self.decided
        else:
            assert self.case.state is CaseState.GONE

    @invariant()
    def nobody_is_left_out_but_by_a_decision_that_stands(self) -> None:
        losing = rules.loser(self.case, ONE, TWO)
        is_settled_for_one = self.is_there and self.decided[0] is CaseState.SETTLED and self.decided[1] != BOTH
        assert (losing is not None) == is_settled_for_one
        if losing is not None:
            assert losing.smis != self.case.keep


TestCaseMachine = CaseMachine.TestCase
