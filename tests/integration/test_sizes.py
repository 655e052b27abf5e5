"""Sizes of schools in the service ``reporting``: each area is classed by the scheme of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.reporting.bootstrap import DEFINITION
from services.reporting.projections.tables import RoundFact, SchoolFact, SchoolRoundFact, SubmissionFact
from services.reporting.reports.queries import report as make_report
from services.reporting.sizes.queries import school_size, sizes
from shared.db.migrate import upgrade
from shared.problems import Problem
from shared.runtime.application import Application
from shared.security import secrets
from shared.security.identity import Grant, Identity
from shared.settings import Settings

PUPILS = 500  # of middle size in both schemes of four classes


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    settings = Settings(data=tmp_path, env="test")
    secrets.create(settings.secrets_root)
    upgrade("reporting", settings)
    application = Application(DEFINITION, settings)
    yield application
    application.close()


SMIS, LATER = "57042001", "57042999"


def store(app: Application, area: str) -> None:
    """A round of the area in which one school has sent its numbers; since then it has another code."""
    org_path = f"/obec/{area}/{SMIS}/"
    tables = {"classes": [{"grade": "ม.1", "room": 1, "male": PUPILS, "female": 0}]}
    with app.write() as unit:
        unit.session.add_all(
            (
                *(SchoolFact(smis=code, version=1, org_path=org_path, cluster=None) for code in (SMIS, LATER)),
                RoundFact(
                    round_id=area, version=1, system="dmc", year_be=2569, round_no=1, title="รอบ",
                    as_of_date="2026-06-10", state="OPEN", org_path=f"/obec/{area}/",
                ),
                SchoolRoundFact(
                    round_id=area, smis=SMIS, version=1, name="โรงเรียน", amphoe=None, org_path=org_path,
                    state="CONFIRMED", locked_from=None, submission_id=area,
                    school_deadline="2026-06-10T23:59:59+07:00",
                ),
                SubmissionFact(
                    submission_id=area, version=1, round_id=area, smis=SMIS, number=1, counts={}, tables=tables,
                ),
            )
        )  # fmt: skip


@pytest.mark.parametrize(("area", "scheme"), [("5704", "primary4"), ("101736", "secondary4")])
def test_the_kind_of_the_area_decides_by_which_scheme_its_schools_are_classed(
    app: Application, area: str, scheme: str
) -> None:
    store(app, area)
    officer = Identity("p", "officer", "ก", "s", (Grant("officer", f"/obec/{area}/", area, "เขต"),))
    with app.read(officer) as unit:
        report = sizes(unit, area)
        asked = sizes(unit, area, scheme="small7")
        shown = school_size(unit, SMIS)["size"]
        listed = make_report(unit, "size", area)
    assert report["scheme"] == scheme
    assert {one["label"]: one["schools"] for one in report["classes"]}["กลาง"] == 1
    assert asked["scheme"] == "small7"
    assert listed["by"] == scheme
    assert [one["scheme"] for one in shown["classes"]] == [scheme, "classes7"]


def test_the_size_of_a_school_is_told_to_who_reads_it_under_whatever_code_it_bore(app: Application) -> None:
    store(app, "5704")

    def size(role: str, scope: str, smis: str) -> object:
        with app.read(Identity("p", "u", "ก", "s", (Grant(role, scope, "", ""),))) as unit:
            return school_size(unit, smis)["size"]

    for code in (SMIS, LATER):
        assert size("officer", "/obec/5704/", code)["pupils"] == PUPILS
        assert size("data_officer", f"/obec/5704/{SMIS}/", code)["pupils"] == PUPILS
        assert size("officer", "/obec/5703/", code) is None
        assert size("school_director", "/obec/5704/57040001/", code) is None
    assert size("officer", "/obec/5704/", "57049999") is None
    with pytest.raises(Problem, match="forbidden"):
        size("teacher", f"/obec/5704/{SMIS}/", SMIS)
