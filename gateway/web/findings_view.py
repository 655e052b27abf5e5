"""Findings as a person reads them: by rule, the gravest first, each rule with what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.web import labels

Finding = Mapping[str, Any]

SEVERITIES = tuple(labels.SEVERITIES)
CORRECTED = frozenset({"ERROR", "WARN"})
# what they say of a column stands at its header, which is corrected nowhere
OF_HEADERS = frozenset({"F07"})
EXPLAINED_BY_KIND = frozenset({"R01", "R02", "R03"})


@dataclass(frozen=True)
class FindingChoice:
    """What the findings are narrowed to, and where a long list goes on."""

    severity: str = ""
    rule: str = ""
    state: str = ""
    since: str = ""
    cursor: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> FindingChoice:
        severity, state, since = (query.get(name, "") for name in ("severity", "state", "since"))
        return cls(
            severity=severity if severity in labels.SEVERITIES else "",
            rule=query.get("rule", "")[:20],
            state=state if state in ("open", "acknowledged") else "",
            since=since if since in labels.SINCE else "",
            cursor=query.get("cursor", ""),
        )

    def as_filter(self) -> dict[str, str]:
        """The arguments of the question."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.severity or self.rule or self.state or self.since)


@dataclass
class Group:
    """The findings of one rule in one severity; ``total`` counts those on other pages too."""

    rule: str
    severity: str
    total: int
    unexplained: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        return labels.label(labels.RULES, self.rule)

    @property
    def advice(self) -> str | None:
        """What to do, when it is the same for every finding."""
        suggestions = {finding["suggestion"] for finding in self.findings}
        return suggestions.pop() if len(suggestions) == 1 else None

    @property
    def takes_kind(self) -> bool:
        """Whether its reason says what happened to the pupils."""
        return self.rule in EXPLAINED_BY_KIND

    @property
    def is_explainable(self) -> bool:
        return self.severity == "WARN"


def group(findings: Iterable[Finding], by_rule: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Findings in sheet order as groups, BLOCK before ERROR before WARN before INFO."""
    groups: dict[tuple[str, str], Group] = {}
    for finding in findings:
        key = finding["severity"], finding["rule"]
        if key not in groups:
            groups[key] = _empty_group(finding, by_rule)
        groups[key].findings.append(finding)
    return sorted(groups.values(), key=lambda one: (SEVERITIES.index(one.severity), one.rule))


def _empty_group(finding: Finding, by_rule: Sequence[Mapping[str, Any]]) -> Group:
    rule, severity = finding["rule"], finding["severity"]
    counts = [entry for entry in by_rule if (entry["rule"], entry["severity"]) == (rule, severity)]
    return Group(
        rule=rule,
        severity=severity,
        total=sum(entry["count"] for entry in counts),
        unexplained=sum(entry["count"] for entry in counts if entry["state"] == "open"),
    )


def counted(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """How many findings there are of each rule, where only some of a version's are shown."""
    keys = Counter((finding["rule"], finding["severity"], finding["state"]) for finding in findings)
    return [
        {"rule": rule, "severity": severity, "state": state, "count": count}
        for (rule, severity, state), count in keys.items()
    ]


def correctable(groups: Iterable[Group]) -> set[str]:
    """The findings beside which their cell can be corrected: each cell once, and no header."""
    cells: dict[tuple[int, str], str] = {}
    for group_ in groups:
        for finding in group_.findings:
            is_cell = finding["row"] is not None and finding["column"] is not None
            if is_cell and group_.severity in CORRECTED and group_.rule not in OF_HEADERS:
                cells.setdefault((finding["row"], finding["column"]), finding["id"])
    return set(cells.values())


def unexplained(by_rule: Iterable[Mapping[str, Any]]) -> int:
    """How many warnings still want a reason."""
    return sum(entry["count"] for entry in by_rule if (entry["severity"], entry["state"]) == ("WARN", "open"))


def not_evaluated(skipped: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Rules that did not run, by the reason why."""
    reasons: dict[str, list[str]] = {}
    for entry in skipped:
        reasons.setdefault(entry["reason"], []).append(entry["rule"])
    return list(reasons.items())
