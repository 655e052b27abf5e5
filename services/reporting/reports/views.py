"""How a table of a report looks to the outside."""

from __future__ import annotations

from typing import Any

from services.reporting.reports.drawing import drawn
from services.reporting.reports.sheets import Column, Row, Sheet


def sheet_view(sheet: Sheet | None) -> dict[str, Any]:
    """Columns, rows, total and chart; all empty where there is no table."""
    return {
        "columns": [_column(column) for column in sheet.columns] if sheet else [],
        "rows": [_row(row) for row in sheet.rows] if sheet else [],
        "total": _row(sheet.total) if sheet and sheet.total else None,
        "chart": drawn(sheet) if sheet else None,
    }


def _column(column: Column) -> dict[str, Any]:
    return {"key": column.key, "title": column.title, "kind": column.kind}


def _row(row: Row) -> dict[str, Any]:
    return {**row.cells, "kind": row.kind}
