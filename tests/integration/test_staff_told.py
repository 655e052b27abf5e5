"""Who works where and holds what is told to the other services: once, whole, also by an office from before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from services.schools.access.commands import add_grant, end_grant
from services.schools.database import TABLES
from services.schools.organisations.tables import OrgUnit
from services.schools.organisations.tree.commands import create_group, rename_group
from services.schools.people.commands import add_person
from services.schools.people.tables import Person
from services.schools.telling import AT_ONCE, tell_next
from shared.bus.contracts.schools import STAFF_RECORDED
from tests.running.schools_service import Office, open_offices


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from open_offices(request.param, tmp_path_factory.mktemp("office"))


def told(office: Office, subject: str) -> list[dict[str, Any]]:
    """What was told of a subject, the newest last, once everything is."""
    while tell_next(office.app):
        pass
    return office.events(subject)


def entered(office: Office, **more: Any) -> str:
    fields = {"title": "นาง", "given_name": "สมศรี", "family_name": "ใจงาม"}
    admin = office.who("admin")
    return str(office.command(add_person, admin, organisation="5704-g-plan", fields=fields, **more)["person_id"])


def test_somebody_entered_and_given_two_roles_is_told_of_once_with_all_of_it(office: Office) -> None:
    person, admin = entered(office), office.who("admin")
    for role, organisation in (("officer", "5704"), ("data_officer", "57040001")):
        office.command(add_grant, admin, person_id=person, organisation=organisation, role=role)
    (envelope,) = told(office, f"staff/{person}")
    assert (envelope["aggregateversion"], envelope["org"]) == (3, "/obec/5704/g-plan/")
    assert envelope["data"]["unit"] == "5704-g-plan" and envelope["data"]["state"] == "ACTIVE"
    held = [(grant["role"], grant["scope"]) for grant in envelope["data"]["grants"]]
    assert sorted(held) == [("data_officer", "/obec/5704/57040001/"), ("officer", "/obec/5704/")]
    assert "สมศรี" not in json.dumps(envelope, ensure_ascii=False)


def test_a_role_that_ended_is_left_out_when_it_is_over(office: Office) -> None:
    person, admin = entered(office), office.who("admin")
    grant = office.command(add_grant, admin, person_id=person, organisation="5704", role="officer")
    told(office, f"staff/{person}")
    office.command(end_grant, admin, grant_id=grant["grant_id"], reason="ย้าย")
    ending = told(office, f"staff/{person}")[-1]
    assert [one["valid_until"] for one in ending["data"]["grants"]] == [office.app.clock.today().isoformat()]


def test_an_office_from_before_is_told_of_whole_and_nothing_twice(office: Office) -> None:
    while tell_next(office.app):
        pass
    before = office.count(TABLES.outbox, type=STAFF_RECORDED.type)
    with office.app.database.write() as session:
        session.execute(update(Person).values(told=0))
        session.execute(update(OrgUnit).values(told=0))
    people, steps = office.count(Person), 0
    while tell_next(office.app):
        steps += 1
    assert steps == -(-people // AT_ONCE)
    assert office.count(TABLES.outbox, type=STAFF_RECORDED.type) == before + people
    assert office.events("unit/5704") and office.events("unit/5704-g-ict") and not office.events("unit/57040001")


def test_a_group_is_told_of_when_it_is_made_and_renamed(office: Office) -> None:
    admin = office.who("admin")
    group = office.command(create_group, admin, name="กลุ่มทดลอง")
    assert [one["data"]["name"] for one in told(office, f"unit/{group['code']}")] == ["กลุ่มทดลอง"]
    office.command(rename_group, admin, code=group["code"], name="กลุ่มจริง", if_match=group["etag"])
    assert [one["data"]["name"] for one in told(office, f"unit/{group['code']}")] == ["กลุ่มทดลอง", "กลุ่มจริง"]
