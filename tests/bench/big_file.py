"""The area's file: 40,000 pupils of its 135 schools in the 39 columns of DMC."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from services.rounds.synthetic.draft import Draft, start_draft
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.pupils import School, draw_pupils
from services.rounds.synthetic.spec import Spec
from services.rounds.synthetic.workbook import write
from services.schools.seed import office

ROWS = 40_000
SCHOOLS = tuple(sorted(school.smis for school in office.schools(office.AREAS[0])))


def big_file(folder: Path, rows: int = ROWS) -> Path:
    """Write the workbook, school after school."""
    sizes = [rows // len(SCHOOLS) + (number < rows % len(SCHOOLS)) for number in range(len(SCHOOLS))]
    parts = [_part(smis, pupils) for smis, pupils in zip(SCHOOLS, sizes, strict=True)]
    whole = parts[0]
    whole.rows = list(chain.from_iterable(part.rows for part in parts))
    return write(whole, folder)


def _part(smis: str, pupils: int) -> Draft:
    spec = Spec(School(smis, "บ้านตัวอย่าง", EDUCATION_RANGES[0], pupils), seed=int(smis))
    return start_draft(spec, draw_pupils(spec.school, spec.year_be, spec.as_of, spec.seed))
