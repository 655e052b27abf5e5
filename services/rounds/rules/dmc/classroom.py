"""C: grade, room, and the age that belongs to a grade. Sources: DMC manual, OBEC announcements on admission."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from services.rounds.rules.dmc.grades import Grade, years_off
from services.rounds.rules.dmc.pupils import Pupil, countable
from services.rounds.rules.dmc.rulebook import RULES, File, Setting
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


@RULES.file("C04", cases=("", "no_room"), given=("rooms",))
def grade_without_pupils(file: File) -> Iterator[Hit]:
    """Rooms of the profile without pupils, or pupils in a grade without a room. A school without pupils is F08's."""
    first_row = _first_rows(file)
    if not first_row:
        return
    rooms = file.rooms or {}
    for label, count in rooms.items():
        if count and label not in first_row:
            yield Hit(words={"grade": label, "rooms": count}, basis=(label, count))
    for label, row in first_row.items():
        if not rooms.get(label):
            yield Hit("no_room", field="grade", words={"grade": label}, row=row, basis=(label, 0))


@RULES.roll("C05", "grade", "room", cases=("", "few"))
def room_size_unusual(pupils: Sequence[Pupil], setting: Setting) -> Iterator[Hit]:
    """A room that is too full or nearly empty, said once, on its first pupil."""
    counts: Counter[tuple[Grade, int]] = Counter()
    first_row: dict[tuple[Grade, int], int] = {}
    for pupil in countable(pupils):
        if pupil.grade is not None and pupil.room is not None:
            counts[pupil.grade, pupil.room] += 1
            first_row.setdefault((pupil.grade, pupil.room), pupil.row)
    for (grade, room), count in counts.items():
        if count > setting.params["max_pupils"] or count < setting.params["min_pupils"]:
            case = "few" if count < setting.params["min_pupils"] else ""
            words = {"grade": grade.label, "room": room, "count": count}
            yield Hit(case, field="room", words=words, row=first_row[grade, room], basis=(grade.label, room, count))


@RULES.file("C06", given=("rooms",))
def rooms_differ_from_profile(file: File) -> Iterator[Hit]:
    """As many rooms in the file as the school's profile has (menu 2.2); none at all is C04's to say."""
    rooms: dict[str, set[int]] = defaultdict(set)
    for pupil in countable(file.pupils):
        if pupil.grade is not None and pupil.room is not None:
            rooms[pupil.grade.label].add(pupil.room)
    first_row = _first_rows(file)
    for label, found in rooms.items():
        declared = (file.rooms or {}).get(label, 0)
        if declared and declared != len(found):
            words = {"grade": label, "found": len(found), "declared": declared}
            yield Hit(field="room", words=words, row=first_row[label], basis=(label, len(found), declared))


@RULES.row("C07", "citizen_id", "grade", cases=("", "jump", "fall"), given=("previous",))
def grade_moved_oddly(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """One grade up with each academic year, none within it; repeating happens and is explained."""
    before = setting.previous.by_id.get(pupil.identity.value or "") if setting.previous else None
    if setting.previous is None or before is None or pupil.grade is None or before.grade is None:
        return
    if "ปวช" in (pupil.grade.level, before.grade.level):
        return
    years = setting.year_be - setting.previous.year_be
    off = pupil.grade.code - before.grade.code - years
    if off == 0:
        return
    repeats = off == -years
    words = {"grade": pupil.grade.label, "before": before.grade.label}
    case = "jump" if off > 0 else "" if repeats else "fall"
    yield Hit(case, field="grade", words=words, basis=(before.grade.label, pupil.grade.label, years))


def _first_rows(file: File) -> dict[str, int]:
    """The grades that have pupils, and where the first of each stands."""
    rows: dict[str, int] = {}
    for pupil in countable(file.pupils):
        if pupil.grade is not None:
            rows.setdefault(pupil.grade.label, pupil.row)
    return rows
