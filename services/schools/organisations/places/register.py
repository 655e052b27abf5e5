"""The register of places, read once from ``places.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.schools.organisations.rules import Scheme

FILE = Path(__file__).parent / "places.csv"


@dataclass(frozen=True)
class Place:
    """An amphoe (``within`` is its province) or a tambon (``within`` is the code of its amphoe)."""

    scheme: str
    code: str
    name: str
    within: str
    postcodes: tuple[str, ...] = ()
    area: str | None = None

    @property
    def full_name(self) -> str:
        """``อำเภอเทิง จังหวัดเชียงราย``, ``ตำบลงิ้ว อำเภอเทิง``."""
        if self.scheme == Scheme.AMPHOE4:
            return f"อำเภอ{self.name} จังหวัด{self.within}"
        above = next((place.name for place in with_code(self.within)), "")
        return f"ตำบล{self.name} อำเภอ{above}"


@cache
def places() -> tuple[Place, ...]:
    """Every place that is known."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Place(
                scheme=row["scheme"],
                code=row["code"],
                name=row["name"],
                within=row["within"],
                postcodes=tuple(row["postcodes"].split()),
                area=row["area"] or None,
            )
            for row in csv.DictReader(stream)
        )


def with_code(code: str) -> list[Place]:
    """The places that ``code`` names, whatever scheme it belongs to."""
    return [place for place in places() if place.code == code]


def amphoe_of(province: str | None) -> list[Place]:
    """The amphoe of a province; none when the province is not known."""
    return [place for place in places() if place.scheme == Scheme.AMPHOE4 and place.within == province]


def find_amphoe(name: str | None, province: str | None) -> Place | None:
    """The amphoe called ``name`` in a province."""
    return _named(name, amphoe_of(province))


def find_tambon(name: str | None, amphoe: Place) -> Place | None:
    """The tambon called ``name`` in an amphoe; the same name may stand in several (rounds.md §1.4: ตำบลเวียง)."""
    within = (place for place in places() if place.scheme == Scheme.TAMBON6 and place.within == amphoe.code)
    return _named(name, within)


def _named(name: str | None, among: Iterable[Place]) -> Place | None:
    return next((place for place in among if place.name == name), None)
