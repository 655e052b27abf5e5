"""The previous round beside a report, and the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.reporting.reports.sheets import GRADE, LINE, NOTE, Column, Row, Sheet, Sum

PREVIOUS, CHANGE = "previous_", "change_"


@dataclass(frozen=True)
class Beside:
    """How the previous round is set beside this one.

    ``compared`` are the columns. ``same_pupils`` is false where the lines are grades of another academic year: then
    each line shows both numbers, but no difference, as they are other pupils. ``additive``: a line that is only in the
    earlier round has nobody in it now; else it is a school or a group that is not in this round. ``earlier`` is what
    is set beside, in words.
    """

    compared: Sequence[str]
    same_pupils: bool
    additive: bool
    earlier: str = "รอบก่อน"


def beside(now: Sheet, before: Sheet, how: Beside) -> Sheet:
    """``now`` with the columns of ``before``, and the difference of each (now less before)."""
    columns = {column.key: column for column in now.columns}
    compared = [columns[key] for key in how.compared if key in columns]
    if not compared:
        return now
    earlier = {row.id: row for row in before.all_rows}
    rows = _merged(now, before.rows, how.additive)
    added = [column for one in compared for column in _columns(one, how.earlier)]
    return replace(
        now,
        columns=(
            *(column for column in now.columns if column.kind != NOTE),
            *added,
            *(column for column in now.columns if column.kind == NOTE),
        ),
        rows=tuple(_with_previous(row, earlier.get(row.id), compared, how) for row in rows),
        total=_with_previous(now.total, earlier.get(now.total.id), compared, how) if now.total else None,
        row_sums=_sums(now.row_sums, before.row_sums) if how.additive else now.row_sums,
    )


def _sums(now: Sequence[Sum], before: Sequence[Sum]) -> tuple[Sum, ...]:
    """The sums of both rounds. A row that is summed up in several ways is so in both, in the same order."""
    merged = list(now)
    place: Counter[Any] = Counter()
    for past in before:
        same = [index for index, one in enumerate(now) if one.whole == past.whole][place[past.whole] :][:1]
        place[past.whole] += 1
        for index in same:
            parts = merged[index].parts
            merged[index] = Sum(past.whole, (*parts, *(part for part in past.parts if part not in parts)))
        if not same:
            merged.append(past)
    return tuple(merged)


def _columns(column: Column, before: str) -> tuple[Column, Column]:
    earlier = replace(column, key=PREVIOUS + column.key, title=f"{column.title} ({before})")
    kind = "points" if column.kind == "rate" else "change"
    derived = (column.key, earlier.key, *column.derived)
    return earlier, Column(CHANGE + column.key, f"{column.title} (เพิ่ม/ลด)", kind, derived=derived)


def _merged(now: Sheet, before: Iterable[Row], additive: bool) -> list[Row]:
    """The rows of both rounds; what only the earlier one has comes where it stood there."""
    rows = list(now.rows)
    place = 0
    for past in before:
        found = next((index for index, row in enumerate(rows) if row.id == past.id), None)
        if found is not None:
            place = found + 1
            continue
        if additive:
            texts = {column.key for column in now.columns if column.kind == "text"}
            cells = {column.key: past.cells.get(column.key) if column.key in texts else 0 for column in now.columns}
            rows.insert(place, replace(past, cells=cells))
            place += 1
    return rows


def _with_previous(row: Row, past: Row | None, compared: Sequence[Column], how: Beside) -> Row:
    cells = dict(row.cells)
    absent = 0 if how.additive else None
    for column in compared:
        earlier = past.cells.get(column.key) if past else absent
        is_comparable = how.same_pupils or row.kind not in (GRADE, LINE)
        cells[PREVIOUS + column.key] = earlier
        cells[CHANGE + column.key] = _difference(cells[column.key], earlier) if is_comparable else None
    return replace(row, cells=cells)


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 4)
