"""The register of an old system read by a child process, as a service would have it read."""

from __future__ import annotations

from pathlib import Path

from shared.runtime.children import ChildPool
from shared.workbooks.container import inspect
from tests.running.old_registers import Amounts, as_xlsx, make

TASK = "services.documents.oldregisters.reading:read_register"


def test_a_child_reads_five_thousand_rows_and_tells_how_far_it_is(tmp_path: Path) -> None:
    table, planted = make(1, Amounts())
    path = tmp_path / "register"
    path.write_bytes(as_xlsx(table))
    job = {
        "path": str(path),
        "kind": inspect(path, "ทะเบียนรับ.xlsx").kind,
        "filename": "ทะเบียนรับ.xlsx",
        "book_kind": "received",
        "known": [[2569, 1, ""]],
        "today": "2026-11-28",
    }
    steps: list[tuple[str, int, int]] = []
    pool = ChildPool(1, memory_mb=1536, seconds=120)
    try:
        report = pool.run(TASK, job, lambda *step: steps.append(step))
    finally:
        pool.close()
    assert report["counts"]["unreadable"] == len(planted.unreadable)
    assert sum(same["is_in_book"] for same in report["same_numbers"]) == 1
    assert {(gap["be_year"], gap["first"], gap["last"]) for gap in report["gaps"]} == planted.gaps
    assert steps == [("scan", 0, 1), ("read", 0, len(table)), ("read", len(table), len(table))]
