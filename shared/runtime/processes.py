"""The table of processes. A new service is one row here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """A process by name: where its nameko class is, where its dispatch table, whether it owns a database."""

    name: str
    service: str
    handlers: str = ""
    database: bool = True


PROCESSES = {
    process.name: process
    for process in (
        Process("schools", "services.schools.service:Schools", "services.schools.bootstrap:HANDLERS"),
        Process("documents", "services.documents.service:Documents", "services.documents.bootstrap:HANDLERS"),
        Process("rounds", "services.rounds.service:Rounds", "services.rounds.bootstrap:HANDLERS"),
        Process(
            "notifications", "services.notifications.service:Notifications", "services.notifications.bootstrap:HANDLERS"
        ),
        Process("reporting", "services.reporting.service:Reporting", "services.reporting.bootstrap:HANDLERS"),
        Process("gateway", "gateway.service:Gateway", database=False),
    )
}

# who has keys of their own that seal data: each service, and the files that the gateway has just received
VAULT_OWNERS = (*(process.name for process in PROCESSES.values() if process.database), "incoming")
