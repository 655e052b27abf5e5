"""The language of the pages: Thai is the source; a catalog in ``locale/`` translates from it."""

from __future__ import annotations

from pathlib import Path

from babel.support import Translations

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "khet"
LANGUAGE = "th"

_catalog = Translations.load(LOCALE, [LANGUAGE], DOMAIN)


def gettext(text: str) -> str:
    """``text`` in the language of the pages."""
    return str(_catalog.gettext(text))


def ngettext(one: str, many: str, number: int) -> str:
    """``one`` or ``many`` by number; Thai makes no difference."""
    return str(_catalog.ngettext(one, many, number))


def N_(text: str) -> str:  # noqa: N802 - the name that extraction tools know
    """Mark a text of a table for extraction; it is translated where it is shown."""
    return text
