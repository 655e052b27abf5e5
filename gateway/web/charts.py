"""Charts as SVG, drawn by the server. Colours come from the style sheet; a table beside has the same numbers.

The names of grades and size classes come from services, so they are Thai on every page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from gateway.web import labels, thai
from gateway.web.language import gettext as _
from gateway.web.svg import Svg

WIDTH = 360
LABEL = 46
VALUE = 50
BAR = 18
ROW = 28
STRIP_HEIGHT = 16
SHORT_LABEL = 6
LINE_OF_TEXT = 20
# what fits above a bar on a line; the rest of a name is in the words of the drawing and in the table
LONGEST_NAME = 42
SERIES = {"male": "male", "female": "female"}

# the order in which a school moves; a board reads from what is done to what is not begun
STATES_FROM_DONE = (
    "ACKNOWLEDGED", "LOCKED", "CERTIFIED", "CONFIRMED", "READY", "HAS_ERRORS", "RECORDING", "RETURNED", "NOT_STARTED",
)  # fmt: skip


def bars_of(chart: Mapping[str, Any], name: str = "bars") -> Svg:
    """The chart of a report: a bar for each line, its series one after the other; a hidden cell has its mark alone.

    Long names stand above their bars. ``name`` is the drawing's own on its page.
    """
    bars = chart["bars"]
    is_short = max(len(bar["label"]) for bar in bars) <= SHORT_LABEL
    row = ROW if is_short else ROW + LINE_OF_TEXT
    most = max((_length(bar) for bar in bars), default=0) or 1
    drawn = "".join(_bar(chart, bar, index * row, most, is_short=is_short) for index, bar in enumerate(bars))
    words = ", ".join(
        f"{thai.digits(bar['label'])} " + " ".join(
            f"{one['title']} {thai.cell(value)}" for one, value in zip(chart["series"], bar["values"], strict=True)
        )
        for bar in bars
    )
    return _drawing(name, "chart", len(bars) * row + 4, chart["title"], words, drawn, language="th")


def key_of(series: Sequence[Mapping[str, Any]], index: int) -> str:
    """The class that colours a series."""
    key = series[index]["key"]
    return SERIES.get(key, "fill-confirmed" if index == 0 else "fill-not_started")


def _bar(chart: Mapping[str, Any], bar: Mapping[str, Any], top: int, most: float, *, is_short: bool) -> str:
    left: float = LABEL if is_short else 0
    top += 4 if is_short else 4 + LINE_OF_TEXT
    baseline = top + BAR - 4
    beside, above = f'class="chart-label" x="{LABEL - 8}" y="{baseline}"', f'class="chart-name" x="0" y="{top - 5}"'
    drawn = [f"<text {beside if is_short else above}>{escape(thai.digits(_shortened(bar['label'])))}</text>"]
    for index, value in enumerate(bar["values"]):
        width = round(_number(value) / most * (WIDTH - LABEL - VALUE), 1)
        kind = key_of(chart["series"], index)
        drawn.append(f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{BAR}"/>')
        left = round(left + width, 1)
    drawn.append(f'<text class="chart-value" x="{left + 6}" y="{baseline}">{escape(_said(bar["values"]))}</text>')
    return "".join(drawn)


def _shortened(name: str) -> str:
    """A name as far as it fits; marks above and below letters take no room."""
    wide = [index for index, letter in enumerate(name) if unicodedata.category(letter) != "Mn"]
    return name if len(wide) <= LONGEST_NAME else f"{name[: wide[LONGEST_NAME - 1]]}…"


def _length(bar: Mapping[str, Any]) -> float:
    return sum(_number(value) for value in bar["values"])


def _number(value: Any) -> float:
    return 0 if value is None or isinstance(value, str) else value


def _said(values: Sequence[Any]) -> str:
    """The sum of a bar; the marks where something of it is hidden."""
    if any(isinstance(value, str) for value in values):
        return " + ".join(thai.cell(value) for value in values)
    return thai.cell(sum(_number(value) for value in values))


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


def _drawing(name: str, kind: str, height: int, title: str, words: str, drawn: str, language: str = "") -> Svg:
    """An image that says what it shows: its name, and its numbers in words; ``language`` where it is not the page's."""
    ratio = ' preserveAspectRatio="none"' if kind == "strip" else ""
    spoken = f' lang="{language}"' if language else ""
    return Svg(
        f'<svg class="{kind}" viewBox="0 0 {WIDTH} {height}"{ratio}{spoken} role="img" '
        f'aria-labelledby="{name}-title {name}-words"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(words)}</desc>{drawn}</svg>'
    )
