"""``make bench``: what people wait for, beside the least that it could take on this machine."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from services.schools.seed.office import AREAS
from tests.bench.duplicates import LookUps, look_ups
from tests.bench.letter_lists import Lists, lists
from tests.bench.numbers import Throughput, throughput
from tests.bench.pages import MOST_RATIO, MOST_STEPS, PageTimes, times_of_pages
from tests.bench.search import Searches, searches
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.office_pages import park_a_message
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, running
from tests.running.two_areas import Side
from tests.servers import PostgresServer, RabbitServer
from tests.servers import running as servers_running

SMIS = "57040001"
ROWS = 600
RUNS = 7
LIMIT_SECONDS = 2.0


@dataclass(frozen=True)
class Measured:
    """Seconds of each run of a thing and of its yardstick."""

    name: str
    seconds: list[float]
    yardstick: str
    yardstick_seconds: list[float]

    def line(self) -> str:
        typical, least = statistics.median(self.seconds), statistics.median(self.yardstick_seconds)
        return (
            f"{self.name}: median {typical:.3f} s, worst {max(self.seconds):.3f} s; "
            f"{self.yardstick}: median {least:.3f} s; ratio {typical / least:.1f}"
        )


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bare_read(path: Path) -> None:
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def upload_to_findings(folder: Path) -> Measured:
    """From the first byte of a 600-row file to its stored findings, over HTTP, beside calamine alone."""
    files = [
        school_file(folder, SMIS, pupils=ROWS, seed=seed, defects=("I03.transposed", "H02.metres", "G01.blank"))
        for seed in range(RUNS + 1)
    ]
    with running(EmbeddedSystem(folder / "system")) as system:
        round_id = open_round(Api(system.url, "officer"), school_codes=[SMIS])
        data = Api(system.url, f"data-{SMIS}")

        def once(path: Path) -> None:
            submission = data.checked(data.upload(round_id, SMIS, path)["id"])
            assert submission["counts"]["rows"] == ROWS and submission["counts"]["error"] >= 3

        once(files[0].path)  # starts the child
        seconds = [seconds_of(lambda file=file: once(file.path)) for file in files[1:]]
    bare = [seconds_of(lambda file=file: bare_read(file.path)) for file in files]
    return Measured(f"{ROWS} rows from upload to findings", seconds, "calamine alone", bare)


def board_of_the_area(folder: Path) -> Measured:
    """The board of 135 schools beside the cheapest answer of the same server."""
    with running(EmbeddedSystem(folder / "board")) as system:
        officer = Api(system.url, "officer")
        round_id = open_round(officer)
        board = [seconds_of(lambda: officer.get(f"/rounds/{round_id}/progress")) for _ in range(30)]
        least = [seconds_of(lambda: officer.request("GET", "/nowhere")) for _ in range(30)]
    return Measured("board of 135 schools", board, "an unknown path", least)


def pages(folder: Path) -> list[PageTimes]:
    """Every page of every role, each service by itself on real servers; the gateway's log says what it waited for."""
    rabbit, postgres = RabbitServer(), PostgresServer()
    with servers_running(rabbit, postgres), running(ServicesSystem(folder, rabbit, postgres)) as system:
        side = Side(system, AREAS[0])
        side.play(folder)
        park_a_message(system.database_url("reporting"))
        return times_of_pages(side, folder / "gateway.log")


def duplicates(folder: Path) -> LookUps:
    """One school's pupils looked up among all of the country."""
    server = PostgresServer()
    with servers_running(server):
        return look_ups(folder, server)


def letters() -> Searches:
    """What people type, looked for among half a million letters."""
    server = PostgresServer()
    with servers_running(server):
        return searches(server)


def listed(folder: Path) -> Lists:
    """Lists of letters among half a million, as each kind of reader asks for them."""
    server = PostgresServer()
    with servers_running(server):
        return lists(folder, server)


def numbers(folder: Path) -> tuple[Throughput, Throughput]:
    """Letters keyed in and numbered, and numbers issued, beside raw SQL."""
    server = PostgresServer(fsync=True)
    with servers_running(server):
        return throughput(folder, server)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("system", "board", "pages", "duplicates", "numbers", "lists"):
            (Path(folder) / name).mkdir()
        results = [upload_to_findings(Path(folder)), board_of_the_area(Path(folder))]
        viewed = pages(Path(folder) / "pages")
        found = duplicates(Path(folder) / "duplicates")
        keyed_in, issued = numbers(Path(folder) / "numbers")
        shown = listed(Path(folder) / "lists")
    searched = letters()
    for result in (*results, *viewed, found, keyed_in, issued, searched, shown):
        print(result.line())
    if max(results[0].seconds) >= LIMIT_SECONDS:
        sys.exit(f"slower than {LIMIT_SECONDS} s")
    if not found.is_good:
        sys.exit(f"duplicates are looked up too slowly, or not by the index:\n{found.plan}")
    if not searched.is_good:
        plans = "\n\n".join(f"{what}\n{plan}" for what, plan in searched.plans.items())
        sys.exit(f"letters are found too slowly, or not by the index:\n{plans}")
    if not shown.is_good:
        sys.exit("lists of letters are too slow")
    if not (keyed_in.keeps_up_with_raw and issued.keeps_up_with_raw and issued.keeps_up_with_counting):
        sys.exit("numbers are given out too slowly")
    slow = [f"{page.role} {page.path}" for page in viewed if page.is_slow]
    if slow:
        sys.exit(f"more than {MOST_STEPS} calls deep or {MOST_RATIO} × the slowest call: {', '.join(slow)}")


if __name__ == "__main__":
    main()
