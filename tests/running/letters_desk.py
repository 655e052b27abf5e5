"""Letters of the office of tests/running/documents_desk.py, brought as far as a test needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.documents.circulations import commands as circulations
from services.documents.letters import commands
from services.documents.tasks import commands as tasks
from tests.running.documents_desk import DocumentsDesk, book, letter_fields

GROUP = "5704-g-ict"
OFFICE_BOOK, GROUP_BOOK = book("received"), book("received", GROUP)


def arrived(desk: DocumentsDesk, who: str = "registrar", **changed: Any) -> str:
    return str(desk.command(who, commands.create_letter, values=letter_fields(**changed))["id"])


def registered(desk: DocumentsDesk, **changed: Any) -> str:
    letter = arrived(desk, **changed)
    desk.command("registrar", commands.register_letter, letter_id=letter, book_id=OFFICE_BOOK)
    return letter


def at_the_group(desk: DocumentsDesk, **changed: Any) -> str:
    letter = registered(desk, **changed)
    desk.command("registrar", commands.forward_letter, letter_id=letter, to=GROUP)
    desk.command("clerk", commands.register_letter, letter_id=letter, book_id=GROUP_BOOK)
    return letter


def proposed(desk: DocumentsDesk, **changed: Any) -> str:
    letter = at_the_group(desk, **changed)
    desk.command("clerk", tasks.propose_letter, letter_id=letter, summary="เห็นควรมอบเจ้าหน้าที่", to="head")
    return letter


def assigned(desk: DocumentsDesk, people: tuple[str, ...] = ("officer", "second"), **changed: Any) -> str:
    letter = proposed(desk, **changed)
    given = {"letter_id": letter, "responsible": list(people), "instruction": "ดำเนินการ", "informed": ["clerk"]}
    desk.command("head", tasks.assign_letter, **given)
    return letter


def moves_of(view: dict[str, Any]) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Every operation with arguments that are right if it may be called at all."""
    return {
        "register": (commands.register_letter, {"book_id": view["register_in"] or OFFICE_BOOK}),
        "forward": (commands.forward_letter, {"to": "5704-g-admin"}),
        "propose": (tasks.propose_letter, {"summary": "x"}),
        "assign": (tasks.assign_letter, {"responsible": ["officer"], "instruction": "x"}),
        "endorse": (tasks.endorse_letter, {"verdict": "approve"}),
        "accept": (tasks.accept_task, {}),
        "report": (tasks.report_task, {"report": "x"}),
        "close": (tasks.close_letter, {}),
        "return": (tasks.return_letter, {"reason": "x"}),
        "pull_back": (tasks.endorse_letter, {"verdict": "pull_back"}),
        "circulate": (circulations.circulate, {"everybody": True}),
        "change": (commands.change_letter, {"values": {"note": "x"}, "if_match": view["etag"]}),
        "reject": (commands.reject_letter, {"reason": "x"}),
        "void": (commands.void_letter, {"reason": "x"}),
    }
