"""Drawings that are written into a page as they are."""

from __future__ import annotations


class Svg(str):
    """Markup of our own making, which templates do not escape again. What comes from data is escaped by the maker."""

    __slots__ = ()

    def __html__(self) -> str:
        return self
