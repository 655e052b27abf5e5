"""I01-I09, I14, I15 and F11: ids, G-codes and school numbers that are missing, damaged, wrong or there twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from services.rounds.synthetic.citizen_ids import complete, last_digit
from services.rounds.synthetic.defects.model import ERROR, INFO, WARN, Defect, Mark, cell_defect, has_number
from services.rounds.synthetic.draft import Draft, Row
from services.rounds.synthetic.families import THAI
from services.rounds.synthetic.layout import Cell


def _is_thai(row: Row) -> bool:
    return row.pupil.family.nationality == THAI


def _is_foreign(row: Row) -> bool:
    return not _is_thai(row)


def _ends_in_digits(row: Row) -> bool:
    """An id on two zeros that is wrong in the third place would look rounded (F11), not mistyped."""
    return has_number(row) and row.pupil.citizen_id[10:12] != "00"


def _wrong_digit(row: Row, _: Draft, rng: Random) -> str:
    first12 = row.pupil.citizen_id[:12]
    return first12 + rng.choice([digit for digit in "0123456789" if digit != last_digit(first12)])


def _transposed(row: Row, draft: Draft, rng: Random) -> str:
    """Two neighbours exchanged, the commonest slip; where the check digit happens to hold, another digit is wrong."""
    text = row.pupil.citizen_id
    for place in rng.sample(range(1, 11), 10):
        slip = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        if last_digit(slip[:12]) != slip[12]:
            return slip
    return _wrong_digit(row, draft, rng)


def _twelve_digits(row: Row, _: Draft, rng: Random) -> int:
    """A number cell that no lost 0 explains: with the 0 put back the check digit does not hold."""
    eleven = row.pupil.citizen_id[:11]
    return int(eleven + rng.choice([digit for digit in "0123456789" if digit != last_digit("0" + eleven)]))


def _masked(row: Row, _: Draft, __: Random) -> str:
    return f"{row.pupil.citizen_id[:5]}..{row.pupil.citizen_id[-6:]}"


def _nine(_: Row, __: Draft, rng: Random) -> str:
    first12 = f"9{rng.randrange(10**11):011d}"
    return first12 + last_digit(first12)


def _rounded(row: Row, _: Draft, rng: Random) -> int:
    """What is left of an id after ``1.57041E+12`` was saved and opened again as a number."""
    head = row.pupil.citizen_id[:5] + str(rng.randrange(1, 10))
    while last_digit(head + "000000") == "0":
        head = head[:5] + str(rng.randrange(1, 10))
    return int(head + "0" * 7)


def _g_code(rng: Random, year_be: int, province: str = "57") -> str:
    return f"G{year_be % 100:02d}{province}{rng.randrange(10**6, 10**7):08d}"


def _g_of_next_year(_: Row, draft: Draft, rng: Random) -> str:
    return _g_code(rng, draft.year_be + 1)


def _g_of_no_province(_: Row, draft: Draft, rng: Random) -> str:
    return _g_code(rng, draft.year_be - 1, rng.choice(("00", "09", "28", "29", "59", "68", "69", "79", "87", "98")))


def _g_thai(_: Row, draft: Draft, rng: Random) -> str:
    return _g_code(rng, draft.year_be - 1)


def _repeated(
    name: str, field: str, times: int, write: Callable[[str], Cell] = str, suits: Callable[[Row], bool] = has_number
) -> Defect:
    """The value of one row stands in others too; every one of them is a finding.

    A G-code may be repeated only on pupils who may have one.
    """

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        rows = [draft.take(rng, suits) for _ in range(times)]
        original = draft.rows[rows[0]].pupil
        value = original.citizen_id if field == "citizen_id" else original.student_no
        draft.rows[rows[0]].cells[field] = value
        for number in rows[1:]:
            draft.rows[number].cells[field] = write(value)
        return [Mark(name.partition(".")[0], ERROR, number, field) for number in rows]

    return Defect(name, plant)


def _hyphenated(text: str) -> str:
    return f"{text[0]}-{text[1:5]}-{text[5:10]}-{text[10:12]}-{text[12:]}"


def _id_defect(name: str, value: Cell | Callable[[Row, Draft, Random], Cell], suits: Callable[[Row], bool]) -> Defect:
    return cell_defect(name, ERROR, "citizen_id", value, suits)


def _one_digit(name: str, value: str) -> Defect:
    """Thirteen times the same digit: there is no such digit whose check digit holds, so two rules speak."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng)
        draft.rows[number].cells["citizen_id"] = value
        return [Mark(rule, ERROR, number, "citizen_id") for rule in ("I03", "I04")]

    return Defect(name, plant)


def _person_twice(draft: Draft, rng: Random) -> list[Mark]:
    """One child in two rows, each with an id of its own."""
    first = draft.take(rng)
    row = draft.rows[first]
    second = draft.take(rng, lambda other: (other.grade, other.pupil.sex) == (row.grade, row.pupil.sex))
    same = ("first_name", "last_name", "birth_date", "age", "title")
    draft.rows[second].cells |= {field: row.cells[field] for field in same}
    return [Mark("I09", WARN, number, "citizen_id") for number in (first, second)]


def _slip(draft: Draft, rng: Random) -> list[Mark]:
    """Two namesakes, the id of one that of the other but for its last digit, which then is wrong."""
    first, second = draft.take(rng, _ends_in_digits), draft.take(rng, _is_thai)
    row, other = draft.rows[first], draft.rows[second]
    other.cells |= {"first_name": row.cells["first_name"], "last_name": row.cells["last_name"]}
    other.cells["citizen_id"] = _wrong_digit(row, draft, rng)
    namesakes = [Mark("I15", INFO, number, "citizen_id") for number in (first, second)]
    twins = [Mark("I09", WARN, number, "citizen_id") for number in (first, second)]
    same_day = row.pupil.birth == other.pupil.birth
    return [*namesakes, *(twins if same_day else ()), Mark("I03", ERROR, second, "citizen_id")]


def _of_the_stateless(_: Row, __: Draft, rng: Random) -> str:
    return complete(f"7{rng.randrange(10**11):011d}")


def _any(_: Row) -> bool:
    return True


DEFECTS = (
    _id_defect("F11.exponent", lambda row, _, __: f"{float(row.pupil.citizen_id):.5E}", has_number),
    _id_defect("F11.rounded", _rounded, has_number),
    _id_defect("I01.blank", "", _any),
    _id_defect("I01.dash", "-", _any),
    _id_defect("I01.unknown", "ไม่ปรากฎ", _any),
    _id_defect("I01.dots", "....", _any),
    _id_defect("I02.masked", _masked, has_number),
    _id_defect("I02.short", lambda row, _, __: row.pupil.citizen_id[:11], has_number),
    _id_defect("I02.long", lambda row, _, __: row.pupil.citizen_id + "5", has_number),
    _id_defect("I02.letter", lambda row, _, __: row.pupil.citizen_id[:6] + "O" + row.pupil.citizen_id[7:], has_number),
    _id_defect("I02.passport", "MA1234567", _is_foreign),
    _id_defect("I02.twelve-digits", _twelve_digits, has_number),
    _id_defect("I02.short-g-code", lambda _, draft, rng: _g_code(rng, draft.year_be)[:12], _is_foreign),
    _id_defect("I03.digit", _wrong_digit, _ends_in_digits),
    _id_defect("I03.transposed", _transposed, _ends_in_digits),
    _id_defect("I03.counted-up", "1234567890123", has_number),
    _id_defect("I04.nine", _nine, _any),
    _one_digit("I04.ones", "1111111111111"),
    _one_digit("I04.zeros", "0000000000000"),
    _id_defect("I05.year", _g_of_next_year, _is_foreign),
    _id_defect("I05.province", _g_of_no_province, _is_foreign),
    cell_defect("I06.thai", WARN, "citizen_id", _g_thai, _is_thai),
    _repeated("I07.twice", "citizen_id", 2, suits=_is_thai),
    _repeated("I07.three-times", "citizen_id", 3, suits=_is_thai),
    _repeated("I07.disguised", "citizen_id", 2, _hyphenated, _is_thai),
    _repeated("I07.stateless", "citizen_id", 2, suits=_is_foreign),
    Defect("I09.twice", _person_twice),
    cell_defect("I14.seven", WARN, "citizen_id", _of_the_stateless, _is_thai),
    Defect("I15.slip", _slip),
    _repeated("I08.twice", "student_no", 2),
    _repeated("I08.three-times", "student_no", 3),
)
