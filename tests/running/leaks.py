"""What tells that something of an area, or of a school's people, is in an answer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

import requests

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# what may hold the four digits of an area by chance: ids, digests, instants, numbers with a fraction
_CHANCE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16,}\b|\d{4}-\d\d-\d\d[T ][\d:.]+([+-]\d\d:\d\d)?|\d+\.\d+"
)


@dataclass(frozen=True)
class Marks:
    """What would give something away: codes by their first digits, and texts (names, numbers, ids)."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def found_in(self, answer: requests.Response, sent: str = "") -> list[str]:
        """The marks in an answer and its headers that were not in what the caller ``sent``."""
        seen = f"{readable(answer)} {dict(answer.headers)}"
        without_chance = _CHANCE.sub(" ", seen)
        codes = {
            found[0]
            for code in self.codes
            for found in re.finditer(rf"(?<!\d){code}(\d{{4}})?(?!\d)", without_chance)
        }
        texts = {text for text in self.texts if text in seen}
        return sorted(mark for mark in codes | texts if mark not in sent)

    def __add__(self, other: Marks) -> Marks:
        return Marks(self.codes + other.codes, self.texts + other.texts)


def readable(answer: requests.Response) -> str:
    """The body as text, of a workbook that of all its parts."""
    if answer.headers.get("Content-Type", "").startswith(XLSX):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as workbook:
            return unescape("\n".join(workbook.read(name).decode("utf-8", "replace") for name in workbook.namelist()))
    return answer.content.decode("utf-8", "replace")


def alike(answer: requests.Response, values: Iterable[str]) -> tuple[int, str]:
    """An answer without what makes two equal ones differ: what was asked for, and the id of the request."""
    text = readable(answer)
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, "·")
    return answer.status_code, re.sub(r'"trace_id":"[0-9a-f]+"', "", text)
