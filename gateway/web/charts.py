"""Charts as SVG, drawn by the server. Colours come from the style sheet; the numbers always stand beside in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from gateway.web import labels
from gateway.web.language import gettext as _
from gateway.web.svg import Svg

WIDTH = 360
LABEL = 46
VALUE = 50
BAR = 18
ROW = 28
STRIP_HEIGHT = 16

# the order in which a school moves; a board reads from what is done to what is not begun
STATES_FROM_DONE = (
    "ACKNOWLEDGED", "LOCKED", "CERTIFIED", "CONFIRMED", "READY", "HAS_ERRORS", "RECORDING", "RETURNED", "NOT_STARTED",
)  # fmt: skip


@dataclass(frozen=True)
class GradeBar:
    """Pupils of one grade."""

    grade: str
    male: int
    female: int


def pupils_by_grade(rows: Sequence[dict[str, Any]]) -> Svg:
    """Stacked bars of boys and girls by grade; subtotals are left out."""
    bars = [GradeBar(row["grade"], row["male"], row["female"]) for row in rows if row["kind"] == "grade"]
    if not bars:
        return Svg("")
    most = max(bar.male + bar.female for bar in bars) or 1
    height = len(bars) * ROW + 4
    drawn = "".join(_grade_bar(bar, index, most) for index, bar in enumerate(bars))
    summary = _("แผนภูมิจำนวนนักเรียนรายชั้น แยกชายหญิง: ") + ", ".join(
        f"{bar.grade} {_('ชาย')} {bar.male} {_('หญิง')} {bar.female}" for bar in bars
    )
    return Svg(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(summary)}">{drawn}</svg>'
    )


def _grade_bar(bar: GradeBar, index: int, most: int) -> str:
    room = WIDTH - LABEL - VALUE
    male, female = (round(count / most * room, 1) for count in (bar.male, bar.female))
    top = index * ROW + 4
    baseline = top + BAR - 4
    return (
        f'<text class="chart-label" x="{LABEL - 8}" y="{baseline}">{escape(bar.grade)}</text>'
        f'<rect class="male" x="{LABEL}" y="{top}" width="{male}" height="{BAR}"/>'
        f'<rect class="female" x="{LABEL + male}" y="{top}" width="{female}" height="{BAR}"/>'
        f'<text class="chart-value" x="{LABEL + male + female + 6}" y="{baseline}">{bar.male + bar.female:,}</text>'
    )


def state_strip(by_state: dict[str, int]) -> Svg:
    """One bar of all schools by state, from done to not begun."""
    present = [(state, by_state.get(state, 0)) for state in STATES_FROM_DONE if by_state.get(state)]
    total = sum(count for _state, count in present)
    if not total:
        return Svg("")
    drawn, left = [], 0.0
    for state, count in present:
        width = count / total * WIDTH
        place = f'x="{left:.2f}" y="0" width="{width:.2f}" height="{STRIP_HEIGHT}"'
        drawn.append(f'<rect class="fill-{state.lower()}" {place}/>')
        left += width
    words = ", ".join(f"{labels.label(labels.SCHOOL_STATES, state)} {count}" for state, count in present)
    return Svg(
        f'<svg class="strip" viewBox="0 0 {WIDTH} {STRIP_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(words)}">{"".join(drawn)}</svg>'
    )
