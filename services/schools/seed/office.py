"""What the demo office is made of: the areas, the files in ``data/`` and the synthetic people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from faker import Faker

DATA = Path(__file__).parent / "data"

OBEC_CODE = "obec"
OBEC_NAME = "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"


@dataclass(frozen=True)
class DemoArea:
    """An area of the demo office. ``suffix`` tells its accounts from those of the first one.

    The queues of the whole system are looked after in one place only: ``runs_system``.
    """

    code: str
    name: str
    suffix: str = ""
    runs_system: bool = False

    @property
    def teacher_school(self) -> str:
        """Where the demo teacher and the demo school's clerk work."""
        return f"{self.code}0001"


AREAS = (
    DemoArea("5704", "สพป.เชียงราย เขต 4", runs_system=True),
    DemoArea("5703", "สพป.เชียงราย เขต 3", suffix="-5703"),
)


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


def schools(area: DemoArea) -> list[SchoolEntry]:
    """The open schools of an area, by SMIS code."""
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
        for row in _rows(f"schools_{area.code}.csv")
    ]


def closed_schools(area: DemoArea) -> list[SchoolEntry]:
    """The codes of schools that are no more (rounds.md §2.1): of them nothing but the code is known."""
    return [
        SchoolEntry(row["smis_code"], None, None, _name_of_closed(row["smis_code"]), "", None, None, None)
        for row in _rows(f"closed_{area.code}.csv")
    ]


def groups() -> list[tuple[str, str]]:
    """The groups of an area office, the same in each: last segment of the path, name."""
    return [(row["slug"], row["name"]) for row in _rows("groups.csv")]


def group_code(area: DemoArea, slug: str) -> str:
    """What a group of an area is called outside this service."""
    return f"{area.code}-{slug}"


def posts(area: DemoArea) -> Iterator[Post]:
    """The accounts of an area: every role of DESIGN §1, a data officer and a director for each school."""
    for post in _office_posts(area):
        yield replace(post, username=f"{post.username}{area.suffix}")
    for school in schools(area):
        yield Post(f"data-{school.smis}", ("data_officer",), school.smis, school.smis)
        yield Post(f"director-{school.smis}", ("school_director",), school.smis, school.smis)


def _office_posts(area: DemoArea) -> Iterator[Post]:
    ict, administration = group_code(area, "g-ict"), group_code(area, "g-admin")
    yield Post("admin", ("area_admin", "ops") if area.runs_system else ("area_admin",), area.code, ict)
    yield Post("officer", ("officer",), area.code, ict)
    yield Post("groupdirector", ("group_director",), area.code, ict)
    yield Post("deputydirector", ("deputy_director",), area.code, area.code)
    yield Post("areadirector", ("area_director",), area.code, area.code)
    yield Post("registrar", ("registrar",), area.code, administration)
    yield Post("recordsofficer", ("records_officer",), area.code, administration)
    yield Post("auditor", ("auditor",), area.code, group_code(area, "g-audit"))
    if area.runs_system:
        yield Post("ops", ("ops",), area.code, ict)
    yield Post("teacher", ("teacher",), area.teacher_school, area.teacher_school)
    yield Post("groupclerk", ("registrar",), ict, ict)
    yield Post("schoolclerk", ("registrar",), area.teacher_school, area.teacher_school)


def synthetic_names(area: DemoArea) -> Iterator[Name]:
    """Names without end, the same ones in every demo office."""
    faker = Faker("th_TH")
    faker.seed_instance(int(area.code))
    while True:
        title = faker.random_element(("นาย", "นาง", "นางสาว"))
        given_name = faker.first_name_male() if title == "นาย" else faker.first_name_female()
        yield Name(title, given_name, faker.last_name())


def _name_of_closed(smis: str) -> str:
    return f"โรงเรียนที่ยุบเลิกแล้ว (รหัส {smis})"


def _rows(filename: str) -> list[dict[str, str]]:
    with (DATA / filename).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
