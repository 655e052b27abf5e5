"""What is known of a correspondent outside the office: regulation 2526, clauses 38 and 43 (จาก, ถึง)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.documents.letters.rules import MAX_CORRESPONDENT
from shared.problems import FieldError, Problem, conflict, invalid
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_for_search, fold_text

MOST = {"name": MAX_CORRESPONDENT, "address": 500, "telephone": 60, "email": 200}
TITLES = {"name": "ชื่อ", "address": "ที่อยู่", "telephone": "โทรศัพท์", "email": "อีเมล"}
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
# 0 5315 1234 ต่อ 12, 08-1234-5678, several
_TELEPHONE = re.compile(r"[+0-9][0-9 ,/()ต่อ.-]{2,}\Z")


class ContactKind(StrEnum):
    """What a correspondent is: an agency of the state, a local government, a school, a firm, a person, else."""

    AGENCY = "agency"
    LOCAL = "local"
    SCHOOL = "school"
    COMPANY = "company"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True)
class Details:
    """A correspondent, cleaned; what is not known is empty."""

    kind: ContactKind
    name: str
    address: str
    telephone: str
    email: str

    @property
    def key(self) -> str:
        """What two spellings of one name have in common: they are one contact."""
        return fold_for_search(self.name)


def read_details(values: Mapping[str, Any]) -> Details:
    """A correspondent as it was keyed in.

    Raises:
        Problem: ``invalid`` (422), naming every field that is wrong.
    """
    texts = {name: " ".join(fold_text(str(values.get(name) or "")).split()) for name in MOST}
    texts["telephone"] = to_arabic(texts["telephone"])
    errors = [
        FieldError(name, "length", f"{TITLES[name]}: ยาวเกิน {most} ตัวอักษร")
        for name, most in MOST.items()
        if len(texts[name]) > most
    ]
    if not fold_for_search(texts["name"]):
        errors.append(FieldError("name", "required", "ชื่อ: ต้องกรอก"))
    if texts["email"] and not _EMAIL.match(texts["email"]):
        errors.append(FieldError("email", "email", "อีเมล: ไม่ใช่ที่อยู่อีเมลที่ถูกต้อง"))
    if texts["telephone"] and not _TELEPHONE.match(texts["telephone"]):
        errors.append(FieldError("telephone", "phone", "โทรศัพท์: ใช้ตัวเลข วรรค ขีด และ “ต่อ” เท่านั้น"))
    kind = str(values.get("kind") or "")
    if kind not in list(ContactKind):
        errors.append(FieldError("kind", "unknown", f"ประเภท: ต้องเป็นค่าใดค่าหนึ่งใน {', '.join(ContactKind)}"))
    if errors:
        raise invalid(errors)
    return Details(ContactKind(kind), **texts)


def known_already(contact_id: str, name: str) -> Problem:
    """There is a contact of that name, or one that was merged bears it."""
    return conflict("contact.known", f"มีผู้ติดต่อนี้แล้วในชื่อ {name}", contact_id=contact_id)
