"""Numbers of snapshots, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# with these a Thai register marks what is entered after the fact: 1ก, 1ข …; ฃ and ฅ are no longer written
LETTERS = "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
NOBODY = (0, 0)


def label_of(number: int) -> str:
    """What the office calls the snapshot ``number`` (from 1): ``1``, then ``1ก``, ``1ข`` … ``1ฮ``, ``1กก``."""
    if number <= 1:
        return str(number)
    repeats, place = divmod(number - 2, len(LETTERS))
    return "1" + LETTERS[place] * (repeats + 1)


def pupils_by_grade(tables: Mapping[str, Any]) -> dict[str | None, tuple[int, int]]:
    """(boys, girls) of every grade of a school's tables; None for pupils whose grade could not be read."""
    counted: dict[str | None, tuple[int, int]] = {}
    for line in tables["classes"]:
        male, female = counted.get(line["grade"], NOBODY)
        counted[line["grade"]] = (male + line["male"], female + line["female"])
    return counted


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The grades in which two tables count another number of boys or girls, with both numbers (§5.4.11)."""
    old, new = pupils_by_grade(before), pupils_by_grade(after)
    return [
        {"grade": grade, "before": _sexes(old.get(grade, NOBODY)), "after": _sexes(new.get(grade, NOBODY))}
        for grade in dict.fromkeys([*old, *new])
        if old.get(grade, NOBODY) != new.get(grade, NOBODY)
    ]


def _sexes(pupils: tuple[int, int]) -> dict[str, int]:
    male, female = pupils
    return {"male": male, "female": female}
