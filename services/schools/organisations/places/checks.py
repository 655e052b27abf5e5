"""Whether a school can lie where it is said to lie: EM04 of rounds.md §2.6, as far as the register reaches."""

from __future__ import annotations

from services.schools.organisations.codes.rules import area_scheme
from services.schools.organisations.places import register
from services.schools.organisations.rules import Fault, Scheme


def place_faults(tambon: str | None, amphoe: str | None, province: str | None) -> list[Fault]:
    """A tambon, amphoe and province that are not one place. What is not written is not known, and no fault."""
    if not register.amphoe_of(province):
        return []
    found = register.find_amphoe(amphoe, province)
    if amphoe and found is None:
        return [Fault("amphoe", "EM04", f"จังหวัด{province}ไม่มีอำเภอ{amphoe}")]
    if tambon and found is not None and register.find_tambon(tambon, found) is None:
        return [Fault("tambon", "EM04", f"อำเภอ{amphoe}ไม่มีตำบล{tambon}")]
    return []


def amphoe_in_area(amphoe: str | None, province: str | None, area_code: str) -> bool | None:
    """Whether an amphoe belongs to an area; None where that is not known, as for areas of secondary schools."""
    if area_scheme(area_code) is not Scheme.AREA4:
        return None
    found = register.find_amphoe(amphoe, province)
    return None if found is None or found.area is None else found.area == area_code


def postcodes(tambon: str | None, amphoe: str | None, province: str | None) -> tuple[str, ...]:
    """The postcodes of a tambon; none where they are not known."""
    found = register.find_amphoe(amphoe, province)
    place = register.find_tambon(tambon, found) if found else None
    return place.postcodes if place else ()
