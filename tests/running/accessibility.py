"""What axe-core and a ruler say of a page: faults that keep people out, things too small to hit, pages too wide."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from gateway.web import build

AXE = build.PACKAGES / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
DESK, ZOOMED, PHONE = 1280, 640, 360  # a desk's screen, the same at 200 %, a small phone
TARGET = 44
HEIGHT = 900

RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
# what a finger has to hit; links within text are as high as their line (WCAG 2.5.8), boxes are hit by their label
TARGETS = """(least) => [...document.querySelectorAll(
    "button, .button, select, summary, .menu a, .tabs a, textarea, label.check, "
    + "input:not([type=hidden], [type=checkbox], [type=radio])"
  )].filter((one) => one.checkVisibility() && !one.matches(".visually-hidden, .visually-hidden *, button.link"))
    .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
    .filter(([, box]) => box.height > 0 && box.height + 0.5 < least)
    .map(([html, box]) => `${html} is ${box.height} high`)"""
HEADINGS = """[...document.querySelectorAll("h1, h2, h3, h4")]
    .filter((one) => one.checkVisibility()).map((one) => one.tagName[1])"""
OVERFLOW = """(width) => [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && one.checkVisibility())
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3)"""


@cache
def axe() -> str:
    """The source of axe-core, from the locked packages; fetched when only what the pages use is there."""
    if not AXE.is_file():
        build.build(tests=True)
    return AXE.read_text()


def faults_of(page: Page) -> list[str]:
    """Every grave fault of the page as it stands, at the widths of a desk and of a phone."""
    # evaluated, not added as a script: the page's content policy refuses scripts of others, and is to stay as it is
    page.evaluate(axe())
    found = []
    for width in (DESK, PHONE, ZOOMED):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width}: wider than the screen: {what}" for what in _too_wide(page, width)]
        if width != ZOOMED:
            found += [f"{width}: {fault}" for fault in _violations(page)]
            found += [f"{width}: {small}" for small in page.evaluate(TARGETS, TARGET)]
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    return [*found, *_headings(page)]


def _violations(page: Page) -> list[str]:
    violations: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]} {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


def _too_wide(page: Page, width: int) -> list[str]:
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return []
    return page.evaluate(OVERFLOW, width) or ["nobody knows what"]


def _headings(page: Page) -> list[str]:
    """One main heading, and no level left out on the way down."""
    levels = [int(level) for level in page.evaluate(HEADINGS)]
    faults = [] if levels.count(1) == 1 else [f"main headings: {levels.count(1)}"]
    jumps = [(above, below) for above, below in zip([0, *levels], levels, strict=False) if below > above + 1]
    return faults + [f"a heading of level {below} under one of level {above}" for above, below in jumps]
