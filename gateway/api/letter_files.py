"""The files of letters: put to them, handed out, stamped; registers on paper."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.books import ONE as BOOK
from gateway.api.books import READS as READS_BOOK
from gateway.api.books import YearQuery
from gateway.api.letters import ACTS, KEEPS, ONE, READS
from gateway.downloads import download
from gateway.office import Office
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="letters")

REFUSALS = tuple(
    f"attachment.{cause}"
    for cause in ("unknown_kind", "empty", "encrypted", "broken", "too_many_pages", "too_large", "bomb")
)
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AttachForm(Schema):
    role = fields.String(
        load_default="main", validate=validate.OneOf(["main", "enclosure"]),
        metadata={"title": "เป็น", "example": "enclosure"},
    )  # fmt: skip


class Attachment(Schema):
    """`kind` is told by the content; `notices` say what a clerk should know of it, a scan below 300 dpi for one."""

    id = fields.String(required=True)
    letter_id = fields.String(required=True)
    role = fields.String(required=True)
    filename = fields.String(required=True)
    kind = fields.String(required=True)
    size = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    notices = fields.List(fields.Dict(), required=True)
    uploaded_at = fields.String(required=True)


class PlaceStamp(Schema):
    """The upper left corner of a stamp in percent of the page as it is shown."""

    entry_id = fields.String(
        required=True, validate=validate.Length(max=36), metadata={"title": "เลขรับ", "example": "01a2045e"}
    )
    page = fields.Integer(load_default=1, strict=True, metadata={"title": "หน้า", "example": 1})
    x = fields.Float(required=True, metadata={"title": "ตำแหน่งแนวนอน (%)", "example": 70.0})
    y = fields.Float(required=True, metadata={"title": "ตำแหน่งแนวตั้ง (%)", "example": 3.0})


class PlacedStamp(Schema):
    entry_id = fields.String(required=True)
    page = fields.Integer(required=True)
    x = fields.Float(required=True)
    y = fields.Float(required=True)


class PrintQuery(YearQuery):
    form = fields.Integer(validate=validate.OneOf([13, 14]), metadata={"title": "แบบ"})
    day = fields.String(validate=validate.Length(max=10), metadata={"title": "เฉพาะวันที่ (ISO 8601)"})


@routes.post(
    ONE + "/attachments", body=AttachForm, files=("file",), answers=Attachment, status=201, access=ACTS,
    idempotent=True, too_large="attachment.too_large",
    problems=("not_found", "letter.reason", "letter.state", "letter.top_secret", "attachment.main", "attachment.many",
              "desk.busy", "desk.too_heavy", *REFUSALS),
)  # fmt: skip
def add_attachment(request: Request, office: Office) -> Any:
    """Put a file to a letter: PDF, picture, office file or archive by its content, at most 20 MB."""
    received = request.files[0]
    file = {"sha256": received.sha256, "filename": received.filename, "size": received.size}
    letter_id, role = request.params["id"], request.form["role"]
    return office.ask(request, "documents", "add_attachment", letter_id=letter_id, file=file, role=role)


@routes.get(
    ONE + "/attachments/{attachment_id}", access=READS, produces="application/octet-stream",
    problems=("not_found", "letter.reason"),
)
def get_attachment(request: Request, office: Office) -> Answer:
    """A file as it came; that it was looked at is written down."""
    letter_id, attachment_id = request.params["id"], request.params["attachment_id"]
    args = {"letter_id": letter_id, "attachment_id": attachment_id}
    return download(office.ask(request, "documents", "hand_out_file", **args)["reference"])


def _role(request: Request, office: Office, role: str) -> Answer:
    args = {"letter_id": request.params["id"], "role": role}
    return download(office.ask(request, "documents", "hand_out_role", **args)["reference"])


@routes.get(
    ONE + "/files/main.pdf", access=READS, produces=PDF, problems=("not_found", "letter.reason", "attachment.none")
)
def get_main_file(request: Request, office: Office) -> Answer:
    """The letter itself as it came."""
    return _role(request, office, "main")


@routes.get(
    ONE + "/files/stamped.pdf", access=READS, produces=PDF,
    problems=("not_found", "letter.reason", "attachment.none", "attachment.unstampable", "attachment.no_such_page",
              "desk.busy", "desk.too_heavy", *REFUSALS),
)  # fmt: skip
def get_stamped_file(request: Request, office: Office) -> Answer:
    """The letter with the receipt stamp of every book in which it stands."""
    return _role(request, office, "stamped")


@routes.post(
    ONE + "/stamps", body=PlaceStamp, answers=PlacedStamp, access=KEEPS, idempotent=True,
    problems=("not_found", "letter.reason", "invalid"),
)  # fmt: skip
def place_stamp(request: Request, office: Office) -> Any:
    """Put the stamp of one registration elsewhere; over text it goes to the nearest free place."""
    return office.ask(request, "documents", "place_stamp", letter_id=request.params["id"], **request.json)


def _printed(request: Request, office: Office, made_as: str) -> Answer:
    args = {"book_id": request.params["id"], "made_as": made_as, **request.query}
    return download(office.ask(request, "documents", "print_register", **args)["reference"])


@routes.get(BOOK + "/register.pdf", query=PrintQuery, access=READS_BOOK, produces=PDF, problems=("not_found",))
def get_register_pdf(request: Request, office: Office) -> Answer:
    """A book's year as the printed form (13 received, 14 sent), or the sheet of one day."""
    return _printed(request, office, "pdf")


@routes.get(BOOK + "/register.xlsx", query=PrintQuery, access=READS_BOOK, produces=XLSX, problems=("not_found",))
def get_register_workbook(request: Request, office: Office) -> Answer:
    """The same as a workbook."""
    return _printed(request, office, "xlsx")


@routes.get(BOOK + "/register.csv", query=PrintQuery, access=READS_BOOK, produces="text/csv", problems=("not_found",))
def get_register_table(request: Request, office: Office) -> Answer:
    """The same as a table."""
    return _printed(request, office, "csv")
