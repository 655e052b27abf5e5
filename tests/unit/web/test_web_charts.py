"""A drawing says in words the numbers that the table beside it shows, and its bars are as long as they are many."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from gateway.web import charts, labels
from gateway.web.svg import Svg

Choose = Callable[..., None]
SVG = "{http://www.w3.org/2000/svg}"

GRADES = {
    "title": "จำนวนนักเรียนรายชั้น แยกเพศ",
    "series": [{"key": "male", "title": "ชาย"}, {"key": "female", "title": "หญิง"}],
    "bars": [{"label": "อ.2", "values": [3, 4]}, {"label": "ป.1", "values": [1200, 0]}],
}
SIZES = {
    "title": "จำนวนโรงเรียนตามขนาด",
    "series": [{"key": "schools", "title": "โรงเรียน"}],
    "bars": [{"label": "ขนาดเล็ก <120", "values": [40]}, {"label": "ขนาดกลาง", "values": [10]}],
}
STATES = {"ACKNOWLEDGED": 2, "CERTIFIED": 0, "NOT_STARTED": 6, "EXEMPT": 5}


def parsed(drawing: Svg) -> ElementTree.Element:
    # a page's parser knows svg by its name; this one wants its namespace
    in_its_namespace = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(in_its_namespace)  # noqa: S314 our own drawing


def words_of(drawing: Svg) -> str:
    """What a screen reader says: the drawing is one image, named by its title and its description."""
    image = parsed(drawing)
    assert image.get("role") == "img"
    named = {one.get("id"): one.text or "" for one in image if one.tag in {f"{SVG}title", f"{SVG}desc"}}
    title, description = image.get("aria-labelledby", "").split()
    assert named[title]
    return named[description]


def widths(drawing: Svg, kind: str) -> list[float]:
    return [float(bar.get("width", "")) for bar in parsed(drawing).iter(f"{SVG}rect") if bar.get("class") == kind]


def test_a_report_says_every_line_with_its_series() -> None:
    drawing = charts.bars_of(GRADES)
    assert words_of(drawing) == "อ.2 ชาย 3 หญิง 4, ป.1 ชาย 1,200 หญิง 0"
    boys, girls = widths(drawing, "male"), widths(drawing, "female")
    assert boys[1] / boys[0] == pytest.approx(400, rel=0.2)
    assert girls[1] == 0
    shown = [text.text for text in parsed(drawing).iter(f"{SVG}text") if text.get("class") == "chart-value"]
    assert shown == ["7", "1,200"]


def test_long_names_stand_above_their_bars() -> None:
    drawing = charts.bars_of(SIZES)
    assert words_of(drawing) == "ขนาดเล็ก <120 โรงเรียน 40, ขนาดกลาง โรงเรียน 10"
    short, long = widths(drawing, "fill-confirmed")
    assert short == 4 * long


def test_the_strip_of_states_says_every_state_that_occurs_from_done_to_not_begun() -> None:
    drawing = charts.state_strip(STATES)
    done, not_begun = (labels.label(labels.SCHOOL_STATES, state) for state in ("ACKNOWLEDGED", "NOT_STARTED"))
    assert words_of(drawing) == f"{done} 2, {not_begun} 6"
    bars = [(bar.get("class"), float(bar.get("width", ""))) for bar in parsed(drawing).iter(f"{SVG}rect")]
    assert bars == [("fill-acknowledged", charts.WIDTH / 4), ("fill-not_started", charts.WIDTH * 3 / 4)]


def test_nothing_to_draw_draws_nothing() -> None:
    assert charts.state_strip({"EXEMPT": 3}) == ""


def test_two_drawings_of_a_page_have_names_of_their_own() -> None:
    first, second = charts.state_strip(STATES, "one"), charts.state_strip(STATES, "two")
    assert not set(re.findall(r' id="([^"]+)"', first)) & set(re.findall(r' id="([^"]+)"', second))


def test_on_an_english_page_a_report_stays_thai_and_is_marked(choose: Choose) -> None:
    choose("en", digits="thai")
    drawing = charts.bars_of(GRADES)
    assert words_of(drawing).startswith("อ.๒ ชาย ๓ หญิง ๔, ")
    assert parsed(drawing).get("lang") == "th"
