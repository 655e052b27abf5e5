"""Addresses within the site."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from shared.http.request import Request


def local(address: str, default: str = "/") -> str:
    """``address`` if it is a path of this site, else ``default``: nobody is sent elsewhere by a link to our login."""
    parts = urlsplit(address)
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if is_path and not parts.netloc and address.isprintable() else default


def with_query(path: str, **query: str | None) -> str:
    """``path`` with the parts of the query that have a value."""
    written = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    return f"{path}?{written}" if written else path


def page_behind(request: Request) -> str:
    """The page a person was on: this one, or for a form the page from which it was sent."""
    if request.method in ("GET", "HEAD"):
        return f"{request.path}?{request.query_string}" if request.query_string else request.path
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.host:
        return "/"
    return local(f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path)


def school_round(round_id: str, smis: str) -> str:
    """The page of a school in a round."""
    return f"/rounds/{quote(round_id, safe='')}/schools/{quote(smis, safe='')}"
