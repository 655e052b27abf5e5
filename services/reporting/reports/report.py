"""What a report is: a name, the data it needs, and a pure function from the schools of a round to a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.reporting.reports.rules import Standing
from services.reporting.reports.sheets import Sheet

SCHOOL, AMPHOE, CLUSTER = "school", "amphoe", "cluster"
# the wide forms: a row for each school, amphoe or cluster, a column for each line of the report
ACROSS = {SCHOOL: "รายโรงเรียน (โรงเรียนละแถว)", AMPHOE: "รายอำเภอ", CLUSTER: "รายกลุ่มโรงเรียน"}


@dataclass(frozen=True)
class Asked:
    """What a report is made of: the schools whose data it has, how its lines are cut, the as-of date of the round.

    ``until`` is the day up to which something may have waited: today, or the day on which the round was closed.
    """

    schools: Sequence[Standing]
    by: str
    as_of: dt.date
    until: dt.date


@dataclass(frozen=True)
class Report:
    """A report of §1.10 of rounds.md.

    ``ways`` are the ways to cut it (``by``) with their titles, the usual one first. ``wide`` names the columns of its
    total that a wide form repeats for each school, the one that is spread by line last; a report without them has no
    wide forms. ``needs`` is the table of a school's file that must be there. ``compared`` are the columns beside which
    the previous round stands; ``cohorts``: its lines are grades, which in another year are other pupils.
    ``usual_of``: the usual way in an area (by its path), where that is not the same everywhere.
    ``of_all``: it speaks of schools that have sent nothing too. ``unavailable`` says why it can't be made at all.
    """

    key: str
    title: str
    short: str
    make: Callable[[Asked], Sheet] | None = None
    ways: Mapping[str, str] = field(default_factory=lambda: {"all": "รวม"})
    wide: tuple[str, ...] = ()
    needs: str = ""
    compared: tuple[str, ...] = ()
    cohorts: bool = False
    of_all: bool = False
    usual_of: Callable[[str], str] | None = None
    unavailable: str = ""

    @property
    def all_ways(self) -> dict[str, str]:
        """Every value of ``by`` with its title."""
        return {**self.ways, **(ACROSS if self.wide else {})}

    @property
    def usual(self) -> str:
        """The first way to cut it."""
        return next(iter(self.ways))

    def usual_at(self, org_path: str) -> str:
        """How it is cut in the area at ``org_path`` unless somebody asks otherwise."""
        return self.usual_of(org_path) if self.usual_of else self.usual
