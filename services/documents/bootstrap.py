"""What the documents service is: its tables, what it does on events, what it does by itself."""

from __future__ import annotations

from services.documents.adapters import PREFIX, make_adapters
from services.documents.attachments import tables as _attachments
from services.documents.circulations import tables as _circulations
from services.documents.circulations.recording import tell_read
from services.documents.clearances import tables as _clearances
from services.documents.contacts import tables as _contacts
from services.documents.database import TABLES, Base
from services.documents.days import tables as _days
from services.documents.delegations import tables as _delegations
from services.documents.directory.projections import store_school, store_staff, store_unit
from services.documents.directory.tables import OfficeUnit, Staff
from services.documents.imports import tables as _imports
from services.documents.imports.entering import enter_next
from services.documents.letters import tables as _letters
from services.documents.registers.commands import expire_reservations
from services.documents.savedviews import tables as _savedviews
from services.documents.search import tables as _search
from services.documents.tasks import tables as _tasks
from services.documents.threads import tables as _threads
from shared.bus.contracts.schools import SCHOOL_RECORDED, STAFF_RECORDED, UNIT_RECORDED
from shared.bus.handlers import dispatch, projects
from shared.runtime.application import Definition, Ticker

HANDLERS = dispatch(
    projects(UNIT_RECORDED, store_unit), projects(SCHOOL_RECORDED, store_school), projects(STAFF_RECORDED, store_staff)
)

# migrations read the metadata from here, so every module of tables must have been imported
MODELS = (
    *(_attachments, _circulations, _clearances, _letters, _tasks, _delegations, _search, _days, _threads),
    *(_imports, _savedviews, _contacts),
)

DEFINITION = Definition(
    name="documents",
    base=Base,
    tables=TABLES,
    handlers=HANDLERS,
    projections=(OfficeUnit, Staff),
    tickers=(
        Ticker("reservations", 2.0, expire_reservations),
        Ticker("circulations", 30.0, tell_read),
        Ticker("imports", 0.5, enter_next),
    ),
    adapters=make_adapters,
    files=PREFIX,
)
