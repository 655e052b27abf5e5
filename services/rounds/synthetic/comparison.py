"""The rolls beside a file, and what follows from a file as a whole: small rooms, small schools, who came and who left.

These findings are counted when everything is planted, because every defect may add to them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from services.rounds.synthetic.defects.model import INFO, WARN, Mark
from services.rounds.synthetic.draft import Draft, Row

_SMALL_SCHOOL = 120
_SIZES = (120, 600, 1500)
_ROOM = range(3, 41)


def consequences(draft: Draft) -> list[Mark]:
    """The findings that nobody planted and everybody must expect."""
    found = [*_rooms(draft), *_size(draft)]
    return found + list(_compared(draft)) if draft.is_compared else found


def _rooms(draft: Draft) -> Iterator[Mark]:
    """Fewer than three or more than forty, said on the first pupil of the room."""
    first: dict[tuple[str, int], int] = {}
    heads: Counter[tuple[str, int]] = Counter()
    for number, row in enumerate(draft.rows):
        if row.placed:
            first.setdefault((row.grade, row.room), number)
            heads[row.grade, row.room] += 1
    return (Mark("C05", WARN, first[place], "room") for place, count in heads.items() if count not in _ROOM)


def _size(draft: Draft) -> Iterator[Mark]:
    if 0 < _present(draft.rows) <= _SMALL_SCHOOL:
        yield Mark("S02", INFO)


def _compared(draft: Draft) -> Iterator[Mark]:
    now, before = _present(draft.rows), _present(draft.before)
    if abs(now - before) > 5 and abs(now - before) * 10 > before:
        yield Mark("F09", WARN)
    if now and before and bisect_left(_SIZES, now) != bisect_left(_SIZES, before):
        yield Mark("S01", WARN)
    heads, heads_before = _heads(draft.rows), _heads(draft.before)
    for group in heads.keys() | heads_before.keys():
        if heads[group] != heads_before[group]:
            yield Mark("R01", WARN)
    here, there = _children(draft.rows), _children(draft.before)
    yield from (Mark("R02", WARN) for row in draft.before if row.is_present and id(row.pupil) not in here)
    for number, row in enumerate(draft.rows):
        if row.is_present and id(row.pupil) not in there:
            yield Mark("R03", WARN, number, "citizen_id")


def _present(rows: Iterable[Row]) -> int:
    return sum(row.is_present for row in rows)


def _heads(rows: Iterable[Row]) -> Counter[tuple[str, object]]:
    return Counter((row.grade, row.cells["sex"]) for row in rows if row.is_present)


def _children(rows: Iterable[Row]) -> set[int]:
    return {id(row.pupil) for row in rows}
