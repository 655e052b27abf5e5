"""Facts of the documents service: numbers, units and states. What a letter is about stays with its owner."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.bus.contracts.records import Records
from shared.bus.contracts.registry import declare


class EntryState(Schema):
    """A line of a register: which number of which book, what became of it, and the letter that bears it."""

    entry_id = fields.String(required=True)
    book_id = fields.String(required=True)
    book_kind = fields.String(required=True)
    owner = fields.String(required=True)
    org_path = fields.String(required=True)
    be_year = fields.Integer(required=True)
    no = fields.Integer(required=True)
    suffix = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["reserved", "issued", "void"]))
    entry_date = fields.String(required=True)
    letter_id = fields.String(required=True, allow_none=True)


class ImportedEntry(Schema):
    """A line that came from the register of an old system; what it says stays with its owner."""

    entry_id = fields.String(required=True)
    be_year = fields.Integer(required=True)
    no = fields.Integer(required=True)
    suffix = fields.String(required=True)
    state = fields.String(required=True)
    entry_date = fields.String(required=True)


class ImportedEntries(Schema):
    """Lines that came into a book together: some of one import, in their first state. What becomes of one of them later
    is told as of any other line.
    """

    import_id = fields.String(required=True)
    part = fields.Integer(required=True)
    book_id = fields.String(required=True)
    book_kind = fields.String(required=True)
    owner = fields.String(required=True)
    org_path = fields.String(required=True)
    entries = Records(fields.Nested(ImportedEntry), required=True)


ENTRIES_IMPORTED = declare(
    "documents", "entries_imported", ImportedEntries, "Lines of an old system's register came into a book."
)
ENTRY_RECORDED = declare("documents", "entry_recorded", EntryState, "A number was issued, reserved, used or voided.")
ENTRY_EVENTS = (ENTRY_RECORDED, ENTRIES_IMPORTED)


class LetterState(Schema):
    """A letter without a word of what it says: where it is, how fast it must go, which numbers it bears, and when it
    came how far.

    ``due_at`` is the instant that its class of speed gives it. ``registered_at``, ``proposed_at`` and ``assigned_at``
    are those of the first time; ``completed_at`` is when all who had to act had reported or it was enough to know,
    null again while a report is sent back.
    """

    letter_id = fields.String(required=True)
    org_path = fields.String(required=True)
    owner = fields.String(required=True)
    holder = fields.String(required=True)
    direction = fields.String(required=True)
    kind = fields.String(required=True)
    speed = fields.String(required=True)
    secrecy = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    received_at = fields.String(required=True)
    closed_at = fields.String(required=True, allow_none=True)
    numbers = fields.List(fields.String(), required=True)
    holder_path = fields.String()
    due_at = fields.String(allow_none=True)
    registered_at = fields.String(allow_none=True)
    proposed_at = fields.String(allow_none=True)
    assigned_at = fields.String(allow_none=True)
    completed_at = fields.String(allow_none=True)


class TaskState(Schema):
    """What somebody has to do about a letter, or to know of; no word of the letter."""

    task_id = fields.String(required=True)
    letter_id = fields.String(required=True)
    org_path = fields.String(required=True)
    role = fields.String(required=True)
    assignee_id = fields.String(required=True)
    state = fields.String(required=True)
    due_at = fields.String(required=True)
    assigned_at = fields.String(required=True)
    closed_at = fields.String(required=True, allow_none=True)
    opened_at = fields.String(allow_none=True)
    accepted_at = fields.String(allow_none=True)
    reported_at = fields.String(allow_none=True)


class CirculationState(Schema):
    """A letter that was sent round, and who of its readers has not opened it; no word of the letter. When it was
    withdrawn nobody is waited for.
    """

    circulation_id = fields.String(required=True)
    letter_id = fields.String(required=True)
    org_path = fields.String(required=True)
    readers = fields.Integer(required=True)
    unread = fields.List(fields.String(), required=True)
    sent_at = fields.String(required=True)
    withdrawn_at = fields.String(required=True, allow_none=True)


LETTER_MOVED = declare("documents", "letter_moved", LetterState, "A letter arrived, was registered, or went on.")
TASK_MOVED = declare(
    "documents", "task_moved", TaskState, "A task was given, opened, accepted, reported, closed or cancelled."
)
CIRCULATION_RECORDED = declare(
    "documents", "circulation_recorded", CirculationState, "A letter was sent round, read by some, or withdrawn."
)
