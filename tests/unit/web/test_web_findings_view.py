"""Findings as the page shows them: which cells can be corrected beside them, how many there are when narrowed."""

from __future__ import annotations

from typing import Any

from gateway.web.findings_view import FindingChoice, correctable, counted, group


def finding(number: int, rule: str, severity: str, row: int | None, column: str | None) -> dict[str, Any]:
    return {
        "id": str(number), "rule": rule, "severity": severity, "row": row, "column": column, "state": "open",
        "suggestion": "แก้",
    }  # fmt: skip


def test_each_cell_is_corrected_at_one_place_and_headers_nowhere() -> None:
    found = [
        finding(1, "F07", "WARN", 2, "AN"),
        finding(2, "F08", "ERROR", None, None),
        finding(3, "H01", "ERROR", 5, "M"),
        finding(4, "H04", "WARN", 5, "M"),
        finding(5, "H04", "WARN", 6, None),
        finding(6, "P06", "INFO", 7, "K"),
        finding(7, "C03", "WARN", 7, "K"),
    ]
    assert correctable(group(found, counted(found))) == {"3", "7"}


def test_a_narrowed_list_counts_what_it_shows() -> None:
    found = [finding(1, "P01", "ERROR", 3, "I"), finding(2, "P01", "ERROR", 4, "I")]
    assert [(one.rule, one.total) for one in group(found, counted(found))] == [("P01", 2)]


def test_the_comparison_is_a_choice_of_its_own() -> None:
    choice = FindingChoice.from_query({"since": "fixed", "state": "gone"})
    assert (choice.as_filter(), choice.is_narrowed) == ({"since": "fixed"}, True)
    assert FindingChoice.from_query({"since": "ever"}).since == ""
