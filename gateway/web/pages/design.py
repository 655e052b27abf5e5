"""The design system as a page: every piece with the code that makes it; for those who build pages."""

from __future__ import annotations

from typing import Any

from gateway.environment import SETTINGS
from gateway.web import labels
from gateway.web.forms import Form
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes
from shared.problems import FieldError, invalid, not_found

routes = Routes(tag="pages")

BY_STATE = {
    "ACKNOWLEDGED": 61, "LOCKED": 0, "CERTIFIED": 18, "CONFIRMED": 12, "READY": 9, "HAS_ERRORS": 14, "RECORDING": 1,
    "RETURNED": 4, "NOT_STARTED": 16, "EXEMPT": 0,
}  # fmt: skip
CHART = {
    "title": "จำนวนนักเรียนรายชั้น แยกชายหญิง",
    "series": [{"key": "male", "title": "ชาย"}, {"key": "female", "title": "หญิง"}],
    "bars": [{"label": "ป.1", "values": [21, 18]}, {"label": "ป.2", "values": [15, 24]}],
}


@routes.page("/design", access=PUBLIC)
def show_design(request: Request, _office: Any) -> Answer:
    """Every piece once; not in production."""
    if SETTINGS.env == "production":
        raise not_found()
    problem = invalid(
        [
            FieldError("due", "date", "วันที่: อ่านวันที่ไม่ได้ พิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 10/06/2569"),
            FieldError("teachers", "number", "จำนวนครู: ต้องเป็นตัวเลข"),
        ]
    )
    return show(
        request,
        "design.html",
        form=Form("example", {"teachers": "ห้า", "due": "30/02/2569", "role": "officer", "yes": "1"}, problem),
        roles=labels.choices(labels.ROLES),
        by_state=BY_STATE,
        chart=CHART,
    )
