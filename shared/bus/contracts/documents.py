"""Facts of the documents service: numbers, units and states. What a letter is about stays with its owner."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

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


ENTRY_RECORDED = declare("documents", "entry_recorded", EntryState, "A number was issued, reserved, used or voided.")
ENTRY_EVENTS = (ENTRY_RECORDED,)


class LetterState(Schema):
    """A letter without a word of what it says: where it is, how fast it must go, which numbers it bears."""

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
TASK_MOVED = declare("documents", "task_moved", TaskState, "A task was given, accepted, reported, closed or cancelled.")
CIRCULATION_RECORDED = declare(
    "documents", "circulation_recorded", CirculationState, "A letter was sent round, read by some, or withdrawn."
)
