"""The command line's way to a running system: its HTTP API."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import requests

from shared.settings import DEMO_PASSWORD, Settings

TIMEOUT = 30
REBUILD_SECONDS = 600


def with_login(group: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command group that talks to a running system: which one, and as whom."""
    for option in (
        click.option(
            "--password", envvar=["KHET_PASSWORD", "KHET_DEMO_PASSWORD"], default=DEMO_PASSWORD, help="of that user"
        ),
        click.option("--user", envvar="KHET_USER", default="admin", show_default=True),
        click.option("--data", type=click.Path(path_type=Path), envvar="KHET_DATA", default=Path("var")),
        click.option("--url", envvar="KHET_URL", help="address of the running system (default: the one in --data)"),
    ):
        group = option(group)
    return group


@dataclass(frozen=True)
class Remote:
    """A running system and a login to it."""

    url: str
    user: str
    password: str

    @classmethod
    def at(cls, url: str | None, data: Path, user: str, password: str) -> Remote:
        """The system at ``url``, or the one that runs on the data folder, or the default address."""
        address = data / "address.json"
        if url is None and address.exists():
            url = str(json.loads(address.read_text())["url"])
        return cls(url or f"http://{Settings().host}:{Settings().port}", user, password)

    def rebuild(self, service: str, say: Callable[[str], None]) -> None:
        """Rebuild the projections of ``service`` and wait until they are complete."""
        bearer = self._log_in()
        answer = self._request("POST", f"/api/v1/ops/projections/{service}/rebuild", bearer, {})
        say(f"{service}: กำลังสร้างใหม่จาก {', '.join(answer['owners']) or '-'}")
        deadline = time.monotonic() + REBUILD_SECONDS
        while time.monotonic() < deadline:
            state = next(item for item in self._queues(bearer) if item["service"] == service)
            if state["details"]["replays"] == "complete":
                say(f"{service}: เสร็จแล้ว")
                return
            time.sleep(0.5)
        sys.exit(f"khet: {service} was not rebuilt within {REBUILD_SECONDS} s")

    def queues(self) -> list[dict[str, Any]]:
        """How each service stands."""
        return self._queues(self._log_in())

    def _log_in(self) -> str:
        body = {"username": self.user, "password": self.password}
        return str(self._request("POST", "/api/v1/auth/token", None, body)["access_token"])

    def _queues(self, bearer: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._request("GET", "/api/v1/ops/queues", bearer, None)["items"]
        return items

    def _request(self, method: str, path: str, bearer: str | None, body: dict[str, Any] | None) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=TIMEOUT)
        except requests.ConnectionError:
            sys.exit(f"khet: nothing answers at {self.url}; start it with khet up, or give --url")
        if not answer.ok:
            sys.exit(f"khet: {method} {path}: {answer.status_code} {answer.text}")
        return answer.json()
