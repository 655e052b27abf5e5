"""Progress of a file is shown while it is read: as server-sent events that end when it is checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.events import events_of
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, running

SMIS = "57040002"


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSystem]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("stream"))) as system:
        yield system


def test_a_file_is_followed_until_it_is_checked(embedded: EmbeddedSystem, tmp_path: Path) -> None:
    data = Api(embedded.url, f"data-{SMIS}")
    round_id = open_round(Api(embedded.url, "officer"), school_codes=[SMIS])
    submission = data.upload(round_id, SMIS, school_file(tmp_path, SMIS, pupils=600).path)
    address = f"{embedded.url}/api/v1/submissions/{submission['id']}/events"
    with data.session.get(address, stream=True, timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        events = list(events_of(answer))
    names = [name for name, _ in events]
    assert names == ["progress"] * (len(names) - 1) + ["done"]
    assert {event["progress"]["stage"] for name, event in events if name == "progress"} <= {
        "waiting", "scan", "read", "check",
    }  # fmt: skip
    last = events[-1][1]
    assert (last["state"], last["counts"]["rows"], last["progress"]["done"]) == ("READY", 600, 600)


def test_what_is_checked_already_ends_at_once_and_others_may_not_look(embedded: EmbeddedSystem) -> None:
    data = Api(embedded.url, f"data-{SMIS}")
    round_id = data.get("/rounds")["items"][0]["id"]
    submission_id = data.get(f"/rounds/{round_id}/schools/{SMIS}")["submission_id"]
    answer = data.request("GET", f"/submissions/{submission_id}/events")
    assert [name for name, _ in events_of(answer)] == ["done"]
    other = Api(embedded.url, "data-57040003").request("GET", f"/submissions/{submission_id}/events")
    assert other.status_code == 404
