"""Rules of telling a pupil what is held about them.

Source: Personal Data Protection Act B.E. 2562, section 30: whose data it is may see it and have a copy, and ask how it
was come by; the controller answers within thirty days, and may refuse what would hurt the rights of others. So
everything about this one pupil is given, of other people's pupils nothing, and a school answers for its own file only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# showings of one row are about the pupil there, those of a file about everybody in it
OF_WHOLE_FILES = frozenset({"reveal.file", "reveal.annotated"})


def is_about(action: str, change: Mapping[str, Any], submission_id: str, version: int, row: int) -> bool:
    """Whether a showing that was written down was of this row, or of the whole file it stands in.

    Before versions were named by id in the log, only their number was: it is taken for the one it may have been.
    """
    if change.get("version") != version or change.get("submission", submission_id) != submission_id:
        return False
    return action in OF_WHOLE_FILES or change.get("row") == row
