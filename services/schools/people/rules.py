"""People: how one is named and found, what may stand in their record, whether they are still in service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from services.schools.organisations.rules import Fault
from shared.thai import national_id
from shared.thai.collation import without_titles
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

SYNTHETIC_MARK = "(สาธิต)"

LONGEST_TITLE = 40
LONGEST_NAME = 100
LONGEST_POSITION = 200
LONGEST_EMAIL = 200
MOST_MEANT = 50

TITLES = {
    "title": "คำนำหน้าชื่อ",
    "given_name": "ชื่อ",
    "family_name": "นามสกุล",
    "citizen_id": "เลขประจำตัวประชาชน",
    "position": "ตำแหน่ง",
    "email": "อีเมล",
    "phone": "โทรศัพท์",
}
_REQUIRED = {"title": LONGEST_TITLE, "given_name": LONGEST_NAME, "family_name": LONGEST_NAME}
_OPTIONAL = {"position": LONGEST_POSITION}

# letters of any script, the marks that belong to them, and what names are joined with: ณ อยุธยา, O'Neil, ว่าที่ ร.ต.
_NAME = re.compile(r"[^\W\d_][\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0e2f .,'’()-]*\Z")
_NO_NAME = re.compile(r"[\d_]")
_SEPARATORS = re.compile("[\\s.\u2010-\u2015\u2212-]+")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_PHONE = re.compile(r"0\d{8,9}\Z", re.ASCII)


class PersonState(StrEnum):
    """Whether a person is in service; one who left is kept, since letters and rounds name them."""

    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


def display_name(title: str, given_name: str, family_name: str, *, synthetic: bool) -> str:
    """The name as pages and letters show it: "นางสาวฟารินี แจ้งสว่าง"; a synthetic person is marked as such."""
    name = f"{title}{given_name} {family_name}"
    return f"{name} {SYNTHETIC_MARK}" if synthetic else name


def search_words(typed: str) -> list[str]:
    """What was typed into the search field, as words of which each must be found."""
    return to_arabic(fold_text(typed)).casefold().split()


def matches(words: list[str], texts: list[str]) -> bool:
    """Whether every word stands somewhere in what is known of a person."""
    known = " ".join(to_arabic(fold_text(text)).casefold() for text in texts)
    return all(word in known for word in words)


def people_meant(typed: str, names: Mapping[str, str]) -> tuple[list[str], str]:
    """Whose names (by id, without titles) stand in what was typed, and what is typed beside them. Of ``ประชุม สมชาย``
    everybody called Somchai and ``ประชุม``. Nobody where what is typed fits more than :data:`MOST_MEANT`: that is a
    piece of many names and no name.
    """
    known = {person: to_arabic(fold_text(name)).casefold() for person, name in names.items()}
    meant, rest = set(known), []
    for word in search_words(typed):
        bare = without_titles(word)
        called = {person for person, name in known.items() if len(bare) > 1 and bare in name}
        if called:
            meant &= called
        else:
            rest.append(word)
    is_named = len(rest) < len(search_words(typed)) and len(meant) <= MOST_MEANT
    return (sorted(meant), " ".join(rest)) if is_named else ([], typed)


def cleaned(fields: Mapping[str, Any]) -> dict[str, str | None]:
    """The fields of a person as they are stored: blanks and invisible letters gone, an id and a telephone number
    without separators, nothing where nothing was written. Right after :func:`person_faults` found no fault.
    """
    texts = {name: fold_text(value) if isinstance(value, str) else "" for name, value in fields.items()}
    if "citizen_id" in texts:
        texts["citizen_id"] = bare_id(texts["citizen_id"])
    if "phone" in texts:
        texts["phone"] = _bare_phone(texts["phone"])
    return {name: text or None for name, text in texts.items()}


def person_faults(fields: Mapping[str, Any], *, partial: bool = False) -> list[Fault]:
    """Everything that is wrong with what was written about a person, so that it can be put right in one go.

    ``fields`` may hold ``title``, ``given_name``, ``family_name``, ``citizen_id``, ``position``, ``email`` and
    ``phone`` as texts (None or empty: nothing written). With ``partial`` only the fields that are there are looked at.
    """
    unknown = sorted(str(name) for name in fields if name not in TITLES)
    looked_at = [name for name in TITLES if name in fields or (name in _REQUIRED and not partial)]
    return [
        *(Fault(name, "unknown", f"{name}: ไม่รู้จักฟิลด์นี้") for name in unknown),
        *(fault for name in looked_at for fault in _field_faults(name, fields.get(name))),
    ]


def _field_faults(name: str, value: Any) -> Iterator[Fault]:
    if value is not None and not isinstance(value, str):
        yield Fault(name, "string", f"{TITLES[name]}: ต้องเป็นข้อความ")
        return
    text = fold_text(value or "")
    if not text:
        if name in _REQUIRED:
            yield Fault(name, "required", f"{TITLES[name]}: ต้องระบุ")
        return
    longest = {**_REQUIRED, **_OPTIONAL}.get(name)
    if longest is not None and len(text) > longest:
        yield Fault(name, "length", f"{TITLES[name]}: ต้องมีไม่เกิน {longest} ตัว")
    elif name in _REQUIRED:
        yield from _name_faults(name, text)
    elif name in _CHECKS:
        yield from _CHECKS[name](text)


def _name_faults(name: str, text: str) -> Iterator[Fault]:
    if _NO_NAME.search(text) or not _NAME.match(text):
        yield Fault(name, "characters", f"{TITLES[name]}: ใช้ได้เฉพาะตัวอักษร เว้นวรรค จุด และขีด")


def _citizen_id_faults(text: str) -> Iterator[Fault]:
    """Thirteen digits with the check digit of the Department of Provincial Administration (rounds.md §1.5). A G-code
    is given to pupils without a civil registration, never to staff.
    """
    plain = bare_id(text)
    if national_id.is_g_code(plain):
        yield Fault("citizen_id", "citizen_id.g_code", "เลขประจำตัวประชาชน: รหัส G ใช้กับนักเรียนเท่านั้น")
    elif len(plain) != national_id.ID_LENGTH or not (plain.isascii() and plain.isdigit()):
        yield Fault("citizen_id", "citizen_id.form", "เลขประจำตัวประชาชน: ต้องเป็นตัวเลข 13 หลัก")
    elif not national_id.is_valid(plain):
        yield Fault("citizen_id", "citizen_id.check_digit", "เลขประจำตัวประชาชน: เลขไม่ถูกต้อง กรุณาตรวจกับบัตรประชาชน")


def _email_faults(text: str) -> Iterator[Fault]:
    if len(text) > LONGEST_EMAIL or not _EMAIL.match(text):
        yield Fault("email", "email", "อีเมล: ไม่ถูกต้อง เช่น somchai@example.go.th")


def _phone_faults(text: str) -> Iterator[Fault]:
    if not _PHONE.match(_bare_phone(text)):
        yield Fault("phone", "phone", "โทรศัพท์: ต้องเป็นตัวเลข 9 หรือ 10 หลัก ขึ้นต้นด้วย 0")


_CHECKS = {"citizen_id": _citizen_id_faults, "email": _email_faults, "phone": _phone_faults}


def bare_id(text: str) -> str:
    """A citizen id as people write it (``1-5704-05990-38-7``, Thai digits) as thirteen digits."""
    return _SEPARATORS.sub("", to_arabic(fold_text(text))).upper()


def _bare_phone(text: str) -> str:
    """``+66 81-234-5678`` as ``0812345678``."""
    plain = re.sub(r"[\s().-]+", "", to_arabic(fold_text(text)))
    return f"0{plain.removeprefix('+66')}" if plain.startswith("+66") else plain
