"""``python -m tests.servers ensure`` installs what the tests need; ``up`` runs both servers until Ctrl-C."""

import argparse
import json
import signal
import sys
from contextlib import suppress
from types import FrameType

from tests.servers import CannotInstallError, PostgresServer, RabbitServer, ServerFailedError, ensure_all, running


def ensure_packages() -> None:
    ensure_all()
    _say({"installed": True})


def up() -> None:
    """Start both servers, print where they are, and stop them on Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    rabbit, postgres = RabbitServer(), PostgresServer()
    with suppress(KeyboardInterrupt), running(rabbit, postgres):
        _say({
            "server": rabbit.name,
            "amqp_uri": rabbit.amqp_uri,
            "management_url": rabbit.management_url,
            "prometheus_url": rabbit.prometheus_url,
            "log": str(rabbit.log),
        })  # fmt: skip
        _say({"server": postgres.name, "dsn": postgres.admin_dsn, "log": str(postgres.log)})
        signal.pause()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


COMMANDS = {"ensure": ensure_packages, "up": up}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    try:
        COMMANDS[parser.parse_args().command]()
    except (CannotInstallError, ServerFailedError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
