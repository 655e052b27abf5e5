"""An area's file read and taken apart by school. Runs in a child process; job and result are plain JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.rounds.rules.check import listed, register_sheet, unreadable_finding
from services.rounds.rules.dmc.file_rules import header_missing, schools_named
from services.rounds.rules.dmc.identity_number import plain_code
from services.rounds.rules.dmc.layout import Layout
from services.rounds.rules.dmc.pupils import pupil_rows
from services.rounds.rules.dmc.rulebook import File, School
from services.rounds.rules.model import Finding, Hit, RuleSet
from services.rounds.rules.registry import load_rule_set
from services.rounds.rules.wording import FindingWriter, Place
from shared.workbooks.faults import ReadFault
from shared.workbooks.part import write_part
from shared.workbooks.reading import read_book
from shared.workbooks.sheet import Sheet

SCHOOL = "school_smis"
Progress = Callable[[str, int, int], None]


def split(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Take a file apart: job {path, kind, out, rule_set, row_key_secret, year_be, round_no, known, closed}.

    ``known`` are the codes of the round's schools, ``closed`` those of closed ones. The parts are written one behind
    the other under ``out``. The answer is {rows, findings, parts: [{smis, rows, first_row, start, size}]}: rows with
    other codes are in no part, and ``findings`` tell of them.
    """
    rules = load_rule_set(job["rule_set"])
    secret = bytes.fromhex(job["row_key_secret"])
    progress("scan", 0, 1)
    try:
        book = read_book(Path(job["path"]), job["kind"])
    except ReadFault as fault:
        return _refused([unreadable_finding(fault, rules, FindingWriter(None, secret))])
    sheet, layout = register_sheet(book)
    file = _file(job, rules, sheet, layout)
    writer = FindingWriter(sheet.name if sheet else None, secret)
    if sheet is None or layout is None or layout.missing_mandatory:
        without = replace(file, sheet=sheet or Sheet("-", [], typed=True))
        return _refused([_finding(rules, writer, "F02", hit, layout) for hit in header_missing(without)])
    progress("split", 0, len(sheet.rows))
    by_school = _by_school(sheet, layout)
    numbered = [(sheet.number_of(index), code) for code, indexes in by_school.items() for index in indexes]
    hits = schools_named(sorted(numbered), file)
    parts = [
        (code, indexes, write_part(_part(sheet, layout, indexes), external_links=book.external_links))
        for code, indexes in by_school.items()
        if code in job["known"]
    ]
    return {
        "rows": len(numbered),
        "findings": _listed(_finding(rules, writer, "F03", hit, layout) for hit in sorted(hits, key=_row)),
        "parts": list(_written(Path(job["out"]), sheet, parts)),
    }


def _row(hit: Hit) -> int:
    return hit.row or 0


def _refused(findings: Sequence[Finding]) -> dict[str, Any]:
    return {"rows": 0, "findings": _listed(findings), "parts": []}


def _listed(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [finding.as_dict() for finding in listed(list(findings))]


def _by_school(sheet: Sheet, layout: Layout) -> dict[str, list[int]]:
    """The indexes of the rows that tell of a pupil, by the code of the school that they bear."""
    place = layout.at[SCHOOL]
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, cells in pupil_rows(sheet.rows, layout):
        found[plain_code(cells[place]) if place < len(cells) else ""].append(index)
    return dict(found)


def _part(sheet: Sheet, layout: Layout, indexes: Sequence[int]) -> Sheet:
    """The lines down to the header and the rows of one school, with what is told of their cells."""
    chosen = [*range(layout.header_row), *indexes]
    numbers = [sheet.number_of(index) for index in chosen]
    own = set(numbers)
    formulas = sheet.formulas
    return replace(
        sheet,
        rows=[sheet.rows[index] for index in chosen],
        numbers=numbers,
        literals=frozenset(place for place in sheet.literals if place[0] in own),
        formulas=formulas and {place: text for place, text in formulas.items() if place[0] in own},
    )


def _written(
    out: Path, sheet: Sheet, parts: Sequence[tuple[str, Sequence[int], bytes]]
) -> Iterator[dict[str, Any]]:
    with out.open("wb") as stream:
        for code, indexes, content in parts:
            start = stream.tell()
            stream.write(content)
            yield {
                "smis": code,
                "rows": len(indexes),
                "first_row": sheet.number_of(indexes[0]),
                "start": start,
                "size": len(content),
            }


def _finding(rules: RuleSet, writer: FindingWriter, rule: str, hit: Hit, layout: Layout | None) -> Finding:
    if hit.field is None or layout is None:
        return writer.finding(rules.rules[rule], hit, Place(hit.row), None)
    place = Place(hit.row, layout.at[hit.field] + 1, layout.header(hit.field))
    return writer.finding(rules.rules[rule], hit, place, None)


def _file(job: Mapping[str, Any], rules: RuleSet, sheet: Sheet | None, layout: Layout | None) -> File:
    """What the rules of a file ask about one of several schools; its pupils are read with their part."""
    return File(
        filename="",
        year_be=job["year_be"],
        round_no=job["round_no"],
        school=School(None),
        closed_smis=frozenset(job["closed"]),
        known_smis=frozenset(job["known"]),
        no_pupils=False,
        same_bytes_as_version=None,
        external_links=False,
        sheet=sheet,
        layout=layout,
        pupils=(),
        rules=rules,
    )
