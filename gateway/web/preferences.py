"""How a person wants pages written: language, digits, dates. Kept in a cookie: the gateway has no database.

The choice travels in a context variable, not in every call: each request is answered in a green thread of its own, and
a green thread has a context of its own, so two people never see each other's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from shared.http.answers import Cookie
from shared.http.request import Request

COOKIE = "khet_view"
A_YEAR = 365 * 24 * 3600

LANGUAGES = ("th", "en")
DIGITS = ("arabic", "thai")
DATES = ("short", "full", "slashed")


@dataclass(frozen=True)
class Preferences:
    """``digits`` are those of numbers and dates; codes that are typed elsewhere keep theirs."""

    language: str = "th"
    digits: str = "arabic"
    dates: str = "short"

    @classmethod
    def chosen(cls, values: Mapping[str, str], default: Preferences | None = None) -> Preferences:
        """What ``values`` say; where they say nothing that exists, ``default``."""
        known = default or cls()
        return cls(
            language=_one_of(LANGUAGES, values.get("language"), known.language),
            digits=_one_of(DIGITS, values.get("digits"), known.digits),
            dates=_one_of(DATES, values.get("dates"), known.dates),
        )

    @classmethod
    def of(cls, request: Request) -> Preferences:
        """What the browser's cookie says."""
        language, digits, dates = [*request.cookies.get(COOKIE, "").split(".", 2), "", "", ""][:3]
        return cls.chosen({"language": language, "digits": digits, "dates": dates})

    def cookie(self, *, secure: bool) -> Cookie:
        """Remember it for a year."""
        value = f"{self.language}.{self.digits}.{self.dates}"
        return Cookie(COOKIE, value, max_age=A_YEAR, secure=secure)


_current: ContextVar[Preferences] = ContextVar("preferences")
_DEFAULT = Preferences()


def use(request: Request) -> Preferences:
    """Write everything for this request as its sender wants it."""
    preferences = Preferences.of(request)
    _current.set(preferences)
    return preferences


def current() -> Preferences:
    """What the person who is being answered has chosen."""
    return _current.get(_DEFAULT)


def _one_of(known: tuple[str, ...], value: str | None, default: str) -> str:
    return value if value in known else default
