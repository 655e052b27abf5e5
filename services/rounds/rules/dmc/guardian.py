"""G: who answers for the pupil. Source: OBEC's list of data that a round must have complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from services.rounds.rules.dmc.identity_number import plain_code
from services.rounds.rules.dmc.pupils import Pupil, is_blank
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit

_RELATION = "guardian_relation"
_PHONES = ("phone", "guardian_phone", "father_phone", "mother_phone")
# a number cell loses the first 0
_PHONE = re.compile(r"0\d{8,9}\Z|[2-9]\d{7,8}\Z|\+?66\d{8,9}\Z", re.ASCII)
_SEPARATORS = re.compile(r"[\s().-]+")
_BETWEEN = re.compile(r"[,/;]")


@RULES.row("G01", "guardian_first")
def guardian_missing(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """A guardian has at least a first name; people of the hills may have no last name."""
    if is_blank(pupil.guardian_first):
        yield Hit(field="guardian_first")


@RULES.row("G02", "guardian_relation", cases=("", "unknown", "differs"))
def relation_wrong(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """How the guardian stands to the pupil; where it is the father or the mother, the names are theirs."""
    relation = pupil.text(_RELATION)
    if is_blank(relation):
        yield Hit(field=_RELATION)
    elif relation not in setting.params["known"]:
        yield Hit("unknown", field=_RELATION)
    elif parent := setting.params["parents"].get(relation):
        if _same_cells(pupil, parent):
            return
        named, expected = _name(pupil, "guardian"), _name(pupil, parent)
        if _differ(named, expected):
            words = {"relation": relation, "name": " ".join(named), "expected": " ".join(expected)}
            yield Hit("differs", field=_RELATION, words=words, basis=(relation, *named, *expected))


@RULES.row("G03", "father_first", "mother_first")
def parents_unknown(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """Neither father nor mother is known."""
    if is_blank(pupil.text("father_first")) and is_blank(pupil.text("mother_first")):
        yield Hit(field="father_first", basis=("unknown",))


@RULES.row("G04", "guardian_first", "guardian_last")
def guardian_is_the_pupil(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """The pupil's own name stands where the guardian's belongs."""
    if pupil.guardian_first[:1] != pupil.first_name[:1]:
        return
    first, last = _name(pupil, "guardian")
    if not is_blank(first) and (first, last) == (_plain(pupil.first_name), _plain(pupil.last_name)):
        yield Hit(field="guardian_first", basis=(first, last))


@RULES.row("G05", among=_PHONES)
def phone_malformed(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """Nine digits of a house or ten of a mobile telephone, a country's 66 for the first 0."""
    for field in _PHONES:
        text = plain_code(pupil.cell(field))
        if not is_blank(text) and not _is_phone(text):
            yield Hit(field=field)


def _name(pupil: Pupil, who: str) -> tuple[str, str]:
    return _plain(pupil.text(f"{who}_first")), _plain(pupil.text(f"{who}_last"))


def _same_cells(pupil: Pupil, parent: str) -> bool:
    """The commonest case, told without reading anything: the parent's name was copied."""
    cells, at = pupil.cells, pupil.at
    return all(cells[at[f"guardian_{part}"]] == cells[at[f"{parent}_{part}"]] for part in ("first", "last"))


def _plain(name: str) -> str:
    return name.replace(" ", "")


def _differ(named: tuple[str, str], expected: tuple[str, str]) -> bool:
    """A name that is not known is no other name."""
    if is_blank(named[0]) or is_blank(expected[0]):
        return False
    last_differs = named[1] != expected[1] and not is_blank(named[1]) and not is_blank(expected[1])
    return named[0] != expected[0] or last_differs


@lru_cache(maxsize=16_384)
def _is_phone(text: str) -> bool:
    """Several numbers may stand in one cell."""
    numbers = [_SEPARATORS.sub("", part) for part in _BETWEEN.split(text)]
    return all(_PHONE.match(number) for number in numbers if number)
