"""What the rounds service is: its tables, what it does on events, what it does by itself."""

from __future__ import annotations

from services.rounds.adapters import PREFIX, make_adapters, sweep_incoming
from services.rounds.batches.distributing import split_next
from services.rounds.calendar.ticking import advance_by_the_clock
from services.rounds.database import TABLES, Base
from services.rounds.duplicates.finding import compare_next
from services.rounds.gates import tables as gate_tables  # noqa: F401 - declares its tables on Base
from services.rounds.retention.ticking import erase_by_the_clock
from services.rounds.rulechanges.checking import recheck_next
from services.rounds.schools.projections import store_profile, store_school
from services.rounds.schools.tables import School, SchoolProfile
from services.rounds.snapshots import tables as snapshot_tables  # noqa: F401 - likewise
from services.rounds.submissions.checking import check_next
from shared.bus.contracts.schools import PROFILE_RECORDED, SCHOOL_RECORDED
from shared.bus.handlers import dispatch, projects
from shared.runtime.application import Definition, Ticker

HANDLERS = dispatch(projects(SCHOOL_RECORDED, store_school), projects(PROFILE_RECORDED, store_profile))

DEFINITION = Definition(
    name="rounds",
    base=Base,
    tables=TABLES,
    handlers=HANDLERS,
    projections=(School, SchoolProfile),
    tickers=(
        Ticker("calendar", 1.0, advance_by_the_clock),
        Ticker("incoming", 3600.0, sweep_incoming),
        Ticker("retention", 5.0, erase_by_the_clock),
        # as many green threads as children: each keeps one busy
        Ticker("checker-1", 0.2, check_next),
        Ticker("checker-2", 0.2, check_next),
        Ticker("splitter", 0.2, split_next),
        Ticker("comparer", 0.5, compare_next),
        # one alone: what schools send is read before what they sent
        Ticker("rule-changes", 0.5, recheck_next),
    ),
    adapters=make_adapters,
    files=PREFIX,
)
