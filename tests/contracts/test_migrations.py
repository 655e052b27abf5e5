"""The tables of the code and the migrations of every service say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from shared.db.migrate import config_for, index_tables, metadata_of, upgrade
from shared.runtime.processes import PROCESSES
from shared.settings import Settings

SERVICES = [process.name for process in PROCESSES.values() if process.database]
# SQLite keeps an index of words in tables of its own
OF_AN_INDEX = ("letter_text_grams",)


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or not (name or "").startswith(OF_AN_INDEX)


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_lead_to_the_tables_of_the_code(service: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    upgrade(service, settings)
    engine = create_engine(settings.database_of(service))
    with engine.connect() as connection:
        undeclared = index_tables(connection)
        options = {
            "compare_type": True,
            "render_as_batch": True,
            "include_name": lambda name, kind, _: kind != "table" or name not in undeclared,
        }
        context = MigrationContext.configure(connection, opts=options)
        differences: list[Any] = compare_metadata(context, metadata_of(service))
        tables = set(inspect(connection).get_table_names()) - undeclared
    engine.dispose()
    assert differences == []
    assert set(metadata_of(service).tables) == tables - {"alembic_version"}


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_are_one_line_without_branches(service: str) -> None:
    scripts = ScriptDirectory.from_config(config_for(service, "sqlite://"))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_twice_changes_nothing(service: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    upgrade(service, settings)
    before = (tmp_path / "db" / f"{service}.sqlite").read_bytes()
    upgrade(service, settings)
    assert (tmp_path / "db" / f"{service}.sqlite").read_bytes() == before
