"""``khet seed demo --areas 2``: on an empty database, beside the first area, again, and where it must not."""

from __future__ import annotations

import dataclasses
import fcntl
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.schools.access.tables import Account, RoleGrant
from services.schools.database import TABLES
from services.schools.organisations.rules import UnitKind
from services.schools.organisations.tables import OrgUnit
from services.schools.people.tables import Person
from services.schools.seed.load import load
from shared.bus.envelope import new_id
from shared.db.engine import database_for
from shared.db.migrate import upgrade
from shared.security import secrets
from shared.settings import Settings, SettingsError
from tests.running.system import KHET
from tests.servers import PostgresServer, RabbitServer

HOME, SECOND = "5704", "5703"
COUNTED = (OrgUnit, Person, Account, RoleGrant, TABLES.outbox, TABLES.audit)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty, migrated database."""
    made = Settings(data=tmp_path, env="test", cheap_hashes=True)
    secrets.create(made.secrets_root, made.vault_root)
    if request.param == "sqlite":
        upgrade("schools", made)
        yield made
        return
    servers: tuple[RabbitServer, PostgresServer] = request.getfixturevalue("servers")
    url = servers[1].create_database("khet_areas", "khet_areas", "s3cret")
    made = dataclasses.replace(made, mode="services", amqp_url="amqp://127.0.0.1:1//", database_url=url)
    upgrade("schools", made)
    yield made
    servers[1].drop_database("khet_areas")


def counts(settings: Settings) -> list[int]:
    database = database_for("schools", settings)
    with database.read() as session:
        found = [session.execute(select(func.count()).select_from(table)).scalar_one() for table in COUNTED]
    database.close()
    return found


def units(settings: Settings) -> Counter[tuple[str, str]]:
    """How many units of each kind there are, by the area at the beginning of their code."""
    database = database_for("schools", settings)
    with database.read() as session:
        found = session.execute(select(OrgUnit.code, OrgUnit.kind, OrgUnit.state)).all()
    database.close()
    return Counter((code[:4], kind if state == "OPEN" else "closed") for code, kind, state in found)


BOTH = {
    ("obec", "OBEC"): 1,
    (HOME, "AREA"): 1,
    (HOME, "GROUP"): 10,
    (HOME, "SCHOOL"): 135,
    (HOME, "closed"): 26,
    (SECOND, "AREA"): 1,
    (SECOND, "GROUP"): 10,
    (SECOND, "SCHOOL"): 12,
    (SECOND, "closed"): 1,
}


def test_both_areas_are_loaded_into_an_empty_database_and_again_changes_nothing(settings: Settings) -> None:
    load(settings, areas=2)
    assert units(settings) == BOTH
    before = counts(settings)
    for areas in (2, 1):
        load(settings, areas=areas)
        assert counts(settings) == before


def test_the_second_area_is_added_beside_the_first(settings: Settings) -> None:
    load(settings)
    assert {code for code, _ in units(settings)} == {"obec", HOME}
    load(settings, areas=2)
    assert units(settings) == BOTH
    before = counts(settings)
    load(settings, areas=2)
    assert counts(settings) == before


def test_an_office_that_somebody_else_began_is_left_alone(settings: Settings) -> None:
    database = database_for("schools", settings)
    with database.write() as session:
        root = {"kind": UnitKind.OBEC, "code": "obec", "name": "สพฐ.", "org_path": "/obec/", "state": "OPEN"}
        session.add(OrgUnit(id=new_id(), parent_id=None, version=1, **root))
    database.close()
    before = counts(settings)
    load(settings, areas=2)
    assert counts(settings) == before


def test_production_has_no_second_area_either(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load(Settings(data=tmp_path, env="production"), areas=2)
    refused = khet(tmp_path, "seed", "demo", "--areas", "2", KHET_ENV="production")
    assert refused.returncode != 0
    assert "production" in refused.stderr


def test_a_folder_in_use_is_not_written_to(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = khet(tmp_path, "seed", "demo", "--areas", "2")
    assert refused.returncode != 0
    assert "in use by another khet" in refused.stderr


def test_the_command_line_loads_both(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, env="test", cheap_hashes=True)
    secrets.create(settings.secrets_root, settings.vault_root)
    for command in (("migrate", "--service", "schools"), ("seed", "demo", "--areas", "2")):
        done = khet(tmp_path, *command)
        assert done.returncode == 0, done.stderr
    assert units(settings) == BOTH


def khet(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {"KHET_DATA": str(folder), "KHET_ENV": "test", "KHET_MODE": "embedded"}
    return subprocess.run(
        [KHET, *arguments],
        env={**os.environ, **known, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
