"""What happened in the demo office's round 2568-3, and when: the handbook's dates, everybody in time.

Instants in Bangkok time; ``share`` is how far through the schools a step is, from 0 to 1.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from services.rounds.synthetic.grades import grades_of
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import Spec
from shared.thai.dates import BANGKOK

SYSTEM, YEAR_BE, ROUND_NO = "dmc", 2568, 3
# what tells our round from one that somebody has made, and readers that its pupils do not exist
TITLE = "DMC 2568 รอบที่ 3 (ข้อมูลสาธิต)"
SEED = 2568
LEAST_IN_GRADE = 3

# least, most and commonest number of pupils, so that the area has about fifteen thousand
_PRIMARY, _EXPANDED = (30, 150, 65), (90, 380, 140)

REASON = "ตรวจกับทะเบียนนักเรียนแล้ว"
TWO_CHILDREN = "ตรวจสูติบัตรแล้วเป็นนักเรียนคนละคน"


def at(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A time of the year in which the round ended."""
    return dt.datetime(YEAR_BE - 543 + 1, month, day, hour, minute, tzinfo=BANGKOK)


ANNOUNCED = at(3, 6, 9)
OPENED = at(3, 13, 8, 30)
UPLOADS = at(3, 31, 8, 30), at(3, 31, 16)
CONFIRMS = at(4, 1, 9), at(4, 20, 16)
CERTIFIES = at(4, 21, 9), at(4, 29, 16)
DUPLICATES_SETTLED = at(4, 30, 10)
WINDOW_BEGAN = at(5, 1, 0, 1)
ACKNOWLEDGES = at(5, 1, 8, 30), at(5, 1, 15)
CLOSED = at(5, 1, 16, 30)
PUBLISHED = at(5, 8, 10)


def moment(span: tuple[dt.datetime, dt.datetime], share: float) -> dt.datetime:
    """A moment within a span, in office hours of its day."""
    first, last = span
    reached = first + (last - first) * share
    return reached.replace(hour=9 + reached.hour % 7) if last - first > dt.timedelta(days=1) else reached


def spec_of(smis: str, name: str, education_range: str) -> Spec:
    """The file of a school: the same pupils in every demo office, more where there are more grades."""
    least, most, usual = _EXPANDED if "ม.1" in grades_of(education_range) else _PRIMARY
    pupils = round(Random(f"{SEED}/{smis}").triangular(least, most, usual))
    school = School(smis, name, education_range, pupils, least=LEAST_IN_GRADE)
    return Spec(school, year_be=YEAR_BE, round_no=ROUND_NO, seed=SEED)
