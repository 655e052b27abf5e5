"""P: name, title, sex, birth date and age. Sources: DMC manual, Ministry data standard for pupils."""

from __future__ import annotations

from collections.abc import Iterator

from services.rounds.rules.dmc.pupils import FEMALE, Pupil, is_blank
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit
from shared.thai.dates import age_on, format_slashed


@RULES.row("P01", "first_name", "last_name", cases=("", "no_last_name"))
def name_missing(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """Both names are needed; a pupil without Thai nationality may have no last name, written ``-``, with a reason."""
    if is_blank(pupil.first_name):
        yield Hit(field="first_name")
    if is_blank(pupil.last_name):
        allowed = pupil.last_name and not pupil.has_thai_nationality
        yield Hit("no_last_name" if allowed else "", field="last_name", basis=(pupil.last_name, pupil.nationality))


@RULES.row("P03", "title", "sex")
def title_contradicts_sex(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """A title that says the sex must say the same as the column; other titles (religious, noble) say nothing."""
    if pupil.sex and pupil.title_sex and pupil.sex != pupil.title_sex:
        sex = "หญิง" if pupil.sex == FEMALE else "ชาย"
        yield Hit(field="title", words={"title": pupil.title, "sex": sex}, basis=(pupil.title, pupil.sex))


@RULES.row("P05", "sex")
def sex_unknown(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """ช or ญ (ชาย, หญิง)."""
    if pupil.sex is None:
        yield Hit(field="sex")


_BIRTH_CASES = ("", "format", "impossible", "two_digits", "year", "old_calendar", "future", "ce")


@RULES.row("P06", "birth_date", cases=_BIRTH_CASES)
def birth_date_wrong(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """A day that exists, in a year that can be told; a CE year is understood and said."""
    birth = pupil.birth
    if birth.day is None:
        yield Hit("" if birth.problem == "missing" else str(birth.problem), field="birth_date")
    elif birth.day > setting.today:
        yield Hit("future", field="birth_date")
    elif birth.ce:
        yield Hit("ce", field="birth_date", words={"read": format_slashed(birth.day)})


@RULES.row("P07", "age", "birth_date", cases=("", "not_a_number"))
def age_differs(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """DMC computes the column on the day it makes the file, so one year of difference is nothing."""
    if pupil.age.missing:
        return
    if pupil.age.value is None:
        yield Hit("not_a_number", field="age")
        return
    age = _age(pupil, setting)
    if age is not None and abs(pupil.age.value - age) > setting.params["years"]:
        yield Hit(field="age", words={"age": age}, basis=(pupil.age.value, pupil.birth.day))


@RULES.row("P08", "birth_date")
def age_impossible(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Younger than a nursery class takes, or older than any pupil of a school, on the round's as-of date."""
    age = _age(pupil, setting)
    if age is not None and not setting.params["min_years"] <= age <= setting.params["max_years"]:
        yield Hit(field="birth_date", words={"age": age})


def _age(pupil: Pupil, setting: Setting) -> int | None:
    """Full years at the as-of date; None when the birth date is no use (P06 says so)."""
    if pupil.birth.day is None or pupil.birth.day > setting.today:
        return None
    return age_on(pupil.birth.day, setting.as_of)
