"""The API's own description."""

from __future__ import annotations

from typing import Any

from shared.http.answers import Answer, json_answer
from shared.http.openapi import document
from shared.http.request import Request
from shared.http.routing import PUBLIC, Router, Routes

routes = Routes(tag="docs")

TITLE = "Khet API"
VERSION = "1"
DESCRIPTION = "ระบบงานสำนักงานเขตพื้นที่การศึกษา: รอบข้อมูล ไฟล์ของโรงเรียน ด่านยืนยัน รับรอง รับทราบ และรายงาน"

_document: dict[str, Any] = {}


def describe(router: Router) -> None:
    """Make the document of ``router``, once, when the process starts."""
    _document.update(document(router, TITLE, VERSION, DESCRIPTION))


@routes.get("/api/openapi.json", access=PUBLIC, worker=False)
def get_openapi(_request: Request, _office: Any) -> Answer:
    """OpenAPI 3.1."""
    return json_answer(_document)
