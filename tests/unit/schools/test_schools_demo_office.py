"""The demo office as its files have it: real schools with their real defects, people who do not exist."""

from itertools import islice

from services.schools.people.rules import display_name
from services.schools.seed import office
from shared.security.access import ROLES


def test_135_schools_and_26_closed_ones_fill_the_numbers_of_the_area() -> None:
    open_codes = {school.smis for school in office.schools()}
    closed_codes = {school.smis for school in office.closed_schools()}
    assert (len(open_codes), len(closed_codes)) == (135, 26)
    assert open_codes | closed_codes == {f"5704{number:04d}" for number in range(1, 162)}


def test_the_defects_of_the_source_are_kept() -> None:
    schools = {school.smis: school for school in office.schools()}
    assert (schools["57040161"].ministry_code, schools["57040161"].obec6_code) == ("157120742", None)
    assert (schools["57040139"].tambon, schools["57040139"].amphoe) == (None, None)
    others = [school for school in schools.values() if school.smis not in {"57040161", "57040139"}]
    assert all(school.ministry_code == f"1057{school.obec6_code}" for school in others)
    assert all(school.tambon and school.amphoe for school in others)


def test_every_role_has_somebody_and_every_school_its_two() -> None:
    posts = list(office.posts())
    assert {role for post in posts for role in post.roles} == set(ROLES)
    names = {post.username for post in posts}
    assert len(names) == len(posts)
    assert {f"{who}-{school.smis}" for school in office.schools() for who in ("data", "director")} <= names


def test_synthetic_people_are_the_same_every_time_and_marked() -> None:
    first, again = (list(islice(office.synthetic_names(), 300)) for _ in range(2))
    assert first == again
    name = first[0]
    assert display_name(name.title, name.given_name, name.family_name, synthetic=True).endswith(" (สาธิต)")
    assert "สาธิต" not in display_name("นาย", "ก", "ข", synthetic=False)
