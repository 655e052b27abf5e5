"""ภาษาและการแสดงผล: language, digits and dates of the pages, kept in the browser."""

from __future__ import annotations

from typing import Any

from gateway.auth import check_same_origin
from gateway.environment import CLOCK, SETTINGS
from gateway.web import labels
from gateway.web.addresses import local, with_query
from gateway.web.forms import Form, text
from gateway.web.preferences import Preferences
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")

SAMPLE = 15012


@routes.page("/settings", access=PUBLIC)
def show_settings(request: Request, _office: Any) -> Answer:
    """The choices, each with what it looks like."""
    chosen = Preferences.of(request)
    return show(
        request,
        "settings.html",
        form=Form(values={"language": chosen.language, "digits": chosen.digits, "dates": chosen.dates}),
        next=local(split_pairs(request.query_string).get("next", "/")),
        digits=labels.choices(labels.DIGITS),
        dates=labels.choices(labels.DATE_STYLES),
        today=CLOCK.today().isoformat(),
        sample=SAMPLE,
    )


@routes.form("/settings", access=PUBLIC)
def save_settings(request: Request, _office: Any) -> Answer:
    """Keep what was chosen; what was not named stays. From the bar it goes back to the page one was on."""
    check_same_origin(request)
    chosen = Preferences.chosen(request.posted, default=Preferences.of(request))
    is_from_the_bar = "digits" not in request.posted
    onwards = local(text(request, "next"))
    answer = redirect(onwards if is_from_the_bar else with_query("/settings", next=onwards, done="settings.saved"))
    answer.cookies.append(chosen.cookie(secure=SETTINGS.is_https))
    return answer
