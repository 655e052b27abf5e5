"""What a problem says in the reader's language. Services speak Thai; their codes are stable, so pages translate those.

A code that is not here keeps its Thai words, marked as Thai for those who hear the page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from gateway.web import preferences
from gateway.web.problem_english import FIELDS, PROBLEMS
from gateway.web.svg import Svg
from shared.problems import FieldError, Problem

_THAI_LETTERS = re.compile("[\u0e00-\u0e7f]")


@dataclass(frozen=True)
class SaidProblem:
    """A problem as a page shows it."""

    title: str
    detail: str
    errors: Sequence[str]


def said(problem: Problem) -> SaidProblem:
    """``problem`` in the language of whoever is being answered, as far as its code is known."""
    errors = [said_field(error, with_name=len(problem.errors) > 1) for error in problem.errors]
    if preferences.current().language == "th" or problem.code not in PROBLEMS:
        return SaidProblem(problem.title, problem.detail, errors)
    title, detail = PROBLEMS[problem.code]
    return SaidProblem(title, _filled(detail, problem.extra) if detail else problem.detail, errors)


def said_field(error: FieldError, *, with_name: bool = False) -> str:
    """What is wrong with a field; ``with_name`` where the field itself is not beside it."""
    is_understood = preferences.current().language == "th" or not _THAI_LETTERS.search(error.message)
    if is_understood or error.code not in FIELDS:
        return error.message
    return f"{error.pointer}: {FIELDS[error.code]}" if with_name else FIELDS[error.code]


def as_written(text: object) -> object:
    """Words that came from a service or a person: on a page of another language they are marked as Thai."""
    written = "" if text is None else str(text)
    return Svg(f'<span lang="th">{escape(written)}</span>') if _is_foreign(written) else text


def spoken_as(text: object) -> Svg:
    """The attribute of a field in which somebody wrote ``text``, as :func:`as_written` marks what is read."""
    return Svg(' lang="th"' if _is_foreign("" if text is None else str(text)) else "")


def _is_foreign(written: str) -> bool:
    return preferences.current().language != "th" and _THAI_LETTERS.search(written) is not None


def _filled(text: str, words: Mapping[str, object]) -> str:
    return text.format_map(defaultdict(lambda: "–", {name: str(value) for name, value in words.items()}))
