"""A whole school year through the API, in both modes: every report is what the ledger of the generator says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.system import EmbeddedSystem, ServicesSystem, System, running
from tests.running.year_play import BEFORE_ALL, YEAR, Year, set_clock

EXTENDED, REOPENED = 1, 2  # numbers of rounds of the year


@pytest.fixture(params=["embedded", "services"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """A system that has never seen a day behind the year which is to be played."""
    folder = tmp_path / "system"
    folder.mkdir()
    is_embedded = request.param == "embedded"
    made = EmbeddedSystem(folder) if is_embedded else ServicesSystem(folder, *request.getfixturevalue("servers"))
    set_clock(made, BEFORE_ALL, 9)
    with running(made) as started:
        yield started


@pytest.mark.parametrize("schools", [10, pytest.param(135, marks=(pytest.mark.long, pytest.mark.timeout(3600)))])
def test_every_report_of_a_year_is_what_the_ledger_says(office: System, tmp_path: Path, schools: int) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    year = Year(office, folder, schools)
    for number, dates in enumerate(YEAR):
        year.play_round(dates)
        if number == EXTENDED:
            year.extend(year.playing(0)[0])
        if number == REOPENED:
            year.reopen()
    office.khet("projection", "rebuild", "reporting")
    for number in range(len(YEAR)):
        year.expect_reports(number)
