"""Rules as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.web import labels

_BLANK = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True)
class Chosen:
    """What the rules are narrowed to."""

    q: str = ""
    severity: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Chosen:
        severity = query.get("severity", "")
        return cls(query.get("q", "").strip(), severity if severity in labels.SEVERITIES else "")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.severity)


@dataclass(frozen=True)
class Wording:
    """One case of a rule."""

    severity: str
    message: str
    suggestion: str


@dataclass(frozen=True)
class Example:
    """A value that the rule finds, and how it should be."""

    wrong: str
    right: str


@dataclass(frozen=True)
class Card:
    """One rule."""

    id: str
    name: str
    wordings: tuple[Wording, ...]
    looks_at: tuple[str, ...]
    columns: tuple[str, ...]
    menu: str | None
    source: str
    about: str
    example: Example | None
    given: tuple[str, ...]

    @property
    def severity(self) -> str:
        return self.wordings[0].severity

    def holds(self, words: str) -> bool:
        """Whether the rule speaks of ``words``."""
        texts = [self.id, self.name, self.source, self.about, *self.columns]
        texts += [self.example.wrong, self.example.right] if self.example else []
        texts += [text for wording in self.wordings for text in (wording.message, wording.suggestion)]
        return any(words.lower() in text.lower() for text in texts)


def cards(rules: Iterable[Mapping[str, Any]], choice: Chosen) -> list[Card]:
    """The rules chosen, in their order."""
    found = (_card(rule) for rule in rules)
    return [card for card in found if _takes(choice, card)]


def _takes(choice: Chosen, card: Card) -> bool:
    has_severity = not choice.severity or any(wording.severity == choice.severity for wording in card.wordings)
    return has_severity and (not choice.q or card.holds(choice.q))


def _card(rule: Mapping[str, Any]) -> Card:
    return Card(
        id=rule["id"],
        name=labels.label(labels.RULES, rule["id"]),
        wordings=tuple(_wordings(rule)),
        looks_at=tuple(labels.label(labels.RULE_SCOPES, scope) for scope in rule["scopes"]),
        columns=tuple(rule["columns"]),
        menu=rule["menu"],
        source=rule["source"],
        about=rule["about"],
        example=Example(**rule["example"]) if rule["example"] else None,
        given=tuple(rule["given"]),
    )


def _wordings(rule: Mapping[str, Any]) -> Iterator[Wording]:
    """Each thing the rule may say, once; what is filled in for each finding is left open."""
    said = set()
    for case in (rule, *rule["cases"]):
        message = _BLANK.sub("…", case["message"])
        wording = Wording(case["severity"], "" if not message.strip("… :") else message, case["suggestion"])
        if wording not in said:
            said.add(wording)
            yield wording
