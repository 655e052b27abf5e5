"""The demo office as its files have it: real schools with their real defects, people who do not exist."""

from collections.abc import Iterator
from itertools import islice

from services.schools.people.rules import display_name
from services.schools.seed import office
from services.schools.seed.office import AREAS, DemoArea, Post
from shared.security.access import ROLES

HOME, SECOND = AREAS


def test_135_schools_and_26_closed_ones_fill_the_numbers_of_the_area() -> None:
    open_codes = {school.smis for school in office.schools(HOME)}
    closed_codes = {school.smis for school in office.closed_schools(HOME)}
    assert (len(open_codes), len(closed_codes)) == (135, 26)
    assert open_codes | closed_codes == {f"5704{number:04d}" for number in range(1, 162)}


def test_the_defects_of_the_source_are_kept() -> None:
    schools = {school.smis: school for school in office.schools(HOME)}
    assert (schools["57040161"].ministry_code, schools["57040161"].obec6_code) == ("157120742", None)
    assert (schools["57040139"].tambon, schools["57040139"].amphoe) == (None, None)
    others = [school for school in schools.values() if school.smis not in {"57040161", "57040139"}]
    assert all(school.ministry_code == f"1057{school.obec6_code}" for school in others)
    assert all(school.tambon and school.amphoe for school in others)


def test_the_second_area_is_made_up_and_says_so() -> None:
    schools = office.schools(SECOND)
    assert [school.smis for school in schools] == [f"5703{number:04d}" for number in range(1, 13)]
    assert all(school.name.startswith("สมมติ") and school.name.endswith("(สาธิต)") for school in schools)
    assert all((school.ministry_code, school.obec6_code, school.tambon) == (None, None, None) for school in schools)
    assert {school.amphoe for school in schools} == {"แม่จัน", "แม่สาย", "เชียงแสน", "แม่ฟ้าหลวง", "ดอยหลวง"}


def test_every_role_has_somebody_and_every_school_its_two() -> None:
    posts = list(office.posts(HOME))
    assert {role for post in posts for role in post.roles} == set(ROLES)
    names = {post.username for post in posts}
    assert len(names) == len(posts)
    assert {f"{who}-{school.smis}" for school in office.schools(HOME) for who in ("data", "director")} <= names


def test_the_office_a_group_and_a_school_have_somebody_who_keeps_their_books() -> None:
    kept = {post.username: (post.scope, post.works_in) for post in office.posts(HOME) if "registrar" in post.roles}
    assert kept == {
        "registrar": ("5704", "5704-g-admin"),
        "groupclerk": ("5704-g-ict", "5704-g-ict"),
        "schoolclerk": ("57040001", "57040001"),
    }


def test_the_second_area_has_the_same_posts_but_the_queues_of_the_system() -> None:
    home, second = ({post.username: post for post in office.posts(area)} for area in AREAS)
    offices = {name for name in home if "-" not in name}
    assert {name for name in second if name.endswith("-5703")} == {f"{name}-5703" for name in offices - {"ops"}}
    assert second["admin-5703"].roles == ("area_admin",)
    assert {role for post in second.values() for role in post.roles} == set(ROLES) - {"ops"}
    assert not home.keys() & second.keys()
    assert {post.scope[:4] for post in second.values()} == {"5703"}


def test_synthetic_people_are_the_same_every_time_and_marked() -> None:
    first, again = (list(islice(office.synthetic_names(HOME), 300)) for _ in range(2))
    assert first == again
    name = first[0]
    assert display_name(name.title, name.given_name, name.family_name, synthetic=True).endswith(" (สาธิต)")
    assert "สาธิต" not in display_name("นาย", "ก", "ข", synthetic=False)


def test_the_people_of_two_areas_are_not_the_same() -> None:
    """Who looks for the names of one area in what the other one sees must not find namesakes."""
    home, second = ({name for _, name in people_of(area)} for area in AREAS)
    assert not home & second


def people_of(area: DemoArea) -> Iterator[tuple[Post, str]]:
    for post, name in zip(office.posts(area), office.synthetic_names(area), strict=False):
        yield post, f"{name.given_name} {name.family_name}"
