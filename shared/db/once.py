"""A command that is sent again answers as it did the first time: rows under the caller's Idempotency-Key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from shared.db.together import Steps
from shared.db.unit import Unit
from shared.problems import Problem


def once(unit: Unit, operation: str, args: Mapping[str, Any], key: str, step: Callable[[], Any]) -> Any:
    """What ``step`` answers, or answered when ``operation`` was called under ``key`` before. The answer is kept with
    whatever the step changes; of one that failed nothing is.

    Raises:
        Problem: ``idempotency.mismatch`` (422) when it was called with other ``args`` then.
        IntegrityError: at the flush, when the same call at the same moment was faster.
    """
    known = known_answer(unit, operation, args, key)
    return known["result"] if known else _kept(unit, operation, args, key, step())


def once_in_steps(unit: Unit, operation: str, args: Mapping[str, Any], key: str, steps: Steps[Any]) -> Steps[Any]:
    """:func:`once` of a command in steps."""
    known = known_answer(unit, operation, args, key)
    return known["result"] if known else _kept(unit, operation, args, key, (yield from steps))


def known_answer(unit: Unit, operation: str, args: Mapping[str, Any], key: str) -> Any:
    """What was answered under a key before, as ``{"result": …}``; None under a new one.

    Raises:
        Problem: ``idempotency.mismatch`` (422).
    """
    chosen = select(unit.tables.idempotency).filter_by(person_id=unit.actor, operation=operation, key=key)
    known = unit.session.execute(chosen).scalar_one_or_none()
    if known is None:
        return None
    if known.fingerprint != _fingerprint(unit, args):
        raise Problem(
            "idempotency.mismatch", 422, "ใช้ Idempotency-Key ซ้ำกับข้อมูลที่ต่างกัน", "กรุณาใช้รหัสใหม่สำหรับรายการใหม่"
        )
    return known.answer


def _kept(unit: Unit, operation: str, args: Mapping[str, Any], key: str, result: Any) -> Any:
    unit.session.add(
        unit.tables.idempotency(
            person_id=unit.actor,
            operation=operation,
            key=key,
            fingerprint=_fingerprint(unit, args),
            answer={"result": result},
            created_at=unit.now(),
        )
    )
    return result


def _fingerprint(unit: Unit, args: Mapping[str, Any]) -> str:
    # keyed: arguments may hold a citizen id, and an open digest of a thing with so few values gives it away
    written = json.dumps(args, sort_keys=True, default=str)
    return unit.vault.blind("idempotency.fingerprint", written)
