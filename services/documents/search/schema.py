"""What a migration has to say for :mod:`services.documents.search.tables` beside the table itself.

Everything here is PostgreSQL's and SQLite's own: no extension, nothing that depends on the locale of the database.
"""

from __future__ import annotations

from typing import Any

FTS = "letter_text_grams"

# SQLite keeps this index in step by itself; it is told the words that were there to take them out again
_SQLITE = (
    "CREATE VIRTUAL TABLE letter_text_grams USING fts5("
    "grams, content='letter_text', content_rowid='seq', tokenize='ascii', detail='none', columnsize=0)",
    "CREATE TRIGGER letter_text_stored AFTER INSERT ON letter_text BEGIN "
    "INSERT INTO letter_text_grams(rowid, grams) VALUES (new.seq, new.grams); END",
    "CREATE TRIGGER letter_text_removed AFTER DELETE ON letter_text BEGIN "
    "INSERT INTO letter_text_grams(letter_text_grams, rowid, grams) VALUES ('delete', old.seq, old.grams); END",
)

_POSTGRESQL = (
    # out of the row, and not pressed: hashes do not get shorter, and the row stays small to walk along
    "ALTER TABLE letter_text ALTER COLUMN grams SET STORAGE EXTERNAL",
    # nothing is planned by them: terms share their grams, so that those of a common word multiply to none at all
    "ALTER TABLE letter_text ALTER COLUMN grams SET STATISTICS 0",
    # what waits in the index unsorted is read whole by every search
    "CREATE INDEX ix_letter_text_grams ON letter_text USING gin (grams) WITH (fastupdate = off)",
    # of these there are statistics, by which the newest of an office are walked along and the few of a school fetched
    "CREATE INDEX ix_letter_text_reach ON letter_text USING gin (reach) WITH (fastupdate = off)",
)


def upgrade_postgresql(op: Any) -> None:
    """Index ``letter_text``; ``op`` is Alembic's (anything with ``execute``)."""
    for statement in _POSTGRESQL:
        op.execute(statement)


def upgrade_sqlite(op: Any) -> None:
    """Index ``letter_text``; ``op`` is Alembic's (anything with ``execute``)."""
    for statement in _SQLITE:
        op.execute(statement)
