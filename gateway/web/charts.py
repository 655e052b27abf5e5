"""Charts as SVG, drawn by the server. Colours come from the style sheet; a table beside has the same numbers.

The names of grades and size classes come from services, so they are Thai on every page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from gateway.web import labels, thai
from gateway.web.language import gettext as _
from gateway.web.svg import Svg

WIDTH = 360
LABEL = 46
SIZE_LABEL = 110
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


def pupils_by_grade(rows: Sequence[dict[str, Any]], name: str = "grades") -> Svg:
    """Stacked bars of boys and girls by grade; subtotals are left out. ``name`` is the drawing's own on its page."""
    bars = [GradeBar(row["grade"], row["male"], row["female"]) for row in rows if row["kind"] == "grade"]
    if not bars:
        return Svg("")
    most = max(bar.male + bar.female for bar in bars) or 1
    height = len(bars) * ROW + 4
    drawn = "".join(_grade_bar(bar, index, most) for index, bar in enumerate(bars))
    words = ", ".join(
        f"{thai.digits(bar.grade)} {_('ชาย')} {thai.number(bar.male)} {_('หญิง')} {thai.number(bar.female)}"
        for bar in bars
    )
    return _drawing(name, "chart", height, _("จำนวนนักเรียนรายชั้น แยกชายหญิง"), words, drawn)


def _grade_bar(bar: GradeBar, index: int, most: int) -> str:
    room = WIDTH - LABEL - VALUE
    male, female = (round(count / most * room, 1) for count in (bar.male, bar.female))
    top = index * ROW + 4
    baseline, total = top + BAR - 4, thai.number(bar.male + bar.female)
    return (
        f'<text class="chart-label" lang="th" x="{LABEL - 8}" y="{baseline}">{escape(thai.digits(bar.grade))}</text>'
        f'<rect class="male" x="{LABEL}" y="{top}" width="{male}" height="{BAR}"/>'
        f'<rect class="female" x="{LABEL + male}" y="{top}" width="{female}" height="{BAR}"/>'
        f'<text class="chart-value" x="{LABEL + male + female + 6}" y="{baseline}">{total}</text>'
    )


def schools_by_size(classes: Sequence[Mapping[str, Any]], name: str = "sizes") -> Svg:
    """A bar for each size class: how many schools there are of it. ``name`` is the drawing's own on its page."""
    most = max((one["schools"] for one in classes), default=0)
    if not most:
        return Svg("")
    drawn = "".join(_size_bar(one, index, most) for index, one in enumerate(classes))
    words = ", ".join(f"{thai.digits(one['label'])} {thai.number(one['schools'])}" for one in classes)
    return _drawing(name, "chart", len(classes) * ROW + 4, _("จำนวนโรงเรียนตามขนาด"), words, drawn)


def _size_bar(one: Mapping[str, Any], index: int, most: int) -> str:
    width = round(one["schools"] / most * (WIDTH - SIZE_LABEL - VALUE), 1)
    top = index * ROW + 4
    baseline, label = top + BAR - 4, escape(thai.digits(one["label"]))
    return (
        f'<text class="chart-label" lang="th" x="{SIZE_LABEL - 8}" y="{baseline}">{label}</text>'
        f'<rect class="fill-confirmed" x="{SIZE_LABEL}" y="{top}" width="{width}" height="{BAR}"/>'
        f'<text class="chart-value" x="{SIZE_LABEL + width + 6}" y="{baseline}">{thai.number(one["schools"])}</text>'
    )


def state_strip(by_state: dict[str, int], name: str = "states") -> Svg:
    """One bar of all schools by state, from done to not begun. ``name`` is the drawing's own on its page."""
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
    words = ", ".join(f"{labels.label(labels.SCHOOL_STATES, state)} {thai.number(count)}" for state, count in present)
    return _drawing(name, "strip", STRIP_HEIGHT, _("จำนวนโรงเรียนตามสถานะ"), words, "".join(drawn))


def _drawing(name: str, kind: str, height: int, title: str, words: str, drawn: str) -> Svg:
    """An image that says what it shows: its name, and its numbers in words."""
    ratio = ' preserveAspectRatio="none"' if kind == "strip" else ""
    return Svg(
        f'<svg class="{kind}" viewBox="0 0 {WIDTH} {height}"{ratio} role="img" '
        f'aria-labelledby="{name}-title {name}-words"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(words)}</desc>{drawn}</svg>'
    )
