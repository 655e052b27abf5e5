"""How a pupil of a roll looks to who may see the whole row."""

from __future__ import annotations

from collections.abc import Sequence

from services.rounds.rules.dmc.layout import COLUMNS


def filled(cells: Sequence[str]) -> list[dict[str, str]]:
    """The columns of a row that hold something, in the order of the file; nothing is masked."""
    return [
        {"field": column.field, "header": column.header, "value": value}
        for column, value in zip(COLUMNS, cells, strict=True)
        if value
    ]
