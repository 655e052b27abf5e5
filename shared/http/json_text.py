"""JSON in and out: strict on what comes in, so that nothing that reaches a database can blow up there."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from shared.problems import FieldError, Problem

MAX_DEPTH = 32
_LARGEST = 2**63 - 1
_EARLIEST_YEAR, _LATEST_YEAR = 1800, 2300

# What PostgreSQL (NUL), UTF-8 (surrogates) and XML 1.0 (the rest: workbooks, documents) cannot hold.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse_json(raw: bytes) -> Any:
    """The value in ``raw``; an empty body counts as ``{}``, anything that is not JSON is a 400 problem."""
    if not raw.strip():
        return {}
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once_each, parse_constant=_refuse_constant)
    except RecursionError:
        raise _not_json("ข้อมูลซ้อนกันลึกเกินไป") from None
    except UnicodeDecodeError:
        raise _not_json("ข้อความไม่ได้เข้ารหัสแบบ UTF-8") from None
    except json.JSONDecodeError as error:
        raise _not_json(f"อ่านข้อมูลไม่ได้ที่บรรทัด {error.lineno} ตัวอักษรที่ {error.colno}") from None
    except ValueError:
        raise _not_json("มีตัวเลขที่ยาวเกินไป") from None  # Python refuses integers of more than 4,300 digits


def encode_json(value: Any) -> bytes:
    """UTF-8 JSON; dates become ISO 8601, decimals text. A lone surrogate echoed from input becomes ``?``."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", "replace")


def unstorable(value: Any, pointer: str = "", depth: int = 0) -> Iterator[FieldError]:
    """Every place in ``value`` that holds something no database or document can: named, not passed on."""
    if depth > MAX_DEPTH:
        yield FieldError(pointer, "too_deep", f"{pointer}: ข้อมูลซ้อนกันลึกเกินไป")
    elif isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield FieldError(pointer, "characters", f"{pointer}: มีอักขระควบคุมที่มองไม่เห็นซึ่งระบบเก็บไม่ได้")
    elif isinstance(value, dict):
        for key, inner in value.items():
            inner_pointer = f"{pointer}.{key}" if pointer else str(key)
            yield from unstorable(key, inner_pointer, depth + 1) if isinstance(key, str) else ()
            yield from unstorable(inner, inner_pointer, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unstorable(inner, f"{pointer}.{index}" if pointer else str(index), depth + 1)
    elif isinstance(value, int | float | date):
        yield from _out_of_range(value, pointer)


def _out_of_range(value: float | date, pointer: str) -> Iterator[FieldError]:
    if isinstance(value, date):
        if not _EARLIEST_YEAR <= value.year <= _LATEST_YEAR:
            yield FieldError(pointer, "year", f"{pointer}: ปีต้องเป็น ค.ศ. (พ.ศ. ลบ 543)")
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            yield FieldError(pointer, "too_large", f"{pointer}: ตัวเลขมากเกินไป")
    elif not math.isfinite(value):
        yield FieldError(pointer, "not_finite", f"{pointer}: ตัวเลขไม่ถูกต้อง")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two readers of a duplicated key may believe two different values; so nobody gets to read it.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _not_json("มีชื่อฟิลด์ซ้ำกันในข้อมูลเดียว")
    return found


def _refuse_constant(name: str) -> Any:
    raise _not_json(f"ค่า {name} ไม่ใช่ตัวเลขที่ใช้ได้")


def _not_json(detail: str) -> Problem:
    return Problem("json", 400, "ข้อมูลไม่ใช่ JSON ที่อ่านได้", detail)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
