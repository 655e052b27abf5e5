"""Every setting of every process, read once from the environment and refused early when it makes no sense.

The README's table is printed from :func:`table`, so a setting is documented where it is declared.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

DEMO_PASSWORD = "khet-demo"  # noqa: S105 - the published password of the demo office


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message names the variable."""


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """Typed settings. Names of variables are ``KHET_`` plus the field's name in upper case."""

    mode: str = _setting("embedded", "`embedded` (SQLite, in-process bus) or `services` (PostgreSQL, RabbitMQ)")
    env: str = _setting("demo", "`demo`, `test` or `production`; production loads no demo office and no clock file")
    data: Path = _setting(Path("var"), "folder of databases, files and secrets; locked while in use")
    host: str = _setting("127.0.0.1", "address the gateway listens on")
    port: int = _setting(8080, "port the gateway listens on")
    public_url: str = _setting("", "address people type; `https://…` makes the cookies Secure")
    amqp_url: str = _setting("", "services mode: the broker, `amqp://user:password@host:5672/vhost`")
    database_url: str = _setting("", "services mode: `postgresql+psycopg://…/khet_{service}`; {service} is filled in")
    files: str = _setting("", "folder of files shared by gateway and services (default: `files` in KHET_DATA)")
    secrets: str = _setting("", "folder of keys (default: `secrets` in KHET_DATA); see `khet secrets`")
    vault: str = _setting("", "folder of the keys that seal data, one folder each (default: `vault` in KHET_SECRETS)")
    health_port: int = _setting(0, "services mode: port of /health and /metrics; 0 turns it off")
    health_host: str = _setting("127.0.0.1", "address of the health port")
    workers: int = _setting(10, "green workers of a service; also its database pool")
    children: int = _setting(2, "child processes that read workbooks")
    child_memory_mb: int = _setting(1536, "address space of a child, in MB")
    child_seconds: int = _setting(120, "longest time one workbook may take, in seconds")
    rpc_timeout: float = _setting(10.0, "seconds the gateway waits for a service")
    confirm_timeout: float = _setting(5.0, "seconds the relay waits for the broker's confirms")
    retry_base: float = _setting(2.0, "seconds before the first retry of a failed event; doubles each time")
    retry_attempts: int = _setting(7, "attempts before an event is parked")
    retention_days: int = _setting(
        90, "days after a school's last in a round until its superseded and refused files are erased, at least 1"
    )
    drain_seconds: float = _setting(25.0, "seconds a stopping process finishes what it has in hand")
    log_level: str = _setting("INFO", "level of the JSON log")
    clock_file: str = _setting("", "file with an offset in seconds that moves every clock; demo and tests only")
    demo_password: str = _setting(DEMO_PASSWORD, "password of the demo accounts")
    cheap_hashes: bool = _setting(False, "argon2 with test parameters; refused in production")

    def __post_init__(self) -> None:
        if self.mode not in {"embedded", "services"}:
            raise SettingsError(f"KHET_MODE must be embedded or services, not {self.mode!r}")
        if self.env not in {"demo", "test", "production"}:
            raise SettingsError(f"KHET_ENV must be demo, test or production, not {self.env!r}")
        if self.env == "production" and (self.clock_file or self.cheap_hashes):
            raise SettingsError("KHET_CLOCK_FILE and KHET_CHEAP_HASHES are refused in production")
        if self.retention_days < 1:
            raise SettingsError("KHET_RETENTION_DAYS is at least 1: a round that was closed too early is reopened")
        if self.mode == "services" and not self.amqp_url:
            raise SettingsError("KHET_AMQP_URL is needed in services mode")

    @property
    def files_root(self) -> Path:
        return Path(self.files) if self.files else self.data / "files"

    @property
    def secrets_root(self) -> Path:
        return Path(self.secrets) if self.secrets else self.data / "secrets"

    @property
    def vault_root(self) -> Path:
        return Path(self.vault) if self.vault else self.secrets_root / "vault"

    @property
    def is_https(self) -> bool:
        """Whether people reach the system by https alone."""
        return self.public_url.startswith("https://")

    def database_of(self, service: str) -> str:
        """The SQLAlchemy URL of a service's own database.

        Raises:
            SettingsError: in services mode without KHET_DATABASE_URL.
        """
        if self.mode == "embedded":
            return f"sqlite:///{self.data / 'db' / f'{service}.sqlite'}"
        if not self.database_url:
            raise SettingsError("KHET_DATABASE_URL is needed in services mode")
        return self.database_url.replace("{service}", service)

    @property
    def broker_url(self) -> str:
        return "khet://embedded" if self.mode == "embedded" else self.amqp_url


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment; ``overrides`` win (command line).

    Raises:
        SettingsError: a value is not of its type or refused.
    """
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        raw = source.get(f"KHET_{setting.name.upper()}")
        if raw is not None and raw != "":
            values[setting.name] = _convert(setting.name, raw, setting.default)
    values.update({name: value for name, value in overrides.items() if value is not None})
    return Settings(**values)


def _convert(name: str, raw: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return raw.lower() in {"1", "true", "yes", "on"}
        if isinstance(default, (int, float, Path)):
            return type(default)(raw) if not isinstance(default, Path) else Path(raw)
    except ValueError as error:
        raise SettingsError(f"KHET_{name.upper()} has a wrong value: {raw!r}") from error
    return raw


def table() -> list[tuple[str, str, str]]:
    """Rows (variable, default, meaning) for the README."""
    return [
        (f"KHET_{setting.name.upper()}", str(setting.default), str(setting.metadata["doc"]))
        for setting in fields(Settings)
    ]


_current: list[Settings] = []


def use(settings: Settings) -> None:
    """Make ``settings`` those of this process (the command line may differ from the environment)."""
    _current[:] = [settings]


def current() -> Settings:
    """The settings of this process."""
    if not _current:
        _current.append(load())
    return _current[0]
