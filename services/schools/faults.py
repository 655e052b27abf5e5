"""From what rules find wrong to the answer that names all of it."""

from __future__ import annotations

from collections.abc import Iterable

from services.schools.organisations.rules import Fault
from shared.problems import FieldError, invalid


def refuse(faults: Iterable[Fault]) -> None:
    """Name every fault at once.

    Raises:
        Problem: ``invalid`` (422) when there is any.
    """
    errors = [FieldError(fault.pointer, fault.code, fault.message) for fault in faults]
    if errors:
        raise invalid(errors)
