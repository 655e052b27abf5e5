"""S: the school as a whole. Sources: size classes and bands of small schools of OBEC's EMIS."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from services.rounds.rules.dmc.pupils import countable
from services.rounds.rules.dmc.rulebook import RULES, File
from services.rounds.rules.model import Hit


@RULES.file("S01", given=("previous",))
def size_class_changed(file: File) -> Iterator[Hit]:
    """Rates and staffing go by the class, so a change of it is looked at twice."""
    if file.previous is None or not file.is_readable:
        return
    now, before = (sum(1 for _ in countable(pupils)) for pupils in (file.pupils, file.previous.pupils))
    params = file.params("S01")
    if now and before and _class(now, params) != _class(before, params):
        words = {"now": now, "before": before, "class": _class(now, params), "class_before": _class(before, params)}
        yield Hit(words=words, basis=(now, before))


@RULES.file("S02")
def small_school(file: File) -> Iterator[Hit]:
    """Bands of twenty up to 120 pupils. A school without any says so when it sends (F08)."""
    if not file.is_readable:
        return
    count = sum(1 for _ in countable(file.pupils))
    bands = file.params("S02")["bands"]
    if 0 < count <= bands[-1]:
        band = bisect_left(bands, count)
        yield Hit(words={"count": count, "from": bands[band - 1] + 1 if band else 1, "to": bands[band]})


@RULES.file("S03", given=("reference",))
def other_source_differs(file: File) -> Iterator[Hit]:
    """The head count of the public statistics file or of EMIS."""
    count = sum(1 for _ in countable(file.pupils))
    if file.is_readable and count != file.reference:
        yield Hit(words={"now": count, "reference": file.reference}, basis=(count, file.reference))


@RULES.round("S04")
def one_person_signed_twice() -> Iterator[Hit]:
    """Certified by the person who confirmed: a mark on the school in the round, where it has one teacher only."""
    yield from ()


def _class(count: int, params: Mapping[str, Any]) -> str:
    names: list[str] = params["names"]
    return names[bisect_left(params["up_to"], count)]
