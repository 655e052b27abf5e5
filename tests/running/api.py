"""The API as a program uses it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from tests.running.waiting import until

PASSWORD = "khet-demo"
# the rules whose warnings are explained by what happened to the pupils
BY_KIND = ("R01", "R02", "R03")


class Api:
    """Somebody logged in. Paths are below /api/v1."""

    def __init__(self, url: str, username: str | None = None, password: str = PASSWORD) -> None:
        self.url = url
        self.session = requests.Session()
        if username:
            tokens = self.post("/auth/token", {"username": username, "password": password}, expect=200)
            self.tokens = tokens
            self.session.headers["Authorization"] = f"Bearer {tokens['access_token']}"

    def request(self, method: str, path: str, *, expect: int | None = None, **options: Any) -> Any:
        """The answer; with ``expect`` its JSON, after its status was checked."""
        answer = self.session.request(method, f"{self.url}/api/v1{path}", timeout=60, **options)
        if expect is None:
            return answer
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def get(self, path: str, *, expect: int | None = 200, **params: Any) -> Any:
        return self.request("GET", path, expect=expect, params=params)

    def post(self, path: str, body: Any = None, *, expect: int | None = 200, **options: Any) -> Any:
        return self.request("POST", path, expect=expect, json=body, **options)

    def upload(self, round_id: str, smis: str, file: Path | None, *, expect: int | None = 202, **form: Any) -> Any:
        path = f"/rounds/{round_id}/schools/{smis}/submissions"
        if file is None:
            return self.post(path, form, expect=expect)
        with file.open("rb") as stream:
            return self.request("POST", path, expect=expect, files={"file": (file.name, stream)}, data=form)

    def upload_area_file(self, round_id: str, file: Path, **form: Any) -> str:
        """Hand in a file with many schools; its id."""
        with file.open("rb") as stream:
            path, files = f"/rounds/{round_id}/submissions", {"file": (file.name, stream)}
            return str(self.request("POST", path, expect=202, files=files, data=form)["batch_id"])

    def split(self, batch_id: str, seconds: float = 60, pause: float = 0.05) -> Any:
        """The area's file once every part of it was checked."""

        def settled() -> Any:
            batch = self.get(f"/batches/{batch_id}")
            return batch if batch["state"] not in ("RECORDING", "CHECKING") else None

        return until(settled, seconds, "the area's file", pause)

    def try_file(self, round_id: str, smis: str, file: Path, *, expect: int | None = 200) -> Any:
        """What the check would say of a file that is not handed in."""
        with file.open("rb") as stream:
            path = f"/rounds/{round_id}/schools/{smis}/check"
            return self.request("POST", path, expect=expect, files={"file": (file.name, stream)})

    def correct(
        self, submission: Mapping[str, Any], cells: Any, *, expect: int | None = 202, seen: object = None
    ) -> Any:
        """Correct cells of a version; ``seen`` is the version named in If-Match, by default its own."""
        headers = {"If-Match": f'"{submission["version"] if seen is None else seen}"'}
        path = f"/submissions/{submission['id']}/cells"
        return self.request("PATCH", path, expect=expect, json=cells, headers=headers)

    def explain_warnings(self, submission_id: str, kinds: Mapping[str, str] | None = None) -> Any:
        """Give every warning of a version a reason; the version, READY then.

        ``kinds`` says by rule what happened to pupils who came or left (R01-R03), by default something else.
        """
        for found in self.get(f"/submissions/{submission_id}")["by_rule"]:
            if found["severity"] == "WARN" and found["state"] == "open":
                kind = {"kind": (kinds or {}).get(found["rule"], "other")} if found["rule"] in BY_KIND else {}
                reason = {"rule": found["rule"], "reason": "ตรวจกับทะเบียนนักเรียนแล้ว", **kind}
                self.post(f"/submissions/{submission_id}/acknowledgements", reason)
        submission = self.get(f"/submissions/{submission_id}")
        assert submission["state"] == "READY", submission["by_rule"]
        return submission

    def checked(self, submission_id: str, seconds: float = 60) -> Any:
        """The submission once it was read and checked."""

        def settled() -> Any:
            submission = self.get(f"/submissions/{submission_id}")
            return submission if submission["state"] != "RECORDING" else None

        return until(settled, seconds, "the check")
