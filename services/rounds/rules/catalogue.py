"""The rules of a set as people read them: what each says, what it looks at, how grave it is, where it comes from."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from services.rounds.rules.dmc import (
    address,
    classroom,
    cross_round,
    file_rules,
    guardian,
    health,
    identity,
    person,
    school,
    welfare,
)
from services.rounds.rules.dmc.layout import KNOWN_COLUMNS
from services.rounds.rules.dmc.rulebook import MISSING, RULES
from services.rounds.rules.model import Rule, Wording
from services.rounds.rules.registry import Registered, load_rule_set

_DMC = "คู่มือ DMC"
_COMPLETE = "รายการข้อมูลที่ สพฐ. กำหนดให้ครบในแต่ละรอบ"
# what each module says of its sources, in Thai
_SOURCES = {
    file_rules.__name__: f"{_DMC} แนวปฏิบัติการจัดเก็บข้อมูลของ สพฐ. และข้อกำหนดของสำนักงานเขต",
    identity.__name__: "กรมการปกครอง (เลขตรวจสอบ) กระทรวงศึกษาธิการ (รหัส G) และข้อผิดพลาดที่ สพฐ. แจ้งในแต่ละรอบ",
    person.__name__: f"{_DMC} และมาตรฐานข้อมูลนักเรียนของกระทรวงศึกษาธิการ",
    classroom.__name__: f"{_DMC} และประกาศ สพฐ. เรื่องการรับนักเรียน",
    guardian.__name__: _COMPLETE,
    address.__name__: f"{_DMC} และรายชื่อตำบล อำเภอ จังหวัดของกรมการปกครอง",
    health.__name__: f"{_COMPLETE} ช่วงค่าที่ปกติเป็นเกณฑ์ของสำนักงานเขต",
    welfare.__name__: f"{_DMC} มาตรฐานข้อมูลนักเรียนของกระทรวงศึกษาธิการ และเกณฑ์ของสำนักงานเขต",
    cross_round.__name__: "ข้อผิดพลาดที่ สพฐ. แจ้งในแต่ละรอบ และการเปรียบเทียบกับข้อมูลรอบก่อนของโรงเรียน",
    school.__name__: "เกณฑ์ขนาดโรงเรียนของ สพฐ. (EMIS)",
}
_HEADERS = {column.field: column.header for column in KNOWN_COLUMNS}
_SCOPES = {"file": RULES.files, "roll": RULES.rolls, "row": RULES.rows, "round": RULES.rounds}


def catalogue(rule_set_id: str) -> dict[str, Any]:
    """Every rule of the set in the order of its ids.

    Raises:
        LookupError: there is no such set.
    """
    rules = load_rule_set(rule_set_id)
    return {
        "rule_set": rules.id,
        "version": rules.version,
        "register": rules.register,
        "items": [_entry(rule) for _id, rule in sorted(rules.rules.items())],
        "next_cursor": None,
    }


def _entry(rule: Rule) -> dict[str, Any]:
    functions = list(_functions(rule.id))
    judge = functions[0][1].function
    fields = dict.fromkeys(field for _scope, function in functions for field in (*function.needs, *function.among))
    given = dict.fromkeys(fact for _scope, function in functions for fact in function.given)
    usual = rule.wordings[""]
    return {
        "id": rule.id,
        "severity": usual.severity.value,
        "message": usual.message,
        "suggestion": usual.suggestion,
        "cases": [_case(name, wording) for name, wording in rule.wordings.items() if name],
        "scopes": [scope for scope, _function in functions],
        "columns": [_HEADERS[field] for field in fields],
        "params": dict(rule.params),
        "menu": rule.menu,
        "example": asdict(rule.example) if rule.example else None,
        "given": [MISSING[fact] for fact in given],
        "source": _SOURCES[judge.__module__],
        "about": inspect.getdoc(judge),
    }


def _case(name: str, wording: Wording) -> Mapping[str, str]:
    return {
        "case": name,
        "severity": wording.severity.value,
        "message": wording.message,
        "suggestion": wording.suggestion,
    }


def _functions(rule_id: str) -> Iterator[tuple[str, Registered]]:
    """A rule may have a function for each pupil and one for all of them."""
    for scope, registered in _SCOPES.items():
        if rule_id in registered:
            yield scope, registered[rule_id]

