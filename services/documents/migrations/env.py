"""Alembic's door to the migrations of this service."""

from shared.db.migrate import run_environment

run_environment()
