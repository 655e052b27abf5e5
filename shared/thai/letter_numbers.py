"""The numbers of letters and register entries in every form that people write them (annex 1 of the regulation)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Self

# A year behind a number tells 123/2569 of a register from 04047/2569, the letter 2569 of an office: read the other
# way round, every letter of a year would have the same number.
YEAR = r"2[4-6]\d\d"

_RUNNING = r"(?P<circular>ว)?0*(?P<no>\d{1,6})"
_SUFFIX = r"(?:\.(?P<suffix>\d{1,3}))?"
_IN_YEAR = re.compile(rf"(?!0){_RUNNING}{_SUFFIX}/(?P<year>{YEAR})\Z", re.ASCII)
# 04xxx is the place-holder of an office that has not entered its code
_OF_OFFICE = re.compile(rf"(?P<letters>[^\d/]{{0,20}}?)\.?(?P<code>\d[\dx.]*)?/{_RUNNING}{_SUFFIX}\Z", re.ASCII)
_ALONE = re.compile(rf"{_RUNNING}(?:[./](?P<suffix>\d{{1,3}}))?\Z", re.ASCII)
_SHORTEST_CODE = 4


@dataclass(frozen=True)
class Number:
    """A number taken apart: ``ศธ04047/ว123`` has letters, code, the mark of a circular (ว) and a running number,
    ``45/2569`` a running number and its year; ``suffix`` is that of an entry inserted later (``7.1``, also ``7/1``).
    """

    no: str
    is_circular: bool = False
    letters: str = ""
    code: str = ""
    year: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, folded: str) -> Self | None:
        """The number that ``folded`` (of :func:`shared.thai.fold.fold_for_search`) is; None when it is none."""
        found = _IN_YEAR.match(folded) or _OF_OFFICE.match(folded)
        if found and "code" in found.re.groupindex and not found["letters"]:
            # 123/1 is the entry inserted behind 123
            found = found if len(found["code"] or "") >= _SHORTEST_CODE else None
        found = found or _ALONE.match(folded)
        if not found:
            return None
        parts = {name: value or "" for name, value in found.groupdict().items()}
        return cls(is_circular=bool(parts.pop("circular")), **parts)

    @property
    def whole(self) -> str:
        """All of it, in one spelling."""
        return self._spelt(self.letters, self.code, self.is_circular, self.suffix, self.year)

    @property
    def unmarked(self) -> str:
        """All of it but the ว."""
        return self._spelt(self.letters, self.code, False, self.suffix, self.year)

    @property
    def spellings(self) -> frozenset[str]:
        """What people may type for it: with and without letters, code, ว, suffix and year."""
        heads = {("", ""), ("", self.code), (self.letters, self.code)}
        marks, suffixes, years = {False, self.is_circular}, {"", self.suffix}, {"", self.year}
        return frozenset(
            self._spelt(letters, code, mark, suffix, year)
            for (letters, code), mark, suffix, year in product(heads, marks, suffixes, years)
        )

    def _spelt(self, letters: str, code: str, mark: bool, suffix: str, year: str) -> str:
        office = f"{letters}{code}/" if letters or code else ""
        return f"{office}{'ว' if mark else ''}{self.no}{suffix and f'.{suffix}'}{year and f'/{year}'}"
