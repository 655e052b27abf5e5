"""Numbers given out: whole commands beside raw SQL that writes the same rows, and beside counting alone.

Sixteen clerks of three registries at once, in two processes, on a PostgreSQL that syncs its log; raw SQL and counting
come from as many clients in as many processes.
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
from services.documents.registers.commands import issue_number
from services.documents.registers.rules import BookKind
from shared.settings import Settings
from tests.running.documents_desk import DocumentsDesk, book, letter_fields, open_desk
from tests.servers import PostgresServer, plain_dsn

PROCESSES, CLIENTS = 2, 8
# of each process; the first few are not counted, in which statements are compiled and connections opened
WARMING, LETTERS, NUMBERS, COUNTED = 40, 600, 2_000, 4_000
# letters that are there before
KNOWN = 200
LEAST_TO_RAW, LEAST_TO_BARE = 0.6, 0.35
REGISTRIES = ("registrar", "schoolclerk", "stranger")
BOOKS = (
    ("registrar", book(BookKind.SENT)),
    ("registrar", book(BookKind.ORDER)),
    ("schoolclerk", book(BookKind.SENT, "57040001")),
    ("stranger", book(BookKind.SENT, "5703")),
)
COUNT = (
    "INSERT INTO register_counter (book_id, be_year, last_no, opening_no) VALUES (%s, 2600, 1, 0) "
    "ON CONFLICT (book_id, be_year) DO UPDATE SET last_no = register_counter.last_no + 1 RETURNING last_no"
)
# what a letter with a number leaves behind, in an order in which it may be written, and what names the letter there
OF_LETTER = {
    "letter": "id", "letter_place": "letter_id", "letter_step": "letter_id", "register_entry": "letter_id",
    "letter_text": "letter_id", "audit": "subject", "outbox": "aggregate",
}  # fmt: skip
# and what a number without a letter does
OF_NUMBER = {"register_entry": "id", "audit": "subject", "outbox": "aggregate"}

Job = Callable[[Any], object]
Connection = psycopg.Connection[Any]
# of every table the rows that belong to one number
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Throughput:
    """A second: commands, the same rows by raw SQL, counters counted."""

    what: str
    full: float
    raw: float
    bare: float

    def line(self) -> str:
        return (
            f"{self.what} {self.full:.0f}/s; raw SQL with the same rows {self.raw:.0f}/s, ratio "
            f"{self.full / self.raw:.2f}; counting alone {self.bare:.0f}/s, ratio {self.full / self.bare:.2f} "
            f"(raw SQL {self.raw / self.bare:.2f})"
        )

    @property
    def keeps_up_with_raw(self) -> bool:
        return self.full >= LEAST_TO_RAW * self.raw

    @property
    def keeps_up_with_counting(self) -> bool:
        return self.full >= LEAST_TO_BARE * self.bare


def throughput(folder: Path, server: PostgresServer) -> tuple[Throughput, Throughput]:
    """Letters keyed in and numbered, then numbers issued for what lies on paper; each kind one after the other."""
    desks = open_desk(folder, server)
    desk = next(desks)
    settings = desk.settings
    for each in range(KNOWN):
        _key_in_one(desk, REGISTRIES[0], f"ก่อนหน้า {each}")
    with psycopg.connect(plain_dsn(settings.database_url), autocommit=True) as connection:
        # as it is in a database in use: without statistics every look-up is planned at random
        connection.execute("ANALYZE")
    bare = _rate(_count, settings, [range(COUNTED)] * PROCESSES)

    def measured(what: str, command: Callable[..., Any], each: int, tables: dict[str, str]) -> Throughput:
        full = _rate(command, settings, [range(each)] * PROCESSES)
        with psycopg.connect(plain_dsn(settings.database_url)) as connection:
            written = _written(connection, tables)
            connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        return Throughput(what, full, _rate(_write, settings, [written[n::PROCESSES] for n in range(PROCESSES)]), bare)

    letters = measured("letters keyed in and numbered", _key_in, LETTERS, OF_LETTER)
    with psycopg.connect(plain_dsn(settings.database_url)) as connection:
        connection.execute(f"TRUNCATE {', '.join(OF_LETTER)} CASCADE")
    numbers = measured("numbers issued", _issue, NUMBERS, OF_NUMBER)
    desks.close()
    return letters, numbers


def _rate(worker: Callable[..., Any], settings: Settings, shares: list[Any]) -> float:
    """How many a second, from when all processes are warm until all are through."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(PROCESSES + 1)
    processes = [context.Process(target=worker, args=(settings, share, together, n)) for n, share in enumerate(shares)]
    for process in processes:
        process.start()
    together.wait(60)
    started = time.perf_counter()
    together.wait(300)
    seconds = time.perf_counter() - started
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    return sum(len(share) - WARMING for share in shares) / seconds


def _key_in(settings: Settings, share: range, together: Any, number: int) -> None:
    desk = DocumentsDesk(settings)

    def key_in(who: str, each: int, _: None) -> None:
        _key_in_one(desk, who, f"{number}/{each}")

    _shared_out([partial(key_in, *job) for job in zip(cycle(REGISTRIES), share, strict=False)], together)


def _key_in_one(desk: DocumentsDesk, who: str, mark: str) -> None:
    values = letter_fields(subject=f"ขอเชิญประชุม {mark}", doc_no=f"ศธ 04006/{mark}")
    desk.command_in_steps(who, create_letter, values=values, register=True)


def _issue(settings: Settings, share: range, together: Any, number: int) -> None:
    desk = DocumentsDesk(settings)

    def issue(of: tuple[str, str], each: int, _: None) -> None:
        who, book_id = of
        desk.command_in_steps(who, issue_number, book_id=book_id, purpose=f"แจ้งผล {number}/{each}")

    _shared_out([partial(issue, *job) for job in zip(cycle(BOOKS), share, strict=False)], together)


def _write(settings: Settings, share: list[Rows], together: Any, _: int) -> None:
    statements = {table: _insert(table, list(rows[0])) for table, rows in share[0].items()}

    def write(belonging: Rows, connection: Connection) -> None:
        with connection.transaction():
            connection.execute(COUNT, (belonging["register_entry"][0]["book_id"],)).fetchone()
            for table, rows in belonging.items():
                for row in rows:
                    connection.execute(statements[table], row)

    _shared_out([partial(write, belonging) for belonging in share], together, settings)


def _count(settings: Settings, share: range, together: Any, _: int) -> None:
    def count(book_id: str, connection: Connection) -> None:
        with connection.transaction():
            connection.execute(COUNT, (book_id,)).fetchone()

    books = [book_id for _, book_id in BOOKS]
    _shared_out([partial(count, book_id) for book_id, _ in zip(cycle(books), share, strict=False)], together, settings)


def _shared_out(jobs: list[Job], together: Any, settings: Settings | None = None) -> None:
    """Have the clients of a process do the jobs, each with a connection of its own where they are SQL."""
    places = range(CLIENTS)
    connections: list[Any] = [None] * CLIENTS
    if settings is not None:
        connections = [psycopg.connect(plain_dsn(settings.database_url), autocommit=True) for _ in places]

    def client(jobs: list[Job], number: int) -> None:
        for job in jobs[number::CLIENTS]:
            job(connections[number])

    with ThreadPoolExecutor(CLIENTS) as clients:
        for some in (jobs[:WARMING], jobs[WARMING:]):
            for done in [clients.submit(client, some, number) for number in places]:
                done.result()
            together.wait(300)
    for connection in filter(None, connections):
        connection.close()


def _insert(table: str, columns: list[str]) -> str:
    names, values = map(sql.Identifier, columns), map(sql.Placeholder, columns)
    joined = sql.SQL(", ").join(names), sql.SQL(", ").join(values)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), *joined).as_string()


def _written(connection: Connection, tables: dict[str, str]) -> list[Rows]:
    """What was written for every number, by table, as it may be written again."""
    found: defaultdict[str, defaultdict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    of_entry: dict[str, str] = {}
    for table, column in tables.items():
        everything = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
        for row in connection.cursor(row_factory=psycopg.rows.dict_row).execute(everything):
            named = row[column].rpartition("/")[2]
            if table == "register_entry":
                of_entry[row["id"]] = named
            written = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in row.items()}
            found[of_entry.get(named, named)][table].append(written)
    return [dict(rows) for rows in found.values()]
