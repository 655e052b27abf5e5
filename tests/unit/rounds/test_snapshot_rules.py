"""How snapshots are numbered and compared."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.rounds.snapshots.rules import differences, label_of, pupils_by_grade

GRADES = st.sampled_from(["อ.2", "ป.1", "ป.6", None])
ROOMS = st.lists(st.tuples(GRADES, st.integers(1, 3), st.integers(0, 30), st.integers(0, 30)), max_size=8)


def tables(rooms: list[tuple[Any, int, int, int]]) -> dict[str, Any]:
    names = ("grade", "room", "male", "female")
    return {"classes": [dict(zip(names, room, strict=True)) for room in rooms]}


def test_amendments_are_numbered_as_a_register_numbers_what_comes_later() -> None:
    assert [label_of(number) for number in (1, 2, 3, 4, 5, 6)] == ["1", "1ก", "1ข", "1ค", "1ฆ", "1ง"]
    labels = [label_of(number) for number in range(1, 200)]
    assert len(set(labels)) == len(labels)
    assert "1ฮ" in labels and labels[labels.index("1ฮ") + 1] == "1กก"


def test_a_difference_names_the_grade_with_both_numbers() -> None:
    before = tables([("ป.1", 1, 10, 9), ("ป.1", 2, 8, 8), ("ป.2", 1, 5, 5)])
    after = tables([("ป.1", 1, 18, 16), ("ป.2", 1, 5, 5), ("ป.3", 1, 1, 0)])
    assert differences(before, after) == [
        {"grade": "ป.1", "before": {"male": 18, "female": 17}, "after": {"male": 18, "female": 16}},
        {"grade": "ป.3", "before": {"male": 0, "female": 0}, "after": {"male": 1, "female": 0}},
    ]


@given(ROOMS, ROOMS)
def test_what_does_not_differ_is_equal_and_differences_add_up(before: Any, after: Any) -> None:
    old, new = tables(before), tables(after)
    found = differences(old, new)
    assert differences(old, old) == []
    for sex, place in (("male", 0), ("female", 1)):
        moved = sum(one["after"][sex] - one["before"][sex] for one in found)
        assert moved == sum(p[place] for p in pupils_by_grade(new).values()) - sum(
            p[place] for p in pupils_by_grade(old).values()
        )
