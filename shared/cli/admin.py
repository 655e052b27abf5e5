"""``khet admin create``: the first administrator of an installation that has no demo data."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextlib import nullcontext

import click

from shared import settings as settings_module
from shared.problems import Problem
from shared.runtime.lock import locked
from shared.security import secrets
from shared.security.keyring import KeyMissing
from shared.settings import Settings


@click.group()
def admin() -> None:
    """Administrators of an installation."""


@admin.command("create")
@click.option("--area", "area_code", required=True, help="code of the area: 4 digits, of secondary offices 6")
@click.option("--area-name", help="its name, when it is not there yet: สพป.เชียงราย เขต 4")
@click.option("--title", required=True, help="คำนำหน้าชื่อ")
@click.option("--given-name", required=True)
@click.option("--family-name", required=True)
@click.option("--username", required=True)
@click.option("--slip", is_flag=True, help="print a temporary password instead of asking for one")
@click.option("--another", is_flag=True, help="also where the area has an administrator")
def create(slip: bool, another: bool, **who: str) -> None:
    """Create an administrator of accounts who runs the system too; asks for the password twice.

    Opens the database itself: an embedded system must not run meanwhile.
    """
    try:
        settings = settings_module.load()
    except settings_module.SettingsError as error:
        sys.exit(f"khet: {error}")
    first_admin = importlib.import_module("services.schools.people.first_admin")
    wanted = first_admin.FirstAdmin(**who, another=another)
    try:
        with locked(settings.data) if settings.mode == "embedded" else nullcontext():
            _prepare(settings)
            temporary = first_admin.create_admin(settings, wanted, None if slip else _ask)
    except Problem as problem:
        sys.exit("\n".join(["khet: " + problem.title, *(problem.detail.split("; "))]))
    except KeyMissing as error:
        sys.exit(f"khet: {error}")
    click.echo(f"{wanted.username}: area_admin, ops · {wanted.area_code}")
    if temporary:
        click.echo(f"รหัสผ่านชั่วคราว (ต้องเปลี่ยนเมื่อเข้าสู่ระบบครั้งแรก): {temporary}")


def _prepare(settings: Settings) -> None:
    """An embedded system may never have started: its keys and tables are made here, as its start would."""
    if settings.mode == "embedded":
        secrets.create(settings.secrets_root, settings.vault_root)
        importlib.import_module("shared.db.migrate").upgrade("schools", settings)


def _ask(weakness: Callable[[str], str | None]) -> str:
    while True:
        typed: str = click.prompt("รหัสผ่าน", hide_input=True, confirmation_prompt="รหัสผ่านอีกครั้ง")
        wrong = weakness(typed)
        if wrong is None:
            return typed
        click.echo(wrong)
