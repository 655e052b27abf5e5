"""``python -m gateway.web.catalog``: bring the catalogs of ``locale/`` up to the texts of the pages.

Texts that are new stand there untranslated, texts that are gone are dropped; a translator fills in the rest. A test
fails while anything is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from gateway.web.language import DOMAIN, LOCALE, SOURCE
from gateway.web.preferences import LANGUAGES

WEB = Path(__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"encoding": "utf-8", "silent": "false", "newstyle_gettext": "true"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
HEADER = "# Words of the pages; how to change them stands in locale/README.md"
NOT_OURS = frozenset({"node_modules", "static", "locale", "help", "__pycache__"})


def messages() -> Iterator[tuple[str, str]]:
    """Every text of the pages with the file it stands in."""
    found = extract_from_dir(
        WEB, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: Path(path).name not in NOT_OURS
    )
    for file, _line, message, _comments, _context in found:
        for text in (message,) if isinstance(message, str) else message:
            yield str(text), Path(file).as_posix()


def path_of(language: str) -> Path:
    """The catalog of a language."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """The catalog as its translators left it."""
    with path_of(language).open("rb") as stream:
        return read_po(stream, locale=language, domain=DOMAIN)


def brought_up(language: str) -> Catalog:
    """The catalog with just the texts of the pages, each with the translation it has."""
    known = read(language)
    places: dict[str, set[str]] = {}
    for text, file in messages():
        places.setdefault(text, set()).add(file)
    catalog = Catalog(language, DOMAIN, HEADER, "Khet", "1", "Khet", "-", last_translator="-", language_team="-")
    catalog.fuzzy = False
    for text, files in sorted(places.items(), key=lambda item: (sorted(item[1]), item[0])):
        found = known.get(text)
        without_lines: list[Any] = [(file, None) for file in sorted(files)]
        catalog.add(text, found.string if found else "", locations=without_lines)
    catalog.creation_date = catalog.revision_date = known.creation_date
    return catalog


def main() -> int:
    """Write every catalog anew; how many texts wait for a translator."""
    missing = 0
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        catalog = brought_up(language)
        with path_of(language).open("wb") as stream:
            write_po(stream, catalog, width=0, omit_header=False, ignore_obsolete=True, include_lineno=False)
        waiting = [str(message.id) for message in catalog if message.id and not message.string]
        sys.stdout.writelines(f"{language}: {text}\n" for text in waiting)
        missing += len(waiting)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
