"""The language of the pages: Thai is the source, the catalogs in ``locale/`` translate from it.

A catalog is read as the translators wrote it (``.po``), once, when the process starts: nothing has to be compiled.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

from gateway.web import preferences

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "khet"
SOURCE = "th"
NAMES = {"th": "ไทย", "en": "English"}


def gettext(text: str) -> str:
    """``text`` in the language of whoever is being answered; what no catalog has stays Thai."""
    return _CATALOGS[preferences.current().language].get(text, text)


def N_(text: str) -> str:  # noqa: N802 - the name that extraction tools know
    """Mark a text of a table for extraction; it is translated where it is shown."""
    return text


def _read(language: str) -> dict[str, str]:
    if language == SOURCE:
        return {}
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as stream:
        catalog = read_po(stream, locale=language, domain=DOMAIN)
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}


_CATALOGS = {language: _read(language) for language in preferences.LANGUAGES}
