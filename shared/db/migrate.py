"""Migrations: each service's own, run by Alembic from code."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, pool, text

from shared.settings import Settings

SERVICES = Path(__file__).resolve().parents[2] / "services"


def metadata_of(service: str) -> MetaData:
    """Every table of ``service``, as its code declares them."""
    definition = importlib.import_module(f"services.{service}.bootstrap").DEFINITION
    metadata: MetaData = definition.base.metadata
    return metadata


def config_for(service: str, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    config.attributes["url"] = url
    config.attributes["metadata"] = metadata_of(service)
    return config


def upgrade(service: str, settings: Settings) -> None:
    """Bring the database of ``service`` to the newest version."""
    url = settings.database_of(service)
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(config_for(service, url), "head")


def make(service: str, url: str, message: str, revision: str) -> None:
    """Write a new migration from the difference between the tables of the code and the database at ``url``."""
    command.revision(config_for(service, url), message, autogenerate=True, rev_id=revision)


def index_tables(connection: Connection) -> frozenset[str]:
    """The tables that SQLite shows and no code declares: full-text indexes, and those in which it keeps them."""
    if connection.dialect.name != "sqlite":
        return frozenset()
    listed = connection.execute(text("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')"))
    return frozenset(listed.scalars())


def run_environment() -> None:
    """The body of every ``migrations/env.py``."""
    config = context.config
    engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=config.attributes["metadata"],
            render_as_batch=engine.dialect.name == "sqlite",
            render_item=_render_item,
            # asked only when a migration is written; asked here, it would open a transaction that is not Alembic's
            include_name=lambda name, kind, _: kind != "table" or name not in index_tables(connection),
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


def _render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our column types by their public names."""
    if kind == "type" and type(item).__module__ == "shared.db.types":
        autogen.imports.add("from shared.db import types")
        return f"types.{type(item).__name__}()"
    return False
