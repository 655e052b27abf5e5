"""The entrypoints of the service ``schools``: one line each."""

from __future__ import annotations

from typing import Any

from services.schools.access import commands as access
from services.schools.access import queries as sessions
from services.schools.bootstrap import DEFINITION
from services.schools.imports import commands as imports
from services.schools.imports import queries as import_lists
from services.schools.organisations import commands as organisations
from services.schools.organisations import queries as schools
from services.schools.organisations.clusters import commands as clusters
from services.schools.organisations.clusters import queries as cluster_lists
from services.schools.organisations.codes import queries as codes
from services.schools.organisations.details import commands as records
from services.schools.organisations.details import queries as details
from services.schools.organisations.lifecycle import commands as lifecycle
from services.schools.organisations.lifecycle import queries as histories
from services.schools.organisations.tree import commands as groups
from services.schools.organisations.tree import queries as tree
from services.schools.people import commands as people
from services.schools.people import members, names
from services.schools.people import queries as persons
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
    def name_people(self, request: Any) -> Any:
        return self.app.query(names.name_people, request)

    @rpc
    def find_named(self, request: Any) -> Any:
        return self.app.query(names.find_named, request)

    @rpc
    def list_schools(self, request: Any) -> Any:
        return self.app.query(schools.list_schools, request)

    @rpc
    def get_school(self, request: Any) -> Any:
        return self.app.query(details.get_school, request)

    @rpc
    def get_profile(self, request: Any) -> Any:
        return self.app.query(schools.get_profile, request)

    @rpc
    def list_profiles(self, request: Any) -> Any:
        return self.app.query(schools.list_profiles, request)

    @rpc
    def put_profile(self, request: Any) -> Any:
        return self.app.command(organisations.put_profile, request)

    @rpc
    def list_organisations(self, request: Any) -> Any:
        return self.app.query(tree.list_organisations, request)

    @rpc
    def create_group(self, request: Any) -> Any:
        return self.app.command(groups.create_group, request)

    @rpc
    def rename_group(self, request: Any) -> Any:
        return self.app.command(groups.rename_group, request)

    @rpc
    def close_group(self, request: Any) -> Any:
        return self.app.command(groups.close_group, request)

    @rpc
    def list_clusters(self, request: Any) -> Any:
        return self.app.query(cluster_lists.list_clusters, request)

    @rpc
    def create_cluster(self, request: Any) -> Any:
        return self.app.command(clusters.create_cluster, request)

    @rpc
    def rename_cluster(self, request: Any) -> Any:
        return self.app.command(clusters.rename_cluster, request)

    @rpc
    def close_cluster(self, request: Any) -> Any:
        return self.app.command(clusters.close_cluster, request)

    @rpc
    def add_schools(self, request: Any) -> Any:
        return self.app.command(clusters.add_schools, request)

    @rpc
    def remove_schools(self, request: Any) -> Any:
        return self.app.command(clusters.remove_schools, request)

    @rpc
    def find_by_code(self, request: Any) -> Any:
        return self.app.query(codes.find_by_code, request)

    @rpc
    def list_codes(self, request: Any) -> Any:
        return self.app.query(codes.list_codes, request)

    @rpc
    def record_details(self, request: Any) -> Any:
        return self.app.command(records.record_details, request)

    @rpc
    def history(self, request: Any) -> Any:
        return self.app.query(histories.history, request)

    @rpc
    def list_plans(self, request: Any) -> Any:
        return self.app.query(histories.list_plans, request)

    @rpc
    def open_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.open_school, request)

    @rpc
    def rename_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.rename_school, request)

    @rpc
    def change_range(self, request: Any) -> Any:
        return self.app.command(lifecycle.change_range, request)

    @rpc
    def change_code(self, request: Any) -> Any:
        return self.app.command(lifecycle.change_code, request)

    @rpc
    def co_locate_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.co_locate_school, request)

    @rpc
    def separate_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.separate_school, request)

    @rpc
    def merge_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.merge_school, request)

    @rpc
    def close_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.close_school, request)

    @rpc
    def reopen_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.reopen_school, request)

    @rpc
    def correct_school(self, request: Any) -> Any:
        return self.app.command(lifecycle.correct_school, request)

    @rpc
    def withdraw_plan(self, request: Any) -> Any:
        return self.app.command(lifecycle.withdraw_plan, request)

    @rpc
    def list_people(self, request: Any) -> Any:
        return self.app.query(persons.list_people, request)

    @rpc
    def list_members(self, request: Any) -> Any:
        return self.app.command(members.list_members, request)

    @rpc
    def list_workplaces(self, request: Any) -> Any:
        return self.app.query(persons.list_workplaces, request)

    @rpc
    def accounts_overview(self, request: Any) -> Any:
        return self.app.query(persons.accounts_overview, request)

    @rpc
    def get_person(self, request: Any) -> Any:
        return self.app.query(persons.get_person, request)

    @rpc
    def get_person_with_sessions(self, request: Any) -> Any:
        return self.app.query(persons.get_person_with_sessions, request)

    @rpc
    def add_person(self, request: Any) -> Any:
        return self.app.command(people.add_person, request)

    @rpc
    def change_person(self, request: Any) -> Any:
        return self.app.command(people.change_person, request)

    @rpc
    def retire_person(self, request: Any) -> Any:
        return self.app.command(people.retire_person, request)

    @rpc
    def reinstate_person(self, request: Any) -> Any:
        return self.app.command(people.reinstate_person, request)

    @rpc
    def reveal_citizen_id(self, request: Any) -> Any:
        return self.app.procedure(people.reveal_citizen_id, request)

    @rpc
    def add_account(self, request: Any) -> Any:
        return self.app.command(access.add_account, request)

    @rpc
    def lock_account(self, request: Any) -> Any:
        return self.app.command(access.lock_account, request)

    @rpc
    def unlock_account(self, request: Any) -> Any:
        return self.app.command(access.unlock_account, request)

    @rpc
    def reset_totp(self, request: Any) -> Any:
        return self.app.command(access.reset_totp, request)

    @rpc
    def password_slip(self, request: Any) -> Any:
        return self.app.procedure(access.password_slip, request)

    @rpc
    def password_slips(self, request: Any) -> Any:
        return self.app.procedure(access.password_slips, request)

    @rpc
    def list_grants(self, request: Any) -> Any:
        return self.app.query(persons.list_grants, request)

    @rpc
    def add_grant(self, request: Any) -> Any:
        return self.app.command(access.add_grant, request)

    @rpc
    def end_grant(self, request: Any) -> Any:
        return self.app.command(access.end_grant, request)

    @rpc
    def list_sessions(self, request: Any) -> Any:
        return self.app.query(sessions.list_sessions, request)

    @rpc
    def revoke_sessions(self, request: Any) -> Any:
        return self.app.command(access.revoke_sessions, request)

    @rpc
    def list_my_sessions(self, request: Any) -> Any:
        return self.app.query(sessions.list_my_sessions, request)

    @rpc
    def end_my_session(self, request: Any) -> Any:
        return self.app.command(access.end_my_session, request)

    @rpc
    def totp_status(self, request: Any) -> Any:
        return self.app.query(sessions.totp_status, request)

    @rpc
    def begin_totp(self, request: Any) -> Any:
        return self.app.procedure(access.begin_totp, request)

    @rpc
    def confirm_totp(self, request: Any) -> Any:
        return self.app.procedure(access.confirm_totp, request)

    @rpc
    def disable_totp(self, request: Any) -> Any:
        return self.app.procedure(access.disable_totp, request)

    @rpc
    def renew_recovery_codes(self, request: Any) -> Any:
        return self.app.procedure(access.renew_recovery_codes, request)

    @rpc
    def list_import_kinds(self, request: Any) -> Any:
        return self.app.query(import_lists.list_kinds, request)

    @rpc
    def list_imports(self, request: Any) -> Any:
        return self.app.query(import_lists.list_imports, request)

    @rpc
    def get_import(self, request: Any) -> Any:
        return self.app.query(import_lists.get_import, request)

    @rpc
    def get_import_with_rows(self, request: Any) -> Any:
        return self.app.query(import_lists.get_import_with_rows, request)

    @rpc
    def list_import_rows(self, request: Any) -> Any:
        return self.app.query(import_lists.list_rows, request)

    @rpc
    def get_import_report(self, request: Any) -> Any:
        return self.app.procedure(import_lists.get_report, request)

    @rpc
    def get_import_template(self, request: Any) -> Any:
        return self.app.procedure(import_lists.get_template, request)

    @rpc
    def receive_import(self, request: Any) -> Any:
        return self.app.command(imports.receive, request)

    @rpc
    def decide_import(self, request: Any) -> Any:
        return self.app.command(imports.decide, request)

    @rpc
    def apply_import(self, request: Any) -> Any:
        return self.app.command(imports.apply, request)

    @rpc
    def cancel_import(self, request: Any) -> Any:
        return self.app.command(imports.cancel, request)
