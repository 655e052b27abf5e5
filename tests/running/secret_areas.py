"""Letters with a class of secrecy in the first of two areas, and what everybody was told before they came."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.running.api import Api
from tests.running.leaks import Marks
from tests.running.matrix import Operation, Place, Thing, ThingOf
from tests.running.two_areas import TwoAreas

SUBJECT = "สอบข้อเท็จจริงเรื่องปลาบึก"
SENDER = "กองปลาบึกส่วนกลาง"
LEVELS = ("secret", "very_secret", "top_secret")
LISTS = ("/letters", "/tasks", "/books", "/books/waiting", "/inbox", "/delegations", "/clearances", "/office-days")
TYPED = (SUBJECT, SENDER, "ปลา", "ลับ")


@dataclass(frozen=True)
class SecretLetters:
    """One of every class, registered by the one who is cleared; ``before`` is what lists told everybody until then."""

    READER: ClassVar[str] = "registrar"

    areas: TwoAreas
    before: Mapping[str, Any]
    letters: Mapping[str, str]
    book: str

    @classmethod
    def keyed_in(cls, areas: TwoAreas) -> SecretLetters:
        readers = {
            caller.username: side.account(caller.username)
            for side in (areas.home, areas.second)
            for caller in side.callers(Place.HERE)
        }
        before = {name: cls.listed(reader) for name, reader in readers.items()}
        registrar = areas.home.account(cls.READER)
        made = {level: registrar.post("/letters", _keyed(level), expect=201) for level in LEVELS}
        letters = {level: letter["id"] for level, letter in made.items()}
        return cls(areas, before, letters, made["secret"]["numbers"][0]["book_id"])

    @staticmethod
    def listed(reader: Api) -> dict[str, Any]:
        """What every list about letters tells somebody, and every search for them. How many numbers a secret register
        has is told to who reads books: the one thing that differs.
        """
        told: dict[str, Any] = {}
        asked = [*((path, {}) for path in LISTS), *(("/letters", {"q": typed}) for typed in TYPED)]
        for path, query in asked:
            answer = reader.request("GET", path, expect=None, params=query)
            items = answer.json().get("items", answer.status_code)
            told[f"{path} {query}"] = items if path != "/books" or answer.status_code != 200 else [
                {**one, "last_no": None} if one["kind"] == "secret_received" else one for one in items
            ]  # fmt: skip
        return told

    @property
    def and_none(self) -> dict[str, str]:
        """The letters by class, before them an id that nobody has."""
        return {"no letter": str(uuid.uuid5(uuid.NAMESPACE_OID, self.book)), **self.letters}

    @property
    def marks(self) -> Marks:
        return Marks(texts=(SUBJECT, SENDER, "ปลาบึก", *self.letters.values()))

    def thing_of(self, level: str) -> ThingOf:
        """What requests are about, with a letter of this class for the one of the story."""
        letter = Thing(self.and_none[level], readers=frozenset({self.READER}))

        def thing_of(operation: Operation, name: str, in_body: bool) -> Thing | None:
            return letter if name == "id" and not in_body else self.areas.home.thing_of(operation, name, in_body)

        return thing_of


def _keyed(level: str) -> dict[str, Any]:
    stub = {"subject": "", "channel": "hand"} if level == "top_secret" else {}
    return {
        "direction": "in", "kind": "external", "subject": SUBJECT, "from": SENDER, "doc_no": f"ลับ {len(level)}",
        "doc_date": "2026-06-01", "speed": "normal", "secrecy": level, "channel": "paper", "register": True, **stub,
    }  # fmt: skip
