"""P01-P09 and G01: names, titles, sex, birth dates and guardians."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from services.rounds.synthetic.defects.model import ERROR, WARN, Defect, Mark, cell_defect, set_birth
from services.rounds.synthetic.draft import Draft, Row
from services.rounds.synthetic.families import THAI
from services.rounds.synthetic.grades import BE, be_date
from services.rounds.synthetic.pupils import title_of

_TITLES = {"ช": ("เด็กหญิง", "ด.ญ.", "นางสาว", "น.ส."), "ญ": ("เด็กชาย", "ด.ช.", "นาย", "สามเณร")}


def _is_thai(row: Row) -> bool:
    return row.pupil.family.nationality == THAI


def _is_foreign(row: Row) -> bool:
    return not _is_thai(row)


def _other_title(row: Row, _: Draft, rng: Random) -> str:
    return rng.choice(_TITLES[row.pupil.sex])


def _unreadable_sex(name: str, value: str) -> Defect:
    """A pupil without a readable sex stands in no column of the head count."""
    inner = cell_defect(name, ERROR, "sex", value)

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        marks = inner.plant(draft, rng)
        for mark in marks:
            draft.rows[mark.row or 0].counted = False
        return marks

    return Defect(name, plant)


def _two_digit_year(row: Row, _: Draft, __: Random) -> str:
    return be_date(row.pupil.birth)[:6] + be_date(row.pupil.birth)[8:]


def _shifted_year(years: int) -> Callable[[Row, Draft, Random], str]:
    """The era converted once too often, in one direction or the other."""

    def write(row: Row, _: Draft, __: Random) -> str:
        return f"{row.pupil.birth:%d/%m}/{row.pupil.birth.year + years}"

    return write


def _future(_: Row, draft: Draft, rng: Random) -> str:
    return be_date(draft.as_of + timedelta(days=rng.randrange(300, 2000)))


def _month_first(row: Row, _: Draft, rng: Random) -> str:
    """As an American program writes it; the day is one that is no month."""
    return f"{row.pupil.birth.month:02d}/{rng.randrange(13, 29)}/{row.pupil.birth.year + BE}"


def _aged(name: str, *, years: int, severity: str) -> Defect:
    """An age no pupil has. The grade cannot fit it either, and that is a finding of its own."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng)
        birthday = date(draft.as_of.year - years, draft.as_of.month, 1) - timedelta(days=rng.randrange(1, 300))
        set_birth(draft.rows[number], draft, birthday)
        return [Mark("P08", ERROR, number, "birth_date"), Mark("C03", severity, number, "birth_date")]

    return Defect(name, plant)


def _other_age_title(row: Row, _: Draft, __: Random) -> str:
    return title_of(row.pupil.sex, 14 if row.pupil.age >= 15 else 15)


DEFECTS = (
    cell_defect("P02.digit", WARN, "first_name", lambda row, _, __: f"{row.pupil.first_name}2"),
    cell_defect("P02.latin", WARN, "last_name", "Smith"),
    cell_defect("P02.title", WARN, "first_name", lambda row, _, __: f"ด.ช.{row.pupil.first_name}"),
    cell_defect("P02.double-e", WARN, "first_name", "เเดง"),
    cell_defect("P04.title", WARN, "title", _other_age_title),
    cell_defect("P09.religion", WARN, "religion", "พุธ"),
    cell_defect("P09.blood", WARN, "blood", "C"),
    cell_defect("P01.first-blank", ERROR, "first_name", ""),
    cell_defect("P01.first-dash", ERROR, "first_name", "-"),
    cell_defect("P01.last-blank", ERROR, "last_name", ""),
    cell_defect("P01.last-dash-thai", ERROR, "last_name", "-", _is_thai),
    cell_defect("P01.last-dash-foreign", WARN, "last_name", "-", _is_foreign),
    cell_defect("P03.title", ERROR, "title", _other_title),
    _unreadable_sex("P05.blank", ""),
    _unreadable_sex("P05.digit", "1"),
    _unreadable_sex("P05.both", "ชญ"),
    cell_defect("P06.blank", ERROR, "birth_date", ""),
    cell_defect("P06.dash", ERROR, "birth_date", "-"),
    cell_defect("P06.31-february", ERROR, "birth_date", "31/02/2558"),
    cell_defect("P06.no-leap-year", ERROR, "birth_date", "29/02/2554"),
    cell_defect("P06.two-digit-year", ERROR, "birth_date", _two_digit_year),
    cell_defect("P06.future", ERROR, "birth_date", _future),
    cell_defect("P06.era-added-twice", ERROR, "birth_date", _shifted_year(2 * BE)),
    cell_defect("P06.era-taken-twice", ERROR, "birth_date", _shifted_year(-BE)),
    cell_defect("P06.month-first", ERROR, "birth_date", _month_first),
    cell_defect("P06.words", ERROR, "birth_date", "จำไม่ได้"),
    cell_defect("P07.more", WARN, "age", lambda row, _, rng: row.pupil.age + rng.randrange(2, 9)),
    cell_defect("P07.less", WARN, "age", lambda row, _, __: row.pupil.age - 2),
    _aged("P08.infant", years=1, severity=ERROR),
    _aged("P08.grown-up", years=35, severity=WARN),
    cell_defect("G01.blank", ERROR, "guardian_first", ""),
    cell_defect("G01.dash", ERROR, "guardian_first", "-"),
    cell_defect("G01.unknown", ERROR, "guardian_first", "ไม่ปรากฎ"),
)
