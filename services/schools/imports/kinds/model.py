"""What a kind of import is: its list, how a row of it is judged, and how one is entered into the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.schools.imports.judged import Row
from services.schools.imports.layout import Columns

# what the register says about the rows of a file, as plain JSON: all that judging sees of it
Known = Mapping[str, Any]
Judgement = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of list, as far as child processes must know it.

    ``judge(rows, known)`` says what is to be said of each row of data: pure. ``area_roles`` import the list for an
    area, ``school_roles`` for their own school (nobody: empty).
    """

    name: str
    title: str
    hint: str
    columns: Columns
    judge: Callable[[Sequence[Row], Known], list[dict[str, Any]]]
    area_roles: tuple[str, ...]
    school_roles: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Everybody who may import it somewhere."""
        return tuple(dict.fromkeys((*self.area_roles, *self.school_roles)))


@dataclass(frozen=True)
class Register:
    """The side of a kind that opens the database.

    ``know(unit, scope, rows)`` gives what is known about the rows of an import at the unit ``scope``. ``write(unit,
    scope, judgement)`` does what a judgement of verdict NEW or CHANGE plans and returns the id of the person or school;
    it raises a Problem where the register refuses. Both run as the person who asked for the import.
    """

    know: Callable[[Any, Any, Sequence[Row]], Known]
    write: Callable[[Any, Any, Judgement], str]
