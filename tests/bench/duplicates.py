"""The look-up of one school's file among 6.5 million pupils of 245 areas, as the service does it when a file stands."""

from __future__ import annotations

import dataclasses
import hashlib
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from services.rounds.duplicates.lookup import shared_ids, shared_names
from services.rounds.pupils.tables import PupilEntry
from shared.db.engine import Database
from shared.db.migrate import upgrade
from shared.security import secrets
from shared.settings import Settings
from tests.servers import PostgresServer
from tests.servers.postgres import plain_dsn

AREAS = 245
SCHOOLS = 90
PUPILS = 295
ROWS = AREAS * SCHOOLS * PUPILS  # 6.5 million
SHARED = 3
LOOK_UPS = 200
# of what a machine that does other things besides may take at worst, and of what reading the file's own rows takes
MOST_MILLISECONDS = 250.0
MOST_RATIO = 15.0
FILL_SECONDS = 900.0


@dataclass(frozen=True)
class LookUps:
    """Milliseconds of each look-up of a whole file, how long filling the index took, and how it was answered."""

    rows: int
    fill_seconds: float
    by_id: list[float]
    by_name: list[float]
    own_rows: list[float]
    plan: str

    def line(self) -> str:
        def said(name: str, times: list[float]) -> str:
            return f"{name} median {statistics.median(times):.1f} ms, p99 {p99(times):.1f} ms"

        return (
            f"duplicates of a file of {PUPILS} pupils among {self.rows:,} (filled in {self.fill_seconds:.0f} s): "
            f"{said('by id', self.by_id)}; {said('by name', self.by_name)}; "
            f"{said('its own rows alone', self.own_rows)}; ratio {self.ratio:.1f}"
        )

    @property
    def ratio(self) -> float:
        """A look-up by id beside reading the rows that are looked up."""
        return statistics.median(self.by_id) / statistics.median(self.own_rows)

    @property
    def is_good(self) -> bool:
        """Milliseconds, by the indexes, and the index was filled in a bounded time."""
        return (
            p99(self.by_id) < MOST_MILLISECONDS
            and p99(self.by_name) < MOST_MILLISECONDS
            and self.ratio < MOST_RATIO
            and "Seq Scan" not in self.plan
            and "ix_pupil_entry_id_key" in self.plan
            and self.fill_seconds < FILL_SECONDS
        )


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99) - 1]


def look_ups(folder: Path, server: PostgresServer, areas: int = AREAS) -> LookUps:
    """Fill an index of ``areas`` rounds on ``server`` and look files up in it."""
    url = server.create_database("khet_bench_rounds", "khet_bench_rounds", "pw")
    settings = Settings(data=folder, env="test", clock_file=str(folder / "clock"))
    secrets.create(settings.secrets_root)
    upgrade("rounds", dataclasses.replace(settings, mode="services", amqp_url="amqp://127.0.0.1:1//", database_url=url))
    versions = [[str(uuid.UUID(int=area * SCHOOLS + school + 1)) for school in range(SCHOOLS)] for area in range(areas)]
    started = time.perf_counter()
    _fill(plain_dsn(url), versions)
    seconds = time.perf_counter() - started
    database = Database(url, 2)
    chance = random.Random(1)
    chosen = [chance.choice(chance.choice(versions)) for _ in range(LOOK_UPS)]
    with database.read() as session:
        by_id = [_milliseconds(session, shared_ids(version)) for version in chosen]
        by_name = [_milliseconds(session, shared_names(version)) for version in chosen]
        own_rows = [_milliseconds(session, own_rows_of(version)) for version in chosen]
        plan = _plan(session, chosen[0])
    database.close()
    return LookUps(areas * SCHOOLS * PUPILS, seconds, by_id, by_name, own_rows, plan)


def own_rows_of(version: str) -> Select[tuple[bytes | None]]:
    """The least that a look-up has to read: the version's own ids."""
    return select(PupilEntry.id_key).where(PupilEntry.submission_id == version)


def _milliseconds(session: Session, statement: object) -> float:
    started = time.perf_counter()
    found = session.execute(statement).all()  # type: ignore[call-overload]
    taken = (time.perf_counter() - started) * 1000
    assert len(found) >= SHARED
    return taken


def _plan(session: Session, version: str) -> str:
    compiled = shared_ids(version).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(row[0] for row in session.execute(text(f"EXPLAIN {compiled}")))


def _fill(dsn: str, versions: list[list[str]]) -> None:
    """The index as it is after every school of the country has sent; the statistics are those autovacuum makes."""
    with psycopg.connect(dsn) as connection:
        connection.execute("ALTER TABLE pupil_entry DROP CONSTRAINT fk_pupil_entry_submission_id")
        with connection.cursor() as cursor, cursor.copy(
            "COPY pupil_entry (submission_id, row, round_id, smis, id_key, person_key, name_key, grade, room, sex, "
            "active) FROM STDIN WITH (FORMAT BINARY)"
        ) as copy:
            copy.set_types(
                ["varchar", "int4", "varchar", "varchar", "bytea", "bytea", "bytea", "int2", "int2", "varchar", "bool"]
            )
            for row in _rows(versions):
                copy.write_row(row)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ANALYZE pupil_entry")


def _rows(versions: list[list[str]]) -> Iterator[tuple[object, ...]]:
    """Each school shares its first pupils with the next one: under the same id, and as many under another."""
    for area, schools in enumerate(versions):
        round_id = str(uuid.UUID(int=(1 << 64) + area))
        for school, version in enumerate(schools):
            smis = f"{area:04d}{school:04d}"
            for pupil in range(PUPILS):
                shared = pupil < 2 * SHARED and school % 2 == 1
                who = f"{area}/{school - 1 if shared else school}/{pupil}"
                is_renamed = shared and pupil >= SHARED
                number = _key(f"{who}/{'other' if is_renamed else 'own'}")
                yield (version, pupil + 3, round_id, smis, number, _key(f"p{who}"), _key(f"n{who}"), 4, 1, "M", True)


def _key(what: str) -> bytes:
    return hashlib.blake2b(what.encode(), digest_size=16).digest()
