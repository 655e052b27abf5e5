"""Who stands outside the area office and sees small numbers hidden."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from services.reporting.reports.scope import is_outside_the_office
from shared.security.identity import Grant, Identity

AREA, FIRST, SECOND = "/obec/5704/", "/obec/5704/57040001/", "/obec/5704/57040002/"


@pytest.mark.parametrize(
    ("grants", "shown", "outside"),
    [
        ([("officer", AREA)], [FIRST, SECOND], False),
        ([("auditor", "/obec/")], [FIRST, SECOND], False),
        ([("data_officer", FIRST)], [FIRST], False),
        ([("data_officer", FIRST), ("school_director", SECOND)], [FIRST, SECOND], False),
        ([("data_officer", AREA)], [FIRST], True),
        ([("data_officer", FIRST)], [FIRST, SECOND], True),
        ([("officer", "/obec/5704/5704-g-ict/")], [FIRST], True),
        ([("data_officer", FIRST), ("officer", AREA)], [FIRST, SECOND], False),
    ],
)
def test_outside_is_who_reads_of_schools_neither_own_nor_below_the_office(
    grants: list[tuple[str, str]], shown: list[str], outside: bool
) -> None:
    held = tuple(Grant(role, scope, "", "") for role, scope in grants)
    unit = SimpleNamespace(identity=Identity("p", "u", "n", "s", held))
    rows = [SimpleNamespace(org_path=path) for path in shown]
    assert is_outside_the_office(unit, rows) is outside  # type: ignore[arg-type]
