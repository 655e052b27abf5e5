"""One person: their data, roles with periods and orders, the account and what is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.people import MANAGES
from gateway.environment import CLOCK
from gateway.office import IDENTITIES, Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text, typed_dates
from gateway.web.language import N_, gettext
from gateway.web.pages.people import PERSON_FIELDS, by_kind, fields_of, slips_page
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem, not_found

routes = Routes(tag="pages")

PERSON = "/people/{person_id}"
GRANT_DAYS = {"from": N_("ตั้งแต่วันที่"), "until": N_("ถึงวันที่"), "order_date": N_("วันที่ของคำสั่ง")}


@routes.page(PERSON, access=MANAGES)
def show_person(request: Request, office: Office) -> Answer:
    """The person with everything that may be done."""
    return _show(request, office, EMPTY)


@routes.page(PERSON + "/edit", access=MANAGES)
def show_person_form(request: Request, office: Office) -> Answer:
    """The data as they are stored; a citizen id stays masked and is typed anew to be changed."""
    person, workplaces = _person_and_workplaces(request, office)
    if "edit" not in person["allowed"]:
        raise not_found("ไม่พบหน้านี้")
    values = {name: person[name] or "" for name in PERSON_FIELDS if name != "citizen_id"}
    values |= {"unit": person["unit"]["code"], "etag": person["etag"]}
    return _edit(request, person, workplaces, Form(values=values))


@routes.form(PERSON + "/edit", access=MANAGES)
def change_person_from_form(request: Request, office: Office) -> Answer:
    """Write the data against the version that was on the page."""
    fields = fields_of(request)
    if not fields["citizen_id"]:
        del fields["citizen_id"]
    try:
        _ask(
            request, office, "change_person",
            if_match=text(request, "etag"), organisation=text(request, "unit") or None, fields=fields,
        )  # fmt: skip
    except Problem as problem:
        return _edit(request, *_person_and_workplaces(request, office), Form.sent("edit", request, problem))
    return _back(request, "person.changed")


@routes.page(PERSON + "/grants/new", access=MANAGES)
def show_grant_form(request: Request, office: Office) -> Answer:
    """Role, unit, period, and the order of who acts for another."""
    person, workplaces = _person_and_workplaces(request, office)
    values = {"organisation": person["unit"]["code"], "from": CLOCK.today().isoformat()}
    return _grant_form(request, person, workplaces, Form(values=values))


@routes.form(PERSON + "/grants/new", access=MANAGES)
def give_grant_from_form(request: Request, office: Office) -> Answer:
    """Give the role."""
    try:
        days = typed_dates(request, {name: gettext(title) for name, title in GRANT_DAYS.items()})
        _ask(
            request, office, "add_grant",
            organisation=text(request, "organisation"), role=text(request, "role"), valid_from=days["from"],
            valid_until=days["until"], acting=bool(text(request, "acting")), order_no=text(request, "order_no") or None,
            order_date=days["order_date"],
        )  # fmt: skip
    except Problem as problem:
        return _grant_form(request, *_person_and_workplaces(request, office), Form.sent("grant", request, problem))
    return _back(request, "grant.given")


@routes.form(PERSON + "/grants/{grant_id}/end", access=MANAGES)
def end_grant_from_form(request: Request, office: Office) -> Answer:
    """Set the last day of a role."""
    grant_id = request.params["grant_id"]
    try:
        last_day = typed_dates(request, {"last_day": gettext("วันสุดท้าย")})["last_day"]
        office.ask(
            request, "schools", "end_grant", grant_id=grant_id, last_day=last_day, reason=text(request, "reason")
        )
    except Problem as problem:
        return _show(request, office, Form.sent(f"end-{grant_id}", request, problem))
    return _back(request, "grant.ended")


@routes.form(PERSON + "/account", access=MANAGES)
def open_account_from_form(request: Request, office: Office) -> Answer:
    """Open an account; its password comes with the first slip."""
    return _act(request, office, "account", "add_account", "account.opened", username=text(request, "username"))


@routes.form(PERSON + "/lock", access=MANAGES)
def lock_account_from_form(request: Request, office: Office) -> Answer:
    """Close the account until it is unlocked."""
    return _act(request, office, "lock", "lock_account", "account.locked", reason=text(request, "reason"))


@routes.form(PERSON + "/unlock", access=MANAGES)
def unlock_account_from_form(request: Request, office: Office) -> Answer:
    """Open a locked account again."""
    return _act(request, office, "unlock", "unlock_account", "account.unlocked")


@routes.form(PERSON + "/totp-reset", access=MANAGES)
def reset_totp_from_form(request: Request, office: Office) -> Answer:
    """Take the second factor away."""
    return _act(request, office, "totp", "reset_totp", "totp.reset")


@routes.form(PERSON + "/sessions/revoke", access=MANAGES)
def revoke_sessions_from_form(request: Request, office: Office) -> Answer:
    """End every session of the person."""
    return _act(request, office, "sessions", "revoke_sessions", "sessions.revoked")


@routes.form(PERSON + "/retire", access=MANAGES)
def retire_person_from_form(request: Request, office: Office) -> Answer:
    """The person leaves."""
    try:
        day = typed_dates(request, {"retired_on": gettext("วันที่พ้นจากราชการ")})["retired_on"]
        _ask(request, office, "retire_person", reason=text(request, "reason"), retired_on=day)
    except Problem as problem:
        return _show(request, office, Form.sent("retire", request, problem))
    return _back(request, "person.retired")


@routes.form(PERSON + "/reinstate", access=MANAGES)
def reinstate_person_from_form(request: Request, office: Office) -> Answer:
    """The person comes back."""
    return _act(request, office, "reinstate", "reinstate_person", "person.reinstated")


@routes.form(PERSON + "/slip", access=MANAGES)
def print_slip(request: Request, office: Office) -> Answer:
    """A new temporary password, shown this once."""
    try:
        slip = _ask(request, office, "password_slip")
    except Problem as problem:
        return _show(request, office, Form.sent("slip", request, problem))
    return slips_page(request, [slip])


@routes.form(PERSON + "/reveal", access=MANAGES)
def reveal_citizen_id_from_form(request: Request, office: Office) -> Answer:
    """The citizen id in full, on a page that nobody keeps."""
    try:
        revealed = _ask(request, office, "reveal_citizen_id", reason=text(request, "reason"))
    except Problem as problem:
        return _show(request, office, Form.sent("reveal", request, problem))
    return _show(request, office, EMPTY, _as_on_the_card(revealed["citizen_id"]))


def _as_on_the_card(citizen_id: str) -> str:
    """``1-5704-05990-38-7``: in the groups of the card with which it is compared."""
    return "-".join(citizen_id[first:last] for first, last in ((0, 1), (1, 5), (5, 10), (10, 12), (12, 13)))


def _act(request: Request, office: Office, form: str, operation: str, done: str, **args: Any) -> Answer:
    try:
        _ask(request, office, operation, **args)
    except Problem as problem:
        return _show(request, office, Form.sent(form, request, problem))
    return _back(request, done)


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    answer = office.ask(request, "schools", operation, person_id=request.params["person_id"], **args)
    IDENTITIES.forget()
    return answer


def _back(request: Request, done: str) -> Answer:
    return redirect(with_query(f"/people/{request.params['person_id']}", done=done))


def _show(request: Request, office: Office, form: Form, revealed: str | None = None) -> Answer:
    person = office.ask(request, "schools", "get_person_with_sessions", person_id=request.params["person_id"])
    return show(
        request,
        "person.html",
        form.status,
        form=form,
        blank=EMPTY,
        person=person,
        sessions=person["sessions"],
        revealed=revealed,
        today=CLOCK.today().isoformat(),
    )


def _person_and_workplaces(request: Request, office: Office) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    answers = ask_all(
        request, office,
        person=Call("schools", "get_person", {"person_id": request.params["person_id"]}),
        workplaces=Call("schools", "list_workplaces", {}),
    )  # fmt: skip
    return answers["person"], answers["workplaces"]["items"]


def _edit(
    request: Request, person: Mapping[str, Any], workplaces: list[Mapping[str, Any]], form: Form
) -> Answer:
    return show(request, "person_edit.html", form.status, form=form, person=person, units=by_kind(workplaces))


def _grant_form(
    request: Request, person: Mapping[str, Any], workplaces: list[Mapping[str, Any]], form: Form
) -> Answer:
    places = [place for place in workplaces if place["roles"]]
    given = {role for place in places for role in place["roles"]}
    roles = [(role, name) for role, name in labels.choices(labels.ROLES) if role in given]
    return show(request, "person_grant.html", form.status, form=form, person=person, units=by_kind(places), roles=roles)
