"""The list of letters among half a million: the first page and one further on, as each kind of reader asks for it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import func, select

from services.documents.letters.queries import list_letters
from tests.bench.duplicates import p99
from tests.bench.search import worked
from tests.running.documents_desk import DocumentsDesk, identity, open_desk
from tests.servers import PostgresServer
from tests.servers.postgres import plain_dsn

LETTERS = 500_000
PAGE = 50
TIMES = 20
MOST_MILLISECONDS = 250.0

# one letter in five belongs to the area of the readers, as in tests/bench/search.py; of these four in ten are with the
# office alone, a third went on to one of nine groups, the rest are schools'. Every second letter of a group is a task.
_PLACED = """
CREATE TEMPORARY TABLE placed AS
SELECT n::bigint, (n * 31) % 100 AS dice, 5704 - n % 5 || '' AS area, '/obec/' || 5704 - n % 5 || '/' AS area_path,
    (array['ict','admin','plan','law','person','audit','budget','promote','super'])[1 + (n / 5) % 9] AS team,
    5704 - n % 5 || lpad((1 + (n / 500) % 150)::text, 4, '0') AS school
FROM generate_series(1, {letters}) AS n
"""
_LETTERS = """
INSERT INTO letter (id, org_path, owner, holder, holder_path, direction, kind, subject, sender, receiver, doc_no,
    doc_date, received_at, speed, secrecy, channel, note, state, again_key, version, revision, created_at, created_by)
SELECT '01990000-0000-7000-8000-' || lpad(n::text, 12, '0'),
    area_path || CASE WHEN dice >= 75 THEN school || '/' ELSE '' END,
    CASE WHEN dice >= 75 THEN school ELSE area END,
    CASE WHEN dice >= 75 THEN school WHEN dice >= 40 THEN area || '-g-' || team ELSE area END,
    area_path || CASE WHEN dice >= 75 THEN school || '/' WHEN dice >= 40 THEN 'g-' || team || '/' ELSE '' END,
    'in', (array['external','memo','order'])[1 + n % 3],
    chr((3585 + (n * 7) % 46)::int) || 'เรื่องที่ ' || (n * 7919) % 100003,
    chr((3585 + (n * 13) % 46)::int) || 'หน่วยงาน ' || n % 900, 'ผอ.', 'ศธ 04' || n % 245 || '/' || n % 9000,
    date '2020-01-01' + (n / 250)::int, timestamptz '2020-01-01' + n * interval '6 minutes',
    (array['normal','normal','normal','urgent','most_urgent'])[1 + (n / 7) % 5], 'none', 'paper', '',
    (array['REGISTERED','PROPOSED','ASSIGNED','CLOSED','CLOSED','CLOSED'])[1 + (n / 11) % 6], n::text, 1, 1,
    timestamptz '2020-01-01' + n * interval '6 minutes', 'registrar'
FROM placed ORDER BY n
"""
_PLACES = """
INSERT INTO letter_place SELECT id, owner, org_path, created_at FROM letter
UNION ALL SELECT id, holder, holder_path, created_at FROM letter WHERE holder <> owner
"""
_TASKS = """
INSERT INTO task (id, letter_id, org_path, role, assignee_id, assigned_by, assigned_by_name, instruction, due_at, state,
    revision, assigned_at)
SELECT id, id, holder_path, 'responsible',
    CASE WHEN holder = '5704-g-ict' AND right(id, 2)::int < 40 THEN 'officer' ELSE 'p' || right(id, 4) END,
    'head', '', '', received_at, 'ASSIGNED', 1, received_at
FROM letter WHERE holder <> owner AND right(id, 1)::int % 2 = 0
"""
_ENTRIES = """
INSERT INTO register_entry (id, book_id, be_year, no, suffix, display_no, circular, state, purpose, letter_id,
    entry_date, entered_at, entered_by)
SELECT letter.id, register_book.id, 2500 + right(letter.id, 12)::int / 10000, right(letter.id, 12)::int % 10000, '',
    '1', false, 'used', '', letter.id, doc_date, created_at, 'registrar'
FROM letter JOIN register_book ON register_book.owner = letter.owner AND register_book.kind = 'received'
"""

READERS = ("registrar", "clerk", "head", "director", "auditor", "officer", "schoolclerk", "stranger")
ASKED: Mapping[str, Mapping[str, Any]] = {
    "newest": {},
    "state": {"state": "PROPOSED"},
    "waiting": {"waiting": "propose"},
    "unit": {"unit": "5704-g-ict"},
    "speed and day": {"speed": "most_urgent", "received_from": "2025-01-01"},
    "assignee": {"assignees": ["officer"]},
    "by subject": {"sort": "subject"},
    "by sender": {"sort": "-from"},
    "by number": {"sort": "-number"},
    "by letter date": {"sort": "doc_date"},
    "by day received": {"sort": "-received_at"},
}


@dataclass(frozen=True)
class Lists:
    """Milliseconds of each list by who asked and for what: waited for, and of a processor, here and in the database."""

    rows: int
    waited: Mapping[tuple[str, str], list[float]]
    processor: Mapping[tuple[str, str], list[float]]

    def line(self) -> str:
        """Of each the median: processor/waited."""
        told = (f"{what}: " + ", ".join(f"{who} {self._typical(who, what)}" for who in READERS) for what in ASKED)
        return "\n".join((f"lists among {self.rows:,} letters, milliseconds of a processor/waited", *told))

    def _typical(self, who: str, what: str) -> str:
        return "/".join(f"{statistics.median(each[who, what]):.0f}" for each in (self.processor, self.waited))

    @property
    def of_newest(self) -> list[float]:
        return [each for who in READERS for each in self.processor[who, "newest"]]

    @property
    def is_good(self) -> bool:
        return p99(self.of_newest) < MOST_MILLISECONDS


def lists(folder: Path, server: PostgresServer, letters: int = LETTERS) -> Lists:
    """Fill a database of ``letters`` on ``server`` and list them."""
    opened = next(open_desk(folder, server))
    dsn = plain_dsn(opened.settings.database_of("documents"))
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in (_PLACED, _LETTERS, _PLACES, _TASKS, _ENTRIES):
            connection.execute(statement.format(letters=letters))
        connection.execute("VACUUM ANALYZE")
    waited: dict[tuple[str, str], list[float]] = {}
    processor: dict[tuple[str, str], list[float]] = {}
    for what, asked in ASKED.items():
        for who in READERS:
            pairs = [_milliseconds(opened, who, asked) for _ in range(TIMES)]
            waited[who, what], processor[who, what] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    opened.app.close()
    return Lists(letters, waited, processor)


def _milliseconds(desk: DocumentsDesk, who: str, asked: Mapping[str, Any]) -> tuple[float, float]:
    with desk.app.read(identity(who)) as unit:
        backend = unit.session.scalar(select(func.pg_backend_pid()))
        before, here, started = worked(backend), time.process_time(), time.perf_counter()
        list_letters(unit, limit=PAGE, **asked)
        taken, here = time.perf_counter() - started, time.process_time() - here
        return taken * 1000, (here + worked(backend) - before) * 1000
