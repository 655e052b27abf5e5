"""What is planted in a synthetic file is what the rules find: no more, no fewer, at the same row and column.

The generator was written from the description of the field without the rules; where they disagree, one of them misread.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.rounds.calendar.rules import RULE_SETS
from services.rounds.rules.check import check
from services.rounds.submissions.tables import Finding as StoredFinding
from services.rounds.submissions.views import finding_view
from services.rounds.synthetic.defects import DEFECTS
from services.rounds.synthetic.defects.model import Stage
from services.rounds.synthetic.disguises import DISGUISES
from services.rounds.synthetic.generate import Expected, Generated, generate
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import FORMATS, Spec
from shared.db.sealed import Sealed

SMALL = School("57040012", "บ้านตัวอย่าง", EDUCATION_RANGES[1], pupils=60)
TWO_ROOMS = School("57040013", "บ้านสองห้อง", EDUCATION_RANGES[1], pupils=330, rooms={"ป.1": 2, "ม.3": 3})
RULE_SET = RULE_SETS["dmc"]
# What may be said of a disguise (§1.11): a CE year, a 0 put back, an absent newer column, ids told apart, ="…".
HARMLESS_NOTES = {"P06", "I02", "F07", "F10", "F12"}


def judge(made: Generated, spec: Spec) -> dict[str, Any]:
    """The answer of the rules for a generated file, as the service would ask for it."""
    job = {
        "register": "dmc",
        "path": str(made.path),
        "filename": made.filename,
        "kind": made.kind,
        "year_be": spec.year_be,
        "round_no": spec.round_no,
        "as_of_date": spec.as_of.isoformat(),
        "today": spec.as_of.isoformat(),
        "school": {"smis": spec.school.smis, "name": spec.school.name, "education_range": spec.school.education_range},
        "closed_smis": [],
        "no_pupils": False,
        "same_bytes_as_version": None,
        "rule_set": RULE_SET,
        "opens_at": "2026-05-16T00:00:00+07:00",
        "received_at": f"{spec.as_of}T09:00:00+07:00",
        "row_key_secret": "5e" * 32,
        "index_secret": "1d" * 32,
        "roll_path": os.devnull,
        **made.job,
    }
    return check(job | rolls_beside(made, spec, job), lambda *_: None)


def rolls_beside(made: Generated, spec: Spec, job: dict[str, Any]) -> dict[str, Any]:
    """The rolls that the files of the rounds before left when they were accepted."""
    beside = {}
    for name, path in made.rolls.items():
        roll = path.with_suffix(".roll")
        check({**job, "path": str(path), "kind": "xlsx", "filename": "", "roll_path": str(roll)}, lambda *_: None)
        before = {"previous": 1, "earlier": 2}.get(name, 0)
        beside[name] = {
            "year_be": spec.year_be, "round_no": spec.round_no - before, "as_of_date": "2026-06-10", "path": str(roll),
        }  # fmt: skip
    return beside


def found(result: dict[str, Any], planted: list[Expected]) -> list[Expected]:
    """The findings; INFO only those that were planted, after making sure that the others are of the harmless kind."""
    findings = [Expected(f["rule"], f["severity"], f["row"], f["column"]) for f in result["findings"]]
    notes = [finding for finding in findings if finding.severity == "INFO" and finding not in planted]
    assert {note.rule for note in notes} <= HARMLESS_NOTES
    return sorted((f for f in findings if f not in notes), key=_order)


def _order(finding: Expected) -> tuple[str, int, str, str]:
    return (finding.rule, finding.row or 0, finding.column or "", finding.severity)


def assert_found_as_planted(spec: Spec, folder: Path) -> None:
    made = generate(spec, folder)
    result = judge(made, spec)
    assert found(result, made.findings) == sorted(made.findings, key=_order)
    assert result["accepted"] == all(finding.severity != "BLOCK" for finding in made.findings)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_alone_is_the_only_finding(name: str, tmp_path: Path) -> None:
    seed = sum(name.encode())
    round_no = round_for((name,), seed)
    assert_found_as_planted(
        Spec(SMALL, seed=seed, round_no=round_no, defects=(name,), compared=DEFECTS[name].compared), tmp_path
    )


def round_for(names: Iterable[str], seed: int) -> int:
    """A round in which the defects can be: what is compared has its round before in the same year."""
    chosen = [DEFECTS[name] for name in names]
    if any(defect.last_round for defect in chosen):
        return 3
    return seed % 2 + 2 if any(defect.compared for defect in chosen) else seed % 3 + 1


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_in_a_text_file_too(name: str, tmp_path: Path) -> None:
    seed = sum(name.encode())
    file_format = FORMATS[1:][seed % 4]
    spec = Spec(
        SMALL,
        seed=seed,
        round_no=round_for((name,), seed),
        file_format=file_format,
        passed_on=seed % 3 == 0,
        defects=(name,),
        compared=DEFECTS[name].compared,
    )
    assert_found_as_planted(spec, tmp_path)


@pytest.mark.parametrize("seed", range(16))
def test_many_defects_do_not_hide_each_other(seed: int, tmp_path: Path) -> None:
    """Every defect of a row at once, or forty of them, under disguises, with one of the file on top."""
    rng = Random(seed)
    beside = [defect for defect in DEFECTS.values() if not defect.alone and not defect.compared]
    rows = [defect.name for defect in beside if defect.stage is not Stage.FILE]
    files = [defect.name for defect in beside if defect.stage is Stage.FILE]
    names = rows if seed % 2 else rng.sample(rows, 40)
    spec = Spec(
        TWO_ROOMS,
        seed=seed,
        round_no=seed % 3 + 1,
        file_format=FORMATS[seed % 5],
        defects=(*names, rng.choice(files)),
        disguises=tuple(rng.sample(DISGUISES, 8)) if seed % 4 else (),
    )
    assert_found_as_planted(spec, tmp_path)


ROW_DEFECTS = sorted(
    name for name, defect in DEFECTS.items() if not (defect.alone or defect.compared or defect.stage is Stage.FILE)
)
COMPARED = sorted(name for name, defect in DEFECTS.items() if defect.compared)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.sets(st.sampled_from(ROW_DEFECTS), max_size=25),
    seed=st.integers(0, 10**6),
    file_format=st.sampled_from(FORMATS),
    disguises=st.sets(st.sampled_from(DISGUISES), max_size=6),
)
def test_any_set_of_defects_is_found_as_planted(
    names: set[str], seed: int, file_format: str, disguises: set[str], tmp_path: Path
) -> None:
    spec = Spec(
        TWO_ROOMS, seed=seed, file_format=file_format, defects=tuple(sorted(names)), disguises=tuple(sorted(disguises))
    )
    assert_found_as_planted(spec, tmp_path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.sets(st.sampled_from(COMPARED)), seed=st.integers(0, 10**6))
# two families whose children drew one name and one birthday
@example(names={"C07.fall"}, seed=1950)
def test_any_set_of_differences_from_the_round_before_is_found_as_made(
    names: set[str], seed: int, tmp_path: Path
) -> None:
    spec = Spec(TWO_ROOMS, seed=seed, round_no=round_for(names, seed), defects=tuple(sorted(names)), compared=True)
    assert_found_as_planted(spec, tmp_path)


def test_a_school_that_did_not_change_differs_in_nothing(tmp_path: Path) -> None:
    result = assert_clean(Spec(TWO_ROOMS, seed=3, round_no=2, compared=True), tmp_path)
    compared = {"F09", "I12", "C07", "H05", "W02", "R01", "R02", "R03", "R07", "R09", "R10", "S01"}
    assert compared.isdisjoint(entry["rule"] for entry in result["not_evaluated"])


def test_a_crowded_room_is_said_once(tmp_path: Path) -> None:
    crowded = School("57040014", "บ้านแน่น", EDUCATION_RANGES[0], pupils=450, rooms={"ป.1": 1})
    made = generate(Spec(crowded, seed=1), tmp_path)
    assert [finding.rule for finding in made.findings] == ["C05"]
    assert found(judge(made, Spec(crowded, seed=1)), made.findings) == made.findings


def _passing_on(file_format: str) -> tuple[bool, ...]:
    return (False, True) if file_format.startswith("csv") else (False,)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("name", DISGUISES)
def test_a_harmless_disguise_costs_nothing(name: str, file_format: str, tmp_path: Path) -> None:
    for passed_on in _passing_on(file_format):
        spec = Spec(SMALL, seed=7, file_format=file_format, passed_on=passed_on, disguises=(name,))
        assert_clean(spec, tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_all_disguises_at_once_cost_nothing(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    disguises = DISGUISES if seed % 3 == 0 else tuple(rng.sample(DISGUISES, 10))
    assert_clean(
        Spec(TWO_ROOMS, seed=seed, round_no=seed % 3 + 1, file_format=FORMATS[seed % 5], disguises=disguises), tmp_path
    )


@pytest.mark.parametrize("pupils", [1, 9, 31, 600])
def test_a_clean_school_of_any_size_is_clean(pupils: int, tmp_path: Path) -> None:
    spec = Spec(School("57040099", "บ้านเล็ก", EDUCATION_RANGES[pupils % 2], pupils), seed=pupils)
    assert {finding["rule"] for finding in assert_clean(spec, tmp_path)["findings"]} <= {"C05", "S02"}


def assert_clean(spec: Spec, folder: Path) -> dict[str, Any]:
    """Nothing but notes is found and what follows from a school's size; the numbers are the generator's."""
    made = generate(spec, folder)
    result = judge(made, spec)
    assert found(result, made.findings) == sorted(made.findings, key=_order)
    assert {finding.rule for finding in made.findings} <= {"C05", "S02"}
    assert result["accepted"]
    assert result["tables"]["classes"] == made.tables["classes"]
    assert made.counts.items() <= result["counts"].items()
    return result


def test_no_finding_tells_a_whole_id(tmp_path: Path) -> None:
    names = tuple(name for name in DEFECTS if name.startswith(("I", "F11", "P", "H")) and name not in COMPARED)
    spec = Spec(TWO_ROOMS, seed=5, defects=names, disguises=("ids-int", "ids-hyphens", "ids-thai-digits", "ids-float"))
    made = generate(spec, tmp_path)
    result = judge(made, spec)
    assert [finding for finding in result["findings"] if finding["value"]], "nothing was masked: the test shows nothing"
    told = json.dumps({**result, "findings": [_without_sealed(finding) for finding in result["findings"]]})
    assert not [pupil.citizen_id for pupil in made.pupils if pupil.citizen_id in told]


def _without_sealed(finding: dict[str, Any]) -> dict[str, Any]:
    """What of a finding is readable without keys: the rest is stored sealed, and no view of a finding names it."""
    sealed = {column.name for column in StoredFinding.__table__.columns if isinstance(column.type, Sealed)}
    stored = StoredFinding(**{name: finding[name] for name in finding}, state="open", first_version=1)
    assert "value" in sealed and "value" not in finding_view(stored)
    return {name: value for name, value in finding.items() if name not in sealed} | finding_view(stored)
