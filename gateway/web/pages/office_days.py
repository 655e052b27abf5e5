"""วันทำการ: the days on which the office works differently from the government's calendar."""

from __future__ import annotations

from gateway.api.letters import ACTS
from gateway.api.office_days import KEEPS
from gateway.environment import CLOCK
from gateway.office import Office
from gateway.web import letter_words
from gateway.web.addresses import with_query
from gateway.web.forms import EMPTY, Form, text, typed_dates
from gateway.web.language import gettext
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem
from shared.thai.dates import be_year, ce_year

routes = Routes(tag="pages")

PAGE = "/office-days"


@routes.page(PAGE, access=ACTS)
def show_office_days(request: Request, office: Office) -> Answer:
    """The days of a year, and for the registry the form that enters one."""
    return _page(request, office, EMPTY)


@routes.form(PAGE, access=KEEPS)
def set_office_day_from_form(request: Request, office: Office) -> Answer:
    """Enter a day."""
    try:
        day = typed_dates(request, {"day": gettext("วันที่")})["day"] or ""
        kind = "worked" if text(request, "kind") == "worked" else "off"
        office.ask(request, "documents", "set_day", day=day, kind=kind, name=text(request, "name"))
    except Problem as problem:
        return _page(request, office, Form.sent("day", request, problem))
    return redirect(with_query(PAGE, year=_be(day), done="day.set"))


@routes.form(PAGE + "/remove", access=KEEPS)
def remove_office_day_from_form(request: Request, office: Office) -> Answer:
    """The government's calendar holds for it again."""
    day = text(request, "day")
    try:
        office.ask(request, "documents", "remove_day", day=day)
    except Problem as problem:
        return _page(request, office, Form.sent("remove", request, problem))
    return redirect(with_query(PAGE, year=_be(day), done="day.removed"))


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(PAGE + "/{step}", access=ACTS)
def show_step_as_office_days(_request: Request, _office: Office) -> Answer:
    """Back to the days."""
    return redirect(PAGE)


def _be(day: str) -> str:
    return str(be_year(int(day[:4])))


def _page(request: Request, office: Office, form: Form) -> Answer:
    this_year = be_year(CLOCK.today().year)
    typed = split_pairs(request.query_string).get("year", "")
    year = int(typed) if typed in _years(this_year) else this_year
    found = office.ask(request, "documents", "list_days", year=ce_year(year))
    return show(
        request,
        "office_days.html",
        form.status,
        form=form,
        days=found["items"],
        year=year,
        years=_years(this_year),
        may_change=Viewer(request.identity).has(*KEEPS.roles),
        words=letter_words,
    )


def _years(this_year: int) -> list[str]:
    """The years that somebody looks at: last, this, and the next two, whose holidays are known."""
    return [str(this_year + later) for later in (-1, 0, 1, 2)]
