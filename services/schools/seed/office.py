"""What the demo office is made of: the files in ``data/`` and the synthetic people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faker import Faker

DATA = Path(__file__).parent / "data"
FAKER_SEED = 5704

AREA_CODE = "5704"
AREA_NAME = "สพป.เชียงราย เขต 4"
OBEC_CODE = "obec"
OBEC_NAME = "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
TEACHER_SCHOOL = "57040001"


@dataclass(frozen=True)
class SchoolEntry:
    """A school as its source has it; what the source leaves empty is None."""

    smis: str
    ministry_code: str | None
    obec6_code: str | None
    name: str
    education_range: str
    tambon: str | None
    amphoe: str | None
    province: str | None


@dataclass(frozen=True)
class Post:
    """A demo account: its roles, the unit at which they are held and the unit in which its person works."""

    username: str
    roles: tuple[str, ...]
    scope: str
    works_in: str


@dataclass(frozen=True)
class Name:
    """The name of somebody who does not exist."""

    title: str
    given_name: str
    family_name: str


def schools() -> list[SchoolEntry]:
    """The open schools, by SMIS code."""
    return [
        SchoolEntry(
            smis=row["smis_code"],
            ministry_code=row["ministry_code"] or None,
            obec6_code=row["obec6_code"] or None,
            name=row["name_th"],
            education_range=row["education_range"],
            tambon=row["tambon"] or None,
            amphoe=row["amphoe"] or None,
            province=row["province"] or None,
        )
        for row in _rows("schools_5704.csv")
    ]


def closed_schools() -> list[SchoolEntry]:
    """The codes of schools that are no more (rounds.md §2.1): of them nothing but the code is known."""
    return [
        SchoolEntry(row["smis_code"], None, None, _name_of_closed(row["smis_code"]), "", None, None, None)
        for row in _rows("closed_5704.csv")
    ]


def groups() -> list[tuple[str, str]]:
    """The groups of the area office: last segment of the path, name."""
    return [(row["slug"], row["name"]) for row in _rows("groups_5704.csv")]


def group_code(slug: str) -> str:
    """What a group of the area is called outside this service; areas have groups of the same kind."""
    return f"{AREA_CODE}-{slug}"


def posts() -> Iterator[Post]:
    """The accounts of the demo office: every role of DESIGN §1, a data officer and a director for each school."""
    ict, office = group_code("g-ict"), group_code("g-admin")
    yield Post("admin", ("area_admin", "ops"), AREA_CODE, ict)
    yield Post("officer", ("officer",), AREA_CODE, ict)
    yield Post("groupdirector", ("group_director",), AREA_CODE, ict)
    yield Post("deputydirector", ("deputy_director",), AREA_CODE, AREA_CODE)
    yield Post("areadirector", ("area_director",), AREA_CODE, AREA_CODE)
    yield Post("registrar", ("registrar",), AREA_CODE, office)
    yield Post("recordsofficer", ("records_officer",), AREA_CODE, office)
    yield Post("auditor", ("auditor",), AREA_CODE, group_code("g-audit"))
    yield Post("ops", ("ops",), AREA_CODE, ict)
    yield Post("teacher", ("teacher",), TEACHER_SCHOOL, TEACHER_SCHOOL)
    for school in schools():
        yield Post(f"data-{school.smis}", ("data_officer",), school.smis, school.smis)
        yield Post(f"director-{school.smis}", ("school_director",), school.smis, school.smis)


def synthetic_names() -> Iterator[Name]:
    """Names without end, the same ones in every demo office."""
    faker = Faker("th_TH")
    faker.seed_instance(FAKER_SEED)
    while True:
        title = faker.random_element(("นาย", "นาง", "นางสาว"))
        given_name = faker.first_name_male() if title == "นาย" else faker.first_name_female()
        yield Name(title, given_name, faker.last_name())


def _name_of_closed(smis: str) -> str:
    return f"โรงเรียนที่ยุบเลิกแล้ว (รหัส {smis})"


def _rows(filename: str) -> list[dict[str, str]]:
    with (DATA / filename).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
