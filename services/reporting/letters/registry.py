"""The reports of letters, in the order in which they are offered; a new one is a module of ``catalogue/`` and its line
here.
"""

from __future__ import annotations

from services.reporting.letters.catalogue.overdue import OVERDUE
from services.reporting.letters.catalogue.turnaround import TURNAROUND
from services.reporting.letters.catalogue.workload import WORKLOAD
from services.reporting.letters.facts import LetterReport

REPORTS: dict[str, LetterReport] = {report.key: report for report in (WORKLOAD, TURNAROUND, OVERDUE)}
