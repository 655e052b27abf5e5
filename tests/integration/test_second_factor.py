"""The second factor on both databases: codes of an app, codes on paper, and the step between password and code."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from sqlalchemy import text

from services.schools.access import commands as access
from services.schools.access import queries as sessions
from services.schools.access.tables import RecoveryCode
from shared.problems import Problem
from tests.running.schools_service import PASSWORD, Office, open_offices, refused, together

NEW_PASSWORD = "ลมหนาวบนดอยช้าง"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from open_offices(request.param, tmp_path_factory.mktemp("schools"))


@pytest.fixture(autouse=True)
def usual_time(office: Office) -> None:
    office.move_clock(seconds=0)


def begin(office: Office, username: str) -> tuple[str, pyotp.TOTP, list[str]]:
    """An account with a second factor: its identity, its generator, its recovery codes."""
    identity = office.who(username)
    begun = office.procedure(access.begin_totp, identity)
    assert begun["uri"].startswith("otpauth://totp/Khet:")
    generator = pyotp.TOTP(begun["secret"])
    with refused("totp.code", 422):
        office.procedure(access.confirm_totp, identity, code="000000")
    code = generator.at(office.app.clock.now())
    codes = office.procedure(access.confirm_totp, identity, code=code)["recovery_codes"]
    assert office.query(sessions.totp_status, identity)["recovery_codes_left"] == len(codes) == 10
    return identity, generator, codes


def come_in(office: Office, username: str, **how: str) -> Any:
    return office.procedure(access.login, username=username, remote="10.0.0.9", **how)


def test_a_password_alone_no_longer_opens_the_account(office: Office) -> None:
    username = "data-57040030"
    _identity, generator, _codes = begin(office, username)
    with refused("login.code_required", 401) as required:
        come_in(office, username, password=PASSWORD)
    challenge = required.value.extra["challenge"]
    office.move_clock(seconds=60)
    code = generator.at(office.app.clock.now())
    assert come_in(office, username, challenge=challenge, code=code)
    with refused("login.code_wrong", 401):
        come_in(office, username, password=PASSWORD, code=code)
    office.move_clock(seconds=90)
    again = generator.at(office.app.clock.now())
    assert come_in(office, username, password=PASSWORD, code=f"{again[:3]} {again[3:]}")


def test_of_two_who_use_one_code_at_once_one_comes_in(office: Office) -> None:
    username = "data-57040031"
    _identity, generator, _codes = begin(office, username)
    office.move_clock(seconds=60)
    code = generator.at(office.app.clock.now())
    answers = together(4, lambda: come_in(office, username, password=PASSWORD, code=code))
    assert sum(isinstance(answer, dict) for answer in answers) == 1


def test_a_challenge_is_of_one_account_for_five_minutes_and_one_password(office: Office) -> None:
    mine, other = "data-57040032", "data-57040034"
    identity, generator, _codes = begin(office, mine)
    begin(office, other)
    with refused("login.code_required", 401) as required:
        come_in(office, mine, password=PASSWORD)
    challenge = required.value.extra["challenge"]

    def answer(username: str, seconds: int = 60) -> Any:
        office.move_clock(seconds=seconds)
        code = generator.at(office.app.clock.now())
        return come_in(office, username, challenge=challenge, code=code)

    with refused("login.failed", 401):
        answer(other)
    with refused("login.failed", 401):
        come_in(office, "nobody-there", challenge=challenge, code="123456")
    with refused("login.failed", 401):
        come_in(office, mine, challenge=challenge[:-1] + "x", code="123456")
    with refused("login.challenge_ended", 401):
        answer(mine, 301)
    for garbage in ("x", "1.2", "9" * 40, f"{'9' * 11}.{'0' * 64}"):
        with pytest.raises(Problem):
            come_in(office, mine, challenge=garbage, code="123456")
    office.move_clock(seconds=0)
    office.procedure(access.change_password, identity, current=PASSWORD, new=NEW_PASSWORD)
    with refused("login.failed", 401):
        answer(mine, 120)


def test_wrong_codes_are_counted_like_wrong_passwords(office: Office) -> None:
    username = "data-57040035"
    _identity, generator, _codes = begin(office, username)
    for number in range(10):
        with refused("login.code_wrong", 401):
            come_in(office, username, password=PASSWORD, code=f"{number:06d}")
    with refused("login.limited", 429):
        come_in(office, username, password=PASSWORD, code=generator.at(office.app.clock.now()))


def test_a_recovery_code_serves_once(office: Office) -> None:
    username = "data-57040037"
    identity, _generator, codes = begin(office, username)
    assert come_in(office, username, password=PASSWORD, code=codes[0].replace("-", " ").upper())
    with refused("login.code_wrong", 401):
        come_in(office, username, password=PASSWORD, code=codes[0])
    assert office.query(sessions.totp_status, identity)["recovery_codes_left"] == 9
    with refused("password.wrong", 422):
        office.procedure(access.renew_recovery_codes, identity, password="wrong")
    fresh = office.procedure(access.renew_recovery_codes, identity, password=PASSWORD)["recovery_codes"]
    with refused("login.code_wrong", 401):
        come_in(office, username, password=PASSWORD, code=codes[1])
    assert come_in(office, username, password=PASSWORD, code=fresh[1])


def test_it_is_switched_off_with_the_password_and_by_who_manages_the_account(office: Office) -> None:
    username = "data-57040038"
    identity, _generator, _codes = begin(office, username)
    with refused("totp.enabled", 409):
        office.procedure(access.begin_totp, identity)
    with refused("password.wrong", 422):
        office.procedure(access.disable_totp, identity, password="wrong")
    office.procedure(access.disable_totp, identity, password=PASSWORD)
    assert office.login(username)
    with refused("totp.not_begun", 409):
        office.procedure(access.confirm_totp, identity, code="123456")
    with refused("totp.disabled", 409):
        office.procedure(access.renew_recovery_codes, identity, password=PASSWORD)
    begin(office, username)
    person_id = office.person_id(username)

    def reset(person_id: str) -> Any:
        return office.command(access.reset_totp, office.who("admin"), person_id=person_id)

    assert reset(person_id)["account"]["totp"] is False
    assert office.login(username)
    assert office.count(RecoveryCode) > 0
    with refused("totp.disabled", 409):
        reset(person_id)


def test_secret_and_codes_are_not_readable_where_they_are_stored(office: Office) -> None:
    _identity, generator, codes = begin(office, "data-57040039")
    with office.app.database.read() as session:
        stored = str([session.execute(text(q)).all() for q in ("SELECT * FROM account", "SELECT * FROM recovery_code")])
    for secret in (generator.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in stored
