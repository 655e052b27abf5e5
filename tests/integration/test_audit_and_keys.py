"""The audit log cannot be changed unseen, and keys can change while people work; on both databases."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from services.rounds.adapters import PREFIX
from services.rounds.bootstrap import DEFINITION
from shared.audit.sealing import seal_pending
from shared.audit.verifying import Verdict, verify
from shared.db.migrate import upgrade
from shared.db.resealing import is_done
from shared.runtime.application import Application
from shared.security import keyring, secrets
from shared.security.keyring import KeyMissing
from shared.security.vault import SETTLE_SECONDS
from shared.settings import Settings

NAME = "นางสาวฟารินีผู้ไม่มีตัวตน"
TABLES = DEFINITION.tables


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    options: dict[str, Any] = {"data": tmp_path, "env": "test", "clock_file": str(tmp_path / "clock")}
    if request.param == "postgresql":
        _, postgres = request.getfixturevalue("servers")
        name = f"t_{uuid4().hex}"
        dsn = postgres.create_database(name, name, "pw")
        options |= {"mode": "services", "amqp_url": "amqp://nowhere", "database_url": dsn}
    settings = Settings(**options)
    secrets.create(settings.secrets_root)
    upgrade("rounds", settings)
    application = Application(DEFINITION, settings)
    yield application
    application.close()


def later(app: Application, seconds: float) -> None:
    Path(app.settings.clock_file).write_text(str(seconds))


# the audit log


def act(app: Application, count: int) -> None:
    for number in range(count):
        with app.write() as unit:
            change = {"ตัวเลข": number, "ratio": 0.1, "list": [None, True, (1, 2)]}
            unit.audit("round.create", f"round/{number}", "/obec/5704/", change, reason="ทดสอบ")


def verdict(app: Application, expected_head: str | None = None) -> Verdict:
    with app.database.read() as session:
        return verify(session, TABLES, app.vault, expected_head)


def kinds(app: Application) -> set[tuple[str, int | None]]:
    return {(fault.kind, fault.seq) for fault in verdict(app).faults}


def tamper(app: Application, statement: str, **values: Any) -> None:
    with app.database.write() as session:
        session.execute(text(statement), values)


def sealed(app: Application, count: int) -> None:
    act(app, count)
    seal_pending(app)
    later(app, 300)
    act(app, 1)
    seal_pending(app)


def test_an_untouched_log_is_sound_and_its_tail_is_reported(app: Application) -> None:
    assert verdict(app).is_sound
    act(app, 3)
    assert (verdict(app).sealed, verdict(app).unsealed, verdict(app).faults) == (0, 3, [])
    assert seal_pending(app) is False
    act(app, 2)
    found = verdict(app)
    assert (found.sealed, found.unsealed, found.faults) == (3, 2, [])
    assert len(found.head) == 64
    seal_pending(app)
    assert verdict(app, found.head).is_sound, "the head noted before is still in the chain"


@pytest.mark.parametrize(
    "change",
    ["actor = 'somebody else'", "reason = 'อื่น'", "at = (SELECT at FROM audit WHERE seq = 1)", "org_path = '/'"],
)
def test_a_changed_row_is_found(app: Application, change: str) -> None:
    sealed(app, 5)
    tamper(app, f"UPDATE audit SET {change} WHERE seq = 3")  # noqa: S608 - the test's own words
    assert kinds(app) == {("changed", 3)}


def test_a_removed_row_is_found_also_with_its_link(app: Application) -> None:
    sealed(app, 5)
    tamper(app, "DELETE FROM audit WHERE seq = 3")
    assert kinds(app) == {("removed", 3)}
    tamper(app, "DELETE FROM audit_seal WHERE audit_seq = 3")
    assert {kind for kind, _ in kinds(app)} == {"removed", "broken"}


def test_an_inserted_row_is_found_wherever_it_is_put(app: Application) -> None:
    sealed(app, 5)
    tamper(app, "DELETE FROM audit WHERE seq = 3")
    copy = (
        "INSERT INTO audit (seq, id, at, actor, action, subject, org_path, reason, change, correlation_id, mac) "
        "SELECT :seq, :id, at, actor, action, :subject, org_path, reason, change, correlation_id, {mac} "
        "FROM audit WHERE seq = 2"
    )
    tamper(app, copy.format(mac="mac"), seq=3, id=str(uuid4()), subject="round/9")
    assert ("changed", 3) in kinds(app)
    tamper(app, copy.format(mac="NULL"), seq=50, id=str(uuid4()), subject="round/9")
    assert ("inserted", 50) in kinds(app)
    seal_pending(app)
    assert ("inserted", 50) in kinds(app), "also after the sealer took it for a row like others"


def test_a_row_put_into_the_past_is_found(app: Application) -> None:
    sealed(app, 5)
    tamper(app, "UPDATE audit SET seq = 100 WHERE seq = 6")
    assert kinds(app) != set()
    tamper(app, "UPDATE audit SET seq = 6 WHERE seq = 100")
    assert kinds(app) == set()
    tamper(app, "DELETE FROM audit_seal WHERE audit_seq = 2")
    assert ("inserted", 2) in kinds(app)


def test_a_log_cut_at_its_end_is_found(app: Application) -> None:
    sealed(app, 5)
    noted = verdict(app).head
    tamper(app, "DELETE FROM audit WHERE seq = 6")
    tamper(app, "DELETE FROM audit_seal WHERE audit_seq = 6")
    assert "truncated" in {kind for kind, _ in kinds(app)}
    with app.database.write() as session:
        last = session.execute(
            select(TABLES.audit_seal).order_by(TABLES.audit_seal.position.desc()).limit(1)
        ).scalar_one()
        head = session.get(TABLES.audit_head, 1)
        head.position, head.digest = last.position, last.digest
    assert verdict(app).is_sound, "who can write the whole database can cut the end …"
    assert not verdict(app, noted).is_sound, "… but not against a head that was noted elsewhere"


def test_rows_from_before_there_were_digests_are_chained_too(app: Application) -> None:
    tamper(
        app,
        "INSERT INTO audit (seq, id, at, actor, action, subject, org_path, change, correlation_id) "
        "VALUES (1, 'old', '2026-01-01 00:00:00', 'a', 'b', 'c', '/', '{}', 'd')",
    )
    tamper(app, "UPDATE audit_head SET unkeyed_seq = 1")
    seal_pending(app)
    assert verdict(app).is_sound
    tamper(app, "UPDATE audit SET actor = 'x' WHERE seq = 1")
    assert kinds(app) == {("broken", 1)}
    tamper(app, "UPDATE audit SET actor = 'a' WHERE seq = 1")
    tamper(app, "UPDATE audit_head SET unkeyed_seq = 99")
    assert not verdict(app).is_sound, "the border is sealed with the chain"


# keys


def submit(app: Application, number: int) -> None:
    with app.write() as unit:
        unit.session.add(
            TABLES.idempotency(
                person_id="p", operation="o", key=str(number), fingerprint="f", answer={"name": NAME, "n": number},
                created_at=unit.now(),
            )
        )  # fmt: skip


def answers(app: Application) -> list[Any]:
    with app.read() as unit:
        rows = unit.session.execute(select(TABLES.idempotency).order_by(TABLES.idempotency.id)).scalars()
        return [row.answer for row in rows]


def raw_answers(app: Application) -> list[str]:
    with app.read() as unit:
        return list(unit.session.execute(text("SELECT answer FROM idempotency ORDER BY id")).scalars())


def rotate(app: Application) -> str:
    folder = app.settings.vault_root / "rounds"
    keyring.write(folder, keyring.read(folder).rotated(dt.datetime.now(dt.UTC)))
    # each vault looks again within a second, long before keys settle; here the clock is moved and nobody waits
    app.vault.look_again()
    app.database.vault.look_again()
    return app.vault.ring.active


def reseal(app: Application) -> None:
    while app.resealing.step(app):
        continue
    assert is_done(app)


def test_names_are_sealed_where_answers_are_kept(app: Application) -> None:
    submit(app, 1)
    assert answers(app) == [{"name": NAME, "n": 1}]
    assert NAME not in raw_answers(app)[0]


def test_a_rotation_under_load_loses_nothing(app: Application) -> None:
    """People write and read while everything is sealed anew; afterwards the old keys may go."""
    for number in range(450):
        submit(app, number)
    with app.adapters.files.receive(PREFIX) as writer:
        writer.write(NAME.encode())
        sha256 = writer.finish()
    first = app.vault.ring.active
    second = rotate(app)
    errors: list[BaseException] = []
    stop = threading.Event()

    def work() -> None:
        number = 1000
        try:
            while not stop.is_set():
                submit(app, number)
                assert answers(app)[-1]["n"] == number
                number += 1
        except BaseException as error:
            errors.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        later(app, SETTLE_SECONDS + 1)
        reseal(app)
    finally:
        stop.set()
        worker.join()
    assert errors == []
    assert {stored.split(".")[1] for stored in raw_answers(app)} == {second} != {first}
    folder = app.settings.vault_root / "rounds"
    keyring.write(folder, keyring.read(folder).pruned())
    app.vault.look_again()
    assert [answer["n"] for answer in answers(app)][:450] == list(range(450))
    again = Application(DEFINITION, app.settings)
    try:
        with again.adapters.files.path_for_reading(PREFIX, sha256) as path:
            assert path.read_text() == NAME
    finally:
        again.close()


def test_resealing_waits_until_every_process_has_the_new_key(app: Application) -> None:
    submit(app, 1)
    before = raw_answers(app)
    rotate(app)
    assert app.resealing.step(app) is False
    assert raw_answers(app) == before


def test_a_transaction_that_sealed_with_the_old_key_is_waited_for(app: Application) -> None:
    """It may commit behind the walk: nobody may think meanwhile that the old key is needed no more."""
    submit(app, 1)
    with app.write() as unit:
        unit.session.add(TABLES.idempotency(
            person_id="p", operation="o", key="late", fingerprint="f", answer={"name": NAME}, created_at=unit.now()
        ))  # fmt: skip
        unit.session.flush()
        second = rotate(app)
        later(app, SETTLE_SECONDS - 10)
        assert app.resealing.step(app) is False
        assert not is_done(app)
    assert second not in {stored.split(".")[1] for stored in raw_answers(app)}
    later(app, SETTLE_SECONDS + 1)
    reseal(app)
    assert {stored.split(".")[1] for stored in raw_answers(app)} == {second}


def test_what_was_plain_before_is_sealed(app: Application) -> None:
    submit(app, 1)
    tamper(app, "UPDATE idempotency SET answer = :plain", plain=f'{{"name": "{NAME}"}}')
    assert answers(app) == [{"name": NAME}]
    later(app, SETTLE_SECONDS + 1)
    reseal(app)
    assert answers(app) == [{"name": NAME}]
    assert NAME not in raw_answers(app)[0]


def test_without_its_keys_the_database_says_nothing(app: Application) -> None:
    submit(app, 1)
    (app.settings.vault_root / "rounds" / keyring.RING).unlink()
    blind = Application(DEFINITION, app.settings)
    try:
        with pytest.raises(KeyMissing):
            answers(blind)
    finally:
        blind.close()
