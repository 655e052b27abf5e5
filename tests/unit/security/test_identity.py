"""Signed identities and the one place that decides who may do what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shared.clock import Clock
from shared.problems import Problem
from shared.security import secrets
from shared.security.access import lineage, require
from shared.security.identity import Grant, Identity, IdentitySigner, IdentityVerifier

SCHOOL = "/obec/5704/57040001/"
TEACHER = Identity("p", "data", "ครู", "s", (Grant("data_officer", SCHOOL, "57040001", "บ้าน"),))
OFFICER = Identity("o", "officer", "เจ้าหน้าที่", "s", (Grant("officer", "/obec/5704/", "5704", "เขต"),))


def keys(folder: Path) -> tuple[bytes, bytes]:
    secrets.create(folder)
    return secrets.read(folder, "identity.private.pem"), secrets.read(folder, "identity.public.pem")


def test_what_was_signed_is_verified_until_it_expires(tmp_path: Path) -> None:
    private, public = keys(tmp_path)
    token = IdentitySigner(private, Clock()).sign(TEACHER, dt.timedelta(seconds=120))
    assert IdentityVerifier(public, Clock()).verify(token) == TEACHER
    later = IdentityVerifier(public, Clock(lambda: 121.0))
    with pytest.raises(Problem) as refused:
        later.verify(token)
    assert refused.value.status == 401
    assert later.verify(token, allow_expired=True) == TEACHER


def test_a_token_of_another_installation_or_a_changed_one_is_refused(tmp_path: Path) -> None:
    private, _ = keys(tmp_path / "a")
    _, other_public = keys(tmp_path / "b")
    token = IdentitySigner(private, Clock()).sign(TEACHER, dt.timedelta(seconds=120))
    head, _, signature = token.split(".")
    for wrong in (token, f"{head}.e30.{signature}", "nonsense", ""):
        with pytest.raises(Problem):
            IdentityVerifier(other_public, Clock()).verify(wrong)


def test_a_token_that_was_verified_before_expires_all_the_same(tmp_path: Path) -> None:
    private, public = keys(tmp_path)
    offset = 0.0
    token = IdentitySigner(private, Clock()).sign(TEACHER, dt.timedelta(seconds=120))
    verifier = IdentityVerifier(public, Clock(lambda: offset))
    assert [verifier.verify(token) for _ in range(2)] == [TEACHER, TEACHER]
    head, claims, signature = token.split(".")
    with pytest.raises(Problem):
        verifier.verify(f"{head}.{claims}.{signature[::-1]}")
    offset = 121.0
    for _ in range(2):
        with pytest.raises(Problem):
            verifier.verify(token)
    assert verifier.verify(token, allow_expired=True) == TEACHER


def test_keys_are_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    first = keys(tmp_path)
    assert keys(tmp_path) == first
    assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir() if "public" not in path.name} == {
        "file_reference": 0, "identity.private.pem": 0, "row_key": 0, "vault": 0,
    }  # fmt: skip


def test_a_grant_reaches_its_subtree_and_nothing_beside_it() -> None:
    require(OFFICER, ("officer",), SCHOOL)
    require(TEACHER, ("data_officer",), SCHOOL)
    for identity, roles, path in (
        (TEACHER, ("data_officer",), "/obec/5704/57040002/"),
        (TEACHER, ("data_officer",), "/obec/5704/"),
        (TEACHER, ("officer",), SCHOOL),
        (OFFICER, ("officer",), "/obec/5703/57030001/"),
    ):
        with pytest.raises(Problem) as refused:
            require(identity, roles, path)
        assert refused.value.status == 403


def test_the_lineage_of_a_path() -> None:
    assert lineage("/obec/5704/") == ["/", "/obec/", "/obec/5704/"]
