"""The pages' common ground: templates, their filters, and the answer that a page is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gateway.environment import SETTINGS
from gateway.recent import Recent
from gateway.web import charts, helping, labels, language, letter_words, preferences, problem_words, thai
from gateway.web.addresses import page_behind, with_query
from gateway.web.icons import icon
from gateway.web.navigation import links_for, place_of
from gateway.web.preferences import Preferences
from gateway.web.viewer import Viewer
from shared.http.answers import Answer, page
from shared.http.request import Request
from shared.http.static import StaticFiles
from shared.http.validation import split_pairs
from shared.security.identity import Identity
from shared.settings import DEMO_PASSWORD

WEB = Path(__file__).parent
# the style sheet in parts named after what they hold, fetched as one: every request counts on a slow line
SHEETS = ("tokens", "frame", "blocks", "tables", "forms", "rounds", "letters", "print")
STATIC = StaticFiles(
    WEB / "static", {"khet.css": (*(f"css/{name}.css" for name in SHEETS), "vendor/sarabun.css")}
)
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
HTMX = "vendor/htmx.min.js"
_DONE = {**labels.DONE, **letter_words.DONE}


def show(request: Request, template: str, status: int = 200, **context: Any) -> Answer:
    """The page made of ``template``, in the language of whoever asked for it."""
    chosen = preferences.use(request)
    viewer = Viewer(request.identity) if request.identity else None
    html = ENVIRONMENT.get_template(template).render(
        viewer=viewer,
        frame=_frame(request, viewer),
        done=_DONE.get(split_pairs(request.query_string).get("done", "")),
        language=chosen.language,
        here=page_behind(request),
        **context,
    )
    return page(html, status)


@dataclass(frozen=True)
class Frame:
    """What the head of a page names, what stands above the page before and behind its own address, and below it."""

    files: Markup
    top: Markup
    menu: Markup
    foot: Markup


# A third of what a page takes beside its questions, and the same for somebody on page after page.
_FRAMES: Recent[tuple[Identity | None, Preferences, str, str], Frame] = Recent(500)


def _frame(request: Request, viewer: Viewer | None) -> Frame:
    topic, here = helping.topic_of(request.route), place_of(request.path)
    key = (viewer.identity if viewer else None, preferences.current(), topic, here)
    known = _FRAMES.get(key)
    if known is None:
        words = {"viewer": viewer, "navigation": links_for(viewer, here), "help_topic": topic}
        parts = (drawn(f"_frame_{name}.html", **words) for name in ("files", "top", "menu", "foot"))
        known = _FRAMES.put(key, Frame(*parts))
    return known


def drawn(template: str, **context: Any) -> Markup:
    """A part of a page by itself, in the reader's language, for what is worth keeping."""
    language_ = preferences.current().language
    return Markup(ENVIRONMENT.get_template(template).render(language=language_, **context))  # noqa: S704 our template


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for the part of a page that it will replace."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


class _Templates(Environment):
    """Jinja's environment for templates that mostly read what services answered.

    ``school.name`` of a dictionary is its entry first: Jinja asks for an attribute of that name and finds out by an
    exception that there is none, which takes a third of a long page.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment() -> Environment:
    environment = _Templates(
        loader=FileSystemLoader((WEB / "templates", WEB / "help")),
        autoescape=True,
        # templates are part of the program: whoever changes one starts it again
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "short_date": lambda value: _unbroken(thai.short_date(value)),
        "full_date": thai.full_date,
        "short_time": lambda value: _unbroken(thai.short_time(value)),
        "slashed": thai.slashed,
        "number": thai.number,
        "plain": thai.plain,
        "digits": thai.digits,
        "as_written": problem_words.as_written,
        "spoken_as": problem_words.spoken_as,
        "percent": thai.percent,
        "signed": thai.signed,
        "signed_percent": thai.signed_percent,
        "cell": thai.cell,
        "due": thai.due,
        "pretty_json": lambda value: json.dumps(value, ensure_ascii=False, indent=2),
    }
    environment.tests |= {"past": thai.is_past, "future": thai.is_future}
    environment.globals |= {
        "_": _said,
        "gettext": _said,
        "asset": STATIC.url,
        "htmx": HTMX if STATIC.has(HTMX) else None,
        "icon": icon,
        "with_query": with_query,
        "said": problem_words.said,
        "said_field": problem_words.said_field,
        "label": labels.label,
        "labels": labels,
        "charts": charts,
        "languages": language.NAMES,
        "is_demo": SETTINGS.env == "demo" and SETTINGS.demo_password == DEMO_PASSWORD,
        "demo_password": DEMO_PASSWORD,
    }
    return environment


def _said(text: str, /, **words: Any) -> Markup:
    """``text`` in the reader's language with ``words`` filled in; they are escaped, the text is ours.

    What Jinja brings for this also formats the texts in which nothing is to be filled in, and finds its way through the
    context each time: half of what a long page takes.
    """
    translated = Markup(language.gettext(text))  # noqa: S704 texts of the catalog, not of people
    return translated % words if words else translated


def _unbroken(text: str) -> str:
    """A date that is not torn apart at the end of a line."""
    return text.replace(" ", NO_BREAK_SPACE)


ENVIRONMENT = _environment()
