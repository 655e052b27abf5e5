"""Queries of green threads overlap: psycopg would otherwise block the whole process."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.servers import PostgresServer, RabbitServer

PROGRAM = """
import shared.runtime.green as green
import sys, time, eventlet
from sqlalchemy import text
from shared.db.engine import Database
green.assert_cooperative()
database = Database(sys.argv[1], 10)
def nap():
    with database.read() as session:
        session.execute(text("SELECT pg_sleep(0.5)"))
nap()
started = time.monotonic()
pile = eventlet.GreenPile(10)
for _ in range(10):
    pile.spawn(nap)
list(pile)
print(time.monotonic() - started)
"""


def test_ten_naps_in_the_database_take_hardly_longer_than_one(servers: tuple[RabbitServer, PostgresServer]) -> None:
    dsn = servers[1].create_database("naps", "naps", "pw")
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, dsn], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert float(done.stdout) < 2.0
