"""The API's description for people, made of the same document that programs read."""

from __future__ import annotations

import json
from typing import Any, cast

from gateway.api import docs
from gateway.web.api_reference import by_subject, codes_of
from gateway.web.problem_english import PROBLEMS
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes

routes = Routes(tag="pages")


@routes.page("/api/docs", access=PUBLIC)
def show_api_docs(request: Request, _office: Any) -> Answer:
    """How to begin, what holds everywhere, every operation by subject, every problem code."""
    document = json.loads(cast(bytes, docs.get_openapi(request, None).body))
    subjects = by_subject(document)
    return show(
        request,
        "api_docs.html",
        info=document["info"],
        subjects=subjects,
        codes=codes_of(subjects),
        meanings={code: title for code, (title, _detail) in PROBLEMS.items()},
    )
