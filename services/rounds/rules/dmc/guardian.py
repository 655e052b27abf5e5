"""G: who answers for the pupil. Source: OBEC's list of data that a round must have complete."""

from __future__ import annotations

from collections.abc import Iterator

from services.rounds.rules.dmc.pupils import Pupil, is_blank
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit


@RULES.row("G01", "guardian_first")
def guardian_missing(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """A guardian has at least a first name; people of the hills may have no last name."""
    if is_blank(pupil.guardian_first):
        yield Hit(field="guardian_first")
