"""Signed references: what the owner named, for as long as the owner said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.files.references import FileReference, ReferenceSigner
from shared.problems import Problem

SIGNER = ReferenceSigner(b"k" * 32)
REFERENCE = FileReference("documents", "0" * 64, "ประกาศ.pdf", "application/pdf", expires_at=1000)


def test_a_reference_is_read_back():
    assert SIGNER.read(SIGNER.sign(REFERENCE), now=999) == REFERENCE


def test_it_runs_out():
    with pytest.raises(Problem) as caught:
        SIGNER.read(SIGNER.sign(REFERENCE), now=1000)
    assert caught.value.status == 410


@given(st.text())
def test_what_was_not_signed_is_refused(token):
    for forged in (token, f"{SIGNER.sign(REFERENCE)}{token or 'x'}", f"{token or 'x'}{SIGNER.sign(REFERENCE)}"):
        with pytest.raises(Problem) as caught:
            SIGNER.read(forged, now=0)
        assert caught.value.status == 403


def test_another_key_does_not_pass():
    with pytest.raises(Problem):
        ReferenceSigner(b"l" * 32).read(SIGNER.sign(REFERENCE), now=0)
    with pytest.raises(ValueError, match="32"):
        ReferenceSigner(b"short")
