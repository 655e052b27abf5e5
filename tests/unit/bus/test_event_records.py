"""Records of events are judged as marshmallow judges them, only sooner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.bus.contracts.records import Records


class Count(Schema):
    grade = fields.String(required=True, allow_none=True)
    pupils = fields.Integer(required=True)
    known = fields.Boolean(required=True)


class Fast(Schema):
    counts = Records(fields.Nested(Count), required=True)


class Slow(Schema):
    counts = fields.List(fields.Nested(Count), required=True)


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just([]))
records = st.dictionaries(st.sampled_from(["grade", "pupils", "known", "other"]), values)
good = st.fixed_dictionaries(
    {"grade": st.none() | st.text(max_size=3), "pupils": st.integers(), "known": st.booleans()}
)


def judged(schema: type[Schema], counts: Any) -> Any:
    try:
        schema(unknown=RAISE).load({"counts": counts})
    except ValidationError as error:
        return error.messages
    return None


@given(st.lists(good | records, max_size=4) | values)
def test_what_marshmallow_refuses_is_refused_in_its_words_and_nothing_else(counts: Any) -> None:
    assert judged(Fast, counts) == judged(Slow, counts)


def test_a_record_of_the_named_types_is_not_looked_at_by_marshmallow(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("marshmallow was asked")

    monkeypatch.setattr(fields.Nested, "_deserialize", never)
    schema = Fast(unknown=RAISE)
    assert schema.load({"counts": [{"grade": None, "pupils": 3, "known": True}]})
    with pytest.raises(AssertionError):
        schema.load({"counts": [{"grade": None, "pupils": "3", "known": True}]})


def test_a_field_with_a_validator_is_always_marshmallows() -> None:
    class Positive(Schema):
        pupils = fields.Integer(required=True, validate=validate.Range(min=1))

    class Holder(Schema):
        counts = Records(fields.Nested(Positive), required=True)

    assert judged(Holder, [{"pupils": 1}]) is None
    assert judged(Holder, [{"pupils": 0}]) is not None
