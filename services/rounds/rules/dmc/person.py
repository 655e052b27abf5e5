"""P: name, title, sex, birth date and age. Sources: DMC manual, Ministry data standard for pupils."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from services.rounds.rules.dmc.pupils import FEMALE, Pupil, is_blank
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit
from shared.thai.dates import age_on, format_slashed
from shared.thai.fold import fold_text

_CHILD_TITLES = frozenset({"เด็กชาย", "ดช", "เด็กหญิง", "ดญ"})
_GROWN_TITLES = frozenset({"นาย", "นางสาว", "นส", "นาง"})
_TITLE_INSIDE = re.compile(r"(?:เด็กชาย|เด็กหญิง|นางสาว|ด\.ช\.|ด\.ญ\.|น\.ส\.|นาย |นาง )")
_DIGIT = re.compile("[0-9\u0e50-\u0e59]")
_LATIN = re.compile("[A-Za-z]")
_COMBINING = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_DOUBLE_E = "\u0e40\u0e40"
_BLOOD = re.compile(r"(?:A|B|O|AB|N)(?: ?RH ?[+-]?)?\Z|ไม่ทราบ\Z")
_LISTED = ("religion", "nationality", "race")


@RULES.row("P01", "first_name", "last_name", cases=("", "no_last_name"))
def name_missing(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """Both names are needed; a pupil without Thai nationality may have no last name, written ``-``, with a reason."""
    if is_blank(pupil.first_name):
        yield Hit(field="first_name")
    if is_blank(pupil.last_name):
        allowed = pupil.last_name and not pupil.has_thai_nationality
        yield Hit("no_last_name" if allowed else "", field="last_name", basis=(pupil.last_name, pupil.nationality))


@RULES.row("P02", "first_name", "last_name", cases=("", "latin", "title", "mark", "double_e"))
def name_misspelt(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """What no Thai name has in it. Spaces and a ำ in two strokes are put right when the file is read."""
    for field in ("first_name", "last_name"):
        cell = pupil.cell(field)
        case = _fault_of_name(cell) if isinstance(cell, str) else "" if cell is not None else None
        if case is not None:
            yield Hit(case, field=field)


@lru_cache(maxsize=32_768)
def _fault_of_name(written: str) -> str | None:
    """The case of P02, None for a sound name; ``written`` as it stands in the file."""
    name = fold_text(written)
    if _DIGIT.search(name):
        return ""
    if _LATIN.search(name):
        return "latin"
    if _TITLE_INSIDE.match(name):
        return "title"
    if _COMBINING.match(name):
        return "mark"
    return "double_e" if _DOUBLE_E in written else None


@RULES.row("P03", "title", "sex")
def title_contradicts_sex(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """A title that says the sex must say the same as the column; other titles (religious, noble) say nothing."""
    if pupil.sex and pupil.title_sex and pupil.sex != pupil.title_sex:
        sex = "หญิง" if pupil.sex == FEMALE else "ชาย"
        yield Hit(field="title", words={"title": pupil.title, "sex": sex}, basis=(pupil.title, pupil.sex))


@RULES.row("P04", "title", "birth_date", cases=("", "grown"))
def title_contradicts_age(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """เด็กชาย and เด็กหญิง below 15, นาย and นางสาว from then on. A title of the other sex is P03's to say."""
    title = pupil.title.replace(".", "").replace(" ", "")
    is_child = title in _CHILD_TITLES
    if not is_child and title not in _GROWN_TITLES:
        return
    age = _age(pupil, setting)
    if age is None or is_child == (age < setting.params["years"]) or pupil.sex not in (None, pupil.title_sex):
        return
    yield Hit("" if is_child else "grown", field="title", words={"age": age}, basis=(title, pupil.birth.day))


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


@RULES.row("P09", among=(*_LISTED, "blood"))
def word_unknown(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Religion, nationality, race and blood group are words of DMC's lists."""
    params = setting.params
    for field, text in zip(_LISTED, (pupil.religion, pupil.nationality, pupil.text("race")), strict=True):
        if text not in params[field] and not is_blank(text):
            yield Hit(field=field)
    if not _is_blood(pupil.text("blood")):
        yield Hit(field="blood")


@lru_cache(maxsize=1024)
def _is_blood(text: str) -> bool:
    return is_blank(text) or bool(_BLOOD.match(text.upper()))


def _age(pupil: Pupil, setting: Setting) -> int | None:
    """Full years at the as-of date; None when the birth date is no use (P06 says so)."""
    if pupil.birth.day is None or pupil.birth.day > setting.today:
        return None
    return age_on(pupil.birth.day, setting.as_of)
