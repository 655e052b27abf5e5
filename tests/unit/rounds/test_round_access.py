"""In whose rounds somebody has a part: only where they hold a role of the data rounds."""

from __future__ import annotations

import pytest

from services.rounds.calendar.views import has_part
from shared.security.access import is_area
from shared.security.identity import Grant, Identity

AREA, OTHER = "/obec/5704/", "/obec/5703/"


def somebody(*held: tuple[str, str]) -> Identity:
    grants = tuple(Grant(role, scope, scope.rstrip("/").rsplit("/", 1)[-1], "") for role, scope in held)
    return Identity("p1", "somebody", "ใครคนหนึ่ง", "s1", grants)


@pytest.mark.parametrize(
    "held",
    [("data_officer", f"{AREA}57040001/"), ("officer", AREA), ("officer", f"{AREA}g-ict/"), ("auditor", "/obec/")],
)
def test_who_takes_part_at_above_or_below_the_area_has_a_part(held: tuple[str, str]) -> None:
    assert has_part(somebody(held), AREA)


def test_a_role_of_another_kind_opens_no_round() -> None:
    """A data officer of one area who only teaches in the other: the other's rounds are none of theirs."""
    both = somebody(("data_officer", f"{AREA}57040001/"), ("teacher", f"{OTHER}57030001/"))
    assert has_part(both, AREA)
    assert not has_part(both, OTHER)
    assert not has_part(somebody(), AREA)


@pytest.mark.parametrize(("path", "is_one"), [(AREA, True), ("/", False), ("/obec/", False), (f"{AREA}g-ict/", False)])
def test_an_area_is_neither_what_is_above_nor_what_is_below_it(path: str, is_one: bool) -> None:
    assert is_area(path) is is_one
