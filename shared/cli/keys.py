"""``khet keys`` and ``khet audit``: the keys that seal data, and the proof that nobody has touched the audit log."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from shared import settings as settings_module
from shared.cli.remote import Remote, with_login
from shared.clock import clock_for
from shared.runtime.processes import PROCESSES, VAULT_OWNERS
from shared.security import keyring
from shared.security.vault import SETTLE_SECONDS

DATABASES = [process.name for process in PROCESSES.values() if process.database]


@click.group()
def keys() -> None:
    """The keys that seal ids, names and files."""


@keys.command("rotate")
@click.argument("owners", nargs=-1, type=click.Choice(VAULT_OWNERS))
def rotate(owners: tuple[str, ...]) -> None:
    """Give each of OWNERS (default: all) a new key. Running processes take it up and seal anew by themselves."""
    root = settings_module.load().vault_root
    for owner in owners or VAULT_OWNERS:
        ring = keyring.read(root / owner).rotated(dt.datetime.now(dt.UTC))
        keyring.write(root / owner, ring)
        click.echo(f"{owner}: {ring.active}")


@keys.command("status")
@with_login
def status(url: str | None, data: Path, user: str, password: str) -> None:
    """Ask the running system which key seals, and whether older ones are still needed."""
    for service, ring in _asked(Remote.at(url, data, user, password)).items():
        others = ", ".join(ring["others"]) or "-"
        state = "everything is sealed with it" if ring["resealed"] else "still sealing anew"
        click.echo(f"{service}: {ring['active']} ({state}); older: {others}")


@keys.command("prune")
@click.argument("owners", nargs=-1, required=True, type=click.Choice(VAULT_OWNERS))
@click.option("--yes", is_flag=True, help="do not ask: no backup made before the rotation is to be read again")
@with_login
def prune(owners: tuple[str, ...], yes: bool, url: str | None, data: Path, user: str, password: str) -> None:
    """Throw the older keys of OWNERS away. Refused while anything is, or may be, still sealed with them."""
    rings = _asked(Remote.at(url, data, user, password))
    silent = [owner for owner in owners if owner in DATABASES and owner not in rings]
    if silent:
        sys.exit(f"khet: away, so nobody knows what is sealed with older keys: {', '.join(silent)}")
    unfinished = [owner for owner in owners if owner in rings and not rings[owner]["resealed"]]
    unfinished += [owner for owner in owners if owner not in rings and not _is_settled(owner)]
    if unfinished:
        sys.exit(f"khet: still sealed with older keys: {', '.join(unfinished)}")
    if not yes:
        click.confirm("Backups from before the rotation can then never be read again. Go on?", abort=True)
    root = settings_module.load().vault_root
    for owner in owners:
        keyring.write(root / owner, keyring.read(root / owner).pruned())
        click.echo(f"{owner}: older keys are gone")


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--service", "services", multiple=True, type=click.Choice(DATABASES), help="only this one")
@click.option("--head", "heads", multiple=True, help="SERVICE:DIGEST noted at an earlier verification")
def verify(services: tuple[str, ...], heads: tuple[str, ...]) -> None:
    """Check every row and every link of the chain; note the heads it prints somewhere else. Exit code 1 on a fault."""
    settings = settings_module.load()
    noted = dict(head.split(":", 1) for head in heads)
    sound = True
    for service in services or DATABASES:
        verdict = _verdict(service, settings, noted.get(service))
        sound = sound and verdict.is_sound
        state = "sound" if verdict.is_sound else f"{len(verdict.faults)} FAULTS"
        counts = f"{verdict.sealed} sealed, {verdict.unsealed} not yet"
        click.echo(f"{service}: {state}; {counts}; head {service}:{verdict.head}")
        for fault in verdict.faults:
            click.echo(f"  {fault.kind}: row {fault.seq if fault.seq is not None else '-'}: {fault.detail}")
    sys.exit(0 if sound else 1)


def _verdict(service: str, settings: settings_module.Settings, head: str | None) -> Any:
    engine = importlib.import_module("shared.db.engine")
    verifying = importlib.import_module("shared.audit.verifying")
    tables = importlib.import_module(f"services.{service}.bootstrap").DEFINITION.tables
    database = engine.database_for(service, settings)
    try:
        with database.read() as session:
            return verifying.verify(session, tables, database.vault, head)
    finally:
        database.close()


def _is_settled(owner: str) -> bool:
    """Whether the key of an owner without a database has been there so long that nothing comes in under older ones."""
    settings = settings_module.load()
    age = clock_for(settings.clock_file).now() - keyring.read(settings.vault_root / owner).active_key.created_at
    return age.total_seconds() >= SETTLE_SECONDS


def _asked(remote: Remote) -> dict[str, Any]:
    return {item["service"]: item["keys"] for item in remote.queues()}
