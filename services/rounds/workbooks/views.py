"""How a file that was only tried looks to who tried it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.rounds.submissions.rules import Reason, Since, SubmissionPhase, carry_reasons, compare, phase_after_check
from services.rounds.submissions.tables import Finding
from services.rounds.submissions.views import finding_view

FINDINGS_SHOWN = 1000


def checked_view(
    result: Mapping[str, Any],
    filename: str,
    earlier: list[dict[str, Any]],
    reasons: Mapping[tuple[Any, ...], Reason],
    standing: int | None,
) -> dict[str, Any]:
    """The result of a check as the version would be shown, without what is sealed.

    ``earlier`` and ``reasons`` are those of the version that stands, ``standing`` its number.
    """
    findings = [{"state": "open", "first_version": 0, **finding} for finding in result["findings"]]
    compared = compare(earlier, findings) if standing else None
    since = compared.since if compared else [None] * len(findings)
    findings = carry_reasons(
        [{**finding, "since": one} for finding, one in zip(findings, since, strict=True)], reasons
    )
    still = [finding["since"] for finding in findings if finding["state"] == "open"]
    phase = phase_after_check(finding["severity"] for finding in findings if finding["state"] == "open")
    return {
        "filename": filename,
        "accepted": result["accepted"],
        "state": (phase if result["accepted"] else SubmissionPhase.REJECTED).value,
        "counts": result["counts"],
        "not_evaluated": result["not_evaluated"],
        "compared_with": standing,
        "fixed": len(compared.fixed) if compared else 0,
        "still_open": still.count(Since.OPEN),
        "new": still.count(Since.NEW),
        "by_rule": _by_rule(findings),
        "findings": [_shown(finding, number) for number, finding in enumerate(findings[:FINDINGS_SHOWN], 1)],
    }


def _by_rule(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str, str], int] = {}
    for finding in findings:
        key = finding["rule"], finding["severity"], finding["state"]
        counts[key] = counts.get(key, 0) + 1
    return [
        {"rule": rule, "severity": severity, "state": state, "count": count}
        for (rule, severity, state), count in sorted(counts.items())
    ]


def _shown(finding: Mapping[str, Any], number: int) -> dict[str, Any]:
    row = Finding(**{**finding, "id": str(number)})
    return finding_view(row)
