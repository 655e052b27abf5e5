"""The area's file and the bus under it, measured in one run: ``python -m tests.bench.area``."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.big_file import ROWS, big_file
from tests.bench.frictionless_run import frictionless_seconds
from tests.bench.in_system import InTheSystem, in_the_system, reading
from tests.bench.messages import Rates, confirms, inboxes
from tests.bench.results import keep, quoted, too_much
from tests.running.system import EmbeddedSystem, ServicesSystem, running
from tests.servers import PostgresServer, RabbitServer
from tests.servers import running as servers_running


def measure(folder: Path) -> dict[str, Any]:
    """Everything, as it goes into the file."""
    for name in ("file", "embedded", "services", "sqlite", "postgresql"):
        (folder / name).mkdir()
    path = big_file(folder / "file")
    alone = reading(path)
    frictionless = frictionless_seconds(folder / "frictionless", path, ROWS)
    with running(EmbeddedSystem(folder / "embedded")) as system:
        embedded = in_the_system(system, "khet", path)
    rabbit, postgres = RabbitServer(), PostgresServer()
    with servers_running(rabbit, postgres):
        confirmed, applied = confirms(rabbit), inboxes(folder, postgres)
        with running(ServicesSystem(folder / "services", rabbit, postgres)) as system:
            services = in_the_system(system, "rounds", path)
    return {
        "when": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": {"processors": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()},
        "rows": ROWS,
        "alone": alone,
        "frictionless_to_calamine": frictionless and frictionless / alone["calamine_processor_seconds"],
        "embedded": _in_system(embedded),
        "services": _in_system(services),
        "confirms": _rates(confirmed),
        "inbox": {name: _rates(rates) for name, rates in applied.items()},
    }


def _in_system(found: InTheSystem) -> dict[str, Any]:
    return {**vars(found), "stored_to_calamine": found.seconds / found.calamine_seconds}


def _rates(rates: Rates) -> dict[str, float]:
    return {**vars(rates), "ratio": rates.ratio}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = keep(measure(Path(folder)))
    print(quoted(found))
    if faults := too_much(found):
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
