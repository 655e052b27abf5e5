"""What one run of the bench found, kept in ``results.json``; README quotes it and a test of the contracts compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
# of the area's file
MOST_RATIO = 2.5
MOST_MB = 600
MOST_SECONDS = 0.25


def keep(found: dict[str, Any]) -> dict[str, Any]:
    """Write what was found; it is returned as it stands in the file."""
    kept: dict[str, Any] = rounded(found)
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n")
    return kept


def kept() -> dict[str, Any]:
    """What the last run found."""
    found: dict[str, Any] = json.loads(RESULTS.read_text())
    return found


def rounded(value: Any) -> Any:
    """Two decimals, everywhere: nothing here is more exact."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return round(value, 2) if isinstance(value, float) else value


def too_much(found: dict[str, Any]) -> list[str]:
    """What is beyond its limit."""
    faults = []
    for mode in ("embedded", "services"):
        for name, most in (("stored_to_calamine", MOST_RATIO), ("peak_mb", MOST_MB), ("others_p99", MOST_SECONDS)):
            if found[mode][name] > most:
                faults.append(f"{mode} {name} is {found[mode][name]}, more than {most}")
    return faults


def quoted(found: dict[str, Any]) -> str:
    """The lines that README quotes."""
    lines = ["| 40,000 rows × 39 | ratio |", "|---|---|"]
    split, frictionless = found["alone"]["check_to_calamine"], found["frictionless_to_calamine"]
    facts = {
        "file split and every part checked : python-calamine reading it (processor time)": split,
        "frictionless without rules : python-calamine (processor time)": frictionless,
        "upload taken to findings stored : python-calamine, embedded": found["embedded"]["stored_to_calamine"],
        "upload taken to findings stored : python-calamine, services": found["services"]["stored_to_calamine"],
        "events applied in groups : one by one, PostgreSQL": found["inbox"]["postgresql"]["ratio"],
        "events applied in groups : one by one, SQLite": found["inbox"]["sqlite"]["ratio"],
        "publishing with pipelined confirms : one by one": found["confirms"]["ratio"],
    }
    lines += [f"| {what} | {'not measured' if ratio is None else ratio} |" for what, ratio in facts.items()]
    memory = max(found[mode]["peak_mb"] for mode in ("embedded", "services"))
    slowest = max(found[mode]["others_p99"] for mode in ("embedded", "services"))
    machine = f"{found['machine']['processors']} processors with a load of {found['machine']['load']}"
    others = f"the 99th of 100 other requests took {slowest * 1000:.0f} ms"
    lines += ["", f"Meanwhile at most {memory:.0f} MB; {others}; {machine}."]
    return "\n".join(lines)


if __name__ == "__main__":
    print(quoted(kept()))
