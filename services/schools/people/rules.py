"""How a person is named."""

from __future__ import annotations

SYNTHETIC_MARK = "(สาธิต)"


def display_name(title: str, given_name: str, family_name: str, *, synthetic: bool) -> str:
    """The name as pages and letters show it: "นางสาวฟารินี แจ้งสว่าง"; a synthetic person is marked as such."""
    name = f"{title}{given_name} {family_name}"
    return f"{name} {SYNTHETIC_MARK}" if synthetic else name
