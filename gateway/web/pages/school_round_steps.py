"""What a person does with a school in a round: send, explain, confirm, certify, return, acknowledge and the rest."""

from __future__ import annotations

import re
from typing import Any

from gateway.api.rounds import READS
from gateway.api.school_rounds import CERTIFIES, CONFIRMS, EXEMPTS, JUDGES, UPLOADS, described
from gateway.office import Office
from gateway.web.addresses import school_round, with_query
from gateway.web.findings_view import group, not_evaluated, unexplained
from gateway.web.forms import Form, text, typed_dates, whole_number
from gateway.web.language import N_, gettext
from gateway.web.pages.school_round import SCHOOL, show_school
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")

# how a field names its cell: Y12
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
DUE = N_("แก้ไขภายใน")
UNTIL = N_("ขยายเวลาถึง")


@routes.form(f"{SCHOOL}/upload", files=("file*",), access=UPLOADS, too_large="F01.too_large")
def upload_from_form(request: Request, office: Office) -> Answer:
    """Send a file, or the declaration that there are no pupils."""
    file = described(request.files[0]) if request.files else None
    return _step(
        request, office, "upload", "receive", "uploaded", file=file, no_pupils="no_pupils" in request.posted
    )


@routes.form(f"{SCHOOL}/check", files=("file*",), access=UPLOADS, too_large="F01.too_large")
def check_from_form(request: Request, office: Office) -> Answer:
    """Try a file without handing it in: what the check would say of it, shown once and kept nowhere."""
    where = {"round_id": request.params["id"], "smis": request.params["smis"]}
    try:
        if not request.files:
            raise invalid([FieldError("file", "required", "กรุณาเลือกไฟล์ที่จะลองตรวจ")])
        checked = office.ask(request, "rounds", "check_only", **where, file=described(request.files[0]))
    except Problem as problem:
        return show_school(request, office, Form.sent("upload", request, problem))
    school = office.ask(request, "rounds", "get_school_round", **where)
    answer = show(
        request,
        "check_result.html",
        school=school,
        address=school_round(**where),
        checked=checked,
        groups=group(checked["findings"], checked["by_rule"]),
        skipped=not_evaluated(checked["not_evaluated"]),
        unexplained=unexplained(checked["by_rule"]),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@routes.form(f"{SCHOOL}/cells", access=CONFIRMS)
def correct_from_form(request: Request, office: Office) -> Answer:
    """Write what was typed beside findings into their cells; what was left empty stays as it is."""
    typed = ((CELL.fullmatch(name), value.strip()) for name, value in request.posted.items())
    cells = [{"row": int(cell[2]), "column": cell[1], "value": value} for cell, value in typed if cell and value]
    try:
        if not cells:
            raise invalid([FieldError("cells", "required", "กรุณาพิมพ์ค่าใหม่อย่างน้อยหนึ่งเซลล์")])
        office.ask(
            request, "rounds", "correct_cells",
            submission_id=text(request, "submission_id"), cells=cells, if_match=text(request, "version"),
        )  # fmt: skip
    except Problem as problem:
        return show_school(request, office, Form.sent("cells", request, problem))
    return _back(request, "corrected")


@routes.form(f"{SCHOOL}/explain", access=CONFIRMS)
def explain_from_form(request: Request, office: Office) -> Answer:
    """Give the warnings of a rule a reason: all of them, or the chosen ones."""
    rule = text(request, "rule")
    chosen = request.posted.getlist("finding")
    is_whole_rule = text(request, "scope") == "rule"
    try:
        if not is_whole_rule and not chosen:
            raise invalid([FieldError("finding_ids", "required", "กรุณาเลือกรายการที่จะชี้แจง หรือกด “ชี้แจงทั้งหมด”")])
        office.ask(
            request,
            "rounds",
            "explain",
            submission_id=text(request, "submission_id"),
            reason=text(request, "reason"),
            rule=rule if is_whole_rule else None,
            finding_ids=None if is_whole_rule else chosen,
            kind=text(request, "kind") or None,
        )
    except Problem as problem:
        return show_school(request, office, Form.sent(f"explain-{rule}", request, problem))
    return _back(request, "explained", f"#rule-{rule}")


@routes.form(f"{SCHOOL}/confirm", access=CONFIRMS)
def confirm_from_form(request: Request, office: Office) -> Answer:
    """ยืนยัน."""
    version, no_pupils = whole_number(request, "version"), "no_pupils" in request.posted
    return _step(request, office, "confirm", "confirm", "confirmed", version=version, no_pupils=no_pupils)


@routes.form(f"{SCHOOL}/certify", access=CERTIFIES)
def certify_from_form(request: Request, office: Office) -> Answer:
    """รับรอง."""
    return _step(request, office, "certify", "certify", "certified", version=whole_number(request, "version"))


@routes.form(f"{SCHOOL}/acknowledge", access=JUDGES)
def acknowledge_from_form(request: Request, office: Office) -> Answer:
    """รับทราบ."""
    return _step(request, office, "acknowledge", "acknowledge", "acknowledged")


@routes.form(f"{SCHOOL}/return", access=JUDGES)
def return_from_form(request: Request, office: Office) -> Answer:
    """ตีกลับ: why, which rules and rows, until when."""
    try:
        rows = _rows(text(request, "rows"))
        due = typed_dates(request, {"due": gettext(DUE)})["due"]
    except Problem as problem:
        return show_school(request, office, Form.sent("return", request, problem))
    return _step(
        request,
        office,
        "return",
        "return_school",
        "returned",
        reason=text(request, "reason"),
        rules_named=request.posted.getlist("rules"),
        rows=rows,
        due=due,
    )


@routes.form(f"{SCHOOL}/revoke", access=JUDGES)
def revoke_from_form(request: Request, office: Office) -> Answer:
    """ยกเลิกการยืนยัน."""
    return _step(request, office, "revoke", "revoke", "revoked", reason=text(request, "reason"))


@routes.form(f"{SCHOOL}/lift-hold", access=EXEMPTS)
def lift_hold_from_form(request: Request, office: Office) -> Answer:
    """Let a revoked school confirm again."""
    return _step(request, office, "lift_hold", "lift_hold", "hold.lifted")


@routes.form(f"{SCHOOL}/extend", access=EXEMPTS)
def extend_from_form(request: Request, office: Office) -> Answer:
    """ขยายเวลา."""
    try:
        until = typed_dates(request, {"until": gettext(UNTIL)})["until"]
    except Problem as problem:
        return show_school(request, office, Form.sent("extend", request, problem))
    return _step(request, office, "extend", "extend", "extended", until=until, reason=text(request, "reason"))


@routes.form(f"{SCHOOL}/exempt", access=EXEMPTS)
def exempt_from_form(request: Request, office: Office) -> Answer:
    """ยกเว้น."""
    return _step(request, office, "exempt", "exempt", "exempted", reason=text(request, "reason"))


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(SCHOOL + "/{step}", access=READS)
def show_step_as_school(request: Request, _office: Office) -> Answer:
    """Back to the school's page."""
    return redirect(school_round(request.params["id"], request.params["smis"]))


def _step(request: Request, office: Office, form: str, operation: str, done: str, **args: Any) -> Answer:
    where = {"round_id": request.params["id"], "smis": request.params["smis"]}
    try:
        office.ask(request, "rounds", operation, **where, **args)
    except Problem as problem:
        return show_school(request, office, Form.sent(form, request, problem))
    return _back(request, done)


def _back(request: Request, done: str, fragment: str = "") -> Answer:
    return redirect(with_query(school_round(request.params["id"], request.params["smis"]), done=done) + fragment)


def _rows(typed: str) -> list[int]:
    """``12, 15 20`` as row numbers."""
    parts = typed.replace(",", " ").split()
    if not all(part.isascii() and part.isdecimal() and len(part) < 8 for part in parts):
        raise invalid([FieldError("rows", "number", "แถวต้องเป็นตัวเลข คั่นด้วยจุลภาคหรือเว้นวรรค เช่น 12, 15")])
    return [int(part) for part in parts]
