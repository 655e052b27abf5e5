"""What a gateway process remembers, and what it forgets."""

from __future__ import annotations

from gateway.recent import Recent


def test_what_was_used_last_is_kept_and_no_more_than_that() -> None:
    recent: Recent[str, int] = Recent(2)
    assert recent.get("a") is None
    assert [recent.put(name, value) for name, value in (("a", 1), ("b", 2))] == [1, 2]
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(name) for name in "abc"] == [1, None, 3]
    recent.put("a", 4)
    assert recent.get("a") == 4
    recent.clear()
    assert recent.get("a") is None
