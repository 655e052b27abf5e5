"""Who may import what (DESIGN §3), as allow-lists. The layers themselves are in ``.importlinter``."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/service.py"))
STANDARD = sys.stdlib_module_names
GREEN = {"nameko", "kombu", "eventlet", "amqp", "greenlet"}
# what pure rules may say beside the standard library: Thai things, the one error, the names of events
PURE = ("shared.thai", "shared.problems", "shared.bus.contracts")


def modules(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def breaches(paths: list[Path], refused: Callable[[str], bool]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} {name}" for path in paths for line, name in imports(path) if refused(name)
    ]


def of_the_house(name: str) -> bool:
    return within(name, ("shared", "services", "gateway", "tests"))


def test_only_shared_and_the_entrypoints_know_nameko() -> None:
    paths = [path for path in modules("services") + modules("gateway") if path.name != "service.py"]
    assert breaches(paths, lambda name: name.split(".")[0] in GREEN) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_only_itself_and_shared(service: str) -> None:
    allowed = (f"services.{service}", "shared")
    assert breaches(modules(f"services/{service}"), lambda name: of_the_house(name) and not within(name, allowed)) == []


def test_the_gateway_imports_only_itself_and_shared() -> None:
    allowed = ("gateway", "shared")
    assert breaches(modules("gateway"), lambda name: of_the_house(name) and not within(name, allowed)) == []


def test_shared_imports_no_service() -> None:
    """What it starts it knows as dotted strings."""
    assert breaches(modules("shared"), lambda name: of_the_house(name) and not within(name, ("shared",))) == []


def test_the_gateway_opens_no_database() -> None:
    refused = ("sqlalchemy", "psycopg", "alembic", "shared.db")
    assert breaches(modules("gateway"), lambda name: within(name, refused)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "services").rglob("rules.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_rules_are_pure(path: Path) -> None:
    service = ROOT.joinpath(*path.relative_to(ROOT).parts[:2])
    own_rules = (".".join(other.relative_to(ROOT).with_suffix("").parts) for other in service.rglob("rules.py"))
    allowed = (*PURE, *own_rules)
    assert breaches([path], lambda name: not within(name, allowed) and name.split(".")[0] not in STANDARD) == []


def test_the_rules_of_registers_are_pure_but_for_the_files_they_read() -> None:
    allowed = ("shared.thai", "services.rounds.rules", "shared.workbooks", "polars")
    paths = modules("services/rounds/rules")
    assert breaches(paths, lambda name: not within(name, allowed) and name.split(".")[0] not in STANDARD) == []


def test_what_is_said_of_an_old_register_is_pure_but_for_reading_its_file() -> None:
    rules = ("services.documents.letters.rules", "services.documents.registers.rules")
    allowed = ("shared.thai", "services.documents.oldregisters", *rules)
    paths = [path for path in modules("services/documents/oldregisters") if path.name != "reading.py"]
    assert paths
    assert breaches(paths, lambda name: not within(name, allowed) and name.split(".")[0] not in STANDARD) == []


def test_the_clocks_of_letters_are_pure() -> None:
    allowed = ("shared.thai", "services.documents.letters.rules")
    paths = [ROOT / "services/documents/tasks/due.py"]
    assert breaches(paths, lambda name: not within(name, allowed) and name.split(".")[0] not in STANDARD) == []


def test_nothing_is_imported_inside_a_function_to_dodge_a_circle() -> None:
    """But for the one choice that must come before an import."""
    inner = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("shared", "services", "gateway")
        for path in modules(folder)
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert {place.split(":")[0] for place in inner} <= {"shared/runtime/green.py", "shared/runtime/child.py"}
