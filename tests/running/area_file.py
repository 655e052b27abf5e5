"""The area's file: the files of several schools put into one workbook, their rows in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import openpyxl

from services.rounds.synthetic.generate import Generated
from tests.running.dmc import header_and_rows


@dataclass(frozen=True)
class AreaFile:
    """``rows[smis][n]`` is the row in this file of the pupil who stands in row ``n`` of that school's own."""

    path: Path
    rows: dict[str, dict[int, int]]


def area_file(folder: Path, files: dict[str, Generated], strangers: Sequence[str] = ()) -> AreaFile:
    """Join the files of schools, by code; after them a row for each code of ``strangers``, copied from the first."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("นักเรียนทั้งเขต")
    tables = {smis: header_and_rows(made.path) for smis, made in files.items()}
    header, first = next(iter(tables.values()))
    sheet.append(header)
    rows: dict[str, dict[int, int]] = {smis: {} for smis in files}
    at = 1
    for turn in zip_longest(*(own.items() for _, own in tables.values())):
        for smis, line in zip(files, turn, strict=True):
            if line is not None:
                at += 1
                rows[smis][line[0]] = at
                sheet.append(line[1])
    place = header.index("รหัสโรงเรียน")
    for code in strangers:
        stranger = list(next(iter(first.values())))
        stranger[place] = code
        sheet.append(stranger)
    path = folder / f"area-{len(list(folder.iterdir()))}.xlsx"
    book.save(path)
    return AreaFile(path, rows)
