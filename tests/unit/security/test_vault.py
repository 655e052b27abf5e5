"""Sealed values: only with the right key, only in their own place; keys change while old values stay readable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shared.security import keyring
from shared.security.keyring import KeyMissing
from shared.security.vault import Tampered, Vault, Vaults

NOW = dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
CITIZEN_ID = "1570400000061"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keyring.write(tmp_path / "rounds", keyring.new_ring(NOW))
    return tmp_path / "rounds"


def rotate(folder: Path) -> None:
    keyring.write(folder, keyring.read(folder).rotated(NOW))


def test_a_sealed_value_shows_nothing_and_opens_again(folder: Path) -> None:
    vault = Vault(folder)
    stored = vault.seal_text("person.citizen_id", CITIZEN_ID)
    assert CITIZEN_ID not in stored
    assert stored.startswith(f"s1.{vault.ring.active}.")
    assert vault.unseal_text("person.citizen_id", stored) == CITIZEN_ID
    assert vault.seal_text("person.citizen_id", CITIZEN_ID) != stored, "equal values must not look equal"


def test_a_value_opens_in_its_own_place_only(folder: Path) -> None:
    vault = Vault(folder)
    stored = vault.seal_text("person.citizen_id", CITIZEN_ID)
    with pytest.raises(Tampered):
        vault.unseal_text("person.phone", stored)
    with pytest.raises(Tampered):
        vault.unseal_text("person.citizen_id", stored[:-4] + "AAA=")


def test_what_was_stored_before_reads_as_it_is(folder: Path) -> None:
    assert Vault(folder).unseal_text("person.name", "สมชาย") == "สมชาย"


def test_a_rotation_seals_with_the_new_key_and_still_opens_the_old(folder: Path) -> None:
    vault, first = Vault(folder), Vault(folder).ring.active
    stored = vault.seal_text("person.citizen_id", CITIZEN_ID)
    rotate(folder)
    vault.look_again()
    assert vault.ring.active != first
    assert vault.unseal_text("person.citizen_id", stored) == CITIZEN_ID
    assert vault.unseal_text("person.citizen_id", vault.seal_text("person.citizen_id", "ใหม่")) == "ใหม่"


def test_a_process_that_has_not_looked_yet_finds_a_key_it_does_not_know(folder: Path) -> None:
    slow, quick = Vault(folder), Vault(folder)
    assert slow.ring.active == quick.ring.active
    rotate(folder)
    fresh = Vault(folder).seal_text("person.citizen_id", CITIZEN_ID)
    assert slow.unseal_text("person.citizen_id", fresh) == CITIZEN_ID


def test_a_pruned_key_opens_nothing_more(folder: Path) -> None:
    stored = Vault(folder).seal_text("person.citizen_id", CITIZEN_ID)
    rotate(folder)
    keyring.write(folder, keyring.read(folder).pruned())
    with pytest.raises(KeyMissing):
        Vault(folder).unseal_text("person.citizen_id", stored)


def test_the_blind_index_finds_equal_values_of_one_column_and_outlives_rotations(folder: Path) -> None:
    before = Vault(folder).blind("person.citizen_id", CITIZEN_ID)
    rotate(folder)
    assert Vault(folder).blind("person.citizen_id", CITIZEN_ID) == before
    assert Vault(folder).blind("person.phone", CITIZEN_ID) != before
    assert Vault(folder).blind("person.citizen_id", "1570400000010") != before
    assert CITIZEN_ID not in before


def test_a_process_opens_only_what_it_was_given_keys_for(folder: Path) -> None:
    vaults = Vaults(folder.parent)
    assert vaults.of("rounds").ring.active
    with pytest.raises(KeyMissing):
        _ = vaults.of("schools").ring


def test_only_the_owner_may_read_the_keys(folder: Path) -> None:
    assert (folder / keyring.RING).stat().st_mode & 0o077 == 0
    rotate(folder)
    assert (folder / keyring.RING).stat().st_mode & 0o077 == 0
