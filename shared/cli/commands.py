"""The commands of ``khet``. Those that talk to a running system do so over HTTP."""

from __future__ import annotations

import importlib
import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from shared import settings as settings_module
from shared.cli.admin import admin
from shared.cli.keys import audit, keys
from shared.cli.register import register
from shared.cli.remote import Remote, with_login
from shared.runtime.lock import locked
from shared.runtime.processes import PROCESSES

DATABASES = [process.name for process in PROCESSES.values() if process.database]

_history = click.option("--history", is_flag=True, help="a round 2568-3 that is over, with pupils who do not exist")
_areas = click.option("--areas", type=click.IntRange(1, 2), default=1, show_default=True, help="demo areas to load")


@click.group()
def khet() -> None:
    """Khet, the working system of an educational service area office."""


def _settings(**overrides: Any) -> settings_module.Settings:
    try:
        return settings_module.load(**overrides)
    except settings_module.SettingsError as error:
        sys.exit(f"khet: {error}")


def _announcement(settings: settings_module.Settings, areas: int) -> str:
    address = f"http://{settings.host}:{settings.port}"
    if settings.env == "production":
        return f"\nKhet: {address}\n"
    lines = [
        f"\nKhet พร้อมใช้งาน: {address}",
        "บัญชีสาธิต: admin officer groupdirector areadirector registrar groupclerk schoolclerk auditor ops teacher "
        "data-57040001 director-57040001 (และทุกโรงเรียนตามรหัส SMIS)",
        *(["เขตที่สอง: admin-5703 officer-5703 … data-57030001 director-57030001"] if areas > 1 else []),
        f"รหัสผ่าน: {settings.demo_password}\n",
    ]
    return "\n".join(lines)


@khet.command()
@click.option("--host", help="address to listen on")
@click.option("--port", type=int, help="port to listen on")
@click.option("--data", type=click.Path(path_type=Path), help="folder of databases and files")
@_areas
@_history
def up(host: str | None, port: int | None, data: Path | None, areas: int, *, history: bool) -> None:
    """Run the whole system in one process (embedded), with the demo office on its first start."""
    settings = _settings(mode="embedded", host=host, port=port, data=data)
    runner = importlib.import_module("shared.runtime.runner")
    sys.exit(runner.up(settings, _announcement(settings, areas), areas, history=history))


@khet.command()
@click.argument("process", type=click.Choice(sorted(PROCESSES)))
def run(process: str) -> None:
    """Run one process (services mode)."""
    sys.exit(importlib.import_module("shared.runtime.runner").run(process, _settings()))


@khet.command()
@click.option("--service", type=click.Choice(DATABASES), help="only this one")
def migrate(service: str | None) -> None:
    """Bring the databases to the newest version."""
    upgrade = importlib.import_module("shared.db.migrate").upgrade
    for name in [service] if service else DATABASES:
        upgrade(name, _settings())
        click.echo(f"{name}: ok")


@khet.group()
def seed() -> None:
    """Load data."""


@seed.command("demo")
@_areas
@_history
def seed_demo(areas: int, *, history: bool) -> None:
    """Load the demo office: 135 real schools, synthetic people; with --areas 2 a second, made-up area beside them.

    --history adds a round that is over to the first area, played with the commands that people use; it takes a minute.
    What is there already stays as it is.
    """
    settings = _settings()
    if settings.env == "production":
        sys.exit("khet: no demo office in production (KHET_ENV)")
    # the databases of an embedded system are those of one process; PostgreSQL minds nobody
    holding = locked(settings.data) if settings.mode == "embedded" else nullcontext()
    with holding:
        try:
            importlib.import_module("shared.runtime.demo").load(settings, areas, history=history, say=click.echo)
        except settings_module.SettingsError as error:
            sys.exit(f"khet: {error}")


@khet.group(name="generate")
def generate_group() -> None:
    """Make synthetic files to try things with."""


generate_group.add_command(importlib.import_module("services.rounds.synthetic.generate").generate_dmc)


@khet.command("secrets")
@click.argument("folder", type=click.Path(path_type=Path))
def make_secrets(folder: Path) -> None:
    """Make the keys of an installation in FOLDER; existing keys stay."""
    vault = Path(_settings().vault) if _settings().vault else None
    for name in importlib.import_module("shared.security.secrets").create(folder, vault):
        click.echo(name)


@khet.group()
def broker() -> None:
    """The broker's exchanges and queues."""


@broker.command("declare")
def broker_declare() -> None:
    """Declare every exchange and queue on KHET_AMQP_URL, so that no event is lost before its consumers start."""
    kombu = importlib.import_module("kombu")
    topology = importlib.import_module("shared.bus.topology")
    with kombu.Connection(_settings().broker_url, connect_timeout=10) as connection, connection.channel() as channel:
        topology.declare_all(channel)


@broker.command("definitions")
@click.option("--vhost", default="khet", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="file to write instead of printing")
def broker_definitions(vhost: str, output: Path | None) -> None:
    """Print RabbitMQ's definitions with a user per process; passwords from BROKER_PASSWORD_<USER> or …_FILE."""
    definitions = importlib.import_module("shared.bus.broker_definitions")
    try:
        document = definitions.document(definitions.passwords_from(os.environ), vhost)
    except definitions.PasswordMissing as error:
        sys.exit(f"khet: {error}")
    text = json.dumps(document, indent=1) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text)


@khet.command()
def contracts() -> None:
    """Print the AsyncAPI 3 document of every event."""
    document = importlib.import_module("shared.bus.asyncapi").document()
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


@khet.command("settings")
def print_settings() -> None:
    """Print the table of settings as Markdown."""
    click.echo("| variable | default | meaning |\n|---|---|---|")
    for variable, default, meaning in settings_module.table():
        click.echo(f"| `{variable}` | {f'`{default}`' if default else ''} | {meaning} |")


khet.add_command(keys)
khet.add_command(audit)
khet.add_command(admin)
khet.add_command(register)


@khet.group()
@with_login
@click.pass_context
def projection(context: click.Context, url: str | None, data: Path, user: str, password: str) -> None:
    """What services keep of each other, built from events alone."""
    context.obj = Remote.at(url, data, user, password)


@projection.command("rebuild")
@click.argument("service", default="reporting")
@click.pass_obj
def projection_rebuild(remote: Remote, service: str) -> None:
    """Empty the projections of SERVICE, have their owners replay everything, and wait until it is stored."""
    remote.rebuild(service, click.echo)
