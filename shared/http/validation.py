"""Bodies and queries against marshmallow schemas; every field that is wrong is named, in Thai.

A field's Thai name is its ``metadata["title"]``; it stands in the message and in the OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.http.json_text import unstorable
from shared.problems import FieldError, Problem, invalid

_MOST_ERRORS = 100
_MOST_PAIRS = 1000

# marshmallow's own words → (our code, Thai). Schemas may write Thai messages themselves; those pass unchanged.
_THAI: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(english, re.DOTALL), code, thai)
    for english, code, thai in (
        (r"Missing data for required field\.", "required", "ต้องระบุ"),
        (r"Field may not be null\.", "null", "ต้องไม่ว่าง"),
        (r"Unknown field\.", "unknown", "ไม่รู้จักฟิลด์นี้"),
        (r"Invalid (?:input )?type\.", "type", "ชนิดข้อมูลไม่ถูกต้อง"),
        (r"Not a valid string\.", "string", "ต้องเป็นข้อความ"),
        (r"Not a valid utf-8 string\.", "string", "ต้องเป็นข้อความ UTF-8"),
        (r"Not a valid UUID\.", "uuid", "รหัสอ้างอิงไม่ถูกต้อง"),
        (r"Not a valid number\.", "number", "ต้องเป็นตัวเลข"),
        (r"Not a valid integer\.", "integer", "ต้องเป็นจำนวนเต็ม"),
        (r"Number too large\.", "too_large", "ตัวเลขมากเกินไป"),
        (r"Special numeric values .*", "not_finite", "ตัวเลขไม่ถูกต้อง"),
        (r"Not a valid boolean\.", "boolean", "ต้องเป็นจริงหรือเท็จ"),
        (r"Not a valid (?:aware |naive )?date\.", "date", "วันที่ไม่ถูกต้อง (ปปปป-ดด-วว เป็น ค.ศ.)"),
        (r"Not a valid (?:aware |naive )?time\.", "time", "เวลาไม่ถูกต้อง (ชช:นน)"),
        (r"Not a valid (?:aware |naive )?datetime\.", "datetime", "วันเวลาไม่ถูกต้อง (ISO 8601)"),
        (r"Not a valid period of time\.", "period", "ระยะเวลาไม่ถูกต้อง"),
        (r".* cannot be formatted as a .*", "format", "รูปแบบไม่ถูกต้อง"),
        (r"Not a valid (?:list|tuple)\.", "list", "ต้องเป็นรายการ"),
        (r"Not a valid mapping type\.", "object", "ต้องเป็นกลุ่มข้อมูล"),
        (r"Not a valid URL\.", "url", "ที่อยู่เว็บไม่ถูกต้อง"),
        (r"Not a valid email address\.", "email", "อีเมลไม่ถูกต้อง"),
        (r"Not a valid IP.*", "ip", "หมายเลข IP ไม่ถูกต้อง"),
        (r"Must be one of: (?P<choices>.*)\.", "choice", "ต้องเป็นค่าใดค่าหนึ่ง: {choices}"),
        (
            r"One or more of the choices you made was (?:not )?in: (?P<choices>.*)\.",
            "choice",
            "ค่าที่เลือกไม่ถูกต้อง: {choices}",
        ),
        (r"Must be equal to (?P<other>.*)\.", "equal", "ต้องเท่ากับ {other}"),
        (
            r"Must be greater than or equal to (?P<a>\S+) and less than or equal to (?P<b>\S+)\.",
            "range",
            "ต้องอยู่ระหว่าง {a} ถึง {b}",
        ),
        (r"Must be greater than or equal to (?P<a>\S+)\.", "range", "ต้องไม่น้อยกว่า {a}"),
        (r"Must be less than or equal to (?P<a>\S+)\.", "range", "ต้องไม่เกิน {a}"),
        (r"Must be greater than (?P<a>\S+)\.", "range", "ต้องมากกว่า {a}"),
        (r"Must be less than (?P<a>\S+)\.", "range", "ต้องน้อยกว่า {a}"),
        (r"Must be (?:greater|less) .*", "range", "ตัวเลขอยู่นอกช่วงที่กำหนด"),
        (r"Shorter than minimum length 1\.", "required", "ต้องระบุ"),
        (r"Shorter than minimum length (?P<n>\d+)\.", "length", "ต้องมีอย่างน้อย {n} ตัว"),
        (r"Longer than maximum length (?P<n>\d+)\.", "length", "ต้องมีไม่เกิน {n} ตัว"),
        (r"Length must be between (?P<a>\d+) and (?P<b>\d+)\.", "length", "ต้องมี {a} ถึง {b} ตัว"),
        (r"Length must be (?P<n>\d+)\.", "length", "ต้องมี {n} ตัวพอดี"),
        (r"String does not match expected pattern\.", "pattern", "รูปแบบไม่ถูกต้อง"),
        (r"Invalid (?:input|value)\.", "invalid", "ไม่ถูกต้อง"),
    )
)


def load(schema: type[Schema] | None, value: Any, *, strict: bool = True, many: bool = False) -> Any:
    """``value`` as the schema wants it (``many``: a list of such), or a 422 problem that names every wrong field.

    No schema means that nothing may be sent. Unknown fields are refused; where ``strict`` is off (pages, whose links
    carry trackers and whose forms carry a token) they are dropped.
    """
    refuse(unstorable(value))
    instance = (schema or Schema)()
    try:
        loaded = instance.load(value, unknown=RAISE if strict else EXCLUDE, many=many)
    except ValidationError as error:
        refuse(_flattened(error.messages, instance))
        raise
    # Text may have become a number or a date that no database holds.
    refuse(unstorable(loaded))
    return loaded


def load_pairs(schema: type[Schema] | None, pairs: MultiDict[str, str], *, strict: bool) -> dict[str, Any]:
    """A query or a form, whose values are all text: lists where the schema has lists, blanks only where text is."""
    declared = schema().load_fields if schema else {}
    by_key = {field.data_key or name: field for name, field in declared.items()}
    value: dict[str, Any] = {}
    repeated = []
    for key, texts in pairs.lists():
        field = by_key.get(key)
        if isinstance(field, fields.List):
            value[key] = [text for text in texts if text]
        elif len(texts) > 1 and field is not None:
            repeated.append(FieldError(key, "repeated", f"{_label(field, key)}: ระบุได้ครั้งเดียว"))
        elif texts[0] or isinstance(field, fields.String):
            value[key] = texts[0]
    refuse(repeated)
    loaded: dict[str, Any] = load(schema, value, strict=strict)
    return loaded


def split_pairs(text: str) -> MultiDict[str, str]:
    """``a=1&b=2`` as pairs; a 400 problem when it is not UTF-8 or far too much."""
    try:
        return MultiDict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PAIRS))
    except ValueError:  # UnicodeDecodeError is one too
        raise Problem("pairs", 400, "อ่านข้อมูลที่ส่งมาไม่ได้", "ข้อความไม่ได้เข้ารหัสแบบ UTF-8 หรือมีจำนวนมากเกินไป") from None


def refuse(errors: Iterable[FieldError]) -> None:
    """Raise the problem when there is any error; far too many are cut off."""
    found = []
    for error in errors:
        found.append(error)
        if len(found) == _MOST_ERRORS:
            break
    if found:
        raise invalid(found)


def in_thai(message: str) -> tuple[str, str]:
    """The code and the Thai words of one of marshmallow's messages."""
    for english, code, thai in _THAI:
        match = english.fullmatch(message)
        if match is not None:
            return code, thai.format(**match.groupdict())
    return "invalid", message


def _flattened(messages: Any, schema: Schema | None, pointer: str = "", label: str = "") -> Iterator[FieldError]:
    """Marshmallow's tree of messages as flat errors with pointers, each with the field's Thai name in front."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            if key == "_schema":
                yield from _flattened(inner, None, pointer, label)
                continue
            field = _field_named(schema, key)
            below = f"{pointer}.{key}" if pointer else str(key)
            # An index or a key of a dict has no name of its own; it keeps its list's.
            inner_label = _label(field, str(key)) if field is not None or not label else f"{label} {key}"
            yield from _flattened(inner, _schema_below(field, schema, key), below, inner_label)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Mapping):
            yield from _flattened(message, schema, pointer, label)
            continue
        code, thai = in_thai(str(message))
        yield FieldError(pointer, code, f"{label}: {thai}" if label else thai)


def _field_named(schema: Schema | None, key: Any) -> fields.Field[Any] | None:
    if schema is None or not isinstance(key, str):
        return None
    for name, field in schema.load_fields.items():
        if key == (field.data_key or name):
            return field
    return None


def _schema_below(field: fields.Field[Any] | None, schema: Schema | None, key: Any) -> Schema | None:
    """The schema that names the fields below ``key``: a list's index keeps the one of its items."""
    if isinstance(field, fields.List):
        field = field.inner
    if isinstance(field, fields.Nested):
        nested = field.schema
        return nested if isinstance(nested, Schema) else None
    return schema if isinstance(key, int) else None


def _label(field: fields.Field[Any] | None, key: str) -> str:
    title = field.metadata.get("title") if field is not None else None
    return str(title or key)
