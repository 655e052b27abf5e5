"""Rules of an import: its states, and how much of it is taken and told at once."""

from __future__ import annotations

from enum import StrEnum

# what is told of each list of a report; the sums count all of it
MOST_TOLD = 1000
# lines of one transaction: the counter of a year is held for as long as these take, some hundredths of a second
AT_ONCE = 500


class ImportPhase(StrEnum):
    """States of an import: the file is read, its sound rows are entered; or it is refused, or we failed."""

    READING = "READING"
    ENTERING = "ENTERING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"


WORKING = (ImportPhase.READING, ImportPhase.ENTERING)
