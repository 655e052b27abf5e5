"""A file as big as the area: 40,000 pupils in the 39 columns of DMC, handed in as one school's."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from services.rounds.synthetic.draft import Draft, start_draft
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.pupils import School, draw_pupils
from services.rounds.synthetic.spec import Spec
from services.rounds.synthetic.workbook import write

ROWS = 40_000
PARTS = 100


def big_file(folder: Path, smis: str, rows: int = ROWS) -> Path:
    """Write the workbook. It is drawn in a hundred parts, each as big as a school."""
    parts = [_part(number, smis, rows // PARTS) for number in range(PARTS)]
    whole = parts[0]
    whole.rows = list(chain.from_iterable(part.rows for part in parts))
    for number, row in enumerate(whole.rows, start=10_000):
        row.cells["student_no"] = str(number)
    return write(whole, folder)


def _part(number: int, smis: str, pupils: int) -> Draft:
    spec = Spec(School(smis, "บ้านตัวอย่าง", EDUCATION_RANGES[0], pupils), seed=number)
    return start_draft(spec, draw_pupils(spec.school, spec.year_be, spec.as_of, spec.seed))
