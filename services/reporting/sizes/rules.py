"""The size of a school from its number of pupils, and how many schools of each size there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.reporting.reports.rules import Standing, pupils_of, sort_out

# a school without pupils is of no size (rounds.md §2.2): a class of its own in every scheme
NO_PUPILS = "ไม่มีนักเรียน"
# a scheme of small schools has no place for the others
BEYOND = "เกินช่วงของเกณฑ์นี้"


@dataclass(frozen=True)
class SizeClass:
    """From a number of pupils to another, both included; without an upper end as many as there are."""

    label: str
    least: int
    most: int | None

    def holds(self, pupils: int) -> bool:
        return self.least <= pupils and (self.most is None or pupils <= self.most)


@dataclass(frozen=True)
class SizeScheme:
    """A way to class schools by size, used for rounds as of ``valid_from`` and later."""

    id: str
    title: str
    valid_from: dt.date | None
    classes: tuple[SizeClass, ...]

    @property
    def labels(self) -> list[str]:
        """Every class in order of size, with that of the schools without pupils."""
        beyond = [] if self.classes[-1].most is None else [BEYOND]
        return [NO_PUPILS, *(one.label for one in self.classes), *beyond]


@dataclass
class Sized:
    """The schools of one class: their codes with their pupils."""

    label: str
    schools: dict[str, int] = field(default_factory=dict)

    @property
    def pupils(self) -> int:
        return sum(self.schools.values())


@dataclass
class Sizes:
    """Schools by class, and which of them are provisional or sent nothing."""

    classes: list[Sized]
    provisional: list[str]
    missing: list[str]


def size_class(scheme: SizeScheme, pupils: int) -> str:
    """The label of the class in which a school with so many pupils is.

    Raises:
        ValueError: fewer than none.
    """
    if pupils < 0:
        raise ValueError(f"no school has {pupils} pupils")
    if pupils == 0:
        return NO_PUPILS
    return next((one.label for one in scheme.classes if one.holds(pupils)), BEYOND)


def scheme_on(schemes: Iterable[SizeScheme], wanted: str, day: dt.date) -> SizeScheme | None:
    """The scheme called ``wanted`` as it is used for numbers as of ``day``: the newest that had begun."""
    begun = [one for one in schemes if one.id == wanted and (one.valid_from is None or one.valid_from <= day)]
    return max(begun, key=lambda one: one.valid_from or dt.date.min, default=None)


def count_sizes(scheme: SizeScheme, standings: Iterable[Standing]) -> Sizes:
    """Class some schools by size. A school without numbers is missing, not small; an exempt one is left out."""
    sent, provisional, missing = sort_out(standings)
    by_label = {label: Sized(label) for label in scheme.labels}
    for school in sent:
        pupils = pupils_of(school)
        by_label[size_class(scheme, pupils)].schools[school.smis] = pupils
    return Sizes(list(by_label.values()), provisional, missing)
