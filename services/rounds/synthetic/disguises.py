"""Harmless disguises: what schools and spreadsheet programs do to a good file and must cost nobody an error.

Disguises of the same field share the rows between them, so that any set of them can be asked for at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from services.rounds.synthetic.draft import Draft, Row
from services.rounds.synthetic.grades import BE, KINDERGARTEN, PRIMARY
from services.rounds.synthetic.layout import NEWER_FIELDS, Cell

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_NBSP = "\u00a0"
_SHORT_TITLES = {"เด็กชาย": "ด.ช.", "เด็กหญิง": "ด.ญ.", "นางสาว": "น.ส."}
_SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")
_TEXT_FIELDS = (
    "school_smis", "school_name", "citizen_id", "grade", "room", "student_no", "sex", "title", "first_name",
    "last_name", "birth_date", "nationality", "amphoe", "tambon", "guardian_first", "guardian_last", "mother_first",
)  # fmt: skip


@dataclass(frozen=True)
class CellDisguise:
    """Writes one field of a row in another way."""

    field: str
    write: Callable[[Row, Draft], Cell]


def _ids_int(row: Row, draft: Draft) -> Cell:
    """As a number. A leading 0 is lost on the way; without cell types nobody could tell such an id from a short one."""
    text = row.pupil.citizen_id
    if not text.isdigit() or (text.startswith("0") and not draft.typed):
        return text
    return int(text)


def _ids_float(row: Row, draft: Draft) -> Cell:
    value = _ids_int(row, draft)
    return float(value) if isinstance(value, int) else value


def _ids_hyphens(row: Row, _: Draft) -> Cell:
    text = row.pupil.citizen_id
    return f"{text[0]}-{text[1:5]}-{text[5:10]}-{text[10:12]}-{text[12]}" if text.isdigit() else text


def _ids_literal(row: Row, _: Draft) -> Cell:
    return f'="{row.pupil.citizen_id}"'


def _ids_thai(row: Row, _: Draft) -> Cell:
    return row.pupil.citizen_id.translate(_TO_THAI)


def _birth_cell_be(row: Row, draft: Draft) -> Cell:
    """A date cell whose year is 2555: 29 February does not exist there and stays text."""
    birth = row.pupil.birth
    if not draft.typed or (birth.month, birth.day) == (2, 29):
        return row.cells["birth_date"]
    return birth.replace(year=birth.year + BE)


def _birth_cell_ce(row: Row, _: Draft) -> Cell:
    return row.pupil.birth


def _birth_text_ce(row: Row, _: Draft) -> Cell:
    return f"{row.pupil.birth:%d/%m}/{row.pupil.birth.year}"


def _grade_emis(row: Row, _: Draft) -> Cell:
    return row.grade.replace("อ.", "อบ.")


def _grade_bare(row: Row, _: Draft) -> Cell:
    return row.grade.replace(".", "")


def _grade_thai_digit(row: Row, _: Draft) -> Cell:
    return row.grade.translate(_TO_THAI)


def _grade_words(row: Row, _: Draft) -> Cell:
    if row.grade in KINDERGARTEN:
        return row.grade
    level = "ประถมศึกษา" if row.grade in PRIMARY else "มัธยมศึกษา"
    return f"{level}ปีที่ {row.grade[-1]}"


def _age_other(row: Row, _: Draft) -> Cell:
    """DMC counted a year more or less, on the day it made the file."""
    return row.pupil.age + (1 if row.pupil.birth.day % 2 else -1)


CELL_DISGUISES: dict[str, CellDisguise] = {
    "ids-int": CellDisguise("citizen_id", _ids_int),
    "ids-float": CellDisguise("citizen_id", _ids_float),
    "ids-hyphens": CellDisguise("citizen_id", _ids_hyphens),
    "ids-literal": CellDisguise("citizen_id", _ids_literal),
    "ids-thai-digits": CellDisguise("citizen_id", _ids_thai),
    "birth-cell-be": CellDisguise("birth_date", _birth_cell_be),
    "birth-cell-ce": CellDisguise("birth_date", _birth_cell_ce),
    "birth-text-ce": CellDisguise("birth_date", _birth_text_ce),
    "grade-emis": CellDisguise("grade", _grade_emis),
    "grade-bare": CellDisguise("grade", _grade_bare),
    "grade-thai-digit": CellDisguise("grade", _grade_thai_digit),
    "grade-words": CellDisguise("grade", _grade_words),
    "sex-words": CellDisguise("sex", lambda row, _: {"ช": "ชาย", "ญ": "หญิง"}[row.pupil.sex]),
    "title-short": CellDisguise("title", lambda row, _: _SHORT_TITLES.get(row.pupil.title, row.pupil.title)),
    "room-int": CellDisguise("room", lambda row, _: row.room),
    "room-slash": CellDisguise("room", lambda row, _: f"{row.grade[-1]}/{row.room}"),
    "school-int": CellDisguise("school_smis", lambda _, draft: int(draft.school.smis)),
    "weight-text": CellDisguise("weight_kg", lambda row, _: str(row.pupil.weight_kg)),
    "age-other": CellDisguise("age", _age_other),
}


def _spaces(draft: Draft, rng: Random) -> None:
    """NBSP before, double spaces inside, spaces after; also around and inside headers."""

    def spaced(text: str) -> str:
        if text.startswith("="):
            return text
        text = text.replace(" ", "  ")
        return rng.choice((text + "  ", _NBSP + text, text + _NBSP, " " + text, text))

    _rewrite_text(draft, spaced)
    for column in draft.columns:
        column.header = spaced(column.header)


def _sara_am(draft: Draft, _: Random) -> None:
    """ำ typed as two strokes, with the tone mark between or before them as typing programs leave it."""

    def split(text: str) -> str:
        return _SARA_AM.sub("\u0e4d\\1\u0e32", text)

    _rewrite_text(draft, split)
    for column in draft.columns:
        column.header = split(column.header)


def _rewrite_text(draft: Draft, rewrite: Callable[[str], str]) -> None:
    for row in draft.rows:
        for name in _TEXT_FIELDS:
            value = row.cells[name]
            if isinstance(value, str):
                row.cells[name] = rewrite(value)


def _swap_ids(draft: Draft, _: Random) -> None:
    """The two id columns have changed places under their headers."""
    first, second = draft.position("citizen_id"), draft.position("student_no")
    columns = draft.columns
    columns[first].field, columns[second].field = columns[second].field, columns[first].field


def _older_file(draft: Draft, _: Random) -> None:
    for name in NEWER_FIELDS:
        draft.drop(name)


def _headers_seen(draft: Draft, _: Random) -> None:
    """Headers as they were also seen: one cut short, one without its space."""
    for column in draft.columns:
        if column.field == "scout":
            column.header = column.header.removesuffix("ี")
        elif column.field == "pending_discharge":
            column.header = column.header.replace(" ", "")


def _free_name(draft: Draft, _: Random) -> None:
    draft.filename = "รายชื่อนักเรียน ส่งเขต" + draft.filename[draft.filename.rindex(".") :]


FILE_DISGUISES: dict[str, Callable[[Draft, Random], None]] = {
    "ids-swapped": _swap_ids,
    "older-file": _older_file,
    "headers-seen": _headers_seen,
    "free-name": _free_name,
    "sara-am": _sara_am,
    "spaces": _spaces,
}

DISGUISES = (*CELL_DISGUISES, *FILE_DISGUISES)


def disguise(draft: Draft, names: Iterable[str], rng: Random) -> None:
    """Put the named disguises over a draft."""
    asked = set(names)
    ways: defaultdict[str, list[CellDisguise]] = defaultdict(list)
    for name, way in CELL_DISGUISES.items():
        if name in asked:
            ways[way.field].append(way)
    for row in draft.rows:
        for name, choices in ways.items():
            row.cells[name] = rng.choice(choices).write(row, draft)
    for name, change in FILE_DISGUISES.items():
        if name in asked:
            change(draft, rng)
