"""The roll of a version: what is kept of its pupils, read again, and what makes two pupils look alike in the index."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import pytest
from dmc_files_for_tests import SECRET, check_pupils, make_id, pupil

from services.rounds.rules.dmc.layout import find_layout
from services.rounds.rules.dmc.pupils import Pupil, read_pupils
from services.rounds.rules.dmc.roll import Roll, read_roll, roll_of
from services.rounds.synthetic.disguises import DISGUISES
from services.rounds.synthetic.generate import generate
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import FORMATS, Spec
from shared.workbooks.packing import pack, unpack
from shared.workbooks.reading import read_book

ROW, ID_KEY, PERSON_KEY, NAME_KEY, GRADE, ROOM, SEX, ACTIVE = range(8)


def pupils_of(folder: Path, file_format: str, seed: int) -> tuple[list[Pupil], Roll]:
    """The pupils of a synthetic file as they are read, and their roll."""
    spec = Spec(
        School("57040012", "บ้านตัวอย่าง", EDUCATION_RANGES[1], pupils=60),
        seed=seed,
        file_format=file_format,
        disguises=tuple(random.Random(seed).sample(DISGUISES, 8)),
    )
    made = generate(spec, folder)
    (sheet,) = read_book(made.path, made.kind).sheets
    layout = find_layout(sheet.rows)
    assert layout is not None
    pupils = read_pupils(sheet.rows, layout, typed=sheet.typed, progress=lambda *_: None)
    return pupils, unpack(pack(roll_of(pupils, layout)))


def judged(one: Pupil) -> dict[str, Any]:
    """All that rules look at, without how the file wrote it."""
    values = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    del values["cells"], values["at"]
    values["birth"] = one.birth.day
    values["identity"] = one.identity.value
    return values


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_roll_that_is_read_again_holds_the_same_pupils(file_format: str, seed: int, tmp_path: Path) -> None:
    pupils, roll = pupils_of(tmp_path, file_format, seed)
    assert len(pupils) == 60
    assert [judged(one) for one in read_roll(roll)] == [judged(one) for one in pupils]


def test_a_roll_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        read_roll({"version": 99, "rows": [], "columns": {}})


def keys(tmp_path: Path, *pupils: dict[str, Any], secret: str = SECRET) -> list[list[Any]]:
    return list(check_pupils(tmp_path, *pupils, index_secret=secret)["entries"])


def test_the_same_id_makes_the_same_key_however_it_is_written(tmp_path: Path) -> None:
    number = make_id("1")
    written = (number, int(number), f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}")
    rows = keys(tmp_path, *(pupil(citizen_id=one, first_name=f"คน{place}") for place, one in enumerate(written)))
    assert len({row[ID_KEY] for row in rows}) == 1
    assert len({row[PERSON_KEY] for row in rows}) == len({row[NAME_KEY] for row in rows}) == 3


def test_the_same_person_under_another_id_is_told_by_names_and_birth_date(tmp_path: Path) -> None:
    one, other, twin = keys(
        tmp_path,
        pupil(first_name="สมชาย"),
        pupil(first_name=" สม ชาย"),
        pupil(first_name="สมชาย", birth_date="14/05/2562"),
    )
    assert one[PERSON_KEY] == other[PERSON_KEY] != twin[PERSON_KEY]
    assert one[NAME_KEY] == other[NAME_KEY] == twin[NAME_KEY]
    assert len({one[ID_KEY], other[ID_KEY], twin[ID_KEY]}) == 3


def test_what_is_missing_makes_no_key(tmp_path: Path) -> None:
    (row,) = keys(tmp_path, pupil(citizen_id="-", last_name="-", birth_date="-", nationality="ลาว"))
    assert row[ID_KEY] is row[PERSON_KEY] is row[NAME_KEY] is None


def test_a_key_says_nothing_without_the_secret(tmp_path: Path) -> None:
    one = pupil()
    (here,), (elsewhere,) = keys(tmp_path, one), keys(tmp_path, one, secret="ab" * 32)
    assert here[ID_KEY] != elsewhere[ID_KEY]
    assert one["citizen_id"] not in str(here)


def test_the_index_knows_grade_room_sex_and_who_is_not_counted(tmp_path: Path) -> None:
    present, absent = keys(tmp_path, pupil(), pupil(pending_discharge="รอจำหน่าย"))
    assert present[GRADE:] == [4, 1, "M", True]
    assert absent[ACTIVE] is False
    assert [present[ROW], absent[ROW]] == [3, 4]
