"""Addresses within the site."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from shared.http.request import Request


def local(address: str, default: str = "/") -> str:
    """``address`` if it is a path of this site, else ``default``: nobody is sent elsewhere by a link to our login."""
    is_path = address.startswith("/") and not address.startswith("//")
    return address if is_path and "\\" not in address and address.isprintable() else default


def with_query(path: str, **query: str | None) -> str:
    """``path`` with the parts of the query that have a value."""
    written = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    return f"{path}?{written}" if written else path


def page_behind(request: Request) -> str:
    """The page a person was on: this one, or for a form the page from which it was sent."""
    if request.method in ("GET", "HEAD"):
        return f"{request.path}?{request.query_string}" if request.query_string else request.path
    scheme, _, rest = request.headers.get("Referer", "").partition("://")
    host, slash, path = rest.partition("/")
    return local(slash + path) if scheme in ("http", "https") and host == request.host else "/"


def school_round(round_id: str, smis: str) -> str:
    """The page of a school in a round."""
    return f"/rounds/{quote(round_id, safe='')}/schools/{quote(smis, safe='')}"


def round_of(round_id: str) -> str:
    """The page of a round with its board."""
    return f"/rounds/{quote(round_id, safe='')}"


def late_schools(round_id: str) -> str:
    """The page of a round's schools that are behind."""
    return round_of(round_id) + "/late"


def area_files(round_id: str, batch_id: str = "") -> str:
    """The page of a round's files with many schools, or of one of them."""
    ending = f"/{quote(batch_id, safe='')}" if batch_id else ""
    return f"{round_of(round_id)}/batches{ending}"


def duplicates(round_id: str, case_id: str = "") -> str:
    """The page of the duplicates of a round, or of one of them."""
    ending = f"/{quote(case_id, safe='')}" if case_id else ""
    return f"{round_of(round_id)}/duplicates{ending}"


def letter(letter_id: str) -> str:
    """The page of a letter."""
    return f"/letters/{quote(letter_id, safe='')}"


def letter_stamp(letter_id: str, entry_id: str) -> str:
    """The page on which the stamp of one registration of a letter is put."""
    return f"{letter(letter_id)}/stamps/{quote(entry_id, safe='')}"


def book_of(book_id: str, *parts: str) -> str:
    """The page of a register, or of a part of it."""
    return "/".join(("/books", *(quote(part, safe="") for part in (book_id, *parts))))
