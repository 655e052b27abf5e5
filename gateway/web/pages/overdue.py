"""โรงเรียนล่าช้า: who is behind in a round, for how many days, and whom to telephone."""

from __future__ import annotations

from gateway.api.overdue import FOLLOWS_UP, late_list, workbook_of
from gateway.office import Office
from gateway.web import labels
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="pages")


@routes.page("/rounds/{id}/late", access=FOLLOWS_UP)
def show_late_schools(request: Request, office: Office) -> Answer:
    """The page."""
    late = late_list(request, office)
    missing = [labels.label(labels.SERVICES, name) for name in late["unavailable"]]
    return show(request, "late.html", late=late, round_id=late["round_id"], unavailable=missing)


@routes.page("/rounds/{id}/late.xlsx", access=FOLLOWS_UP)
def download_late_workbook(request: Request, office: Office) -> Answer:
    """The list as a workbook, to telephone from."""
    return workbook_of(late_list(request, office))
