"""Names are asked once a minute for each reader, and never told to another."""

from __future__ import annotations

import time

import pytest

from gateway.names import NameMemory


def test_what_a_reader_was_told_is_not_asked_again() -> None:
    memory = NameMemory()
    assert memory.recall("auditor", {"a", "b"}) == ({}, {"a", "b"})
    memory.remember("auditor", {"a": "สมชาย", "b": None})
    assert memory.recall("auditor", {"a", "b", "c"}) == ({"a": "สมชาย"}, {"c"})


def test_another_reader_is_told_nothing() -> None:
    memory = NameMemory()
    memory.remember("auditor", {"a": "สมชาย"})
    assert memory.recall("director", {"a"}) == ({}, {"a"})


def test_it_is_forgotten_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = NameMemory(seconds=60)
    memory.remember("auditor", {"a": "สมชาย"})
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert memory.recall("auditor", {"a"}) == ({}, {"a"})


def test_the_oldest_go_when_there_are_too_many() -> None:
    memory = NameMemory(most=2)
    for person in ("a", "b", "c"):
        memory.remember("auditor", {person: person})
    assert memory.recall("auditor", {"a", "b", "c"}) == ({"b": "b", "c": "c"}, {"a"})
