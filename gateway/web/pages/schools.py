"""โรงเรียน: the list, one school with its record, and the rooms of its years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.school_changes import CHANGES
from gateway.api.schools import KEEPS_PROFILE, KEEPS_RECORD
from gateway.environment import CLOCK
from gateway.office import Office
from gateway.web import labels, thai
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all, ask_at_once
from gateway.web.forms import EMPTY, Form, text, whole_number
from gateway.web.site import is_fragment, show
from gateway.web.viewer import READERS, Viewer
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem, forbidden
from shared.thai.dates import academic_year
from shared.thai.digits import parse_number

routes = Routes(tag="pages")

ROOMS = "rooms."
ALL_SCHOOLS = 500
FILTERS = ("q", "amphoe", "cluster", "state")
TEXTS = (
    "name_en", "village", "postcode", "phone", "fax", "email", "website", "founded", "local_authority",
)  # fmt: skip
NUMBERS = ("km_to_area", "km_to_amphoe", "latitude", "longitude")
HIGHLAND = {"yes": True, "no": False}


@routes.page("/schools")
def show_schools(request: Request, office: Office) -> Answer:
    """The schools of the area: by name or code, amphoe, cluster, state."""
    query = split_pairs(request.query_string)
    chosen = {name: query.get(name, "").strip() or None for name in FILTERS}
    asked = ask_all(
        request,
        office,
        found=Call("schools", "list_schools", {"limit": ALL_SCHOOLS, "cursor": query.get("cursor") or None, **chosen}),
        tree=Call("schools", "list_organisations", {}),
    )
    areas = asked["tree"]["items"]
    return show(
        request,
        "_schools.html" if is_fragment(request) else "schools.html",
        schools=asked["found"]["items"],
        next_page=_next_page(asked["found"]["next_cursor"], chosen),
        form=Form(values={name: value or "" for name, value in chosen.items()}),
        is_filtered=any(chosen.values()),
        amphoes=[(one["name"], one["name"]) for area in areas for one in area["amphoes"]],
        clusters=[(one["id"], one["name"]) for area in areas for one in area["clusters"] if one["state"] == "OPEN"],
        workbook=with_query("/api/v1/schools.xlsx", **chosen),
        own=Viewer(request.identity).own_schools,
        may_open=bool(request.identity.roles & set(CHANGES.roles)),
    )


@routes.page("/schools/{smis}")
def show_school_page(request: Request, office: Office) -> Answer:
    """A school: where it is, how it is reached, which codes it bears, how large it is."""
    smis = request.params["smis"]
    # reporting itself keeps silent about a school that is not the reader's: the page need not know first whose it is
    size = {"size": Call("reporting", "school_size", {"smis": smis})} if Viewer(request.identity).reads_rounds else {}
    answers, missing = ask_at_once(request, office, {"school": Call("schools", "get_school", {"smis": smis})}, size)
    school = answers["school"]
    is_read = request.identity.holds(READERS, school["org_path"])
    return show(
        request,
        "school.html",
        school=school,
        may=allowed(request, school),
        size=answers.get("size") if is_read else None,
        unavailable=[labels.label(labels.SERVICES, name) for name in missing] if is_read else [],
    )


@routes.page("/schools/{smis}/edit", access=KEEPS_RECORD)
def show_record_form(request: Request, office: Office) -> Answer:
    """The record of a school as a form."""
    school = find(request, office)
    require_allowed(request, school, "record")
    return _record_form(request, school, Form(values=_typed(school)))


@routes.form("/schools/{smis}/edit", access=KEEPS_RECORD)
def save_record(request: Request, office: Office) -> Answer:
    """Keep what was typed. Of a position the wrong way round the reader decides with a button of its own."""
    smis = request.params["smis"]
    if text(request, "swap"):
        school = find(request, office)
        swapped = {"latitude": text(request, "longitude"), "longitude": text(request, "latitude")}
        return _record_form(request, school, Form(values={**dict(request.posted.items()), **swapped}))
    try:
        school = office.ask(
            request, "schools", "record_details", smis=smis, body=_record(request), if_match=text(request, "etag")
        )
    except Problem as problem:
        return _record_form(request, find(request, office), Form.sent("record", request, problem))
    return redirect(with_query(f"/schools/{school['smis']}", done="school.recorded"))


@routes.page("/schools/{smis}/rooms")
def show_rooms(request: Request, office: Office) -> Answer:
    """The rooms by grade of one year, with the year before beside them."""
    query = split_pairs(request.query_string)
    return _rooms(request, office, EMPTY, _year(query.get("year", "")), is_copied=bool(query.get("copy")))


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
        return _rooms(request, office, Form.sent("profile", request, problem), year)
    return redirect(with_query(f"/schools/{smis}/rooms", year=str(year), done="profile.saved"))


def find(request: Request, office: Office, on: str | None = None) -> dict[str, Any]:
    """The school that the address names, now or as it was on a day."""
    school: dict[str, Any] = office.ask(request, "schools", "get_school", smis=request.params["smis"], on=on)
    return school


def allowed(request: Request, school: Mapping[str, Any]) -> set[str]:
    """What the reader may do with a school: ``change`` it, keep its ``record`` and its ``rooms``."""
    held = {"change": CHANGES.roles, "record": KEEPS_RECORD.roles, "rooms": KEEPS_PROFILE.roles}
    names = {name for name, roles in held.items() if request.identity.holds(roles, school["org_path"])}
    return names if school["state"] == "OPEN" else names & {"change"}


def require_allowed(request: Request, school: Mapping[str, Any], what: str) -> None:
    """Keep a form from who could not send it.

    Raises:
        Problem: ``forbidden`` (403).
    """
    if what not in allowed(request, school):
        raise forbidden()


def _next_page(cursor: str | None, chosen: Mapping[str, str | None]) -> str | None:
    return with_query("/schools", **chosen, cursor=cursor) if cursor else None


def _record_form(request: Request, school: Mapping[str, Any], form: Form) -> Answer:
    suggestions = form.problem.extra.get("suggestions", []) if form.problem else []
    return show(
        request,
        "school_form.html",
        form.status,
        school=school,
        form=form,
        numbers=NUMBERS,
        is_swapped=any("latitude" in one for one in suggestions),
        is_stale=form.status == 412,
    )


def _typed(school: Mapping[str, Any]) -> dict[str, Any]:
    """The record as its form shows it."""
    details = school["details"]
    typed = {name: "" if details[name] is None else details[name] for name in (*TEXTS, *NUMBERS)}
    highland = {value: name for name, value in HIGHLAND.items()}.get(details["highland"], "")
    return {**typed, "highland": highland, "etag": school["etag"]}


def _record(request: Request) -> dict[str, Any]:
    """What was typed: only the fields that were on the form."""
    body: dict[str, Any] = {name: text(request, name) for name in TEXTS if name in request.posted}
    for name in NUMBERS:
        if name in request.posted:
            typed = text(request, name)
            number = parse_number(typed)
            body[name] = (typed or None) if number is None else number
    if "highland" in request.posted:
        body["highland"] = HIGHLAND.get(text(request, "highland"))
    return body


def _rooms(request: Request, office: Office, form: Form, year: int, *, is_copied: bool = False) -> Answer:
    smis = request.params["smis"]
    asked = ask_all(
        request,
        office,
        school=Call("schools", "get_school", {"smis": smis}),
        profiles=Call("schools", "list_profiles", {"smis": smis}),
    )
    school, by_year = asked["school"], {one["year_be"]: one for one in asked["profiles"]["items"]}
    profile, last = by_year.get(year), by_year.get(year - 1)
    this_year = academic_year(CLOCK.today())
    filled = _values(profile or (last if is_copied else None))
    return show(
        request,
        "school_rooms.html",
        form.status,
        school=school,
        profile=profile,
        last=last,
        is_copied=is_copied and last is not None and profile is None,
        year=year,
        years=[(one, thai.plain(one)) for one in sorted({year, *by_year, *range(this_year - 1, this_year + 2)})],
        form=form if form.problem else Form(values={**filled, "etag": profile["etag"] if profile else ""}),
        may=allowed(request, school),
        rooms=ROOMS,
    )


def _values(profile: Any) -> dict[str, Any]:
    """The fields of the form as a profile has them."""
    if profile is None:
        return {}
    rooms = {f"{ROOMS}{grade}": count for grade, count in profile["rooms_by_grade"].items()}
    return {**rooms, "teachers": "" if profile["teachers"] is None else profile["teachers"]}


def _year(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else academic_year(CLOCK.today())
