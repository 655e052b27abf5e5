"""A browser without a screen: cookies, forms, and the headers that browsers write by themselves."""

from __future__ import annotations

from typing import Any

import requests

from tests.running.api import PASSWORD


class Browser:
    """Somebody at a browser. Redirects are shown, not followed."""

    def __init__(self, url: str, username: str | None = None, password: str = PASSWORD) -> None:
        self.url = url
        self.session = requests.Session()
        if username:
            answer = self.log_in(username, password)
            assert answer.status_code == 303, answer.text[:500]

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> requests.Response:
        """Send a form from one of our own pages."""
        headers = {"Origin": self.url, "Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.ask("POST", path, data=form or {}, headers=headers, **options)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + path, timeout=60, allow_redirects=False, **options)

    def log_in(self, username: str, password: str = PASSWORD, **form: str) -> requests.Response:
        return self.post("/login", {"username": username, "password": password, **form})

    @property
    def token(self) -> str | None:
        """What the browser keeps of its session."""
        return self.session.cookies.get("khet_session")

    @property
    def who(self) -> str | None:
        """Whose session the browser has; None when it has none."""
        answer = self.get("/api/v1/me")
        return str(answer.json()["username"]) if answer.ok else None
