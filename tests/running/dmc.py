"""DMC files for the stories of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from services.rounds.synthetic.generate import Generated, generate
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import Spec

PRIMARY = "อนุบาล-ประถมศึกษา"


def school_file(
    folder: Path, smis: str, *, pupils: int = 60, defects: tuple[str, ...] = (), seed: int = 1, **options: object
) -> Generated:
    """A school's file of DMC 2569 round 1, in a folder of its own so that names do not clash.

    It does not say when it was made: the clock of the system under test is elsewhere. No class is unusually small.
    """
    place = folder / f"{smis}-{seed}-{len(list(folder.iterdir()))}"
    place.mkdir()
    school = School(smis, "บ้านตัวอย่าง", PRIMARY, pupils, least=3)
    return generate(Spec(school, defects=defects, seed=seed, **{"dated": False, **options}), place)  # type: ignore[arg-type]


def pupil_rows(path: Path) -> list[tuple[Any, ...]]:
    """The rows of pupils in a generated XLSX, as they stand below its header."""
    return list(header_and_rows(path)[1].values())


def header_and_rows(path: Path) -> tuple[tuple[Any, ...], dict[int, tuple[Any, ...]]]:
    """The header of a generated XLSX, and the rows below it by their numbers."""
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    header = next(index for index, row in enumerate(rows) if "ชั้น" in row)
    return rows[header], {index + 1: row for index, row in enumerate(rows) if index > header}
