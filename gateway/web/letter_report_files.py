"""A report of letters as a file: what stands above and behind its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web.report_files import Paper, xlsx_of
from gateway.web.thai import paper_day, paper_moment


def name_of(report: Mapping[str, Any], ending: str) -> str:
    """What the file is called."""
    parts = [report["title"], _way(report), report["unit_name"], report["period"]["title"]]
    return " ".join(part for part in parts if part).replace("/", "-") + f".{ending}"


def as_xlsx(report: Mapping[str, Any]) -> bytes:
    """A report as XLSX, printed like every other."""
    period = report["period"]
    days = f"{paper_day(period['first'])} ถึง {paper_day(period['last'])}"
    heading = [f"{report['title']} {_way(report)} {period['title']}", days]
    heading += [report["unit_name"]] if report["unit_name"] else []
    notes = [*report["notes"], f"จัดทำเมื่อ {paper_moment(report['created_at'])}"]
    if report["is_compared"]:
        notes.insert(0, f"ช่วงก่อน: {report['previous']['title']}")
    return xlsx_of(report, Paper(heading, notes, header=period["title"]))


def _way(report: Mapping[str, Any]) -> str:
    return next(str(way["title"]) for way in report["ways"] if way["id"] == report["by"])
