"""What a chart of a report shows: its bars, from the same cells that stand in the table."""

from __future__ import annotations

from typing import Any

from services.reporting.reports.sheets import SUBTOTAL, Row, Sheet

MOST_BARS, BARS_OF_MANY = 30, 20


def drawn(sheet: Sheet) -> dict[str, Any] | None:
    """Title, series and bars; None where there is nothing to draw. Of very many rows those with the highest bars."""
    if sheet.chart is None:
        return None
    titles = {column.key: column.title for column in sheet.columns}
    series = sheet.chart.series
    rows = [row for row in _lines(sheet) if row.cells[series[0]] is not None]
    title = sheet.chart.title
    if len(rows) > MOST_BARS:
        rows = sorted(rows, key=lambda row: -sum(_height(row.cells[key]) for key in series))[:BARS_OF_MANY]
        title = f"{title} ({BARS_OF_MANY} แถวที่มากที่สุด)"
    if not rows:
        return None
    return {
        "title": title,
        "series": [{"key": key, "title": titles[key]} for key in series],
        "bars": [{"label": row.name, "values": [row.cells[key] for key in series]} for row in rows],
    }


def _lines(sheet: Sheet) -> list[Row]:
    """The rows that are no sums of others; where those are only halves of something, the sums."""
    whole = [row for row in sheet.rows if row.across]
    return [row for row in whole if row.kind != SUBTOTAL] or whole


def _height(value: Any) -> float:
    return 0 if isinstance(value, str) or value is None else value
