"""Families of a border area: who the parents are, where they live, who looks after the children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from threading import local

from faker import Faker

from services.rounds.synthetic.citizen_ids import IdSource
from services.rounds.synthetic.places import PROVINCE, TAMBONS

THAI = "ไทย"
UNKNOWN = "ไม่ปรากฎ"  # as DMC spells it

_JOBS = {
    "เกษตรกร": 45, "รับจ้าง": 33, "ค้าขาย/ธุรกิจส่วนตัว": 9, "ลูกจ้าง/พนักงาน": 5,
    "รับราชการ": 4, "ไม่ได้ประกอบอาชีพ": 4,
}  # fmt: skip
_RELATIONS = {"มารดา": 42, "บิดา": 27, "ยาย": 13, "ย่า": 9, "ตา": 4, "ป้า": 3, "ลุง": 2}
_MEN = frozenset({"บิดา", "ตา", "ลุง", "ปู่"})
_FOREIGN = ("เมียนมา", "ลาว", "จีน")

# How the family stands in the civil register, and how many of a hundred families do.
_STANDINGS = {"thai": 83, "stateless": 9, "migrant": 8}
_FIRST_DIGITS: dict[str, dict[str, float]] = {
    "thai": {"1": 94, "2": 3, "3": 1, "4": 0.5, "5": 1, "8": 0.5},
    "stateless": {"0": 55, "7": 40, "6": 5},
    "migrant": {"G": 60, "0": 25, "6": 10, "7": 5},
}


# A source for each thread: rolls that are drawn at the same time would take names out of each other's row.
_OWN = local()


def thai_names() -> Faker:
    """The thread's source of names; whoever uses it seeds it first."""
    if not hasattr(_OWN, "names"):
        _OWN.names = Faker("th_TH")
    names: Faker = _OWN.names
    return names


def draw(rng: Random, weights: Mapping[str, float]) -> str:
    """One of the keys, as often as its weight says."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


@dataclass(frozen=True)
class Adult:
    first_name: str
    last_name: str
    job: str


@dataclass(frozen=True)
class Home:
    house_no: str
    moo: str
    road: str
    tambon: str
    amphoe: str
    province: str


@dataclass(frozen=True)
class Family:
    """What brothers and sisters share. ``standing``: how the family stands in the civil register."""

    standing: str
    surname: str
    nationality: str
    race: str
    religion: str
    home: Home
    father: Adult
    mother: Adult
    guardian: Adult
    relation: str
    disadvantage: str


def draw_family(rng: Random) -> Family:
    standing = draw(rng, _STANDINGS)
    names = thai_names()
    nationality, race = _belonging(rng, standing)
    surname = names.last_name()
    father = _parent(rng, names.first_name_male(), surname)
    # Of people without a state many adults have no surname; a child without one is a finding, and is planted.
    elders_surname = "-" if standing != "thai" and rng.random() < 0.35 else surname
    mother = _parent(rng, names.first_name_female(), rng.choice((elders_surname, names.last_name())))
    while mother.first_name == father.first_name == UNKNOWN:
        mother = _parent(rng, names.first_name_female(), elders_surname)
    relation, guardian = _guardian(rng, father, mother, elders_surname)
    return Family(
        standing=standing,
        surname=surname,
        nationality=nationality,
        race=race,
        religion=draw(rng, {"พุทธ": 84, "คริสต์": 14, "อิสลาม": 2}),
        home=_home(rng),
        father=father,
        mother=mother,
        guardian=guardian,
        relation=relation,
        disadvantage=draw(rng, {"เด็กยากจน": 78, "-": 18, "ชนกลุ่มน้อย": 2, "กำพร้า": 1, "เด็กถูกทอดทิ้ง": 1}),
    )


def draw_id(rng: Random, source: IdSource, standing: str, year_be: int) -> str:
    """A citizen id, or a G-code, of the kind that children of such a family have."""
    first = draw(rng, _FIRST_DIGITS[standing])
    if first == "G":
        return source.g_code(year_be - rng.randrange(4))
    return source.citizen_id(first)


def _belonging(rng: Random, standing: str) -> tuple[str, str]:
    """Nationality and race."""
    if standing == "thai":
        return THAI, draw(rng, {THAI: 92, "ลาว": 4, "จีน": 4})
    if standing == "migrant":
        country = rng.choices(_FOREIGN, weights=(70, 28, 2))[0]
        return country, country
    return rng.choice(("ไม่มีสัญชาติ", "เมียนมา", "ลาว")), rng.choice(_FOREIGN)


def _parent(rng: Random, first_name: str, last_name: str) -> Adult:
    if rng.random() < 0.05:
        return Adult(UNKNOWN, UNKNOWN, "-")
    return Adult(first_name, last_name, draw(rng, _JOBS))


def _guardian(rng: Random, father: Adult, mother: Adult, surname: str) -> tuple[str, Adult]:
    """A parent who is known, else (and often here, where parents work far away) a grandparent or aunt."""
    relation = draw(rng, _RELATIONS)
    parent = {"บิดา": father, "มารดา": mother}.get(relation)
    if parent and parent.first_name != UNKNOWN:
        return relation, parent
    if parent:
        relation = "ยาย"
    names = thai_names()
    first_name = names.first_name_male() if relation in _MEN else names.first_name_female()
    return relation, Adult(first_name, surname, draw(rng, _JOBS))


def _home(rng: Random) -> Home:
    amphoe = rng.choice(list(TAMBONS))
    house = str(rng.randrange(1, 400))
    return Home(
        house_no=f"{house}/{rng.randrange(1, 30)}" if rng.random() < 0.2 else house,
        moo=str(rng.randrange(1, 19)) if rng.random() < 0.95 else rng.choice(("0", "-")),
        road="-",
        tambon=rng.choice(TAMBONS[amphoe]),
        amphoe=amphoe,
        province=PROVINCE,
    )
