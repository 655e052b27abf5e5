"""``khet register verify``: an export is proven by itself, as the page gives it away and as the API does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shared.chained_lines import chained, head_of
from shared.cli.commands import khet

LINES = [{"no": no, "suffix": "", "display_no": f"ศธ 04xxx/{no}", "for": f"เรื่องที่ {no}"} for no in range(1, 6)]


def export(lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    year = {"book_id": "b", "kind": "sent", "owner": "office", "be_year": 2569, "closed_at": None, "head": None}
    return {**year, "lines": lines, "computed_head": head_of(lines), **more}


def as_lines(document: dict[str, Any]) -> str:
    year = {name: value for name, value in document.items() if name != "lines"}
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (year, *document["lines"]))


def verify(folder: Path, text: str, *arguments: str) -> Result:
    file = folder / "export.jsonl"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(khet, ["register", "verify", str(file), *arguments])


@pytest.mark.parametrize("written", [as_lines, json.dumps], ids=["page", "api"])
def test_what_nobody_touched_is_sound(tmp_path: Path, written: Any) -> None:
    lines = list(chained(LINES))
    head = lines[-1]["digest"]
    document = export(lines, head=head, closed_at="2027-01-04T09:00:00+07:00")
    outcome = verify(tmp_path, written(document), "--head", head)
    assert outcome.exit_code == 0, outcome.output
    assert outcome.output == (f"office sent 2569: sound; closed 2027-01-04T09:00:00+07:00\n5 lines; head {head}\n")


@pytest.mark.parametrize(
    ("touch", "says"),
    [
        (lambda lines: lines[2].update({"for": "เรื่องอื่น"}), "line 3 (ศธ 04xxx/3)"),
        (lambda lines: lines.pop(1), "line 2 (ศธ 04xxx/3)"),
        (lambda lines: lines.insert(0, dict(lines[0])), "line 2 (ศธ 04xxx/1)"),
        (lambda lines: lines[4].pop("digest"), "line 5 (ศธ 04xxx/5)"),
        (lambda lines: lines.pop(), "the last digest of the export is"),
    ],
    ids=["changed", "removed", "put in", "without digest", "cut off"],
)
def test_what_somebody_touched_is_named(tmp_path: Path, touch: Any, says: str) -> None:
    lines = list(chained(LINES))
    document = export(lines)
    touch(lines)
    outcome = verify(tmp_path, as_lines(document))
    assert outcome.exit_code == 1
    assert "1 FAULTS; not closed yet" in outcome.output and says in outcome.output


def test_a_file_written_anew_is_betrayed_by_the_digest_that_was_noted(tmp_path: Path) -> None:
    noted = list(chained(LINES))[-1]["digest"]
    forged = list(chained([{**LINES[0], "for": "เรื่องอื่น"}, *LINES[1:]]))
    document = export(forged, head=head_of(forged))
    assert verify(tmp_path, as_lines(document)).exit_code == 0
    outcome = verify(tmp_path, as_lines(document), "--head", noted)
    assert outcome.exit_code == 1 and f"the digest that was noted is {noted}" in outcome.output


def test_an_empty_year_has_a_digest_too(tmp_path: Path) -> None:
    document = export([])
    assert verify(tmp_path, as_lines(document), "--head", head_of([])).exit_code == 0
    assert verify(tmp_path, as_lines(document), "--head", "0" * 64).exit_code == 1


@pytest.mark.parametrize("text", ["", "เลขที่,เรื่อง\n", "[1, 2]\n", '{"a": 1}\n'])
def test_something_else_is_no_export(tmp_path: Path, text: str) -> None:
    outcome = verify(tmp_path, text)
    assert outcome.exit_code == 1 and "export.jsonl" in outcome.output
