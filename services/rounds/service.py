"""The entrypoints of the rounds service: one line each."""

from __future__ import annotations

from typing import Any

from services.rounds.batches import commands as batches
from services.rounds.batches import queries as batch_queries
from services.rounds.bootstrap import DEFINITION
from services.rounds.calendar import commands as calendar
from services.rounds.calendar import queries as calendar_queries
from services.rounds.duplicates import commands as duplicates
from services.rounds.duplicates import evidence
from services.rounds.duplicates import queries as duplicate_queries
from services.rounds.gates import commands as gates
from services.rounds.gates import queries as gate_queries
from services.rounds.pupils import disclosures as pupil_disclosures
from services.rounds.rulechanges import commands as rule_changes
from services.rounds.rulechanges import queries as rule_change_queries
from services.rounds.snapshots import queries as snapshot_queries
from services.rounds.subjects import disclosures as subject_disclosures
from services.rounds.submissions import commands as submissions
from services.rounds.submissions import disclosures
from services.rounds.submissions import queries as submission_queries
from services.rounds.workbooks import commands as workbooks
from shared.bus.rpc import rpc
from shared.runtime.service import KhetService


class Rounds(KhetService):
    """Data rounds: calendar, files and findings, gates."""

    name = "rounds"
    definition = DEFINITION

    @rpc
    def create_round(self, request: Any) -> Any:
        return self.app.command(calendar.create_round, request)

    @rpc
    def delete_draft(self, request: Any) -> Any:
        return self.app.command(calendar.delete_draft, request)

    @rpc
    def announce_round(self, request: Any) -> Any:
        return self.app.command(calendar.announce_round, request)

    @rpc
    def open_round(self, request: Any) -> Any:
        return self.app.command(calendar.open_round, request)

    @rpc
    def close_round(self, request: Any) -> Any:
        return self.app.command(calendar.close_round, request)

    @rpc
    def reopen_round(self, request: Any) -> Any:
        return self.app.command(calendar.reopen_round, request)

    @rpc
    def publish_round(self, request: Any) -> Any:
        return self.app.command(calendar.make_public, request)

    @rpc
    def list_rounds(self, request: Any) -> Any:
        return self.app.query(calendar_queries.list_rounds, request)

    @rpc
    def list_work(self, request: Any) -> Any:
        return self.app.query(gate_queries.list_work, request)

    @rpc
    def get_round(self, request: Any) -> Any:
        return self.app.query(calendar_queries.get_round, request)

    @rpc
    def get_template(self, request: Any) -> Any:
        return self.app.query(calendar_queries.get_template, request)

    @rpc
    def list_templates(self, request: Any) -> Any:
        return self.app.query(calendar_queries.list_templates, request)

    @rpc
    def list_rules(self, request: Any) -> Any:
        return self.app.query(calendar_queries.list_rules, request)

    @rpc
    def try_rule_set(self, request: Any) -> Any:
        return self.app.command(rule_changes.try_rule_set, request)

    @rpc
    def apply_rule_set(self, request: Any) -> Any:
        return self.app.command(rule_changes.apply_rule_set, request)

    @rpc
    def get_rule_change(self, request: Any) -> Any:
        return self.app.query(rule_change_queries.get_rule_change, request)

    @rpc
    def progress(self, request: Any) -> Any:
        return self.app.query(gate_queries.progress, request)

    @rpc
    def board_marks(self, request: Any) -> Any:
        return self.app.query(gate_queries.board_marks, request)

    @rpc
    def get_school_round(self, request: Any) -> Any:
        return self.app.query(gate_queries.get_school_round, request)

    @rpc
    def get_shown_version(self, request: Any) -> Any:
        return self.app.query(gate_queries.get_shown_version, request)

    @rpc
    def list_overdue(self, request: Any) -> Any:
        return self.app.query(gate_queries.list_overdue, request)

    @rpc
    def list_snapshots(self, request: Any) -> Any:
        return self.app.query(snapshot_queries.list_snapshots, request)

    @rpc
    def get_history(self, request: Any) -> Any:
        return self.app.query(gate_queries.get_history, request)

    @rpc
    def get_certificate(self, request: Any) -> Any:
        return self.app.query(gate_queries.get_certificate, request)

    @rpc
    def receive(self, request: Any) -> Any:
        return self.app.command(submissions.receive, request)

    @rpc
    def receive_batch(self, request: Any) -> Any:
        return self.app.command(batches.receive_batch, request)

    @rpc
    def get_batch(self, request: Any) -> Any:
        return self.app.query(batch_queries.get_batch, request)

    @rpc
    def list_batches(self, request: Any) -> Any:
        return self.app.query(batch_queries.list_batches, request)

    @rpc
    def reveal_finding(self, request: Any) -> Any:
        return self.app.procedure(disclosures.reveal_finding, request)

    @rpc
    def hand_out_file(self, request: Any) -> Any:
        return self.app.procedure(workbooks.hand_out_sent, request)

    @rpc
    def hand_out_annotated(self, request: Any) -> Any:
        return self.app.procedure(workbooks.hand_out_annotated, request)

    @rpc
    def correct_cells(self, request: Any) -> Any:
        return self.app.procedure(workbooks.correct_cells, request)

    @rpc
    def check_only(self, request: Any) -> Any:
        return self.app.procedure(workbooks.check_only, request)

    @rpc
    def hand_out_sample(self, request: Any) -> Any:
        return self.app.procedure(workbooks.hand_out_sample, request)

    @rpc
    def explain(self, request: Any) -> Any:
        return self.app.command(submissions.explain, request)

    @rpc
    def get_submission(self, request: Any) -> Any:
        return self.app.query(submission_queries.get_submission, request)

    @rpc
    def list_findings(self, request: Any) -> Any:
        return self.app.query(submission_queries.list_findings, request)

    @rpc
    def confirm(self, request: Any) -> Any:
        return self.app.command(gates.confirm, request)

    @rpc
    def certify(self, request: Any) -> Any:
        return self.app.command(gates.certify, request)

    @rpc
    def return_school(self, request: Any) -> Any:
        return self.app.command(gates.return_school, request)

    @rpc
    def revoke(self, request: Any) -> Any:
        return self.app.command(gates.revoke, request)

    @rpc
    def lift_hold(self, request: Any) -> Any:
        return self.app.command(gates.lift_hold, request)

    @rpc
    def acknowledge(self, request: Any) -> Any:
        return self.app.command(gates.acknowledge, request)

    @rpc
    def exempt(self, request: Any) -> Any:
        return self.app.command(gates.exempt, request)

    @rpc
    def extend(self, request: Any) -> Any:
        return self.app.command(gates.extend, request)

    @rpc
    def list_duplicates(self, request: Any) -> Any:
        return self.app.query(duplicate_queries.list_duplicates, request)

    @rpc
    def get_duplicate(self, request: Any) -> Any:
        return self.app.query(duplicate_queries.get_duplicate, request)

    @rpc
    def decide_duplicate(self, request: Any) -> Any:
        return self.app.command(duplicates.decide, request)

    @rpc
    def carry_duplicate(self, request: Any) -> Any:
        return self.app.command(duplicates.carry, request)

    @rpc
    def reopen_duplicate(self, request: Any) -> Any:
        return self.app.command(duplicates.reopen, request)

    @rpc
    def add_evidence(self, request: Any) -> Any:
        return self.app.command(evidence.add_evidence, request)

    @rpc
    def hand_out_evidence(self, request: Any) -> Any:
        return self.app.procedure(evidence.hand_out_evidence, request)

    @rpc
    def reveal_pupil(self, request: Any) -> Any:
        return self.app.procedure(pupil_disclosures.reveal_pupil, request)

    @rpc
    def export_subject(self, request: Any) -> Any:
        return self.app.procedure(subject_disclosures.export_subject, request)
