"""R: this round against the one before, pupil by pupil. Source: OBEC's list of common errors of the rounds.

Until the ledger of movements exists a pupil who came or is gone is a warning, explained by its kind (new, in, out,
graduated, left, other). Head counts are compared by grade within one academic year only: all grades move on after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.rounds.rules.dmc.grades import offered_codes
from services.rounds.rules.dmc.layout import CITIZEN_ID
from services.rounds.rules.dmc.pupils import FEMALE, MALE, Pupil, countable
from services.rounds.rules.dmc.rulebook import RULES, File, Setting
from services.rounds.rules.model import Hit

_SEXES = {MALE: "ชาย", FEMALE: "หญิง"}
_LAST_ROUND = 3


@dataclass(frozen=True)
class Comparison:
    """Who is in both rolls (``same``: before, now), who has come, who is missing. Each pupil stands in one of them."""

    same: list[tuple[Pupil, Pupil]]
    come: list[Pupil]
    missing: list[Pupil]


def compare(before: Sequence[Pupil], now: Sequence[Pupil]) -> Comparison:
    """Find the pupils of one roll in another: by id, and by school number and first name where the id was corrected."""
    left = list(countable(before))
    same: list[tuple[Pupil, Pupil]] = []
    come = list(now)
    for key in (_by_id, _by_number):
        known: dict[object, list[Pupil]] = {}
        for pupil in reversed(left):
            known.setdefault(key(pupil), []).append(pupil)
        known.pop(None, None)
        unknown = []
        for pupil in come:
            found = known.get(key(pupil))
            if found:
                same.append((found.pop(), pupil))
            else:
                unknown.append(pupil)
        come = unknown
        matched = {id(old) for old, _ in same}
        left = [pupil for pupil in left if id(pupil) not in matched]
    return Comparison(same, come, left)


def _by_id(pupil: Pupil) -> object:
    return pupil.identity.value


def _by_number(pupil: Pupil) -> object:
    return (pupil.student_no, pupil.first_name) if pupil.student_no and pupil.first_name else None


@RULES.file("R01", cases=("", "grade"), given=("previous",))
def head_count_differs(file: File) -> Iterator[Hit]:
    """N now = N before + who came − who is gone: the sum that the movements have to explain."""
    if file.previous is None or not file.is_readable:
        return
    by_grade = file.previous.year_be == file.year_be
    now, before = (_heads(pupils, by_grade=by_grade) for pupils in (file.pupils, file.previous.pupils))
    for key in sorted(now.keys() | before.keys()):
        if now[key] != before[key]:
            _order, grade, sex = key
            words = {"grade": grade, "sex": _SEXES[sex], "now": now[key], "before": before[key]}
            yield Hit("grade" if by_grade else "", words=words, basis=(grade, sex, now[key], before[key]))


@RULES.file("R02", given=("previous",))
def pupil_missing(file: File) -> Iterator[Hit]:
    """Present in the round before and not in the file."""
    if file.previous is None or not file.is_readable:
        return
    for pupil in compare(file.previous.pupils, file.pupils).missing:
        name = f"{pupil.first_name} {pupil.last_name}".strip()
        words = {"grade": pupil.grade.label if pupil.grade else "-", "room": pupil.room or "-"}
        value = " ".join(part for part in (pupil.identity.value or pupil.student_no, name) if part)
        yield Hit(words=words, value=value, absentee=pupil.row_identity, basis=(pupil.row_identity,))


@RULES.roll("R03", CITIZEN_ID, given=("previous",))
def pupil_has_come(pupils: Sequence[Pupil], setting: Setting) -> Iterator[Hit]:
    """In the file and not in the round before."""
    if setting.previous is None:
        return
    known = {pupil.identity.value for pupil in setting.previous.pupils}
    for pupil in compare(setting.previous.pupils, pupils).come:
        # who was there and could not be struck off (3.1.8) has not come anew
        if not pupil.pending and (pupil.identity.value is None or pupil.identity.value not in known):
            yield Hit(field=CITIZEN_ID, row=pupil.row, basis=(pupil.row_identity,))


@RULES.roll("R04", given=("movements",))
def transfer_unclaimed(_: Sequence[Pupil], __: Setting) -> Iterator[Hit]:
    """Transferred out and taken in by nobody at the as-of date: a child who may be dropping out."""
    yield from ()


@RULES.roll("R05", given=("movements",))
def movement_misdated(_: Sequence[Pupil], __: Setting) -> Iterator[Hit]:
    """A movement after the as-of date, or before the as-of date of the round before."""
    yield from ()


@RULES.roll("R06", given=("movements",))
def moved_after_the_exam(_: Sequence[Pupil], __: Setting) -> Iterator[Hit]:
    """Round 3: taken in after the final exam, or moved up by hand: the system promotes after the round."""
    yield from ()


@RULES.file("R07", given=("previous",))
def top_grade_gone(file: File) -> Iterator[Hit]:
    """Round 3: the top grade has nobody although it had pupils in round 2: graduated by mistake before the round."""
    previous = file.previous
    if previous is None or not file.is_readable or file.round_no != _LAST_ROUND or previous.year_be != file.year_be:
        return
    now, before = (_grades(pupils) for pupils in (file.pupils, previous.pupils))
    offered = offered_codes(file.school.education_range)
    top = max(offered or before, default=None)
    if top in before and top not in now:
        words = {"grade": before[top][0], "before": before[top][1]}
        yield Hit(field="grade", words=words, basis=before[top])


@RULES.roll("R08", given=("movements",))
def result_missing(_: Sequence[Pupil], __: Setting) -> Iterator[Hit]:
    """Round 3: a pupil without a result, a repeater without a reason, a graduate without a destination."""
    yield from ()


@RULES.row("R09", CITIZEN_ID, "pending_discharge", given=("previous", "earlier"))
def pending_for_long(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Not struck off for more than two rounds (3.1.8)."""
    if not pupil.pending or setting.previous is None or setting.earlier is None:
        return
    number = pupil.identity.value or ""
    rounds = [round_.by_id.get(number) for round_ in (setting.previous, setting.earlier)]
    if all(found is not None and found.pending for found in rounds):
        yield Hit(field="pending_discharge", basis=(number, "pending"))


@RULES.file("R10", given=("standing",))
def many_moved(file: File) -> Iterator[Hit]:
    """A third of the school has another room or number than in the version before: a column slipped, more likely."""
    if file.standing is None or not file.is_readable:
        return
    same = compare(file.standing, file.pupils).same
    moved = sum((old.room, old.student_no) != (new.room, new.student_no) for old, new in same)
    params = file.params("R10")
    if moved >= params["least_pupils"] and moved * 100 > params["percent"] * len(same):
        yield Hit(words={"moved": moved, "count": len(same)}, basis=(moved, len(same)))


def _heads(pupils: Sequence[Pupil], *, by_grade: bool) -> Counter[tuple[int, str, str]]:
    """Pupils who are present, by grade (its order and label) and sex; all grades as one where they have moved on."""
    heads: Counter[tuple[int, str, str]] = Counter()
    for pupil in countable(pupils):
        if pupil.sex is not None and (pupil.grade is not None or not by_grade):
            grade = (pupil.grade.code, pupil.grade.label) if by_grade and pupil.grade else (0, "")
            heads[(*grade, pupil.sex)] += 1
    return heads


def _grades(pupils: Sequence[Pupil]) -> dict[int, tuple[str, int]]:
    """By code the label of each grade that has pupils, and how many."""
    grades = [pupil.grade for pupil in countable(pupils) if pupil.grade is not None]
    counts = Counter(grade.code for grade in grades)
    return {grade.code: (grade.label, counts[grade.code]) for grade in grades}
