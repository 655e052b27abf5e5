"""The invented children are plausible: ids, families, ages, sizes; and the same seed invents the same ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rounds.synthetic.citizen_ids import last_digit
from services.rounds.synthetic.families import thai_names
from services.rounds.synthetic.grades import EDUCATION_RANGES, GRADES, age_on, band_of, grades_of, usual_births
from services.rounds.synthetic.places import TAMBONS
from services.rounds.synthetic.pupils import Pupil, School, draw_pupils

AS_OF = date(2026, 6, 10)
BIG = School("57040001", "บ้านใหญ่", EDUCATION_RANGES[1], pupils=600)


@pytest.fixture(scope="module")
def pupils() -> list[Pupil]:
    return draw_pupils(BIG, 2569, AS_OF, seed=11)


@pytest.mark.parametrize(
    "valid",
    [
        "1570405990387", "2570457466024", "3570489566197", "5570478492924", "6570426829683",
        "7570429659884", "8570433463679", "0570407706092", "1570400000061", "1570400000010",
    ],
)  # fmt: skip
def test_the_check_digit_is_the_departments(valid: str) -> None:
    assert last_digit(valid[:12]) == valid[12]


def test_every_id_is_valid_and_given_once(pupils: list[Pupil]) -> None:
    ids = [pupil.citizen_id for pupil in pupils]
    assert len(set(ids)) == len(ids)
    for number in ids:
        assert len(number) == 13
        if number.startswith("G"):
            assert 66 <= int(number[1:3]) <= 69
            assert number[3:5] == "57"
        else:
            assert number[0] != "9"
            assert last_digit(number[:12]) == number[12]


def test_most_ids_begin_with_1_and_some_are_of_people_without_civil_status(pupils: list[Pupil]) -> None:
    first = Counter(pupil.citizen_id[0] for pupil in pupils)
    assert first["1"] > 400
    assert min(first["0"], first["7"], first["G"]) > 3


def test_nobody_with_a_g_code_or_a_number_of_the_stateless_is_thai(pupils: list[Pupil]) -> None:
    without = [pupil for pupil in pupils if pupil.citizen_id[0] in "067G"]
    assert without
    assert all(pupil.family.nationality != "ไทย" for pupil in without)


def test_brothers_and_sisters_share_surname_parents_and_home(pupils: list[Pupil]) -> None:
    families = defaultdict(list)
    for pupil in pupils:
        families[id(pupil.family)].append(pupil)
    siblings = [children for children in families.values() if len(children) > 1]
    assert len(siblings) > 60
    for children in siblings:
        assert len({child.last_name for child in children}) == 1
        assert len({child.first_name for child in children}) == len(children)
        births = sorted({child.birth for child in children})
        assert all((later - earlier).days > 300 for earlier, later in pairwise(births))


def test_ages_titles_and_bodies_fit_the_grade(pupils: list[Pupil]) -> None:
    for pupil in pupils:
        first, last = usual_births(pupil.grade, 2569)
        assert first <= pupil.birth <= last
        assert pupil.age == age_on(pupil.birth, AS_OF)
        assert pupil.title in {"ช": ("เด็กชาย", "นาย", "สามเณร"), "ญ": ("เด็กหญิง", "นางสาว")}[pupil.sex]
        assert pupil.title not in (("เด็กชาย", "เด็กหญิง") if pupil.age >= 15 else ("นาย", "นางสาว"))
        band = band_of(pupil.grade)
        assert band.least_kg <= pupil.weight_kg <= band.most_kg
        assert band.least_cm <= pupil.height_cm <= band.most_cm


def test_usual_births_are_those_of_the_announcements() -> None:
    assert usual_births("อ.1", 2566) == (date(2019, 5, 17), date(2020, 5, 16))
    assert usual_births("ป.1", 2566) == (date(2016, 1, 1), date(2016, 12, 31))
    assert usual_births("ม.1", 2569) == (date(2013, 1, 1), date(2013, 12, 31))


def test_an_address_is_a_tambon_of_its_amphoe(pupils: list[Pupil]) -> None:
    assert all(pupil.family.home.tambon in TAMBONS[pupil.family.home.amphoe] for pupil in pupils)


def test_most_disadvantaged_pupils_are_poor(pupils: list[Pupil]) -> None:
    kinds = Counter(pupil.family.disadvantage for pupil in pupils)
    assert kinds["เด็กยากจน"] > 0.7 * len(pupils)


@settings(max_examples=15, deadline=None)
@given(size=st.integers(0, 150), seed=st.integers(0, 10**6), education_range=st.sampled_from(EDUCATION_RANGES))
def test_a_school_has_its_size_and_rooms_without_gaps(size: int, seed: int, education_range: str) -> None:
    school = School("57040002", "บ้านหลวง", education_range, size, rooms={"ป.2": 2})
    pupils = draw_pupils(school, 2569, AS_OF, seed)
    assert len(pupils) == size
    assert {pupil.grade for pupil in pupils} <= set(grades_of(education_range))
    rooms = defaultdict(set)
    for pupil in pupils:
        if not pupil.pending:
            rooms[pupil.grade].add(pupil.room)
    assert all(found == set(range(1, len(found) + 1)) for found in rooms.values())
    assert [GRADES.index(pupil.grade) for pupil in pupils] == sorted(GRADES.index(pupil.grade) for pupil in pupils)


def test_the_same_seed_gives_the_same_pupils_and_another_seed_others(pupils: list[Pupil]) -> None:
    assert draw_pupils(BIG, 2569, AS_OF, seed=11) == pupils
    assert draw_pupils(BIG, 2569, AS_OF, seed=12) != pupils


def test_rolls_that_are_drawn_at_the_same_time_are_those_that_are_drawn_one_after_another() -> None:
    def names_of(seed: int, meanwhile: Callable[[], object]) -> list[str]:
        names = thai_names()
        names.seed_instance(seed)
        first = names.first_name()
        meanwhile()
        return [first, names.last_name(), names.first_name()]

    alone = [names_of(seed, lambda: None) for seed in (1, 2)]
    with ThreadPoolExecutor(1) as other:
        together = names_of(1, lambda: alone.append(other.submit(names_of, 2, lambda: None).result()))
    assert [together, alone[2]] == alone[:2]
