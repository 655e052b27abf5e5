"""Formulas that are only a disguise: ``="0123456789012"`` keeps an id from becoming a number and is a value."""

from __future__ import annotations

import re

_LITERAL = re.compile(r'\s*"((?:[^"]|"")*)"\s*\Z')
# What a spreadsheet program would execute when it opens a text file, beginning with + - or @ (OWASP: CSV injection).
_COMMAND = re.compile(r"[+\-@]\s*[A-Za-z_.0-9+\-*/]*\s*[(|]")


def literal_text(formula: str) -> str | None:
    """The text of a formula (without its ``=``) that is one string and nothing else; None for a real formula."""
    found = _LITERAL.match(formula)
    return found[1].replace('""', '"') if found else None


def text_formula(text: str) -> str | None:
    """The formula (without ``=``) a spreadsheet program would see in a cell of a text file, None for plain text."""
    plain = text.lstrip()
    if plain.startswith("="):
        return plain[1:]
    return plain if plain[:1] in "+-@" and _COMMAND.match(plain) else None
