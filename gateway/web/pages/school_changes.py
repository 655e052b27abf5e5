"""ประวัติและการเปลี่ยนแปลงของโรงเรียน: codes, history, and a form for each thing that may happen to a school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.api.school_changes import CHANGES
from gateway.environment import CLOCK
from gateway.office import Office
from gateway.web import labels
from gateway.web.addresses import local, with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, days_of, text, typed_dates, whole_number
from gateway.web.language import N_, gettext
from gateway.web.pages.schools import ALL_SCHOOLS, allowed, find, require_allowed
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem, not_found
from shared.thai.dates import academic_year

routes = Routes(tag="pages")

# the ranges that offices offer: LEVELS of the schools service, from one to a later one
RANGES = (
    "อนุบาล-ประถมศึกษา", "อนุบาล-มัธยมศึกษาตอนต้น", "อนุบาล-มัธยมศึกษาตอนปลาย", "ประถมศึกษา", "ประถมศึกษา-มัธยมศึกษาตอนต้น",
    "ประถมศึกษา-มัธยมศึกษาตอนปลาย", "มัธยมศึกษาตอนต้น-มัธยมศึกษาตอนปลาย", "มัธยมศึกษาตอนต้น", "มัธยมศึกษาตอนปลาย", "อนุบาล",
)  # fmt: skip
SCHEMES = ("SMIS8", "MOE10", "PER6")
PLACES = ("tambon", "amphoe", "province")
OPENING = ("smis", "name", "education_range", "ministry_code", "obec6_code", *PLACES)
DATES = {"order_date": N_("ลงวันที่"), "effective_on": N_("วันที่มีผล")}
ORDER = ("order_no", "note")


@dataclass(frozen=True)
class Change:
    """One form: the operation behind it, the event it makes, its own fields; ``ending``: it takes everybody's roles."""

    operation: str
    event: str
    fields: tuple[str, ...] = ()
    ordered: bool = True
    ending: bool = False


FORMS: Mapping[str, Change] = {
    "rename": Change("rename_school", "RENAMED", ("name",)),
    "range": Change("change_range", "RANGE_CHANGED", ("education_range",)),
    "code": Change("change_code", "CODE_CHANGED", ("scheme", "code")),
    "co-locate": Change("co_locate_school", "CO_LOCATED", ("successor",)),
    "separate": Change("separate_school", "SEPARATED"),
    "merge": Change("merge_school", "MERGED", ("successor",), ending=True),
    "close": Change("close_school", "CLOSED", ("successor",), ending=True),
    "reopen": Change("reopen_school", "REOPENED"),
    "correct": Change("correct_school", "CORRECTED", ("name", "education_range", *PLACES, "reason"), ordered=False),
}


@routes.page("/schools/new", access=CHANGES)
def show_opening(request: Request, _office: Office) -> Answer:
    """The form with which a school is opened."""
    return _opening(request, EMPTY)


@routes.form("/schools/new", access=CHANGES)
def open_school_from_form(request: Request, office: Office) -> Answer:
    """Open a school, or plan it."""
    try:
        given = {name: text(request, name) or None for name in OPENING}
        event = office.ask(request, "schools", "open_school", **given, **_order(request))
    except Problem as problem:
        return _opening(request, Form.sent("opening", request, problem))
    if event["state"] == "PLANNED":
        return redirect(with_query("/organisations", done="school.planned"))
    return redirect(with_query(f"/schools/{event['school']['smis']}", done="school.changed"))


@routes.page("/schools/{smis}/codes")
def show_codes(request: Request, office: Office) -> Answer:
    """The codes of a school by scheme, with their periods."""
    smis = request.params["smis"]
    asked = ask_all(
        request,
        office,
        school=Call("schools", "get_school", {"smis": smis}),
        codes=Call("schools", "list_codes", {"smis": smis}),
    )
    return show(
        request,
        "school_codes.html",
        school=asked["school"],
        codes=asked["codes"]["items"],
        may=allowed(request, asked["school"]),
    )


@routes.page("/schools/{smis}/history")
def show_history(request: Request, office: Office) -> Answer:
    """What happened to a school and what is planned; how it was on a day."""
    smis = request.params["smis"]
    typed = split_pairs(request.query_string).get("on", "")
    asked = ask_all(
        request,
        office,
        school=Call("schools", "get_school", {"smis": smis}),
        history=Call("schools", "history", {"smis": smis}),
    )
    then, problem = _as_it_was(request, office, typed)
    may = allowed(request, asked["school"])
    return show(
        request,
        "school_history.html",
        problem.status if problem else 200,
        school=asked["school"],
        events=asked["history"]["items"],
        form=Form("on", {"on": typed}, problem),
        then=then,
        may=may,
        changes=_offered(asked["school"]) if "change" in may else [],
    )


@routes.form("/school-plans/{id}/withdraw", access=CHANGES)
def withdraw_from_form(request: Request, office: Office) -> Answer:
    """Take a plan back and return to the page on which it stood."""
    office.ask(request, "schools", "withdraw_plan", event_id=request.params["id"], reason=text(request, "reason"))
    return redirect(with_query(local(text(request, "back"), "/organisations"), done="plan.withdrawn"))


@routes.page("/schools/{smis}/changes/{change}", access=CHANGES)
def show_change(request: Request, office: Office) -> Answer:
    """The form of one change."""
    change = _change(request)
    school = find(request, office)
    require_allowed(request, school, "change")
    begun = {name: school[name] or "" for name in change.fields if name in (*PLACES, "name", "education_range")}
    return _form(request, office, school, change, Form(values=begun if not change.ordered else {}))


@routes.form("/schools/{smis}/changes/{change}", access=CHANGES)
def change_from_form(request: Request, office: Office) -> Answer:
    """Record the change; its day decides whether it counts now or is planned."""
    change, smis = _change(request), request.params["smis"]
    try:
        given = {name: text(request, name) or None for name in change.fields}
        order = _order(request) if change.ordered else {}
        event = office.ask(request, "schools", change.operation, smis=smis, **given, **order)
    except Problem as problem:
        return _form(request, office, find(request, office), change, Form.sent("change", request, problem))
    done = "school.planned" if event["state"] == "PLANNED" else "school.changed"
    return redirect(with_query(f"/schools/{event['school']['smis']}/history", done=done))


def _change(request: Request) -> Change:
    """The change that the address names.

    Raises:
        Problem: ``not_found`` (404).
    """
    change = FORMS.get(request.params["change"])
    if change is None:
        raise not_found()
    return change


def _order(request: Request) -> dict[str, Any]:
    """The order behind a change as it was typed.

    Raises:
        Problem: ``invalid`` (422) for what is no day.
    """
    days = typed_dates(request, {name: gettext(title) for name, title in DATES.items()})
    return {
        **{name: text(request, name) for name in ORDER},
        **days,
        "effective_year_be": whole_number(request, "effective_year_be"),
    }


def _opening(request: Request, form: Form) -> Answer:
    return show(
        request,
        "school_new.html",
        form.status,
        form=form,
        ranges=[(one, one) for one in RANGES],
        this_year=academic_year(CLOCK.today()),
    )


def _form(request: Request, office: Office, school: Mapping[str, Any], change: Change, form: Form) -> Answer:
    others = []
    if "successor" in change.fields:
        found = office.ask(request, "schools", "list_schools", limit=ALL_SCHOOLS)["items"]
        others = [(one["smis"], f"{one['name']} ({one['smis']})") for one in found if one["smis"] != school["smis"]]
    return show(
        request,
        "school_change.html",
        form.status,
        school=school,
        change=change,
        name=request.params["change"],
        form=form,
        others=others,
        ranges=[(one, one) for one in RANGES],
        schemes=[(code, labels.label(labels.CODE_SCHEMES, code)) for code in SCHEMES],
        this_year=academic_year(CLOCK.today()),
    )


def _as_it_was(request: Request, office: Office, typed: str) -> tuple[Any, Problem | None]:
    """A school on the day that was asked for, or why there is no answer."""
    if not typed.strip():
        return None, None
    try:
        day = days_of({"on": typed}, {"on": gettext("ณ วันที่")})["on"]
        return find(request, office, day), None
    except Problem as problem:
        return None, problem


def _offered(school: Mapping[str, Any]) -> list[str]:
    """The forms that make sense for a school as it stands."""
    if school["state"] == "CLOSED":
        return ["reopen", "correct"]
    teaching = "separate" if school["main_school"] else "co-locate"
    return ["rename", "range", "code", teaching, "merge", "close", "correct"]
