"""``khet admin create``: the first administrator of an installation without demo data, on both databases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from services.schools.access import queries as sessions
from services.schools.organisations.codes import queries as codes
from services.schools.organisations.lifecycle import commands as lifecycle
from services.schools.organisations.tables import OrgCode, OrgUnit
from services.schools.people import commands as people
from shared.cli.commands import khet
from shared.db.migrate import upgrade
from shared.security import secrets
from shared.settings import Settings
from tests.running.schools_service import Office
from tests.servers import PostgresServer, RabbitServer

PASSWORD = "ลมหนาวบนดอยช้าง"
WHO = (
    "--area", "5601", "--area-name", "สพป.พะเยา เขต 1", "--title", "นาย", "--given-name", "ภูกามยาว",
    "--family-name", "กว๊าน", "--username", "phayao.admin",
)  # fmt: skip


class Installation:
    """An empty installation and its operator at the command line."""

    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self.settings = settings
        self._environment = environment

    def create(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(khet, ["admin", "create", *arguments], input=typed, env=self._environment)

    def office(self) -> Office:
        return Office(self.settings)


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    settings = Settings(data=tmp_path, env="test", cheap_hashes=True, clock_file=str(tmp_path / "clock"))
    environment = {
        "KHET_DATA": str(tmp_path), "KHET_ENV": "test", "KHET_CHEAP_HASHES": "1",
        "KHET_CLOCK_FILE": str(tmp_path / "clock"),
    }  # fmt: skip
    if request.param == "sqlite":
        yield Installation(settings, environment)
        return
    servers: tuple[RabbitServer, PostgresServer] = request.getfixturevalue("servers")
    name = f"khet_first_{abs(hash(tmp_path)) % 10**8}"
    url = servers[1].create_database(name, name, "s3cret")
    secrets.create(settings.secrets_root)
    in_services: dict[str, Any] = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
    settings = dataclasses.replace(settings, **in_services)
    upgrade("schools", settings)
    yield Installation(
        settings,
        environment | {"KHET_MODE": "services", "KHET_AMQP_URL": "amqp://127.0.0.1:1//", "KHET_DATABASE_URL": url},
    )
    servers[1].drop_database(name)


def test_from_nothing_to_an_administrator_who_enters_the_next(installation: Installation) -> None:
    made = installation.create(*WHO, typed=f"phayao.admin1\nphayao.admin1\n{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert "ชื่อผู้ใช้อยู่ในนั้น" in made.output, "a weak one is asked for again"
    assert PASSWORD not in made.output
    office = installation.office()
    me = office.query(sessions.me, office.who("phayao.admin", PASSWORD))
    assert me["must_change_password"] is False
    assert (me["unit"]["name"], me["unit"]["org_path"]) == ("สพป.พะเยา เขต 1", "/obec/5601/")
    assert {(grant["role"], grant["scope"]) for grant in me["grants"]} == {
        ("area_admin", "/obec/5601/"),
        ("ops", "/obec/5601/"),
    }
    fields = {"title": "นาง", "given_name": "คนต่อไป", "family_name": "ของเขต"}
    next_one = office.command(
        people.add_person, office.who("phayao.admin", PASSWORD), organisation="5601", fields=fields, username="next.one"
    )
    assert next_one["account"]["username"] == "next.one"
    with office.app.database.read() as session:
        units = session.execute(select(OrgUnit.code, OrgUnit.kind).order_by(OrgUnit.org_path)).all()
        held = session.execute(select(OrgCode.scheme, OrgCode.code)).all()
    assert [tuple(unit) for unit in units] == [("obec", "OBEC"), ("5601", "AREA")]
    assert [tuple(code) for code in held] == [("AREA4", "5601")]
    actions = [row.action for row in office.audited(f"person/{me['person_id']}")]
    assert actions[:4] == ["person.create", "account.open", "grant.give", "grant.give"]
    office.app.close()


def test_an_office_of_secondary_schools_opens_its_schools_and_is_found_by_its_code(installation: Installation) -> None:
    made = installation.create("--area", "101736", "--area-name", "สพม.เชียงราย-พะเยา", *WHO[4:], "--slip")
    assert made.exit_code == 0, made.output
    office = installation.office()
    tokens = office.login("phayao.admin", made.output.strip().rpartition(" ")[2])
    admin = office.identify(tokens)
    school = {"name": "สามัคคีวิทยาคม", "education_range": "มัธยมศึกษาตอนต้น-มัธยมศึกษาตอนปลาย", "province": "เชียงราย"}
    order = {"order_no": "1/2569", "order_date": "2026-05-01", "effective_on": "2026-05-16"}
    opened = office.command(
        lifecycle.open_school, admin, smis="57042801", ministry_code="1057120801", **school, **order
    )
    assert opened["state"] == "APPLIED"
    changed = office.command(
        lifecycle.change_code, admin, smis="57042801", scheme="MOE10", code="1056120801",
        **order | {"effective_on": "2026-05-17"},
    )  # fmt: skip
    assert changed["state"] == "APPLIED"
    (found,) = office.query(codes.find_by_code, admin, code="101736")["items"]
    assert (found["scheme"], found["kind"], found["unit"]) == ("AREA6", "AREA", "101736")
    office.app.close()


def test_a_slip_serves_instead_of_a_typed_password(installation: Installation) -> None:
    made = installation.create(*WHO, "--slip")
    assert made.exit_code == 0, made.output
    temporary = made.output.strip().rpartition(" ")[2]
    office = installation.office()
    assert office.query(sessions.me, office.who("phayao.admin", temporary))["must_change_password"] is True
    office.app.close()


def test_a_second_one_is_asked_for_by_name(installation: Installation) -> None:
    assert installation.create(*WHO, "--slip").exit_code == 0
    again = [*WHO[:-1], "phayao.second"]
    refused = installation.create(*again, "--slip")
    assert refused.exit_code == 1
    assert "--another" in refused.output
    assert installation.create(*again, "--slip", "--another").exit_code == 0
    taken = installation.create(*WHO, "--slip", "--another")
    assert (taken.exit_code, "phayao.admin" in taken.output) == (1, True)


def test_what_is_wrong_is_said_before_a_password_is_asked_for(installation: Installation) -> None:
    wrong = installation.create(
        "--area", "56x", "--title", "นาย", "--given-name", "1", "--family-name", "ก", "--username", "ก", "--slip"
    )
    assert wrong.exit_code == 1
    for field in ("รหัสเขตพื้นที่", "ชื่อ:", "ชื่อผู้ใช้"):
        assert field in wrong.output
    nameless = installation.create(*WHO[:2], *WHO[4:], "--slip")
    assert nameless.exit_code == 1
    assert "ชื่อเขตพื้นที่" in nameless.output
