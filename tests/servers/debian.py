"""The Debian packages the tests need: find them, install them when we may, else say exactly what to do."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shared.printing.fonts import DEBIAN_PACKAGE, laksaman

Found = TypeVar("Found")

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_TEXT = "#!/bin/sh\n# Written by Khet tests/servers/debian.py while it installs packages.\nexit 101\n"
LOCK = Path("/run/khet-tests-apt.lock")
OLDEST_POSTGRESQL = 15


class CannotInstallError(Exception):
    """Something the tests need is missing and can't be installed from here."""


def rabbitmq_server() -> Path | None:
    """The real start script; the one in /usr/sbin would change the user and read the machine's own settings."""
    script = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return script if script.exists() and shutil.which("epmd") else None


def postgresql_folder() -> Path | None:
    """The folder of the newest PostgreSQL's programs (Debian keeps them out of PATH)."""
    folders = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdecimal()
        and int(folder.parent.name) >= OLDEST_POSTGRESQL
        and (folder / "initdb").exists()
    ]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def chromium() -> Path | None:
    found = shutil.which("chromium")
    return Path(found) if found else None


def soffice() -> Path | None:
    """LibreOffice, which opens our workbooks as the schools' programs do."""
    found = shutil.which("soffice")
    return Path(found) if found else None


def thai_fonts() -> Path | None:
    return next((folder for folder in Path("/usr/share/fonts").glob("*/tlwg") if folder.is_dir()), None)


@dataclass(frozen=True)
class Requirement:
    packages: tuple[str, ...]
    probe: Callable[[], object | None]


REQUIREMENTS = (
    Requirement(("rabbitmq-server",), rabbitmq_server),
    Requirement(("postgresql",), postgresql_folder),
    Requirement(("chromium",), chromium),
    Requirement(("fonts-thai-tlwg",), thai_fonts),
    Requirement((DEBIAN_PACKAGE,), laksaman),
    Requirement(("libreoffice-calc-nogui",), soffice),
)


def ensure(packages: Sequence[str], probe: Callable[[], Found | None]) -> Found:
    """Return what ``probe`` finds, installing ``packages`` first when it finds nothing."""
    found = probe()
    if found is not None:
        return found
    _refuse_unless_we_may_install(packages)
    with _one_installer_at_a_time():
        found = probe()  # another session may have installed it while we waited
        if found is None:
            _install(packages)
            found = probe()
    if found is None:
        raise CannotInstallError(f"Installed {' '.join(packages)}, but what the tests need from it was still not found")
    return found


def ensure_all() -> None:
    """Install whatever of :data:`REQUIREMENTS` is missing, in one go."""
    packages = [package for need in REQUIREMENTS if need.probe() is None for package in need.packages]
    ensure(packages, lambda: True if all(need.probe() is not None for need in REQUIREMENTS) else None)


def _refuse_unless_we_may_install(packages: Sequence[str]) -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        return
    raise CannotInstallError(
        f"The tests need {', '.join(packages)} and may not install it (not root on Debian). Run:\n"
        f"  sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    )


@contextmanager
def _one_installer_at_a_time() -> Iterator[None]:
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(packages: Sequence[str]) -> None:
    with _services_stay_off():
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", *packages)


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """Keep Debian from starting the servers it installs: the tests run their own.

    A policy that somebody else put there (Docker images do) is left alone; one of ours, left by a killed run, goes.
    """
    if POLICY.exists() and POLICY.read_text() != POLICY_TEXT:
        yield
        return
    POLICY.write_text(POLICY_TEXT)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _apt(*arguments: str) -> None:
    """Run apt-get, waiting for whoever else is installing."""
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotInstallError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stdout[-2000:]}")
