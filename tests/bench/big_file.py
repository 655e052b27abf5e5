"""A file as big as the area: 40,000 pupils in the 39 columns of DMC, as one school or as all of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

from services.rounds.synthetic.draft import start_draft
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.pupils import School, draw_pupils
from services.rounds.synthetic.spec import Spec
from services.rounds.synthetic.workbook import write

ROWS = 40_000
SCHOOLS = 100
_FIRST_CODE = 57_040_001


def big_file(folder: Path, smis: str | None = None, rows: int = ROWS) -> Path:
    """Write the workbook: every pupil a pupil of the school ``smis``, or a hundred codes beside one another."""
    drafts = [_draft(number, rows // SCHOOLS, smis) for number in range(SCHOOLS)]
    whole = drafts[0]
    whole.rows = list(chain.from_iterable(draft.rows for draft in drafts))
    if smis:
        for number, row in enumerate(whole.rows, start=10_000):
            row.cells["student_no"] = str(number)
    return write(whole, folder)


def _draft(number: int, pupils: int, smis: str | None):  # type: ignore[no-untyped-def]
    school = School(smis or str(_FIRST_CODE + number), "บ้านตัวอย่าง", EDUCATION_RANGES[1], pupils)
    spec = Spec(school, seed=number)
    return start_draft(replace(spec, school=school), draw_pupils(school, spec.year_be, spec.as_of, spec.seed))
