"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("shared", "services", "gateway", "tests")
# these wait for processes outside Python, and say for what; everything else waits through tests/running/waiting.py
MAY_SLEEP = (
    "tests/running/",
    "tests/servers/",
    "tests/integration/test_servers.py",
    "tests/integration/child_tasks.py",  # what a child does that takes too long
    "tests/unit/http/conftest.py",
)
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "stuff"}


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "node_modules" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that is called, read as an attribute, or used as a decorator."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)


def test_tests_wait_for_conditions_not_for_time() -> None:
    sleeping = [
        f"{name_of(path)}:{line}"
        for path in python_files("tests")
        if not name_of(path).startswith(MAY_SLEEP)
        for line, name in calls(path)
        if name in {"time.sleep", "eventlet.sleep", "asyncio.sleep"}
    ]
    assert sleeping == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    """What cannot run fails and says what is missing."""
    refused = re.compile(r"^(pytest\.(skip|xfail|importorskip)|pytest\.mark\.(skip|skipif|xfail)|unittest\.skip\w*)$")
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files("tests")
        for line, name in calls(path)
        if refused.match(name)
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in python_files(*SOURCES) if path.stem in VAGUE_NAMES] == []


def test_no_command_commits() -> None:
    """One commit, at the edge: the unit of work's."""
    committing = [
        f"{name_of(path)}:{line}"
        for path in python_files("services", "gateway")
        if "migrations" not in path.parts
        for line, name in calls(path)
        if name.endswith((".commit", ".rollback"))
    ]
    assert committing == []


def test_time_is_read_from_the_clock() -> None:
    """Tests move the whole system in time; what asks the machine would stay behind."""
    reading = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files("services", "gateway")
        for line, name in calls(path)
        if re.search(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)$", name)
    ]
    assert reading == []


@pytest.mark.parametrize("feature_file", ["rules.py", "tables.py", "commands.py", "queries.py"])
def test_the_files_of_features_begin_by_saying_what_they_hold(feature_file: str) -> None:
    silent = [
        name_of(path)
        for path in python_files("services")
        if path.name == feature_file and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_no_module_outgrows_a_reader() -> None:
    """50-400 lines; a feature that outgrows a file becomes a folder."""
    long = {name_of(path): len(path.read_text().splitlines()) for path in python_files("shared", "services", "gateway")}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_no_module_gives_a_name_twice() -> None:
    """What is defined anew further down replaces what stood above, and nothing says so: two merges do that."""
    twice = {}
    for path in python_files("shared", "services", "gateway"):
        body = ast.parse(path.read_text()).body
        named = [
            target.id
            for node in body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        ]
        named += [node.name for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        if found := [name for name, times in Counter(named).items() if times > 1]:
            twice[name_of(path)] = found
    assert twice == {}


def test_every_service_has_a_readme_with_events_and_runbook() -> None:
    for folder in sorted((ROOT / "services").iterdir()):
        if (folder / "service.py").exists():
            text = (folder / "README.md").read_text()
            assert "## Events" in text, folder.name
            assert "## Runbook" in text, folder.name


@pytest.mark.parametrize("page", ["README.md", "deploy/decisions/README.md"])
def test_what_a_readme_links_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text()
    places = [place for place in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in place]
    assert [place for place in places if not (ROOT / page).parent.joinpath(place).exists()] == []


def test_what_the_readme_names_in_code_is_there() -> None:
    """Paths in back quotes that begin with a folder of the repository; ``<…>`` is for the reader to fill."""
    named = re.findall(r"`((?:services|gateway|shared|tests|deploy)/[^`\s]*)`", (ROOT / "README.md").read_text())
    assert [path for path in named if not re.search(r"[<{*…]", path) and not (ROOT / path).exists()] == []
