"""How books, entries and requests look to the outside."""

from __future__ import annotations

from typing import Any

from services.documents.registers.rules import TITLES, BookKind, OwnerKind
from services.documents.registers.tables import NumberRequest, OfflineBlock, RegisterBook, RegisterEntry
from shared.clock import BANGKOK


def owner_of(book: RegisterBook) -> str:
    """Whose a book is, as the API says it: ``office``, or the code of a group or a school."""
    return "office" if book.owner_kind == OwnerKind.OFFICE else book.owner


def book_view(book: RegisterBook, owner_name: str, *, may_issue: bool) -> dict[str, Any]:
    return {
        "id": book.id,
        "kind": book.kind,
        "owner": owner_of(book),
        "owner_name": owner_name,
        "org_path": book.org_path,
        "title": title_of(book, owner_name),
        "prefix": book.prefix,
        "circular_policy": book.circular_policy,
        "may_issue": may_issue,
        "etag": etag_of(book),
    }


def title_of(book: RegisterBook, owner_name: str) -> str:
    """What stands on its cover: ``ทะเบียนหนังสือส่ง สพป.เชียงราย เขต 4``."""
    return f"{TITLES[BookKind(book.kind)]} {owner_name}"


def etag_of(book: RegisterBook) -> str:
    """The strong entity tag of a book's settings."""
    return f"b{book.version}"


def number_view(entry: RegisterEntry) -> dict[str, Any]:
    """A number that was given, and the book in which it stands."""
    return {
        "entry_id": entry.id,
        "book_id": entry.book_id,
        "no": entry.no,
        "suffix": entry.suffix,
        "display_no": entry.display_no,
        "be_year": entry.be_year,
        "state": entry.state,
    }


def entry_view(entry: RegisterEntry) -> dict[str, Any]:
    """A line of a book; the columns of forms 13 and 14 where no letter bears it, but a line of an old system."""
    return {
        **number_view(entry),
        "for": entry.purpose,
        "circular": entry.circular,
        "letter_id": entry.letter_id,
        "block_id": entry.block_id,
        "entry_date": entry.entry_date.isoformat(),
        "entered_at": entry.entered_at.astimezone(BANGKOK).isoformat(),
        "reserved_until": entry.reserved_until.astimezone(BANGKOK).isoformat() if entry.reserved_until else None,
        "void_reason": entry.void_reason,
        "doc_no": entry.doc_no,
        "doc_date": entry.doc_date.isoformat() if entry.doc_date else None,
        "from": entry.sender,
        "to": entry.receiver,
        "action": entry.action,
        "note": entry.note,
    }


def request_view(request: NumberRequest, entry: RegisterEntry | None) -> dict[str, Any]:
    """A request, with its number once it was given."""
    return {
        "id": request.id,
        "book_id": request.book_id,
        "requested_by": request.requester_name,
        "for": request.purpose,
        "state": request.state,
        "reason": request.reason,
        "created_at": request.created_at.astimezone(BANGKOK).isoformat(),
        "number": number_view(entry) if entry else None,
    }


def block_view(block: OfflineBlock) -> dict[str, Any]:
    """Numbers that were handed out."""
    return {
        "id": block.id,
        "book_id": block.book_id,
        "be_year": block.be_year,
        "first_no": block.first_no,
        "last_no": block.last_no,
        "for": block.purpose,
        "state": block.state,
        "created_at": block.created_at.astimezone(BANGKOK).isoformat(),
    }
