"""Problems as pages: to the login, to the change of a password, or a page that says what to do."""

from __future__ import annotations

from gateway.web.addresses import letter, page_behind, with_query
from gateway.web.guard import MUST_CHANGE
from gateway.web.language import N_, gettext
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.problems import Problem

# what a person can do about it, by status
ADVICE = {
    403: N_("หากคิดว่าควรทำรายการนี้ได้ ติดต่อผู้ดูแลบัญชีของเขต"),
    404: N_("ตรวจที่อยู่ หรือกลับไปเริ่มที่งานของฉัน"),
    405: N_("กลับไปเปิดหน้าใหม่แล้วทำรายการอีกครั้ง"),
    409: N_("ข้อมูลอาจเปลี่ยนไปหลังจากเปิดหน้านี้ กลับไปเปิดหน้าใหม่แล้วตรวจอีกครั้ง"),
    413: N_("ลดขนาดไฟล์ แล้วส่งใหม่"),
    422: N_("กลับไปแก้ไขข้อมูลแล้วส่งอีกครั้ง"),
    503: N_("ข้อมูลที่บันทึกไว้แล้วไม่หาย รอสักครู่แล้วเปิดหน้านี้อีกครั้ง"),
}


def render_problem(request: Request, problem: Problem) -> Answer:
    """The answer to a person when something said no and the page itself did not catch it."""
    if problem.status == 401:
        ended = "session.ended" if request.cookies else None
        return redirect(with_query("/login", next=page_behind(request), done=ended))
    if problem.code == MUST_CHANGE:
        return redirect("/password")
    if problem.code == "letter.reason" and "id" in request.params:
        return redirect(letter(request.params["id"]))  # which asks for it
    advice = gettext(ADVICE[problem.status]) if problem.status in ADVICE else ""
    return show(
        request,
        "error.html",
        problem.status,
        problem=problem,
        advice=advice,
        back=page_behind(request) if request.method == "POST" else "/",
        trace_id=request.trace_id,
    )
