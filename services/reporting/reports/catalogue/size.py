"""Report 16: schools by size, reckoned from the head count of the round, in each scheme (rounds.md §2.2)."""

from __future__ import annotations

from services.reporting.reports.places import named_columns
from services.reporting.reports.report import SCHOOL, Asked, Report
from services.reporting.reports.rules import note_of, pupils_of
from services.reporting.reports.sheets import ALL, LINE, NOTE, NOTED, TOTAL, Chart, Column, Row, Sheet, Sum, added
from services.reporting.sizes.rules import BEYOND, SizeScheme, count_sizes, scheme_on, size_class
from services.reporting.sizes.schemes import OF_ONE_SCHOOL, SCHEMES, usual_scheme

WAYS = {scheme.id: scheme.title for scheme in SCHEMES}
ALWAYS_COUNTED = "ขนาดคำนวณจากจำนวนนักเรียนของรอบนี้เสมอ ไม่ใช้ขนาดที่พิมพ์ไว้ใน EMIS โรงเรียนที่ไม่มีนักเรียนแยกเป็นกลุ่มของตัวเอง"


def make(asked: Asked) -> Sheet:
    """How many schools there are of each class of a scheme; or every school with its class in each."""
    if asked.by == SCHOOL:
        return _schools(asked)
    sizes = count_sizes(_scheme(asked, asked.by), asked.schools)
    rows = tuple(
        Row(
            (sized.label,), LINE, sized.label,
            {"size": sized.label, "schools": len(sized.schools), "pupils": sized.pupils},
        )
        for sized in sizes.classes
    )  # fmt: skip
    total = Row((), TOTAL, ALL, {"size": ALL, **added(rows, ("schools", "pupils"))})
    return Sheet(
        (Column("size", "ขนาด", "text"), Column("schools", "โรงเรียน"), Column("pupils", "นักเรียน", people=True)),
        rows,
        total,
        row_sums=(Sum((), tuple(row.id for row in rows)),),
        chart=Chart("จำนวนโรงเรียนตามขนาด", ("schools",)),
        notes=(ALWAYS_COUNTED,),
    )


def _schools(asked: Asked) -> Sheet:
    usual = usual_scheme(asked.schools[0].place if asked.schools else "")
    schemes = [_scheme(asked, name) for name in (usual, *OF_ONE_SCHOOL)]
    rows = tuple(
        Row(
            (school.place,), LINE, school.name,
            {
                "smis": school.smis, "name": school.name, "amphoe": school.amphoe, "pupils": pupils_of(school),
                **{scheme.id: _label(scheme, pupils_of(school)) for scheme in schemes},
                NOTE: note_of([school], is_single=True),
            },
        )
        for school in asked.schools
    )  # fmt: skip
    columns = (
        *named_columns(SCHOOL),
        Column("pupils", "นักเรียน", people=True),
        *(Column(scheme.id, scheme.title, "text", derived=("pupils",)) for scheme in schemes),
        NOTED,
    )
    unnamed = dict.fromkeys(("smis", "amphoe", *(scheme.id for scheme in schemes)))
    cells = {**unnamed, "name": ALL, **added(rows, ("pupils",)), NOTE: note_of(asked.schools)}
    total = Row((), TOTAL, ALL, cells)
    return Sheet(columns, rows, total, row_sums=(Sum((), tuple(row.id for row in rows)),), notes=(ALWAYS_COUNTED,))


def _scheme(asked: Asked, name: str) -> SizeScheme:
    found = scheme_on(SCHEMES, name, asked.as_of)
    if found is None:
        raise LookupError(f"no size scheme {name} on {asked.as_of}")
    return found


def _label(scheme: SizeScheme, pupils: int) -> str | None:
    label = size_class(scheme, pupils)
    return None if label == BEYOND else label


SIZE = Report(
    "size",
    "ขนาดโรงเรียนตามจำนวนนักเรียน",
    "ขนาดโรงเรียน",
    make,
    ways={**WAYS, SCHOOL: "รายโรงเรียน"},
    compared=("schools", "pupils"),
    usual_of=usual_scheme,
)
