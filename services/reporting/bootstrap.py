"""What the reporting service is."""

from __future__ import annotations

from services.reporting.database import TABLES, Base
from services.reporting.letters import projections as letters
from services.reporting.letters.tables import EntryFact, LetterFact, StaffFact, TaskFact, UnitFact
from services.reporting.projections import handlers
from services.reporting.projections.tables import (
    DuplicateFact,
    RoundFact,
    SchoolFact,
    SchoolRoundFact,
    SnapshotFact,
    SubmissionFact,
)
from shared.bus.contracts import documents, rounds, schools
from shared.bus.handlers import dispatch, projects
from shared.runtime.application import Definition

HANDLERS = dispatch(
    projects(schools.SCHOOL_RECORDED, handlers.store_school),
    *(projects(event, handlers.store_round) for event in rounds.ROUND_EVENTS),
    *(projects(event, handlers.store_school_round) for event in rounds.SCHOOL_ROUND_EVENTS),
    *(projects(event, handlers.store_submission) for event in rounds.SUBMISSION_EVENTS),
    projects(rounds.SNAPSHOT_TAKEN, handlers.store_snapshot),
    *(projects(event, handlers.store_duplicate) for event in rounds.DUPLICATE_EVENTS),
    projects(schools.UNIT_RECORDED, letters.store_unit),
    projects(schools.SCHOOL_RECORDED, letters.store_school_as_unit),
    projects(schools.STAFF_RECORDED, letters.store_staff),
    projects(documents.LETTER_MOVED, letters.store_letter),
    projects(documents.TASK_MOVED, letters.store_task),
    projects(documents.ENTRY_RECORDED, letters.store_entry),
    projects(documents.ENTRIES_IMPORTED, letters.store_imported),
)

DEFINITION = Definition(
    name="reporting",
    base=Base,
    tables=TABLES,
    handlers=HANDLERS,
    projections=(
        *(SchoolFact, RoundFact, SchoolRoundFact, SubmissionFact, SnapshotFact, DuplicateFact),
        *(UnitFact, StaffFact, LetterFact, TaskFact, EntryFact),
    ),
)
