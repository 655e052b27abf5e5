"""The head count: one number, whichever way it is added."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.reports.rules import LEVELS, SIGNED, UNREADABLE, Standing, count, lines

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


@given(SCHOOLS)
def test_lines_subtotals_and_total_agree(schools: list[Standing]) -> None:
    head_count = count(schools)
    rows, total = lines(head_count)
    counted = [school for school in schools if school.tables and school.state != "EXEMPT"]
    pupils = sum(row["male"] + row["female"] for school in counted for row in school.tables["classes"])
    assert total["total"] == pupils == sum(row["total"] for row in rows if row["kind"] == "grade")
    unreadable = sum(row["total"] for row in rows if row["grade"] == UNREADABLE)
    assert sum(row["total"] for row in rows if row["kind"] == "subtotal") == pupils - unreadable
    assert all(row["male"] + row["female"] == row["total"] for row in [*rows, total])


@given(SCHOOLS)
def test_every_school_is_counted_missing_or_exempt_and_provisional_until_it_confirmed(schools: list[Standing]) -> None:
    head_count = count(schools)
    sent = [school for school in schools if school.tables is not None and school.state != "EXEMPT"]
    assert len(head_count.missing) == len([s for s in schools if s.tables is None and s.state != "EXEMPT"])
    assert head_count.provisional == [school.smis for school in sent if school.state not in SIGNED]


def test_the_lines_come_in_the_order_of_the_office() -> None:
    classes = [{"grade": grade, "room": 1, "male": 1, "female": 0} for grade in ("ม.1", "ป.6", "อ.2", "ป.1")]
    rows, _ = lines(count([Standing("57040001", "CONFIRMED", {"classes": classes})]))
    names = [row["grade"] for row in rows]
    assert names == ["อ.2", "รวมก่อนประถม", "ป.1", "ป.6", "รวมประถม", "ม.1", "รวมมัธยมต้น"]
