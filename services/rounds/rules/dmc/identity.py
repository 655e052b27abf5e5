"""I and F11: the citizen id, the G-code and the school's own number of a pupil.

Sources: Department of Provincial Administration (check digit), Ministry of Education (G-code), OBEC's list of common
errors of the rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from services.rounds.rules.dmc.identity_number import Kind
from services.rounds.rules.dmc.layout import CITIZEN_ID, STUDENT_NO
from services.rounds.rules.dmc.pupils import Pupil
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit
from shared.thai.national_id import PROVINCES, check_digit

_ROWS_NAMED = 5


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
