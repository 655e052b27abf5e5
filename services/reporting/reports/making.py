"""Making a report from standings: pure, so that what a page shows can be tried with schools made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.reporting.reports.comparing import Beside, beside
from services.reporting.reports.report import ACROSS, Asked, Report
from services.reporting.reports.rules import Standing, lacks, sort_out
from services.reporting.reports.sheets import Sheet
from services.reporting.reports.suppression import suppress
from services.reporting.reports.wide import across

NOT_SENT_YET = "ยังไม่มีโรงเรียนส่งไฟล์ที่ผ่านการตรวจ จึงยังไม่มีตัวเลข"
NO_DATA = "ไม่มีโรงเรียนใดส่งไฟล์ที่มีคอลัมน์ของรายงานนี้ จึงยังไม่ประเมิน (ไม่ได้หมายความว่าไม่มีนักเรียน)"
NO_DATA_BEFORE = "รอบก่อนไม่มีข้อมูลของรายงานนี้ให้เทียบ"
OTHER_PUPILS = "รอบก่อนเป็นคนละปีการศึกษา แต่ละชั้นหรืออายุจึงเป็นนักเรียนคนละกลุ่ม แสดงไว้เทียบเคียงโดยไม่คิดผลต่างรายแถว"
INCOMPLETE = "ผลต่างกับรอบก่อนยังไม่สมบูรณ์ เพราะมีโรงเรียนที่ยังไม่มีตัวเลขในรอบนี้"


@dataclass(frozen=True)
class RoundOf:
    """A round as far as its numbers are concerned; ``until`` as in :class:`Asked`."""

    as_of: dt.date
    until: dt.date
    year_be: int
    standings: Sequence[Standing]


@dataclass(frozen=True)
class Made:
    """A report that was made. ``sheet`` is None where it can't be, and ``reason`` says why.

    Codes of schools: ``provisional`` have not confirmed, ``missing`` sent nothing, ``not_evaluated`` sent a file
    without the data. ``has_no_data``: what is missing is the data of this report, not
    the files of schools. ``is_compared``: the previous round stands beside.
    """

    sheet: Sheet | None
    reason: str = ""
    has_no_data: bool = False
    provisional: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    not_evaluated: list[str] = field(default_factory=list)
    is_compared: bool = False
    notes: tuple[str, ...] = ()


def make(report: Report, now: RoundOf, before: RoundOf | None, by: str, *, public: bool) -> Made:
    """The report ``report`` of a round, cut by ``by``, the round ``before`` beside it; ``public``: small cells hidden.

    Raises:
        LookupError: there is no such way to cut this report.
    """
    if by not in report.all_ways:
        raise LookupError(by)
    if report.unavailable:
        return Made(None, report.unavailable, has_no_data=True)
    have, made = _sorted(report, now)
    if not have and not (report.of_all and now.standings):
        is_lacking = bool(made.not_evaluated)
        return replace(made, reason=NO_DATA if is_lacking else NOT_SENT_YET, has_no_data=is_lacking)
    sheet, notes, is_compared = _sheet(report, now, by), [], False
    if before is not None:
        earlier, _ = _sorted(report, before)
        if not earlier:
            notes.append(NO_DATA_BEFORE)
        else:
            same = not report.cohorts or before.year_be == now.year_be
            how = Beside(report.compared, same or by in ACROSS, additive=_adds(report, by))
            compared = beside(sheet, _sheet(report, before, by), how)
            is_compared = compared is not sheet
            sheet = compared
            notes += [OTHER_PUPILS] if is_compared and not how.same_pupils else []
            notes += [INCOMPLETE] if is_compared and not report.of_all and (made.missing or made.not_evaluated) else []
    if public:
        sheet = suppress(sheet)
    return replace(made, sheet=sheet, is_compared=is_compared, notes=(*sheet.notes, *notes))


def _adds(report: Report, by: str) -> bool:
    """Whether the rows are kinds of pupils, not schools or groups of them."""
    return by not in ACROSS and not report.of_all


def _sorted(report: Report, round_: RoundOf) -> tuple[list[Standing], Made]:
    """The schools that have what the report needs, and who else there is."""
    sent, provisional, missing = sort_out(round_.standings)
    without = [school for school in sent if school.tables and report.needs and lacks(school.tables, report.needs)]
    have = [school for school in sent if school not in without]
    left_out = {school.smis for school in without}
    return have, Made(
        None,
        provisional=[smis for smis in provisional if smis not in left_out],
        missing=missing,
        not_evaluated=[school.smis for school in without],
    )


def _sheet(report: Report, round_: RoundOf, by: str) -> Sheet:
    have, _ = _sorted(report, round_)
    everybody = [school for school in round_.standings if school.state != "EXEMPT"]
    asked = Asked(everybody if report.of_all else have, by, round_.as_of, round_.until)
    if by not in report.ways:
        return across(report, asked, everybody)
    if report.make is None:
        raise LookupError(report.key)
    return report.make(asked)
