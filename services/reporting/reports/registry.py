"""The reports there are, in the order in which they are offered (numbers of rounds.md §1.10).

A new report is a module of ``catalogue/`` and its line here: address, files, page and the list of reports follow.
"""

from __future__ import annotations

from services.reporting.reports.catalogue.age import AGE
from services.reporting.reports.catalogue.disadvantage import DISADVANTAGE
from services.reporting.reports.catalogue.duplicates import DUPLICATES
from services.reporting.reports.catalogue.gcode import GCODE
from services.reporting.reports.catalogue.headcount import HEADCOUNT
from services.reporting.reports.catalogue.nationality import NATIONALITY
from services.reporting.reports.catalogue.progress import PROGRESS
from services.reporting.reports.catalogue.quality import QUALITY
from services.reporting.reports.catalogue.religion import RELIGION
from services.reporting.reports.catalogue.size import SIZE
from services.reporting.reports.catalogue.travel import TRAVEL
from services.reporting.reports.report import Report

REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        HEADCOUNT,  # 1
        AGE,  # 2
        DISADVANTAGE,  # 4
        NATIONALITY,  # 5
        RELIGION,  # 6
        TRAVEL,  # 7
        GCODE,  # 11
        DUPLICATES,  # 12
        SIZE,  # 16
        PROGRESS,  # 17
        QUALITY,  # 18
    )
}
