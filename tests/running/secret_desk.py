"""Letters with a class of secrecy at the desk of tests/running/documents_desk.py, and who is cleared for them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from services.documents.clearances import commands as clearances
from services.documents.letters import commands
from services.documents.service import Documents
from services.documents.tasks import commands as tasks
from shared.bus.contracts.schools import STAFF_RECORDED
from shared.problems import Problem
from shared.security.identity import Grant, Identity
from tests.running.documents_desk import OFFICE, DocumentsDesk, book, identity, letter_fields, path_of

SECRET_BOOK = book("secret_received")
SUBJECT = "สืบสวนข้อเท็จจริงกรณีนกเขาชวา"
SENDER = "กองสอบสวนปลาตะเพียน"
SCHOOL = "57040001"
WHY = "พิจารณาสั่งการตามหน้าที่"
# what an operation on a letter may be given beside the letter; who may not know of it never gets as far
ARGUMENTS: Mapping[str, Any] = {
    "values": {"note": "x"}, "book_id": SECRET_BOOK, "reason": "ทดสอบระบบ", "summary": "x", "responsible": ["officer"],
    "instruction": "x", "verdict": "approve", "report": "x", "to": "5704-g-ict", "role": "main", "person": "officer",
    "entry_id": "none", "page": 1, "x": 1.0, "y": 1.0, "attachment_id": "none", "circulation_id": "none",
    "file": {"sha256": "0" * 64, "filename": "ก.pdf", "size": 1},
}  # fmt: skip


class _Told:
    """An application that says which function it is asked to run, and how."""

    def query(self, function: Callable[..., Any], _request: Any) -> tuple[str, Callable[..., Any]]:
        return "query", function

    def command(self, function: Callable[..., Any], _request: Any) -> tuple[str, Callable[..., Any]]:
        return "command", function

    command_in_steps = command

    def procedure(self, function: Callable[..., Any], _request: Any) -> tuple[str, Callable[..., Any]]:
        return "procedure", function


def operations() -> dict[str, tuple[str, Callable[..., Any]]]:
    """Every operation of the service by name, from its entrypoints: a new one is there by being one."""
    asked = SimpleNamespace(app=_Told())
    return {
        name: method(asked, {})
        for name, method in vars(Documents).items()
        if inspect.isfunction(method) and list(inspect.signature(method).parameters) == ["self", "request"]
    }


def needed(function: Callable[..., Any]) -> list[str]:
    """The arguments that a caller must give."""
    parameters = inspect.signature(function).parameters.values()
    given = {"unit", "app", "caller"}
    return [one.name for one in parameters if one.default is one.empty and one.name not in given]


def of_letters() -> dict[str, tuple[str, Callable[..., Any]]]:
    """The operations on one letter."""
    return {name: found for name, found in operations().items() if "letter_id" in needed(found[1])}


def asked(desk: DocumentsDesk, who: str, how: str, function: Callable[..., Any], **args: Any) -> Any:
    """What a caller is answered: the result, or the whole problem."""
    try:
        if how == "procedure":
            return json.loads(json.dumps(function(desk.app, identity(who), **args)))
        return (desk.query if how == "query" else desk.command)(who, function, **args)
    except Problem as problem:
        return problem.as_dict()


def appointed(
    desk: DocumentsDesk, who: str, level: str = "very_secret", post: str = "reader", at: str = OFFICE,
    by: Identity | None = None, **changed: Any,
) -> dict[str, Any]:  # fmt: skip
    """Clear somebody until the end of the year."""
    order = {"order_no": "9/2569", "order_date": "2026-06-01", "valid_from": "2026-06-01", "until": "2026-12-31"}
    with desk.app.write(by or identity("director")) as unit:
        return clearances.appoint(unit, person=who, at=at, post=post, level=level, **{**order, **changed})


def secret_letter(desk: DocumentsDesk, secrecy: str = "secret", who: str = "registrar", **changed: Any) -> str:
    """Keyed in and registered in the secret book."""
    stub = {"subject": "", "channel": "hand"} if secrecy == "top_secret" else {}
    said = {"subject": SUBJECT, "from": SENDER, "doc_no": "ลับ ๙๙", **stub, **changed}
    values = letter_fields(secrecy=secrecy, **said)
    return str(desk.command(who, commands.create_letter, values=values, again=True, register=True)["id"])


def decided(desk: DocumentsDesk, letter: str, *people: str) -> str:
    """Proposed to the director, who gives it to people."""
    desk.command("registrar", tasks.propose_letter, letter_id=letter, summary="โปรดพิจารณานกเขาชวา", to="director")
    open_for(desk, "director", letter)
    given = {"responsible": list(people), "instruction": "ตรวจนกเขาชวา"}
    desk.command("director", tasks.assign_letter, letter_id=letter, **given)
    return letter


def open_for(desk: DocumentsDesk, who: str, letter: str) -> Any:
    """Say why, where that is asked for."""
    return asked(desk, who, "command", clearances.open_letter, letter_id=letter, reason=WHY)


def school_director(desk: DocumentsDesk) -> Identity:
    """The director of the school, who is known to the service from now on."""
    grant = {
        "role": "school_director", "scope": path_of(SCHOOL), "organisation": SCHOOL, "acting": False,
        "valid_from": "2026-01-01", "valid_until": None, "order_no": None,
    }  # fmt: skip
    home = path_of(SCHOOL)
    state = {"staff_id": "principal", "unit": SCHOOL, "org_path": home, "state": "ACTIVE", "grants": [grant]}
    desk.tell(STAFF_RECORDED, "staff/principal", state, home)
    held = Grant("school_director", home, SCHOOL, "โรงเรียน")
    return Identity("principal", "principal", "นางผู้อำนวยการ (สาธิต)", "session", (held,))
