"""No hidden number follows from one row or one column, whatever the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.reports.registry import REPORTS
from services.reporting.reports.rules import Duplicate
from services.reporting.reports.suppression import HIDDEN, SMALL, Equation, hide
from tests.unit.reporting.schools_for_tests import DAY, kind, made, room, round_of, school, tables

# numbers near the edge are those that go wrong
COUNT = st.one_of(st.integers(0, 7), st.integers(0, 30))


def possible(mark: str, most: int) -> range:
    return range(1, 5) if mark == SMALL else range(most + 1)


def answers(equation: Equation, counts: Mapping[Any, int], marks: Mapping[Any, str], wanted: Any) -> set[int]:
    """The numbers that ``wanted`` may be for one who sees the row alone, found by trying all that fit."""
    most = max(counts[equation.whole], 5) + 5
    sums = {0: {None}}
    for part in equation.parts:
        choices = possible(marks[part], most) if part in marks else [counts[part]]
        following: dict[int, set[Any]] = {}
        for total, known in sums.items():
            for value in choices:
                if total + value <= most:
                    of = {value} if part == wanted else known
                    following.setdefault(total + value, set()).update(of)
        sums = following
    whole = equation.whole
    totals = [total for total in sums if total in possible(marks[whole], most)] if whole in marks else [counts[whole]]
    if wanted == whole:
        return set(totals)
    return {value for total in totals for value in sums.get(total, set()) if value is not None}


def check(equations: Iterable[Equation], counts: Mapping[Any, int], marks: Mapping[Any, str]) -> None:
    for equation in equations:
        for cell in {*equation.parts, equation.whole} & marks.keys():
            assert len(answers(equation, counts, marks, cell)) > 1, (equation, counts, marks, cell)


@st.composite
def grids(draw: st.DrawFn) -> tuple[dict[Any, int], list[Equation]]:
    """A table with sums to the right and below."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    counts = {(y, x): draw(COUNT) for y in range(height) for x in range(width)}
    rows = [Equation((y, "sum"), tuple((y, x) for x in range(width))) for y in range(height)]
    across = [*range(width), "sum"]
    columns = [Equation(("sum", x), tuple((y, x) for y in range(height))) for x in across]
    for equation in (*rows, *columns):
        counts[equation.whole] = sum(counts[part] for part in equation.parts)
    return counts, [*rows, *columns, Equation(("sum", "sum"), tuple(("sum", x) for x in range(width)))]


@settings(max_examples=150, deadline=None)
@given(grids())
def test_no_hidden_cell_follows_from_a_row_or_a_column(grid: tuple[dict[Any, int], list[Equation]]) -> None:
    counts, equations = grid
    marks = hide(counts, equations)
    check(equations, counts, marks)
    assert {cell for cell, count in counts.items() if 1 <= count <= 4} <= marks.keys(), "no small cell is shown"
    assert all(1 <= counts[cell] <= 4 for cell, mark in marks.items() if mark == SMALL)


@given(grids())
def test_nothing_is_hidden_where_nothing_is_small(grid: tuple[dict[Any, int], list[Equation]]) -> None:
    counts, equations = grid
    large = {cell: count * 5 for cell, count in counts.items()}
    assert hide(large, equations) == {}


def test_the_smallest_other_cell_is_hidden_with_a_single_small_one() -> None:
    counts = {"a": 3, "b": 40, "c": 6, "all": 49}
    assert hide(counts, [Equation("all", ("a", "b", "c"))]) == {"a": SMALL, "c": HIDDEN}


def test_four_and_four_of_eight_need_more() -> None:
    """Both can only be 4: the sum is hidden too."""
    assert hide({"a": 4, "b": 4, "all": 8}, [Equation("all", ("a", "b"))])["all"] == HIDDEN


HEADS = st.integers(0, 9)
ROLLS = st.lists(
    st.tuples(st.sampled_from(["ป.1", "ป.2", "ม.1"]), st.sampled_from(["เด็กยากจน", "กำพร้า", "ชนกลุ่มน้อย"]), HEADS, HEADS),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=20, deadline=None)
@given(st.lists(ROLLS, min_size=1, max_size=3), ROLLS)
def test_no_report_shows_the_public_a_small_number(rolls: list[Any], past: Any) -> None:
    schools = [roll_of(f"5704000{number}", roll) for number, roll in enumerate(rolls, 1)]
    for key in ("headcount", "age", "disadvantage", "nationality", "gcode", "duplicates", "size", "quality"):
        for by in REPORTS[key].all_ways:
            plain = made(key, round_of(*schools), round_of(roll_of("57040001", past)), by).sheet
            shown = made(key, round_of(*schools), round_of(roll_of("57040001", past)), by, public=True).sheet
            assert plain is not None and shown is not None
            people = [column.key for column in plain.columns if column.people]
            hidden = 0
            for real, public in zip(plain.all_rows, shown.all_rows, strict=True):
                for name in people:
                    is_small = real.cells[name] is not None and 1 <= real.cells[name] <= 4
                    hidden += is_small
                    assert not is_small or public.cells[name] in (SMALL, HIDDEN), (key, by, name)
                for column in plain.columns:
                    if any(public.cells.get(source) in (SMALL, HIDDEN) for source in column.derived):
                        assert public.cells[column.key] in (None, HIDDEN), (key, by, column)


def roll_of(smis: str, roll: Any) -> Any:
    by_grade = [room(grade, male, female) for grade, _, male, female in roll]
    return school(
        smis,
        tables(
            classes=by_grade,
            ages=[{"age": 7, "male": row["male"], "female": row["female"]} for row in by_grade],
            disadvantage=[kind(of, male, female, grade=grade) for grade, of, male, female in roll],
            nationality=[kind(of, male, female) for _, of, male, female in roll],
            identities=[kind("G", male, female, grade=grade) for grade, _, male, female in roll],
        ),
        duplicates=tuple(
            Duplicate(f"{smis}-{row}-{number}", "same_id", state, None, (smis, "57049999"), DAY)
            for row, (_, _, waiting, gone) in enumerate(roll)
            for state, count in (("OPEN", waiting), ("GONE", gone))
            for number in range(count)
        ),
    )
