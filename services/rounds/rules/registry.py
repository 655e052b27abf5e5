"""Rules as functions. A new rule is a function with a decorator and an entry in the rule set; nothing else names it.

A register (``dmc``) has one :class:`Registry`. Rules of one pupil run row by row; rules of the roll see all pupils at
once; rules of the file see the file and what was declared about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from services.rounds.rules.model import Example, Hit, Rule, RuleSet, Severity, Wording

_RULE_SETS = Path(__file__).with_name("rule_sets")

Function = TypeVar("Function", bound=Callable[..., Iterable[Hit]])


@dataclass(frozen=True)
class Registered:
    """A rule's function: ``needs`` are the columns without which it cannot run, ``cases`` the wordings it may use.

    Of the columns ``among`` it needs one at least. ``given`` are facts beside the file (names of the setting's
    attributes) without which it cannot run either.
    """

    id: str
    function: Callable[..., Iterable[Hit]]
    needs: tuple[str, ...]
    cases: frozenset[str]
    given: tuple[str, ...] = ()
    among: tuple[str, ...] = ()

    def absent(self, present: Container[str]) -> list[str]:
        """The columns for want of which it cannot run."""
        absent = [name for name in self.needs if name not in present]
        return absent or ([] if any(name in present for name in self.among) else list(self.among))

    def lacks(self, facts: object) -> str | None:
        """The first given fact that is not known."""
        return next((name for name in self.given if getattr(facts, name) is None), None)


@dataclass
class Registry:
    """All rules of one register, by scope and id. Importing a rule's module registers it."""

    rows: dict[str, Registered] = field(default_factory=dict)
    rolls: dict[str, Registered] = field(default_factory=dict)
    files: dict[str, Registered] = field(default_factory=dict)
    rounds: dict[str, Registered] = field(default_factory=dict)

    def row(
        self,
        rule_id: str,
        *needs: str,
        cases: Iterable[str] = ("",),
        given: tuple[str, ...] = (),
        among: tuple[str, ...] = (),
    ) -> Callable[[Function], Function]:
        """Register a rule of one pupil: ``(pupil, setting) -> hits``."""
        return self._register(self.rows, rule_id, needs, cases, given, among)

    def roll(
        self, rule_id: str, *needs: str, cases: Iterable[str] = ("",), given: tuple[str, ...] = ()
    ) -> Callable[[Function], Function]:
        """Register a rule of all pupils together: ``(pupils, setting) -> hits`` with rows."""
        return self._register(self.rolls, rule_id, needs, cases, given)

    def file(
        self, rule_id: str, *needs: str, cases: Iterable[str] = ("",), given: tuple[str, ...] = ()
    ) -> Callable[[Function], Function]:
        """Register a rule of the file: ``(file) -> hits``."""
        return self._register(self.files, rule_id, needs, cases, given)

    def round(self, rule_id: str) -> Callable[[Function], Function]:
        """Register a rule that is judged outside the check of a file, when other schools or people have acted."""
        return self._register(self.rounds, rule_id, (), ("",), ())

    def cases(self) -> dict[str, frozenset[str]]:
        """Every case of every rule: what a rule set has to word."""
        found: dict[str, frozenset[str]] = {}
        for scope in (self.files, self.rows, self.rolls, self.rounds):
            for rule_id, registered in scope.items():
                found[rule_id] = found.get(rule_id, frozenset()) | registered.cases
        return found

    def needing(self, column: str) -> set[str]:
        """The rules that cannot run without a column."""
        scopes = (self.rows, self.rolls)
        return {rule_id for scope in scopes for rule_id, registered in scope.items() if column in registered.needs}

    @staticmethod
    def _register(
        scope: dict[str, Registered],
        rule_id: str,
        needs: tuple[str, ...],
        cases: Iterable[str],
        given: tuple[str, ...],
        among: tuple[str, ...] = (),
    ) -> Callable[[Function], Function]:
        def decorate(function: Function) -> Function:
            if rule_id in scope:
                raise ValueError(f"rule {rule_id} is registered twice")
            scope[rule_id] = Registered(rule_id, function, needs, frozenset(cases), given, among)
            return function

        return decorate


@cache
def load_rule_set(rule_set_id: str) -> RuleSet:
    """The rule set of that id; LookupError when it does not ship."""
    path = _RULE_SETS / f"{rule_set_id}.json"
    if not rule_set_id.replace("-", "").isalnum() or not path.is_file():
        raise LookupError(f"no rule set {rule_set_id!r}")
    document = json.loads(path.read_text(encoding="utf-8"))
    rules = {rule_id: _rule(rule_id, entry) for rule_id, entry in document["rules"].items()}
    return RuleSet(document["id"], document["version"], document["register"], rules)


def _rule(rule_id: str, entry: Mapping[str, Any]) -> Rule:
    """A case inherits the severity and the suggestion of the usual case unless it has its own."""
    usual = Wording(Severity(entry["severity"]), entry["message"], entry["suggestion"])
    wordings = {"": usual}
    for name, case in entry.get("cases", {}).items():
        wordings[name] = Wording(
            Severity(case.get("severity", usual.severity)), case["message"], case.get("suggestion", usual.suggestion)
        )
    example = Example(**entry["example"]) if "example" in entry else None
    return Rule(rule_id, wordings, entry.get("params", {}), entry.get("menu"), example)
