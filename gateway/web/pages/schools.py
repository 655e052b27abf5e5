"""โรงเรียน: the list, and one school with its yearly profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.environment import CLOCK
from gateway.office import Office
from gateway.web.addresses import with_query
from gateway.web.forms import EMPTY, Form, text, whole_number
from gateway.web.site import is_fragment, show
from gateway.web.viewer import PROFILE_EDITORS, Viewer
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem
from shared.thai.dates import academic_year

routes = Routes(tag="pages")

ROOMS = "rooms."
ALL_SCHOOLS = 500


@routes.page("/schools")
def show_schools(request: Request, office: Office) -> Answer:
    """The schools of the area, by name, code or amphoe."""
    query = split_pairs(request.query_string)
    q, amphoe = query.get("q", "").strip(), query.get("amphoe", "")
    found = office.ask(
        request, "schools", "list_schools", limit=ALL_SCHOOLS, q=q or None, amphoe=amphoe or None,
        cursor=query.get("cursor") or None,
    )  # fmt: skip
    template = "_schools.html" if is_fragment(request) else "schools.html"
    return show(
        request,
        template,
        schools=found["items"],
        next_cursor=found["next_cursor"],
        q=q,
        amphoe=amphoe,
        own=Viewer(request.identity).own_schools,
    )


@routes.page("/schools/{smis}")
def show_school_profile(request: Request, office: Office) -> Answer:
    """A school and its profile of one year."""
    return _show(request, office, EMPTY, _year(split_pairs(request.query_string).get("year", "")))


@routes.form("/schools/{smis}/profile")
def save_profile(request: Request, office: Office) -> Answer:
    """Write the profile of a year: the first time as new, later against the version that was on the page."""
    smis, year = request.params["smis"], _year(text(request, "year_be"))
    etag = text(request, "etag")
    body = {
        "year_be": year,
        "rooms_by_grade": {
            name.removeprefix(ROOMS): whole_number(request, name) or 0
            for name in request.posted
            if name.startswith(ROOMS)
        },
        "teachers": whole_number(request, "teachers"),
    }
    try:
        office.ask(
            request, "schools", "put_profile", smis=smis, body=body,
            if_match=etag or None, if_none_match=None if etag else "*",
        )  # fmt: skip
    except Problem as problem:
        return _show(request, office, Form.sent("profile", request, problem), year)
    return redirect(with_query(f"/schools/{smis}", year=str(year), done="profile.saved"))


def _show(request: Request, office: Office, form: Form, year: int) -> Answer:
    smis = request.params["smis"]
    school = office.ask(request, "schools", "get_school", smis=smis)
    profile = _profile(request, office, school, year)
    this_year = academic_year(CLOCK.today())
    may_edit = school["state"] == "OPEN" and request.identity.holds(PROFILE_EDITORS, school["org_path"])
    return show(
        request,
        "school.html",
        form.status,
        school=school,
        profile=profile,
        year=year,
        years=sorted({year, *range(this_year - 1, this_year + 2)}),
        form=form if form.problem else Form(values=_values(profile)),
        may_edit=may_edit,
        rooms=ROOMS,
    )


def _profile(request: Request, office: Office, school: Mapping[str, Any], year: int) -> Any:
    newest = school["profile"]
    if newest is None or newest["year_be"] == year:
        return newest
    try:
        return office.ask(request, "schools", "get_profile", smis=school["smis"], year_be=year)
    except Problem as problem:
        if problem.code == "not_found":
            return None
        raise


def _values(profile: Any) -> dict[str, Any]:
    """The fields of the form as the profile has them."""
    if profile is None:
        return {}
    rooms = {f"{ROOMS}{grade}": count for grade, count in profile["rooms_by_grade"].items()}
    teachers = "" if profile["teachers"] is None else profile["teachers"]
    return {**rooms, "teachers": teachers, "etag": profile["etag"]}


def _year(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else academic_year(CLOCK.today())
