"""Registering many letters at once: each row is a letter of its own, the right ones in the order of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from services.documents.bulk.rules import check_rows
from services.documents.letters.commands import create_letter
from services.documents.letters.finding import registry_of
from shared.db.once import known_answer, once_in_steps
from shared.db.together import alone
from shared.db.unit import Unit
from shared.problems import Problem, forbidden


def register_many(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Key in a table of letters and register those that are right, in its order and in one transaction; a row that is
    wrong keeps none of the others back and uses no number up.

    Args:
        unit: of the registry.
        rows: ``values`` as for :func:`create_letter`, ``again`` (it is another letter) and ``key``: what makes the row
            one letter, however often it is sent, in this table, in another, or by itself under that Idempotency-Key.

    Returns:
        ``rows``, one for each: its place (from 0), the ``letter``, or the ``problem`` with every field that is wrong.

    Raises:
        Problem: ``forbidden``; ``invalid`` (422) for no rows, or too many.
    """
    check_rows(rows)
    if registry_of(unit) is None:
        raise forbidden("ลงรับหนังสือทำได้เฉพาะสารบรรณกลางของสำนักงาน หรือธุรการโรงเรียน")
    results = [{"row": place, **_result(unit, row)} for place, row in enumerate(rows)]
    registered = sum(result["letter"] is not None for result in results)
    return {"rows": results, "registered": registered, "refused": len(results) - registered}


def _result(unit: Unit, row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"letter": _registered(unit, row), "problem": None}
    except Problem as problem:
        return {"letter": None, "problem": problem.as_dict()}


def _registered(unit: Unit, row: Mapping[str, Any]) -> Any:
    """The letter of a row, in a savepoint of its own: all of it, or nothing."""
    args: dict[str, Any] = {"values": dict(row["values"]), "again": bool(row.get("again")), "register": True}
    key, operation = row.get("key"), create_letter.__name__
    try:
        with unit.session.savepoint():
            steps = create_letter(unit, **args)
            return alone(unit.session, once_in_steps(unit, operation, args, key, steps) if key else steps)
    except IntegrityError:
        # the same row in another table, at the same moment, was faster
        known = known_answer(unit, operation, args, key) if key else None
        if known is None:
            raise
        return known["result"]
