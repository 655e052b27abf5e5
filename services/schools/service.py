"""The entrypoints of the service ``schools``: one line each."""

from __future__ import annotations

from typing import Any

from services.schools.access import commands as access
from services.schools.access import queries as sessions
from services.schools.bootstrap import DEFINITION
from services.schools.organisations import commands as organisations
from services.schools.organisations import queries as schools
from shared.bus.rpc import rpc
from shared.runtime.service import KhetService


class Schools(KhetService):
    """Organisation tree, people, accounts, sessions, grants and school profiles over RPC."""

    name = "schools"
    definition = DEFINITION

    @rpc
    def login(self, request: Any) -> Any:
        return self.app.procedure(access.login, request)

    @rpc
    def refresh(self, request: Any) -> Any:
        return self.app.procedure(access.refresh, request)

    @rpc
    def revoke(self, request: Any) -> Any:
        return self.app.command(access.revoke, request)

    @rpc
    def change_password(self, request: Any) -> Any:
        return self.app.procedure(access.change_password, request)

    @rpc
    def identify(self, request: Any) -> Any:
        return self.app.procedure(access.identify, request)

    @rpc
    def me(self, request: Any) -> Any:
        return self.app.query(sessions.me, request)

    @rpc
    def list_schools(self, request: Any) -> Any:
        return self.app.query(schools.list_schools, request)

    @rpc
    def get_school(self, request: Any) -> Any:
        return self.app.query(schools.get_school, request)

    @rpc
    def get_profile(self, request: Any) -> Any:
        return self.app.query(schools.get_profile, request)

    @rpc
    def put_profile(self, request: Any) -> Any:
        return self.app.command(organisations.put_profile, request)
