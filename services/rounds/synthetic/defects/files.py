"""F02-F12 without F09 and F11: what is wrong with the file as a whole, or makes it one nobody should open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from services.rounds.synthetic.defects.model import BLOCK, ERROR, INFO, WARN, Defect, Mark, Stage, cell_defect
from services.rounds.synthetic.draft import Draft
from services.rounds.synthetic.layout import Column

_OTHER_SCHOOLS = ("57040001", "81012017")


def _file(name: str, severity: str, change: Callable[[Draft], None], *, alone: bool = False) -> Defect:
    """A defect of the file; ``change`` works on the draft as a whole."""

    def plant(draft: Draft, _: Random) -> list[Mark]:
        change(draft)
        return [Mark(name.partition(".")[0], severity)]

    return Defect(name, plant, Stage.FILE, alone)


def _no_headers(draft: Draft) -> None:
    draft.headers_written = False


def _rename_birth(draft: Draft) -> None:
    draft.columns[draft.position("birth_date")].header = "ว/ด/ป"


def _incomplete(name: str, change: Callable[[Draft], None]) -> Defect:
    """A mandatory column is not to be found; the row of headers is where to look."""

    def plant(draft: Draft, _: Random) -> list[Mark]:
        change(draft)
        return [Mark("F02", BLOCK, on_headers=True)]

    return Defect(name, plant, Stage.FILE, alone=True)


def _without(field: str) -> Callable[[Draft], None]:
    return lambda draft: draft.drop(field)


def _foreign_code(draft: Draft) -> str:
    return next(code for code in _OTHER_SCHOOLS if code != draft.school.smis)


def _other_school(draft: Draft, _: Random) -> list[Mark]:
    for row in draft.rows:
        row.cells["school_smis"] = _foreign_code(draft)
    return [Mark("F03", BLOCK, 0, "school_smis")]


def _two_schools(draft: Draft, _: Random) -> list[Mark]:
    """Said once for the other code, at its first row."""
    half = len(draft.rows) // 2
    for row in draft.rows[half:]:
        row.cells["school_smis"] = _foreign_code(draft)
    return [Mark("F03", BLOCK, half, "school_smis")]


def _named(draft: Draft, year_be: int, round_no: int) -> None:
    extension = draft.filename[draft.filename.rindex(".") :]
    draft.filename = f"{year_be}-{round_no}-student{extension}"


def _sent_before(draft: Draft) -> None:
    draft.job["same_bytes_as_version"] = 1


def _early(draft: Draft) -> None:
    """Made the day before the round opened."""
    _dated(draft)
    draft.job["opens_at"] = f"{draft.as_of + timedelta(days=1)}T00:00:00+07:00"


def _old(draft: Draft) -> None:
    _dated(draft)
    draft.job["received_at"] = f"{draft.as_of + timedelta(days=2)}T09:00:00+07:00"


def _dated(draft: Draft) -> None:
    draft.stamp = draft.stamp or f"วันและเวลาที่สร้างรายงาน {draft.as_of} 02:10:12.244315"


def _unknown_column(draft: Draft, _: Random) -> list[Mark]:
    draft.columns.append(Column(None, "หมายเหตุ"))
    return [Mark("F07", WARN, field="หมายเหตุ", on_headers=True)]


def _no_pupils(draft: Draft) -> None:
    draft.rows.clear()


def _declared(draft: Draft) -> None:
    draft.rows.clear()
    draft.job["no_pupils"] = True


DEFECTS = (
    _file("F02.no-headers", BLOCK, _no_headers, alone=True),
    _incomplete("F02.no-birth-date", _without("birth_date")),
    _incomplete("F02.no-title", _without("title")),
    _incomplete("F02.no-citizen-id", _without("citizen_id")),
    _incomplete("F02.no-student-no", _without("student_no")),
    _incomplete("F02.renamed", _rename_birth),
    _file("F02.no-last-name", BLOCK, _without("last_name"), alone=True),
    Defect("F03.other-school", _other_school, Stage.FILE),
    Defect("F03.two-schools", _two_schools, Stage.FILE, alone=True),
    _file("F04.year", BLOCK, lambda draft: _named(draft, draft.year_be - 1, draft.round_no)),
    _file("F04.round", BLOCK, lambda draft: _named(draft, draft.year_be, draft.round_no % 3 + 1)),
    _file("F05.sent-before", ERROR, _sent_before),
    _file("F06.early", WARN, _early),
    _file("F06.old", WARN, _old),
    Defect("F07.unknown", _unknown_column, Stage.FILE),
    _file("F07.no-job", WARN, _without("father_job")),
    _file("F07.no-age", WARN, _without("age"), alone=True),
    _file("F07.no-weight", ERROR, _without("weight_kg"), alone=True),
    _file("F07.no-guardian", ERROR, _without("guardian_first"), alone=True),
    _file("F08.empty", ERROR, _no_pupils, alone=True),
    _file("F08.declared", INFO, _declared, alone=True),
    cell_defect("F12.sum", BLOCK, "road", "=1+1"),
    cell_defect("F12.command", BLOCK, "moo", "=cmd|'/C calc'!A0"),
    cell_defect("F12.other-file", BLOCK, "school_name", "='[งบ.xlsx]Sheet1'!A1"),
)
