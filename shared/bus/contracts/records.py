"""Long lists of flat records in events: told good at a glance where they are, looked at field by field otherwise."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from marshmallow import Schema, fields

_EXACT: dict[type[fields.Field[Any]], type] = {fields.String: str, fields.Integer: int, fields.Boolean: bool}


class Records(fields.List[Any]):
    """``List(Nested(schema))`` for a schema of plain fields.

    marshmallow takes ten times as long for each record as it takes to see that every field of it is there and of the
    very type that its schema names. What is not so is marshmallow's to judge: it also says what is wrong.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if type(value) is list and all(map(self._is_good, value)):
            return value
        return super()._deserialize(value, attr, data, **kwargs)

    def _is_good(self, record: Any) -> bool:
        kinds = self._kinds
        return (
            type(record) is dict
            and record.keys() == kinds.keys()
            and all(type(record[name]) in kind for name, kind in kinds.items())
        )

    @cached_property
    def _kinds(self) -> dict[str, tuple[type, ...]]:
        """The types that the value of each field may have."""
        inner: Any = self.inner
        schema: Schema = inner.schema
        return {name: _kinds_of(field) for name, field in schema.fields.items()}


def _kinds_of(field: fields.Field[Any]) -> tuple[type, ...]:
    exact = _EXACT.get(type(field))
    # validators and fields of another kind are marshmallow's: nothing is ever good at a glance
    if exact is None or field.validators:
        return ()
    return (exact, type(None)) if field.allow_none else (exact,)
