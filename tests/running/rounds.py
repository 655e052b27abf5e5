"""Rounds for the stories of the tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.thai.dates import BANGKOK
from tests.running.api import Api


def dates(days: int = 10) -> dict[str, str]:
    """Dates of a round that opened yesterday and whose school deadline is ``days`` from now."""
    today = dt.datetime.now(BANGKOK).date()

    def day(offset: int) -> str:
        return (today + dt.timedelta(days=offset)).isoformat()

    return {
        "as_of_date": "2026-06-10",
        "open_at": day(-1),
        "school_deadline": day(days),
        "certify_deadline": day(days + 1),
        "area_ack_deadline": day(days + 2),
        "close_at": day(days + 3),
    }


def draft_round(officer: Api, **fields: Any) -> str:
    """A draft of DMC 2569 round 1; returns its id."""
    body = {"system": "dmc", "year_be": 2569, "round_no": 1, **dates(), **fields}
    return str(officer.post("/rounds", body, expect=201)["id"])


def open_round(officer: Api, **fields: Any) -> str:
    """A round that is announced and open; returns its id."""
    round_id = draft_round(officer, **fields)
    officer.post(f"/rounds/{round_id}/announce")
    officer.post(f"/rounds/{round_id}/open")
    return round_id
