"""Grades, and what is usual in them: birth dates (one school year each), weight and height."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

BE = 543

KINDERGARTEN = ("อ.1", "อ.2", "อ.3")
PRIMARY = ("ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6")
LOWER_SECONDARY = ("ม.1", "ม.2", "ม.3")
UPPER_SECONDARY = ("ม.4", "ม.5", "ม.6")
GRADES = KINDERGARTEN + PRIMARY + LOWER_SECONDARY + UPPER_SECONDARY

_LEVELS = {
    "อนุบาล": KINDERGARTEN,
    "ประถมศึกษา": PRIMARY,
    "มัธยมศึกษาตอนต้น": LOWER_SECONDARY,
    "มัธยมศึกษาตอนปลาย": UPPER_SECONDARY,
}
EDUCATION_RANGES = ("อนุบาล-ประถมศึกษา", "อนุบาล-มัธยมศึกษาตอนต้น")


@dataclass(frozen=True)
class Band:
    """What weight (kg) and height (cm) may be in a group of grades without a question being asked; edges included."""

    least_kg: float
    most_kg: float
    least_cm: float
    most_cm: float


_BANDS = {
    **dict.fromkeys(KINDERGARTEN, Band(8, 45, 75, 140)),
    **dict.fromkeys(PRIMARY[:3], Band(12, 70, 95, 160)),
    **dict.fromkeys(PRIMARY[3:], Band(15, 100, 105, 185)),
    **dict.fromkeys(LOWER_SECONDARY + UPPER_SECONDARY, Band(22, 140, 120, 205)),
}


def grades_of(education_range: str) -> tuple[str, ...]:
    """The grades of a school whose range reads ``from-to`` (or one level): ``อนุบาล-ประถมศึกษา`` is อ.1 to ป.6."""
    first, _, last = education_range.partition("-")
    levels = list(_LEVELS)
    begin, end = levels.index(first), levels.index(last or first)
    return tuple(grade for level in levels[begin : end + 1] for grade in _LEVELS[level])


def band_of(grade: str) -> Band:
    return _BANDS[grade]


def usual_births(grade: str, year_be: int, older: int = 0) -> tuple[date, date]:
    """First and last birth date of who is in ``grade`` in the school year at the usual age, or ``older`` years over it.

    Kindergarten counts full years on 16 May; primary and secondary count calendar years.
    """
    if grade in KINDERGARTEN:
        born = year_be - BE - 3 - int(grade[-1]) - older
        return date(born, 5, 17), date(born + 1, 5, 16)
    born = year_be - BE - (6 if grade in PRIMARY else 12) - int(grade[-1]) - older
    return date(born, 1, 1), date(born, 12, 31)


def draw_birth(rng: Random, grade: str, year_be: int, older: int = 0) -> date:
    """A birth date of that range; one in twelve is the very first or last day, where rules go wrong."""
    first, last = usual_births(grade, year_be, older)
    if rng.random() < 1 / 12:
        return rng.choice((first, last))
    if rng.random() < 1 / 40 and (leap := _leap_day(first, last)):
        return leap
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def _leap_day(first: date, last: date) -> date | None:
    for year in {first.year, last.year}:
        if year % 4 == 0 and first <= date(year, 2, 29) <= last:
            return date(year, 2, 29)
    return None


def age_on(birth: date, day: date) -> int:
    """Full years, as DMC counts them at the as-of date."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def draw_body(rng: Random, grade: str, age: int) -> tuple[float, float]:
    """Weight and height that fit each other, the age and the band; a few stand exactly on an edge of the band."""
    band = band_of(grade)
    if rng.random() < 1 / 50:
        return rng.choice(((band.least_kg, band.least_cm), (band.most_kg, band.most_cm)))
    height = min(max(round(rng.gauss(78 + 6 * min(age, 16), 4), 1), band.least_cm), band.most_cm)
    index = min(max(rng.gauss(14.5 + 0.35 * max(age - 5, 0), 1.5), 12.0), 28.0)
    weight = min(max(round(index * (height / 100) ** 2, 1), band.least_kg), band.most_kg)
    return weight, height


def be_date(day: date) -> str:
    """``13/05/2555``, as DMC writes it."""
    return f"{day:%d/%m}/{day.year + BE}"
