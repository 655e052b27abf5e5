"""Make one synthetic DMC file: pupils, disguises, planted defects, and what must be found in it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import click

from services.rounds.synthetic.comparison import consequences
from services.rounds.synthetic.defects import DEFECTS, plant
from services.rounds.synthetic.defects.model import Mark
from services.rounds.synthetic.disguises import DISGUISES, disguise
from services.rounds.synthetic.draft import Draft, NoRowLeft, start_draft
from services.rounds.synthetic.grades import EDUCATION_RANGES, GRADES
from services.rounds.synthetic.layout import letter, real_columns
from services.rounds.synthetic.pupils import Pupil, School, draw_pupils, with_guests
from services.rounds.synthetic.spec import FORMATS, Spec
from services.rounds.synthetic.workbook import kind_of, write


@dataclass(frozen=True, order=True)
class Expected:
    """A finding that must come: row and column letter as Excel shows them, None where it is about the whole file."""

    rule: str
    severity: str
    row: int | None
    column: str | None


@dataclass(frozen=True)
class Generated:
    """The file and what is true of it. ``job`` is what the sender adds: ``no_pupils``, ``same_bytes_as_version``.

    ``rolls`` are files of what it is to be compared with: ``previous``, ``earlier``, ``standing``.
    """

    path: Path
    filename: str
    kind: str
    pupils: list[Pupil]
    findings: list[Expected]
    tables: dict[str, list[dict[str, Any]]]
    counts: dict[str, int]
    job: dict[str, Any] = field(default_factory=dict)
    rolls: dict[str, Path] = field(default_factory=dict)


def generate(spec: Spec, folder: Path) -> Generated:
    """Write the file of ``spec`` into ``folder``, with pupils drawn for it."""
    return generate_of(spec, draw_pupils(spec.school, spec.year_be, spec.as_of, spec.seed), folder)


def generate_of(spec: Spec, own: list[Pupil], folder: Path) -> Generated:
    """Write the file of ``spec`` with the pupils ``own``, who may have been in the rounds before."""
    pupils = with_guests(own, spec.guests)
    draft = start_draft(spec, pupils)
    rng = Random(f"{spec.seed}/{spec.defects}/{spec.disguises}")
    disguise(draft, spec.disguises, rng)
    marks = plant(draft, spec.defects, rng)
    if all(mark.rule != "F02" for mark in marks):
        marks += consequences(draft)
    return Generated(
        path=write(draft, folder),
        filename=draft.filename,
        kind=kind_of(spec.file_format),
        pupils=pupils,
        findings=[_expected(mark, draft) for mark in marks],
        tables={"classes": _classes(draft)},
        counts=_counts(draft),
        job=draft.job,
        rolls=_write_rolls(draft, folder) if spec.compared else {},
    )


def _write_rolls(draft: Draft, folder: Path) -> dict[str, Path]:
    paths = {}
    for name, rows in (("previous", draft.before), ("earlier", draft.earlier), ("standing", draft.standing)):
        beside = replace(draft, rows=rows, columns=real_columns(), filename=f"{name}.xlsx", file_format="xlsx")
        paths[name] = write(beside, folder)
    return paths


def _expected(mark: Mark, draft: Draft) -> Expected:
    row = None if mark.row is None else draft.first_row + mark.row
    if mark.on_headers:
        row = draft.first_row - 1
    places = {column.field or column.header: place for place, column in enumerate(draft.columns)}
    column = None if mark.field is None else letter(places[mark.field])
    return Expected(mark.rule, mark.severity, row, column)


def _classes(draft: Draft) -> list[dict[str, Any]]:
    """The head count by grade and room; pupils who cannot be discharged yet (3.1.8) are not counted."""
    heads = Counter((row.grade, row.room, row.pupil.sex) for row in draft.rows if row.counted)
    rooms = sorted({(grade, room) for grade, room, _ in heads}, key=lambda place: (GRADES.index(place[0]), place[1]))
    return [
        {"grade": grade, "room": room, "male": heads[grade, room, "ช"], "female": heads[grade, room, "ญ"]}
        for grade, room in rooms
    ]


def _counts(draft: Draft) -> dict[str, int]:
    pending = sum(row.pupil.pending for row in draft.rows)
    return {"rows": len(draft.rows), "pupils": len(draft.rows) - pending, "pending": pending}


# what shows only beside another round cannot be seen in one file
_ALONE = [name for name, defect in DEFECTS.items() if not defect.compared]


@click.command("dmc")
@click.option("--smis", default="57040001", show_default=True, help="SMIS code of the school, 8 digits.")
@click.option("--name", default="บ้านตัวอย่าง", show_default=True, help="Name of the school, without โรงเรียน.")
@click.option("--range", "education_range", type=click.Choice(EDUCATION_RANGES), default=EDUCATION_RANGES[0])
@click.option("--year", default=2569, show_default=True, help="Academic year, Buddhist Era.")
@click.option("--round", "round_no", type=click.IntRange(1, 3), default=1, show_default=True)
@click.option("--pupils", type=click.IntRange(0), default=120, show_default=True)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same pupils.")
@click.option("--defect", "defects", multiple=True, type=click.Choice(_ALONE), metavar="NAME")
@click.option("--disguise", "disguises", multiple=True, type=click.Choice(list(DISGUISES)), metavar="NAME")
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="xlsx", show_default=True)
@click.option("--dated", is_flag=True, help="The first line says that it was made on the as-of date of the round.")
@click.option("--passed-on", is_flag=True, help="Without the first line, id headers renamed, as people pass it on.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder.")
def generate_dmc(
    smis: str, name: str, education_range: str, year: int, round_no: int, pupils: int, seed: int,
    defects: tuple[str, ...], disguises: tuple[str, ...], file_format: str, dated: bool, passed_on: bool,
    output: Path,
) -> None:  # fmt: skip
    """Write a synthetic DMC file of one school; no pupil in it exists. Tells which findings it must get."""
    output.mkdir(parents=True, exist_ok=True)
    spec = Spec(
        school=School(smis, name, education_range, pupils),
        year_be=year,
        round_no=round_no,
        seed=seed,
        file_format=file_format,
        dated=dated,
        passed_on=passed_on,
        defects=defects,
        disguises=disguises,
    )
    try:
        made = generate(spec, output)
    except NoRowLeft as fault:
        raise click.ClickException("The school is too small for all these defects.") from fault
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(made.path)
    for finding in made.findings:
        click.echo(json.dumps(vars(finding)))
