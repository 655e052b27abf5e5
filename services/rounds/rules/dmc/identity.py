"""I and F11: the citizen id, the G-code and the school's own number of a pupil.

Sources: Department of Provincial Administration (check digit), Ministry of Education (G-code), OBEC's list of common
errors of the rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date

from services.rounds.rules.dmc.identity_number import Kind, read_identity
from services.rounds.rules.dmc.layout import CITIZEN_ID, STUDENT_NO
from services.rounds.rules.dmc.pupils import Pupil, is_blank
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit
from shared.thai.dates import format_slashed
from shared.thai.national_id import PROVINCES, check_digit, is_valid

_ROWS_NAMED = 5
_RELATIVES = ("father_id", "mother_id", "guardian_id")
_NAMED = ("first_name", "last_name")


@RULES.row("F11", CITIZEN_ID)
def damaged_by_excel(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """``1.57041E+12`` or an id rounded to zeros: the last figures are lost for good."""
    if pupil.identity.kind is Kind.DAMAGED:
        yield Hit(field=CITIZEN_ID)


@RULES.row("I01", CITIZEN_ID)
def id_missing(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """Every pupil has a citizen id or a G-code."""
    if pupil.identity.kind is Kind.MISSING:
        yield Hit(field=CITIZEN_ID)


@RULES.row("I02", CITIZEN_ID, cases=("", "repaired"))
def id_malformed(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """Neither 13 digits nor G and 12; a leading zero lost in a number cell is put back if the check digit holds."""
    if pupil.identity.kind is Kind.MALFORMED:
        yield Hit(field=CITIZEN_ID)
    elif pupil.identity.repaired:
        yield Hit("repaired", field=CITIZEN_ID, value=pupil.identity.value)


@RULES.row("I03", CITIZEN_ID)
def check_digit_wrong(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """The 13th digit does not belong to the other twelve."""
    number = pupil.identity.value
    if number and pupil.identity.kind is Kind.THAI and check_digit(number[:12]) != int(number[12]):
        yield Hit(field=CITIZEN_ID)


@RULES.row("I04", CITIZEN_ID)
def id_impossible(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """No id begins with 9, none consists of one digit."""
    number = pupil.identity.value
    if number and pupil.identity.kind is Kind.THAI and (number[0] == "9" or len(set(number)) == 1):
        yield Hit(field=CITIZEN_ID)


@RULES.row("I05", CITIZEN_ID)
def g_code_impossible(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """A G-code names the year (BE) and the province in which it was given."""
    code = pupil.identity.value
    if not code or pupil.identity.kind is not Kind.G_CODE:
        return
    if int(code[1:3]) > setting.year_be % 100 or code[3:5] not in PROVINCES:
        yield Hit(field=CITIZEN_ID)


@RULES.row("I06", CITIZEN_ID, "nationality")
def g_code_of_a_thai(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """G-codes are for children without any number of the state; a Thai child has one."""
    if pupil.identity.kind is Kind.G_CODE and pupil.has_thai_nationality:
        yield Hit(field=CITIZEN_ID, basis=(pupil.identity.value, pupil.nationality))


@RULES.roll("I07", CITIZEN_ID)
def id_twice(pupils: Sequence[Pupil], _: Setting) -> Iterator[Hit]:
    """The same id or G-code in several rows; one finding on each of them."""
    yield from _repeated(((pupil.identity.value, pupil) for pupil in pupils if pupil.identity.value), CITIZEN_ID)


@RULES.roll("I08", STUDENT_NO)
def student_no_twice(pupils: Sequence[Pupil], _: Setting) -> Iterator[Hit]:
    """The school's own number is unique in the school; leading zeros count."""
    keyed = (((pupil.school_smis, pupil.student_no), pupil) for pupil in pupils if pupil.student_no)
    yield from _repeated(keyed, STUDENT_NO)


@RULES.roll("I09", CITIZEN_ID, *_NAMED, "birth_date")
def person_twice(pupils: Sequence[Pupil], _: Setting) -> Iterator[Hit]:
    """One name and birth date under two ids: a person entered twice, or an id typed wrong."""
    people: dict[tuple[str, str, date], list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        if pupil.identity.value and pupil.birth.day and not is_blank(pupil.first_name):
            people[(*_name(pupil), pupil.birth.day)].append(pupil)
    for found in people.values():
        if len({pupil.identity.value for pupil in found}) > 1:
            yield from _with_others(found, found)


@RULES.round("I10")
def id_in_another_school() -> Iterator[Hit]:
    """The same id in two schools of the area, present in both: a case between them, settled before acknowledging."""
    yield from ()


@RULES.row("I11", CITIZEN_ID, given=("elsewhere",))
def id_at_another_agency(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """The same id in the list of a private, municipal or non-formal school; settled with evidence."""
    agency = (setting.elsewhere or {}).get(pupil.identity.value or "")
    if agency and not pupil.pending:
        yield Hit(field=CITIZEN_ID, words={"agency": agency}, basis=(pupil.identity.value, agency))


@RULES.row("I12", CITIZEN_ID, *_NAMED, "birth_date", "sex", given=("previous",))
def person_changed(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """The id of the round before now bears another name, birth date or sex."""
    before = setting.previous.by_id.get(pupil.identity.value or "") if setting.previous else None
    if before is None:
        return
    for field in _NAMED:
        now, then = getattr(pupil, field), getattr(before, field)
        if now.replace(" ", "") != then.replace(" ", "") and not is_blank(now) and not is_blank(then):
            yield Hit(field=field, words={"before": then}, basis=(then, now))
    if pupil.birth.day and before.birth.day and pupil.birth.day != before.birth.day:
        words = {"before": format_slashed(before.birth.day)}
        yield Hit(field="birth_date", words=words, basis=(before.birth.day, pupil.birth.day))
    if pupil.sex and before.sex and pupil.sex != before.sex:
        yield Hit(field="sex", words={"before": before.text("sex")}, basis=(before.sex, pupil.sex))


@RULES.row("I13", CITIZEN_ID, among=_RELATIVES)
def relative_has_the_pupils_id(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """The id of a parent or guardian is another person's."""
    number = pupil.identity.value
    if number is None:
        return
    for field in _RELATIVES:
        cell = pupil.cell(field)
        if cell is not None and read_identity(cell, typed=True).value == number:
            yield Hit(field=field)


@RULES.row("I14", CITIZEN_ID, "nationality", cases=("", "stateless"))
def id_contradicts_nationality(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """0, 6 and 7 begin the ids of people without Thai nationality, 1 to 5 and 8 those of people who have one."""
    number = pupil.identity.value
    if number is None or pupil.identity.kind is not Kind.THAI:
        return
    if pupil.has_thai_nationality:
        wrong, case = number[0] in setting.params["not_thai"], ""
    elif is_blank(pupil.nationality) or pupil.nationality in setting.params["none"]:
        wrong, case = number[0] in setting.params["thai"], "stateless"
    else:
        return
    if wrong and is_valid(number):
        yield Hit(case, field=CITIZEN_ID, basis=(number, pupil.nationality))


@RULES.roll("I15", CITIZEN_ID, *_NAMED)
def ids_nearly_equal(pupils: Sequence[Pupil], _: Setting) -> Iterator[Hit]:
    """Two pupils of one name whose ids differ by one digit or two neighbours exchanged: one of them is mistyped."""
    named: dict[Hashable, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        if pupil.identity.kind is Kind.THAI and not is_blank(pupil.first_name):
            named[_name(pupil)].append(pupil)
    for namesakes in named.values():
        if len(namesakes) < 2:
            continue
        near: dict[Hashable, list[Pupil]] = defaultdict(list)
        for pupil in namesakes:
            for key in _slips(pupil.identity.value or ""):
                near[key].append(pupil)
        said: set[int] = set()
        for found in near.values():
            if len({pupil.identity.value for pupil in found}) > 1:
                fresh = [pupil for pupil in found if pupil.row not in said]
                said.update(pupil.row for pupil in fresh)
                yield from _with_others(fresh, found)


def _slips(number: str) -> Iterator[Hashable]:
    """Two ids share one of these if they differ by one digit, or by two neighbours exchanged."""
    for place in range(len(number)):
        yield place, number[:place], number[place + 1 :]
    for place in range(len(number) - 1):
        first, second = sorted(number[place : place + 2])
        if first != second:
            yield place, number[:place], first, second, number[place + 2 :]


def _name(pupil: Pupil) -> tuple[str, str]:
    return pupil.first_name.replace(" ", ""), pupil.last_name.replace(" ", "")


def _with_others(fresh: Sequence[Pupil], found: Sequence[Pupil]) -> Iterator[Hit]:
    """A finding on each of ``fresh``, naming the first of the others found."""
    nearest = [pupil.row for pupil in found[: _ROWS_NAMED + 1]]
    for pupil in fresh:
        others = ", ".join(str(row) for row in nearest if row != pupil.row)
        basis = (*_name(pupil), pupil.birth.day, pupil.identity.value)
        yield Hit(field=CITIZEN_ID, row=pupil.row, words={"others": others}, basis=basis)


def _repeated(keyed: Iterable[tuple[Hashable, Pupil]], field: str) -> Iterator[Hit]:
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for key, pupil in keyed:
        rows[key].append(pupil.row)
    for found in rows.values():
        if len(found) > 1:
            # Naming all rows on each of them would be quadratic in a file that repeats one number throughout.
            nearest = found[: _ROWS_NAMED + 1]
            for row in found:
                others = [str(other) for other in nearest if other != row][:_ROWS_NAMED]
                more = f" และอีก {len(found) - 1 - len(others):,} แถว" if len(found) - 1 > len(others) else ""
                yield Hit(field=field, row=row, words={"others": ", ".join(others) + more, "count": len(found)})
