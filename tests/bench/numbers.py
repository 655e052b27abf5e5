"""Letters keyed in and numbered: the whole command beside raw SQL that writes the same rows, and beside counting alone.

Sixteen clerks of three registries at once, in two processes, on a
PostgreSQL that syncs its log; raw SQL and counting come from as many clients in as many processes.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from services.documents.letters.commands import create_letter
from services.documents.registers.rules import BookKind
from shared.settings import Settings
from tests.running.documents_desk import DocumentsDesk, book, letter_fields, open_desk
from tests.servers import PostgresServer, plain_dsn

PROCESSES, CLIENTS = 2, 8
# of each process
LETTERS, COUNTED = 200, 2_000
LEAST_TO_RAW, LEAST_TO_BARE = 0.6, 0.35
REGISTRIES = {"registrar": "5704", "schoolclerk": "57040001", "stranger": "5703"}
BOOKS = [book(BookKind.RECEIVED, unit) for unit in REGISTRIES.values()]
COUNT = (
    "INSERT INTO register_counter (book_id, be_year, last_no, opening_no) VALUES (%s, 2600, 1, 0) "
    "ON CONFLICT (book_id, be_year) DO UPDATE SET last_no = register_counter.last_no + 1 RETURNING last_no"
)
# what a letter with a number leaves behind, in an order in which it may be written, and what names the letter there
ROWS = {
    "letter": "id", "letter_place": "letter_id", "letter_step": "letter_id", "register_entry": "letter_id",
    "letter_text": "letter_id", "audit": "subject", "outbox": "aggregate",
}  # fmt: skip

Job = Callable[[Any], object]
Connection = psycopg.Connection[Any]
# of every table the rows that bear it
Letter = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Throughput:
    """A second: letters by the command, the same rows by raw SQL, counters counted."""

    full: float
    raw: float
    bare: float

    def line(self) -> str:
        return (
            f"letters keyed in and numbered {self.full:.0f}/s; raw SQL with the same rows {self.raw:.0f}/s, ratio "
            f"{self.full / self.raw:.2f}; counting alone {self.bare:.0f}/s, ratio {self.full / self.bare:.2f}"
        )

    @property
    def is_good(self) -> bool:
        return self.full >= LEAST_TO_RAW * self.raw and self.full >= LEAST_TO_BARE * self.bare


def throughput(folder: Path, server: PostgresServer) -> Throughput:
    """Measure all three on one database, one after the other."""
    desks = open_desk(folder, server)
    settings = next(desks).settings
    full = _rate(_key_in, settings, [range(LETTERS)] * PROCESSES)
    with psycopg.connect(plain_dsn(settings.database_url)) as connection:
        written = _letters(connection)
        connection.execute(f"TRUNCATE {', '.join(ROWS)} CASCADE")
    raw = _rate(_write, settings, [written[number::PROCESSES] for number in range(PROCESSES)])
    bare = _rate(_count, settings, [range(COUNTED)] * PROCESSES)
    desks.close()
    return Throughput(full, raw, bare)


def _rate(worker: Callable[..., Any], settings: Settings, shares: list[Any]) -> float:
    """How many a second, from when all processes are ready."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(PROCESSES + 1)
    processes = [context.Process(target=worker, args=(settings, share, ready, n)) for n, share in enumerate(shares)]
    for process in processes:
        process.start()
    ready.wait(60)
    started = time.perf_counter()
    for process in processes:
        process.join(300)
        assert process.exitcode == 0
    return sum(map(len, shares)) / (time.perf_counter() - started)


def _key_in(settings: Settings, share: range, ready: Any, number: int) -> None:
    desk = DocumentsDesk(settings)

    def key_in(who: str, each: int, _: None) -> None:
        values = letter_fields(subject=f"ขอเชิญประชุม {number}/{each}", doc_no=f"ศธ 04006/{number}{each}")
        desk.command(who, create_letter, values=values, register=True)

    _shared_out([partial(key_in, *job) for job in zip(cycle(REGISTRIES), share, strict=False)], ready)


def _write(settings: Settings, share: list[Letter], ready: Any, _: int) -> None:
    statements = {table: _insert(table, list(rows[0])) for table, rows in share[0].items()}

    def write(letter: Letter, connection: Connection) -> None:
        with connection.transaction():
            connection.execute(COUNT, (letter["register_entry"][0]["book_id"],)).fetchone()
            for table, rows in letter.items():
                for row in rows:
                    connection.execute(statements[table], row)

    _shared_out([partial(write, letter) for letter in share], ready, settings)


def _count(settings: Settings, share: range, ready: Any, _: int) -> None:
    def count(book_id: str, connection: Connection) -> None:
        connection.execute(COUNT, (book_id,)).fetchone()

    _shared_out([partial(count, book_id) for book_id, _ in zip(cycle(BOOKS), share, strict=False)], ready, settings)


def _shared_out(jobs: list[Job], ready: Any, settings: Settings | None = None) -> None:
    """Have the clients of a process do the jobs, each with a connection of its own where they are SQL."""

    def client(number: int) -> None:
        if settings is None:
            for job in jobs[number::CLIENTS]:
                job(None)
            return
        with psycopg.connect(plain_dsn(settings.database_url), autocommit=True) as connection:
            for job in jobs[number::CLIENTS]:
                job(connection)

    with ThreadPoolExecutor(CLIENTS) as clients:
        ready.wait(60)
        for done in [clients.submit(client, number) for number in range(CLIENTS)]:
            done.result()


def _insert(table: str, columns: list[str]) -> str:
    names, values = map(sql.Identifier, columns), map(sql.Placeholder, columns)
    joined = sql.SQL(", ").join(names), sql.SQL(", ").join(values)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), *joined).as_string()


def _letters(connection: Connection) -> list[Letter]:
    """The rows of every letter by table, as they may be written again."""
    letters: defaultdict[str, defaultdict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    of_entry: dict[str, str] = {}
    for table, column in ROWS.items():
        everything = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
        for row in connection.cursor(row_factory=psycopg.rows.dict_row).execute(everything):
            named = row[column].rpartition("/")[2]
            if table == "register_entry":
                of_entry[row["id"]] = named
            written = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in row.items()}
            letters[of_entry.get(named, named)][table].append(written)
    return [dict(letter) for letter in letters.values()]
