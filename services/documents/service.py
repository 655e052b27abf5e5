"""The entrypoints of the documents service: one line each."""

from __future__ import annotations

from typing import Any

from services.documents.attachments import commands as attachments
from services.documents.attachments import drawing
from services.documents.bootstrap import DEFINITION
from services.documents.bulk import commands as bulk
from services.documents.circulations import commands as circulations
from services.documents.circulations import queries as circulation_lists
from services.documents.clearances import commands as clearances
from services.documents.clearances import queries as clearance_lists
from services.documents.contacts import commands as contacts
from services.documents.contacts import queries as contact_lists
from services.documents.days import commands as office_days
from services.documents.days import queries as office_day_lists
from services.documents.delegations import commands as delegations
from services.documents.delegations import queries as delegation_lists
from services.documents.imports import commands as imports
from services.documents.imports import queries as import_lists
from services.documents.letters import commands as letters
from services.documents.letters import naming
from services.documents.letters import queries as letter_lists
from services.documents.registers import blocks, overview, papers, requests, years
from services.documents.registers import commands as registers
from services.documents.registers import queries as books
from services.documents.savedviews import commands as saved_views
from services.documents.savedviews import queries as saved_view_lists
from services.documents.tasks import commands as tasks
from services.documents.threads import queries as threads
from shared.bus.rpc import rpc
from shared.runtime.service import KhetService


class Documents(KhetService):
    """Registers and letters."""

    name = "documents"
    definition = DEFINITION

    @rpc
    def list_books(self, request: Any) -> Any:
        return self.app.query(overview.list_books, request)

    @rpc
    def get_book(self, request: Any) -> Any:
        return self.app.query(overview.get_book, request)

    @rpc
    def list_owners(self, request: Any) -> Any:
        return self.app.query(overview.list_owners, request)

    @rpc
    def list_waiting(self, request: Any) -> Any:
        return self.app.query(overview.list_waiting, request)

    @rpc
    def get_entry(self, request: Any) -> Any:
        return self.app.query(books.get_entry, request)

    @rpc
    def list_entries(self, request: Any) -> Any:
        return self.app.query(books.list_entries, request)

    @rpc
    def check_integrity(self, request: Any) -> Any:
        return self.app.query(books.check_integrity, request)

    @rpc
    def export_book(self, request: Any) -> Any:
        return self.app.query(books.export_book, request)

    @rpc
    def list_requests(self, request: Any) -> Any:
        return self.app.query(books.list_requests, request)

    @rpc
    def list_blocks(self, request: Any) -> Any:
        return self.app.query(books.list_blocks, request)

    @rpc
    def get_block(self, request: Any) -> Any:
        return self.app.query(books.get_block, request)

    @rpc
    def issue_number(self, request: Any) -> Any:
        return self.app.command_in_steps(registers.issue_number, request)

    @rpc
    def use_reserved(self, request: Any) -> Any:
        return self.app.command(registers.use_reserved, request)

    @rpc
    def insert_entry(self, request: Any) -> Any:
        return self.app.command(registers.insert_entry, request)

    @rpc
    def void_entry(self, request: Any) -> Any:
        return self.app.command(registers.void_entry, request)

    @rpc
    def change_book(self, request: Any) -> Any:
        return self.app.command(years.change_book, request)

    @rpc
    def set_opening(self, request: Any) -> Any:
        return self.app.command(years.set_opening, request)

    @rpc
    def request_number(self, request: Any) -> Any:
        return self.app.command(requests.request_number, request)

    @rpc
    def grant_request(self, request: Any) -> Any:
        return self.app.command(requests.grant_request, request)

    @rpc
    def reject_request(self, request: Any) -> Any:
        return self.app.command(requests.reject_request, request)

    @rpc
    def withdraw_request(self, request: Any) -> Any:
        return self.app.command(requests.withdraw_request, request)

    @rpc
    def hand_out_block(self, request: Any) -> Any:
        return self.app.command(blocks.hand_out_block, request)

    @rpc
    def reconcile_block(self, request: Any) -> Any:
        return self.app.command(blocks.reconcile_block, request)

    @rpc
    def close_year(self, request: Any) -> Any:
        return self.app.command(years.close_year, request)

    @rpc
    def look_at_register(self, request: Any) -> Any:
        return self.app.procedure(imports.look_at_register, request)

    @rpc
    def receive_import(self, request: Any) -> Any:
        return self.app.command(imports.receive_import, request)

    @rpc
    def get_import(self, request: Any) -> Any:
        return self.app.query(import_lists.get_import, request)

    @rpc
    def list_imports(self, request: Any) -> Any:
        return self.app.query(import_lists.list_imports, request)

    @rpc
    def list_letters(self, request: Any) -> Any:
        return self.app.query(letter_lists.list_letters, request)

    @rpc
    def get_letter(self, request: Any) -> Any:
        return self.app.query(letter_lists.get_letter, request)

    @rpc
    def name_letters(self, request: Any) -> Any:
        return self.app.query(naming.name_letters, request)

    @rpc
    def get_history(self, request: Any) -> Any:
        return self.app.query(letter_lists.get_history, request)

    @rpc
    def get_thread(self, request: Any) -> Any:
        return self.app.query(threads.get_thread, request)

    @rpc
    def list_work(self, request: Any) -> Any:
        return self.app.query(letter_lists.list_work, request)

    @rpc
    def list_assignable(self, request: Any) -> Any:
        return self.app.query(letter_lists.list_assignable, request)

    @rpc
    def list_holders(self, request: Any) -> Any:
        return self.app.query(letter_lists.list_holders, request)

    @rpc
    def list_tasks(self, request: Any) -> Any:
        return self.app.query(letter_lists.list_tasks, request)

    @rpc
    def create_letter(self, request: Any) -> Any:
        return self.app.command_in_steps(letters.create_letter, request)

    @rpc
    def change_letter(self, request: Any) -> Any:
        return self.app.command(letters.change_letter, request)

    @rpc
    def register_letter(self, request: Any) -> Any:
        return self.app.command(letters.register_letter, request)

    @rpc
    def forward_letter(self, request: Any) -> Any:
        return self.app.command(letters.forward_letter, request)

    @rpc
    def reject_letter(self, request: Any) -> Any:
        return self.app.command(letters.reject_letter, request)

    @rpc
    def void_letter(self, request: Any) -> Any:
        return self.app.command(letters.void_letter, request)

    @rpc
    def propose_letter(self, request: Any) -> Any:
        return self.app.command(tasks.propose_letter, request)

    @rpc
    def assign_letter(self, request: Any) -> Any:
        return self.app.command(tasks.assign_letter, request)

    @rpc
    def endorse_letter(self, request: Any) -> Any:
        return self.app.command(tasks.endorse_letter, request)

    @rpc
    def return_letter(self, request: Any) -> Any:
        return self.app.command(tasks.return_letter, request)

    @rpc
    def open_task(self, request: Any) -> Any:
        return self.app.command(tasks.open_task, request)

    @rpc
    def accept_task(self, request: Any) -> Any:
        return self.app.command(tasks.accept_task, request)

    @rpc
    def report_task(self, request: Any) -> Any:
        return self.app.command(tasks.report_task, request)

    @rpc
    def close_letter(self, request: Any) -> Any:
        return self.app.command(tasks.close_letter, request)

    @rpc
    def circulate(self, request: Any) -> Any:
        return self.app.command(circulations.circulate, request)

    @rpc
    def read_circular(self, request: Any) -> Any:
        return self.app.command(circulations.read_circular, request)

    @rpc
    def withdraw_circulation(self, request: Any) -> Any:
        return self.app.command(circulations.withdraw_circulation, request)

    @rpc
    def list_audience(self, request: Any) -> Any:
        return self.app.query(circulation_lists.list_audience, request)

    @rpc
    def list_circulations(self, request: Any) -> Any:
        return self.app.query(circulation_lists.list_circulations, request)

    @rpc
    def list_circulars(self, request: Any) -> Any:
        return self.app.query(circulation_lists.list_circulars, request)

    @rpc
    def list_delegations(self, request: Any) -> Any:
        return self.app.query(delegation_lists.list_delegations, request)

    @rpc
    def list_colleagues(self, request: Any) -> Any:
        return self.app.query(delegation_lists.list_colleagues, request)

    @rpc
    def delegate(self, request: Any) -> Any:
        return self.app.command(delegations.delegate, request)

    @rpc
    def revoke_delegation(self, request: Any) -> Any:
        return self.app.command(delegations.revoke_delegation, request)

    @rpc
    def hand_over(self, request: Any) -> Any:
        return self.app.command(delegations.hand_over, request)

    @rpc
    def add_attachment(self, request: Any) -> Any:
        return self.app.procedure(attachments.add_attachment, request)

    @rpc
    def place_stamp(self, request: Any) -> Any:
        return self.app.command(attachments.place_stamp, request)

    @rpc
    def hand_out_file(self, request: Any) -> Any:
        return self.app.procedure(attachments.hand_out_file, request)

    @rpc
    def hand_out_role(self, request: Any) -> Any:
        return self.app.procedure(attachments.hand_out_role, request)

    @rpc
    def look_at_stamp(self, request: Any) -> Any:
        return self.app.procedure(drawing.look_at_stamp, request)

    @rpc
    def hand_out_page(self, request: Any) -> Any:
        return self.app.procedure(drawing.hand_out_page, request)

    @rpc
    def print_register(self, request: Any) -> Any:
        return self.app.procedure(papers.print_register, request)

    @rpc
    def list_days(self, request: Any) -> Any:
        return self.app.query(office_day_lists.list_days, request)

    @rpc
    def set_day(self, request: Any) -> Any:
        return self.app.command(office_days.set_day, request)

    @rpc
    def remove_day(self, request: Any) -> Any:
        return self.app.command(office_days.remove_day, request)

    @rpc
    def list_views(self, request: Any) -> Any:
        return self.app.query(saved_view_lists.list_views, request)

    @rpc
    def save_view(self, request: Any) -> Any:
        return self.app.command(saved_views.save_view, request)

    @rpc
    def rename_view(self, request: Any) -> Any:
        return self.app.command(saved_views.rename_view, request)

    @rpc
    def remove_view(self, request: Any) -> Any:
        return self.app.command(saved_views.remove_view, request)

    @rpc
    def register_many(self, request: Any) -> Any:
        return self.app.command(bulk.register_many, request)

    @rpc
    def list_contacts(self, request: Any) -> Any:
        return self.app.query(contact_lists.list_contacts, request)

    @rpc
    def get_contact(self, request: Any) -> Any:
        return self.app.query(contact_lists.get_contact, request)

    @rpc
    def add_contact(self, request: Any) -> Any:
        return self.app.command(contacts.add_contact, request)

    @rpc
    def change_contact(self, request: Any) -> Any:
        return self.app.command(contacts.change_contact, request)

    @rpc
    def merge_contact(self, request: Any) -> Any:
        return self.app.command(contacts.merge_contact, request)

    @rpc
    def list_clearances(self, request: Any) -> Any:
        return self.app.query(clearance_lists.list_clearances, request)

    @rpc
    def appoint(self, request: Any) -> Any:
        return self.app.command(clearances.appoint, request)

    @rpc
    def end_clearance(self, request: Any) -> Any:
        return self.app.command(clearances.end_clearance, request)

    @rpc
    def open_letter(self, request: Any) -> Any:
        return self.app.command(clearances.open_letter, request)

    @rpc
    def add_reader(self, request: Any) -> Any:
        return self.app.command(clearances.add_reader, request)

    @rpc
    def remove_reader(self, request: Any) -> Any:
        return self.app.command(clearances.remove_reader, request)
