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
