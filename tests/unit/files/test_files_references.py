"""Sealed references: what the owner named, for as long as the owner said, and nothing to read in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.files.references import FileReference, ReferenceSealer
from shared.problems import Problem

SEALER = ReferenceSealer(b"ab" * 32)
REFERENCE = FileReference("documents", "0" * 64, "f" * 64, "ประกาศ.pdf", "application/pdf", expires_at=1000)


def test_a_reference_is_read_back():
    assert SEALER.read(SEALER.seal(REFERENCE), now=999) == REFERENCE


def test_it_runs_out():
    with pytest.raises(Problem) as caught:
        SEALER.read(SEALER.seal(REFERENCE), now=1000)
    assert caught.value.status == 410


@given(st.text())
def test_what_was_not_sealed_is_refused(token):
    for forged in (token, f"A{SEALER.seal(REFERENCE)}", SEALER.seal(REFERENCE)[:-8] + token):
        with pytest.raises(Problem) as caught:
            SEALER.read(forged, now=0)
        assert caught.value.status == 403


def test_nothing_can_be_read_in_it():
    assert "f" * 16 not in SEALER.seal(REFERENCE)


def test_another_key_does_not_pass():
    with pytest.raises(Problem):
        ReferenceSealer(b"cd" * 32).read(SEALER.seal(REFERENCE), now=0)
    with pytest.raises(ValueError, match="64"):
        ReferenceSealer(b"short")
