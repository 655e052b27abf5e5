"""Which level is enough for which class, what a stub may say, and what a change of class does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.documents.clearances.rules import COVERED, PERSONAL, Level, check_appointment, covering
from services.documents.delegations.rules import Term
from services.documents.letters.rules import (
    Channel,
    LetterState,
    Move,
    Secrecy,
    changes_books,
    reached_by,
    read_received,
)
from shared.problems import Problem
from tests.running.documents_desk import code_of, letter_fields

TODAY = dt.date(2026, 6, 10)
NOW = dt.datetime(2026, 6, 10, 5, 0, tzinfo=dt.UTC)


def wrong(**changed: Any) -> set[tuple[str, str]]:
    try:
        read_received(letter_fields(**changed), NOW)
    except Problem as problem:
        return {(error.pointer, error.code) for error in problem.errors}
    return set()


def test_no_level_covers_what_it_does_not_name() -> None:
    assert covering(Secrecy.SECRET) == {Level.SECRET, Level.VERY_SECRET}
    assert covering(Secrecy.VERY_SECRET) == covering(Secrecy.TOP_SECRET) == {Level.VERY_SECRET}
    assert covering(Secrecy.NONE) == set()
    assert {Secrecy.VERY_SECRET, Secrecy.TOP_SECRET} == PERSONAL
    assert set().union(*COVERED.values()) == set(Secrecy) - {Secrecy.NONE}


@pytest.mark.parametrize("unknown", ["", "ลับ", "SECRET", "hidden", "001", "0"])
def test_an_unknown_class_is_refused_and_never_taken_for_the_usual(unknown: str) -> None:
    assert wrong(secrecy=unknown) == {("secrecy", "unknown")}


def test_a_stub_says_nothing_and_goes_by_hand() -> None:
    assert wrong(secrecy="top_secret", subject="", channel="hand") == set()
    said = wrong(secrecy="top_secret", note="ด่วน", channel="email")
    assert said == {("subject", "top_secret"), ("note", "top_secret"), ("channel", "top_secret")}
    assert wrong(secrecy="very_secret", subject="", channel=Channel.HAND) == {("subject", "required")}


@pytest.mark.parametrize("before", Secrecy)
@pytest.mark.parametrize("now", Secrecy)
def test_a_change_of_class_leaves_the_books_or_is_refused(before: Secrecy, now: Secrecy) -> None:
    code = code_of(lambda: changes_books(before, now))
    if Secrecy.TOP_SECRET in (before, now) and before is not now:
        assert code == "letter.top_secret"
    else:
        assert code == ""
        assert changes_books(before, now) is ((Secrecy.NONE in (before, now)) and before is not now)


def test_what_leaves_the_books_waits_to_be_registered_anew() -> None:
    movable = {state for state in LetterState if reached_by(state, Move.RECLASSIFY) is not None}
    assert movable == {LetterState.ARRIVED, LetterState.REGISTERED, LetterState.RETURNED}
    assert {reached_by(state, Move.RECLASSIFY) for state in movable} == {LetterState.ARRIVED}


def test_an_appointment_rests_on_an_order() -> None:
    def errors(first: dt.date, last: dt.date, order_no: str = "9/2569", ordered: dt.date = TODAY) -> set[str]:
        try:
            check_appointment(Term(first, last), order_no, ordered, TODAY)
        except Problem as problem:
            return {error.code for error in problem.errors}
        return set()

    tomorrow, yesterday = TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1)
    assert errors(TODAY, TODAY + dt.timedelta(days=1200)) == set()
    assert errors(yesterday, yesterday) == {"past"}
    assert errors(tomorrow, TODAY) == {"order"}
    assert errors(TODAY, tomorrow, order_no="  ", ordered=tomorrow) == {"required", "future"}
