"""วิธีใช้: for every page, who does what next."""

from __future__ import annotations

from typing import Any

from gateway.web import helping, labels
from gateway.web.preferences import Preferences
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes
from shared.problems import not_found

routes = Routes(tag="pages")


@routes.page("/help", access=PUBLIC)
def show_help(request: Request, _office: Any) -> Answer:
    """The way of a round from end to end, and every topic."""
    return _topic(request, "help")


@routes.page("/help/{topic}", access=PUBLIC)
def show_help_topic(request: Request, _office: Any) -> Answer:
    """The help of one page."""
    return _topic(request, request.params["topic"])


def _topic(request: Request, topic: str) -> Answer:
    if topic not in helping.TOPICS:
        raise not_found("ไม่มีวิธีใช้เรื่องนี้")
    return show(
        request,
        helping.template_of(topic, Preferences.of(request).language),
        topic=topic,
        title=labels.label(helping.TOPICS, topic),
        topics=labels.choices(helping.TOPICS),
    )
