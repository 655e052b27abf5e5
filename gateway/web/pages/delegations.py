"""รักษาราชการแทนและส่งมอบงาน: who stands in for whom, by which order; and a desk handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from gateway.api.letters import ACTS
from gateway.environment import CLOCK
from gateway.names import names_of
from gateway.office import Office
from gateway.web import letter_words
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text, typed_dates
from gateway.web.language import gettext
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem
from shared.thai.collation import sort_key

routes = Routes(tag="pages")

PAGE = "/delegations"


@routes.page(PAGE, access=ACTS)
def show_delegations(request: Request, office: Office) -> Answer:
    """Who stands in now and in the days to come, and the forms that change it."""
    return _page(request, office, EMPTY)


@routes.form(PAGE, access=ACTS)
def delegate_from_form(request: Request, office: Office) -> Answer:
    """Let somebody stand in."""
    try:
        days = typed_dates(request, {"from": gettext("ตั้งแต่วันที่"), "until": gettext("ถึงวันที่")})
        term = {"valid_from": days["from"] or "", "until": days["until"] or ""}
        capacity = "acting" if text(request, "capacity") == "acting" else "on_behalf"
        people = {"of": text(request, "of") or None, "to": text(request, "to")}
        order = {"order_no": text(request, "order_no"), "capacity": capacity}
        office.ask(request, "documents", "delegate", **people, **term, **order)
    except Problem as problem:
        return _page(request, office, Form.sent("delegate", request, problem))
    return redirect(with_query(PAGE, done="delegation.given"))


@routes.form(PAGE + "/{id}/revoke", access=ACTS)
def revoke_delegation_from_form(request: Request, office: Office) -> Answer:
    """End it now."""
    try:
        office.ask(request, "documents", "revoke_delegation", delegation_id=request.params["id"])
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(request, office, Form.sent("revoke", request, problem))
    return redirect(with_query(PAGE, done="delegation.revoked"))


@routes.form(PAGE + "/handover", access=ACTS)
def hand_over_from_form(request: Request, office: Office) -> Answer:
    """Give all that somebody holds to somebody else."""
    try:
        order = {name: text(request, name) for name in ("of", "to", "order_no", "reason")}
        office.ask(request, "documents", "hand_over", **order)
    except Problem as problem:
        return _page(request, office, Form.sent("handover", request, problem))
    return redirect(with_query(PAGE, done="handover.done"))


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(PAGE + "/{step}", access=ACTS)
def show_step_as_delegations(_request: Request, _office: Office) -> Answer:
    """Back to the delegations."""
    return redirect(PAGE)


@routes.page(PAGE + "/{id}/{step}", access=ACTS)
def show_step_of_one_as_delegations(_request: Request, _office: Office) -> Answer:
    """Back to the delegations."""
    return redirect(PAGE)


def _page(request: Request, office: Office, form: Form) -> Answer:
    answers = ask_all(
        request, office,
        given=Call("documents", "list_delegations", {}),
        people=Call("documents", "list_colleagues", {}),
    )  # fmt: skip
    given, people = answers["given"]["items"], answers["people"]["items"]
    known = {person["person_id"] for person in people} | {one[side] for one in given for side in ("of", "to")}
    names = names_of(request, office, known)
    return show(
        request,
        "delegations.html",
        form.status,
        form=form,
        given=given,
        names=names,
        deputies=_by_unit([one for one in people if one["in_service"]], names),
        owners=_by_unit([one for one in people if one["is_own"] and one["in_service"]], names),
        leaving=_by_unit([one for one in people if one["is_own"]], names),
        me=request.identity.person_id,
        today=CLOCK.today().isoformat(),
        words=letter_words,
    )


def _by_unit(people: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Pairs of id and name to choose from, in Thai order, by unit; who has no name is nobody to choose."""
    known = [
        (one["unit_name"], names[one["person_id"]], one["person_id"]) for one in people if one["person_id"] in names
    ]
    known.sort(key=lambda one: (sort_key(one[0]), sort_key(one[1])))
    return [
        (unit, [(person, name) for _, name, person in found]) for unit, found in groupby(known, key=lambda one: one[0])
    ]
