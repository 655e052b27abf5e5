"""The head count: one number, whichever way it is added."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.reports.catalogue import headcount
from services.reporting.reports.report import Asked
from services.reporting.reports.rules import LEVELS, SIGNED, UNREADABLE, Standing, sort_out
from services.reporting.reports.sheets import Sheet
from tests.unit.reporting.schools_for_tests import DAY, UNTIL

GRADES = [grade for _, grades in LEVELS for grade in grades]
CLASSES = st.lists(
    st.fixed_dictionaries(
        {
            "grade": st.sampled_from([*GRADES, None]),
            "room": st.one_of(st.none(), st.integers(1, 9)),
            "male": st.integers(0, 40),
            "female": st.integers(0, 40),
        }
    )
)
STATES = st.sampled_from(["READY", "HAS_ERRORS", "CONFIRMED", "CERTIFIED", "ACKNOWLEDGED", "EXEMPT"])
SCHOOLS = st.lists(
    st.builds(
        Standing, st.text("0123456789", min_size=8, max_size=8), STATES,
        st.one_of(st.none(), CLASSES.map(lambda rows: {"classes": rows})),
    )
)  # fmt: skip


def counted(schools: list[Standing]) -> Sheet:
    return headcount.make(Asked(sort_out(schools)[0], "grade", DAY, UNTIL))


def rows_of(sheet: Sheet, kind: str) -> list[Any]:
    return [row.cells for row in sheet.rows if row.kind == kind]


@given(SCHOOLS)
def test_lines_subtotals_and_total_agree(schools: list[Standing]) -> None:
    sheet = counted(schools)
    assert sheet.total is not None
    sent = [school for school in schools if school.tables and school.state != "EXEMPT"]
    pupils = sum(row["male"] + row["female"] for school in sent for row in school.tables["classes"])
    assert sheet.total.cells["total"] == pupils == sum(row["total"] for row in rows_of(sheet, "grade"))
    unreadable = sum(row.cells["total"] for row in sheet.rows if row.name == UNREADABLE)
    assert sum(row["total"] for row in rows_of(sheet, "subtotal")) == pupils - unreadable
    assert all(row.cells["male"] + row.cells["female"] == row.cells["total"] for row in sheet.all_rows)


@given(SCHOOLS)
def test_what_is_said_to_be_a_sum_is_one(schools: list[Standing]) -> None:
    sheet = counted(schools)
    rows = {row.id: row.cells for row in sheet.all_rows}
    for one in sheet.row_sums:
        for key in headcount.COUNTED:
            assert rows[one.whole][key] == sum(rows[part][key] for part in one.parts)


@given(SCHOOLS)
def test_every_school_is_counted_missing_or_exempt_and_provisional_until_it_confirmed(schools: list[Standing]) -> None:
    sent, provisional, missing = sort_out(schools)
    expected = [school for school in schools if school.state != "EXEMPT"]
    assert sent == [school for school in expected if school.tables is not None]
    assert missing == [school.smis for school in expected if school.tables is None]
    assert provisional == [school.smis for school in sent if school.state not in SIGNED]


def test_grades_come_in_the_order_of_the_office_with_their_subtotals() -> None:
    rows = [
        {"grade": grade, "room": 1, "male": 1, "female": 2} for grade in ("ป.1", "อ.3", "ม.1", "ป.6", "อ.2")
    ]
    sheet = counted([Standing("57040001", "CONFIRMED", {"classes": rows})])
    assert [row.name for row in sheet.rows] == [
        "อ.2", "อ.3", "รวมก่อนประถม", "ป.1", "ป.6", "รวมประถม", "ม.1", "รวมมัธยมต้น",
    ]  # fmt: skip
    assert sheet.total is not None
    assert sheet.total.cells["rooms"] == 5
