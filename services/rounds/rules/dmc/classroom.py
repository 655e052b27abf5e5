"""C: grade, room, and the age that belongs to a grade. Sources: DMC manual, OBEC announcements on admission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.rounds.rules.dmc.grades import Grade, years_off
from services.rounds.rules.dmc.pupils import Pupil, countable
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit


@RULES.row("C01", "grade", cases=("", "not_offered"))
def grade_unknown(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """A grade of DMC's list, and one that the school offers (where its range is known)."""
    if pupil.grade is None:
        yield Hit(field="grade")
    elif setting.offered is not None and pupil.grade.code not in setting.offered:
        yield Hit("not_offered", field="grade", words={"grade": pupil.grade.label})


@RULES.row("C02", "room")
def room_unknown(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """A whole number from 1."""
    if pupil.room is None:
        yield Hit(field="room")


@RULES.roll("C02", "grade", "room", cases=("gap",))
def rooms_with_gaps(pupils: Sequence[Pupil], _: Setting) -> Iterator[Hit]:
    """Rooms of a grade are numbered 1..n. Said once a grade, on the first pupil behind the first gap."""
    rooms: dict[Grade, dict[int, int]] = defaultdict(dict)
    for pupil in countable(pupils):
        if pupil.grade is not None and pupil.room is not None:
            rooms[pupil.grade].setdefault(pupil.room, pupil.row)
    for grade, first_row in rooms.items():
        behind = [room for place, room in enumerate(sorted(first_row), start=1) if room != place]
        if behind:
            named = ", ".join(str(room) for room in sorted(first_row)[:20])
            words = {"grade": grade.label, "rooms": named}
            yield Hit("gap", field="room", words=words, row=first_row[behind[0]], basis=(grade.label, named))


@RULES.row("C03", "grade", "birth_date", cases=("", "older_1", "younger_1", "younger"))
def age_for_grade(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Older happens (late entry, repeating); younger is more likely a wrong birth date or a wrong grade."""
    if pupil.grade is None or pupil.birth.day is None or pupil.birth.day > setting.today:
        return
    years = years_off(pupil.grade, pupil.birth.day, setting.year_be)
    if years == 0:
        return
    case = "older_1" if years == 1 else "younger_1" if years == -1 else "" if years > 0 else "younger"
    words = {"grade": pupil.grade.label, "years": abs(years)}
    yield Hit(case, field="birth_date", words=words, basis=(pupil.birth.day, pupil.grade.label))
