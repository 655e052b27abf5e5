"""Letters that came in, and what is done about them: registered, proposed, assigned, reported, closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.books import ASKERS, Number, Why
from gateway.office import Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="letters")

ALL = "/api/v1/letters"
ONE = ALL + "/{id}"
KINDS = (
    *("external", "memo", "stamped", "order", "regulation", "bylaw", "announcement", "statement", "news"),
    *("certificate", "minutes", "note", "other"),
)
SPEEDS = ("normal", "urgent", "very_urgent", "most_urgent", "within")
SECRECIES = ("none", "secret", "very_secret", "top_secret")
CHANNELS = ("paper", "email", "system", "fax", "hand", "line", "upload")
STATES = (
    *("ARRIVED", "REGISTERED", "FORWARDED", "RETURNED", "PROPOSED", "ASSIGNED", "IN_PROGRESS", "REPORTED"),
    *("ACKNOWLEDGED", "CLOSED", "REJECTED", "VOID"),
)
VERDICTS = (
    *("pass_on", "approve", "approve_on_behalf", "approve_acting", "disapprove", "return", "consult", "pull_back"),
)
WAITING = ("register", "propose", "decide", "stuck", "abandoned", "close", "overdue")
TASK_STATES = ("ASSIGNED", "ACCEPTED", "REPORTED", "CLOSED", "CANCELLED")
# a letter is no business of a unit that has it not: it is not even said that there is one
KEEPS = Access(roles=("registrar",), scope="area", elsewhere=404)
VOIDS = replace(KEEPS, roles=("registrar", "deputy_director", "area_director"))
# whoever stands in by an order decides too, whatever they hold themselves: of orders the owner alone knows
DECIDES = replace(KEEPS, roles=ASKERS)
ACTS = Access(roles=ASKERS)
READS = Access(roles=ASKERS)
MOVES = ("not_found", "invalid", "letter.state", "letter.reason")
GIVEN = (*MOVES, "letter.secret_place", "letter.top_secret", "letter.no_decider")


def _text(title: str, example: str, most: int, **options: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most), metadata={"title": title, "example": example}, **options)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 40


def _named(title: str) -> fields.List[Any]:
    """Letters by their ids, or by their numbers as people write them."""
    each = fields.String(validate=validate.Length(max=200))
    return fields.List(each, validate=validate.Length(max=50), metadata={"title": title, "example": []})


class Correspondent(fields.Field[Any]):
    """Text, ``{unit: code}`` for one of our own, or ``{contact: id}`` for one of the contact book."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if isinstance(value, str) and len(value) <= 2000:
            return value
        if isinstance(value, dict) and set(value) in ({"unit"}, {"contact"}) and _is_code(*value.values()):
            return value
        raise self.make_error("validator_failed")


class Keyed(Schema):
    kind = fields.String(validate=validate.Length(max=20), metadata={"title": "ชนิดของหนังสือ", "example": "external"})
    subject = _text("เรื่อง", "ขอเชิญประชุม", 2000)
    sender = Correspondent(data_key="from", metadata={"title": "จาก", "example": "สพฐ."})
    receiver = Correspondent(data_key="to", metadata={"title": "ถึง", "example": "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"})
    doc_no = _text("ที่", "ศธ 04006/ว 12", 500)
    doc_date = _text("ลงวันที่", "2026-06-08", 60)
    received_at = _text("วันเวลาที่รับ", "2026-06-10T09:00:00+07:00", 60)
    speed = _text("ชั้นความเร็ว", "normal", 20)
    speed_deadline = _text("ภายใน", "2026-06-30", 60, allow_none=True)
    secrecy = _text("ชั้นความลับ", "none", 20)
    channel = _text("ช่องทาง", "paper", 20)
    note = _text("หมายเหตุ", "รับทางไปรษณีย์", 2000)
    refers_to = _named("หนังสือที่อ้างถึง")
    answers = _named("หนังสือที่ตอบ")


class NewLetter(Keyed):
    """``again``: it is another letter, though one like it was keyed in a moment ago. ``register``: it gets its number
    in the received book at once.
    """

    direction = fields.String(required=True, validate=validate.OneOf(["in", "out", "internal"]),
                              metadata={"title": "ทิศทาง", "example": "in"})  # fmt: skip
    again = fields.Boolean(load_default=False, metadata={"title": "ยืนยันว่าเป็นอีกฉบับ", "example": True})
    register = fields.Boolean(load_default=False, metadata={"title": "ลงทะเบียนรับทันที", "example": False})


class Registered(Number):
    letter_id = fields.String(required=True)


class Letter(Schema):
    """A letter; `holder` is the unit where it is, `numbers` the lines of the books that bear it."""

    id = fields.String(required=True)
    direction = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    sender = fields.String(required=True, data_key="from")
    receiver = fields.String(required=True, data_key="to")
    doc_no = fields.String(required=True)
    doc_date = fields.String(required=True)
    received_at = fields.String(required=True)
    speed = fields.String(required=True)
    speed_deadline = fields.String(required=True, allow_none=True)
    secrecy = fields.String(required=True)
    channel = fields.String(required=True)
    note = fields.String(required=True)
    summary = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    owner = fields.String(required=True)
    holder = fields.String(required=True)
    org_path = fields.String(required=True)
    created_at = fields.String(required=True)
    closed_at = fields.String(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)
    numbers = fields.List(fields.Nested(Number), required=True)
    etag = fields.String(required=True)


class ListedLetter(Letter):
    holder_name = fields.String(required=True)


class Warned(Schema):
    code = fields.String(required=True)
    message = fields.String(required=True)


class CreatedLetter(Letter):
    warnings = fields.List(fields.Nested(Warned), required=True)


class Task(Schema):
    """`assignee_id` is a person; their name is told by the pages alone."""

    id = fields.String(required=True)
    letter_id = fields.String(required=True)
    role = fields.String(required=True)
    assignee_id = fields.String(required=True)
    assigned_by = fields.String(required=True)
    instruction = fields.String(required=True)
    due_at = fields.String(required=True)
    state = fields.String(required=True)
    assigned_at = fields.String(required=True)
    opened_at = fields.String(required=True, allow_none=True)
    accepted_at = fields.String(required=True, allow_none=True)
    reported_at = fields.String(required=True, allow_none=True)
    closed_at = fields.String(required=True, allow_none=True)
    report = fields.String(required=True, allow_none=True)


class OwnTask(Task):
    letter = fields.Nested(Letter, required=True)


class MovedLetter(Letter):
    tasks = fields.List(fields.Nested(Task), required=True)


class NamedUnit(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class Decider(Schema):
    """Somebody who decides about the letter; `is_here` for whom it comes to the desk where it is now."""

    person_id = fields.String(required=True)
    role = fields.String(required=True)
    is_here = fields.Boolean(required=True)


class LetterDetail(MovedLetter):
    """`places` are the units that have or had it, `endorsements` what was written on it, `attachments` its files,
    `stamps` the registrations that are stamped on the main file and whether the caller may say where, `allowed` what
    the caller may do with it now: `register` in the book `register_in`, `forward` to one of `forward_to`, `propose` to
    one of `propose_to`, `assign` to people of the unit `assign_from`. `units` and `books` name those whose codes and
    ids stand in it. `readers` is the personal list of a letter of the class `very_secret` or above,
    `reader_candidates` who could come on it, for who keeps it.
    """

    attachments = fields.List(fields.Dict(), required=True)
    stamps = fields.List(fields.Dict(), required=True)
    endorsements = fields.List(fields.Dict(), required=True)
    places = fields.List(fields.String(), required=True)
    allowed = fields.List(fields.String(), required=True)
    warnings = fields.List(fields.Nested(Warned), required=True)
    register_in = fields.String(required=True, allow_none=True)
    forward_to = fields.List(fields.Nested(NamedUnit), required=True)
    propose_to = fields.List(fields.Nested(Decider), required=True)
    assign_from = fields.String(required=True, allow_none=True)
    readers = fields.List(fields.String(), required=True)
    reader_candidates = fields.List(fields.String(), required=True)
    units = fields.Dict(required=True)
    books = fields.Dict(required=True)


class LetterStep(Schema):
    seq = fields.Integer(required=True)
    at = fields.String(required=True)
    actor = fields.String(required=True)
    move = fields.String(required=True)
    before = fields.String(required=True, allow_none=True, data_key="from")
    after = fields.String(required=True, data_key="to")
    unit = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    detail = fields.Dict(required=True)


class TaskQuery(Paging):
    state = fields.String(validate=validate.OneOf(TASK_STATES), metadata={"title": "สถานะ"})


class IntoBook(Schema):
    book_id = fields.String(
        required=True, validate=validate.Length(max=36), metadata={"title": "ทะเบียน", "example": "01a2045e"}
    )


class SendOn(Schema):
    to = _text("ส่งต่อ", "5704-g-ict", 40, required=True)
    note = _text("หมายเหตุ", "เพื่อดำเนินการ", 1000, load_default="")


class Propose(Schema):
    summary = _text("สรุปเรื่อง", "เห็นควรมอบเจ้าหน้าที่", 5000, required=True)
    to = fields.String(validate=validate.Length(max=60), metadata={"title": "เสนอต่อ"})


class Assign(Schema):
    responsible = fields.List(
        fields.String(validate=validate.Length(max=60)), required=True, validate=validate.Length(max=200),
        metadata={"title": "ผู้รับผิดชอบ", "example": []},
    )  # fmt: skip
    informed = fields.List(
        fields.String(validate=validate.Length(max=60)), load_default=list, validate=validate.Length(max=200),
        metadata={"title": "ผู้รับทราบ", "example": []},
    )  # fmt: skip
    instruction = _text("คำสั่งการ", "ดำเนินการ", 5000, required=True)
    due = _text("กำหนดเสร็จ", "2026-06-30", 60)


class Endorse(Schema):
    verdict = fields.String(
        required=True, validate=validate.OneOf(VERDICTS), metadata={"title": "ความเห็น", "example": "approve"}
    )
    text = _text("ข้อความ", "ทราบ", 5000, load_default="")


class Report(Schema):
    report = _text("รายงานผล", "ดำเนินการแล้ว", 10_000, required=True)


class Close(Schema):
    note = _text("หมายเหตุ", "เสร็จสิ้น", 5000, load_default="")


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, letter_id=request.params["id"], **args)


def as_keyed(values: dict[str, Any]) -> dict[str, Any]:
    """The fields as the service knows them: ``from`` and ``to`` are words that Python keeps for itself."""
    names = {"sender": "from", "receiver": "to"}
    return {names.get(name, name): value for name, value in values.items()}


@routes.post(
    ALL, body=NewLetter, answers=CreatedLetter, status=201, access=Access(roles=("registrar",)), idempotent=True,
    problems=("invalid", "not_found", "letter.again", "letter.secret", "book.closed"),
)  # fmt: skip
def create_letter(request: Request, office: Office) -> Any:
    """Key in a letter that came in; what is odd about it stands in `warnings`."""
    values = dict(request.json)
    how = {name: values.pop(name) for name in ("again", "register")}
    return office.ask(request, "documents", "create_letter", values=as_keyed(values), **how)


@routes.get(ONE, answers=LetterDetail, access=READS, problems=("not_found", "letter.reason"))
def get_letter(request: Request, office: Office) -> Answer:
    """One letter with its numbers, tasks and what was written on it."""
    letter = _ask(request, office, "get_letter")
    return json_answer(letter, etag=letter["etag"])


@routes.patch(
    ONE, body=Keyed, answers=Letter, access=KEEPS, if_match=True,
    problems=(*MOVES, "letter.secret", "letter.top_secret", "book.closed", "precondition.stale"),
)  # fmt: skip
def change_letter(request: Request, office: Office) -> Answer:
    """Put right what was keyed in wrong, until the letter is proposed. A letter that gets a class of secrecy leaves the
    open books, one that loses it the secret ones: its numbers are void and it waits (`ARRIVED`) to be registered anew.
    """
    letter = _ask(request, office, "change_letter", values=as_keyed(request.json), if_match=request.if_match)
    return json_answer(letter, etag=letter["etag"])


@routes.get(ONE + "/history", answers=listing(LetterStep), access=READS, problems=("not_found", "letter.reason"))
def get_letter_history(request: Request, office: Office) -> Any:
    """Everything that was done with a letter, the oldest first."""
    return _ask(request, office, "get_history")


@routes.post(
    ONE + "/register", body=IntoBook, answers=Registered, status=201, access=KEEPS, idempotent=True,
    problems=("not_found", "letter.reason", "letter.state", "letter.book", "letter.registered", "letter.secret",
              "book.closed"),
)  # fmt: skip
def register_letter(request: Request, office: Office) -> Any:
    """Enter it into the received book of the unit where it is: the office's first, then that of the group."""
    return _ask(request, office, "register_letter", **request.json)


@routes.post(ONE + "/forward", body=SendOn, answers=Letter, access=KEEPS, idempotent=True, problems=GIVEN)
def forward_letter(request: Request, office: Office) -> Any:
    """Send it on to a group of the office."""
    return _ask(request, office, "forward_letter", **request.json)


@routes.post(ONE + "/reject", body=Why, answers=Letter, access=KEEPS, idempotent=True, problems=MOVES)
def reject_letter(request: Request, office: Office) -> Any:
    """Refuse a letter that was not registered."""
    return _ask(request, office, "reject_letter", **request.json)


@routes.post(ONE + "/void", body=Why, answers=Letter, access=VOIDS, idempotent=True, problems=(*MOVES, "book.closed"))
def void_letter(request: Request, office: Office) -> Any:
    """Undo a wrong registration: letter and numbers stay in the books, struck through."""
    return _ask(request, office, "void_letter", **request.json)


@routes.post(ONE + "/propose", body=Propose, answers=MovedLetter, access=KEEPS, idempotent=True, problems=GIVEN)
def propose_letter(request: Request, office: Office) -> Any:
    """Put it before who decides, with a summary."""
    return _ask(request, office, "propose_letter", **request.json)


@routes.post(ONE + "/assign", body=Assign, answers=MovedLetter, access=DECIDES, idempotent=True, problems=GIVEN)
def assign_letter(request: Request, office: Office) -> Any:
    """Give it to those who act on it and to those who have to know."""
    return _ask(request, office, "assign_letter", **request.json)


@routes.post(ONE + "/endorse", body=Endorse, answers=MovedLetter, access=DECIDES, idempotent=True, problems=MOVES)
def endorse_letter(request: Request, office: Office) -> Any:
    """Write a verdict on it (เกษียน)."""
    return _ask(request, office, "endorse_letter", **request.json)


@routes.post(ONE + "/return", body=Why, answers=MovedLetter, access=DECIDES, idempotent=True, problems=MOVES)
def return_letter(request: Request, office: Office) -> Any:
    """Send it back to the registry, or a report back to who made it."""
    return _ask(request, office, "return_letter", **request.json)


@routes.post(
    ONE + "/accept", answers=MovedLetter, access=ACTS, idempotent=True,
    problems=("not_found", "letter.reason", "letter.state", "task.none", "task.state"),
)  # fmt: skip
def accept_task(request: Request, office: Office) -> Any:
    """Take the own task up; who only has to know has read it with that."""
    return _ask(request, office, "accept_task")


@routes.post(
    ONE + "/report", body=Report, answers=MovedLetter, access=ACTS, idempotent=True,
    problems=(*MOVES, "task.none", "task.state", "task.informed"),
)  # fmt: skip
def report_task(request: Request, office: Office) -> Any:
    """Say what was done."""
    return _ask(request, office, "report_task", **request.json)


@routes.post(
    ONE + "/close", body=Close, answers=MovedLetter, access=DECIDES, idempotent=True, problems=(*MOVES, "task.state")
)
def close_letter(request: Request, office: Office) -> Any:
    """End the matter."""
    return _ask(request, office, "close_letter", **request.json)


@routes.get("/api/v1/tasks", query=TaskQuery, answers=listing(OwnTask), access=ACTS)
def list_tasks(request: Request, office: Office) -> Any:
    """The caller's own tasks, what is due first on top."""
    return office.ask(request, "documents", "list_tasks", **request.query)
