"""The entrypoints of the reporting service: one line each."""

from __future__ import annotations

from typing import Any

from services.reporting.bootstrap import DEFINITION
from services.reporting.letters import queries as letters
from services.reporting.reports import queries
from services.reporting.sizes import queries as sizes
from shared.bus.rpc import rpc
from shared.runtime.service import KhetService


class Reporting(KhetService):
    """Reports made of events."""

    name = "reporting"
    definition = DEFINITION

    @rpc
    def list_reports(self, request: Any) -> Any:
        return self.app.query(queries.list_reports, request)

    @rpc
    def report(self, request: Any) -> Any:
        return self.app.query(queries.report, request)

    @rpc
    def list_letter_reports(self, request: Any) -> Any:
        return self.app.query(letters.list_letter_reports, request)

    @rpc
    def letter_report(self, request: Any) -> Any:
        return self.app.query(letters.letter_report, request)

    @rpc
    def sizes(self, request: Any) -> Any:
        return self.app.query(sizes.sizes, request)

    @rpc
    def school_size(self, request: Any) -> Any:
        return self.app.query(sizes.school_size, request)
