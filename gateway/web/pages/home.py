"""งานของฉัน: what waits for whoever is signed in."""

from __future__ import annotations

from gateway.api.letter_views import counted
from gateway.office import Office
from gateway.web import desks, labels
from gateway.web.site import show
from gateway.web.viewer import Viewer
from gateway.web.waiting import area_work, school_work
from shared.bus.rpc import Call
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="pages")

MESSAGES_SHOWN = 5
ROUNDS_LOOKED_AT = 20


@routes.page("/")
def show_home(request: Request, office: Office) -> Answer:
    """What waits, from every service that answers; those that do not are named."""
    viewer = Viewer(request.identity)
    answers, missing = office.gather(request, **_first_questions(viewer))
    if "views" in answers:
        answers["views"] = {"items": counted(request, office, answers["views"]["items"])}
    work = answers.get("rounds", {"rounds": [], "boards": {}})
    rounds, boards = work["rounds"], work["boards"]
    pairs = [(round_, boards[round_["id"]]) for round_ in rounds if round_["id"] in boards]
    return show(
        request,
        "home.html",
        area_rounds=[area_work(round_, board) for round_, board in pairs] if viewer.reads_area else [],
        school_rounds=[work for round_, board in pairs for work in school_work(viewer, round_, board)],
        drafts=[round_ for round_ in rounds if round_["state"] == "DRAFT"],
        desks=desks.desks(viewer, answers),
        messages=answers.get("messages", {}).get("items", [])[:MESSAGES_SHOWN],
        unavailable=[labels.label(labels.SERVICES, name) for name in missing],
    )


def _first_questions(viewer: Viewer) -> dict[str, Call]:
    calls = {"messages": Call("notifications", "list_messages", {"unread": True, "limit": MESSAGES_SHOWN})}
    if viewer.reads_rounds:
        calls["rounds"] = Call("rounds", "list_work", {"limit": ROUNDS_LOOKED_AT})
    return calls | desks.questions(viewer)
