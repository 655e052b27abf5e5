"""Run DMC's rules over a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat

from services.rounds.rules.dmc import (
    address,
    classroom,
    cross_round,
    file_rules,
    guardian,
    health,
    identity,
    person,
    school,
    welfare,
)
from services.rounds.rules.dmc.layout import ID_FIELDS, Layout
from services.rounds.rules.dmc.pupils import Pupil
from services.rounds.rules.dmc.rulebook import MISSING, RULES, File, Setting
from services.rounds.rules.model import Cell, Finding, Hit, NotEvaluated, RuleSet
from services.rounds.rules.registry import Registered
from services.rounds.rules.wording import FindingWriter, Place
from shared.thai.dates import BANGKOK
from shared.thai.fold import fold_text

# Importing a module registers its rules; this names them all, once.
RULE_MODULES = (
    file_rules, identity, person, classroom, address, guardian, health, welfare, cross_round, school,
)  # fmt: skip

_STAMP = re.compile(r"วันและเวลาที่สร้างรายงาน ?(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)", re.ASCII)
_NO_SHEET = "ไม่มีตารางให้ตรวจ"


@dataclass(frozen=True)
class Judgement:
    """What the rules found, unsorted, and which of them did not run."""

    findings: list[Finding]
    not_evaluated: list[NotEvaluated]


def judge(
    file: File,
    setting: Setting,
    writer: FindingWriter,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Judgement:
    """Run every rule that has its columns over a file whose pupils were read. ``progress`` counts pupils."""
    rules = file.rules
    findings = list(_of_file(file, rules, writer))
    skipped = _not_evaluated(file, setting)
    layout = file.layout
    if layout is None:
        return Judgement(findings, skipped)
    words = _RowWords(layout, rules, writer)
    checks = [
        rule for rule in RULES.rows.values() if _runs(rule, rules, layout.at, setting)
    ]
    pupils = file.pupils
    for number, rule in enumerate(checks):
        progress(number * len(pupils) // len(checks), len(pupils))
        own = replace(setting, params=rules.rules[rule.id].params)
        # rule by rule: the calls, one for every pupil, are made by map
        for pupil, hits in zip(pupils, map(rule.function, pupils, repeat(own)), strict=True):
            for hit in hits:
                findings.append(words.finding(rule.id, hit, pupil))  # noqa: PERF401 (three levels do not read as one)
    by_row = {pupil.row: pupil for pupil in file.pupils}
    for rule in RULES.rolls.values():
        if _runs(rule, rules, layout.at, setting):
            hits = rule.function(file.pupils, replace(setting, params=rules.rules[rule.id].params))
            findings.extend(words.finding(rule.id, hit, by_row[hit.row or 0]) for hit in hits)
    progress(len(file.pupils), len(file.pupils))
    return Judgement(findings, skipped)


def _runs(rule: Registered, rules: RuleSet, columns: Container[str], facts: object) -> bool:
    """Whether the set has the rule, the file its columns, and the round the facts it asks for."""
    return rule.id in rules.rules and not rule.absent(columns) and not rule.lacks(facts)


def created_at(rows: Iterable[Iterable[Cell]], header_row: int) -> str | None:
    """When DMC made the file, from a line above the header: ISO 8601 with Bangkok's offset, None without it."""
    for row, _ in zip(rows, range(header_row - 1), strict=False):
        for cell in row:
            found = _STAMP.search(fold_text(cell)) if isinstance(cell, str) else None
            if found:
                try:
                    return datetime.fromisoformat(found[1]).replace(tzinfo=BANGKOK).isoformat()
                except ValueError:
                    return None
    return None


def _of_file(file: File, rules: RuleSet, writer: FindingWriter) -> Iterator[Finding]:
    by_row = {pupil.row: pupil for pupil in file.pupils}
    columns = file.layout.at if file.layout is not None else ()
    for rule in RULES.files.values():
        if not _runs(rule, rules, columns, file):
            continue
        for hit in rule.function(file):
            pupil = by_row.get(hit.row or 0)
            identity = hit.absentee or (pupil.row_identity if pupil else None)
            yield writer.finding(rules.rules[rule.id], hit, _place(hit, file.layout, pupil), identity)


def _place(hit: Hit, layout: Layout | None, pupil: Pupil | None) -> Place:
    """The place of a hit of the file: by its field, or by column and header of its own."""
    if hit.field is None or layout is None:
        return Place(hit.row, hit.column, hit.header)
    index = layout.at.get(hit.field)
    cell = pupil.cells[index] if pupil and index is not None else None
    column = index + 1 if index is not None else None
    return Place(hit.row, column, layout.header(hit.field), cell, hit.field in ID_FIELDS)


class _RowWords:
    """Words hits of pupils: a place differs from row to row only by row and cell."""

    def __init__(self, layout: Layout, rules: RuleSet, writer: FindingWriter) -> None:
        self.rules = rules.rules
        self.writer = writer
        self.columns = {name: (at, layout.header(name)) for name, at in layout.at.items()}

    def finding(self, rule_id: str, hit: Hit, pupil: Pupil) -> Finding:
        if hit.field is None:
            place = Place(pupil.row)
        else:
            at, header = self.columns[hit.field]
            place = Place(pupil.row, at + 1, header, pupil.cells[at], hit.field in ID_FIELDS)
        return self.writer.finding(self.rules[rule_id], hit, place, pupil.row_identity)


def _not_evaluated(file: File, setting: Setting) -> list[NotEvaluated]:
    """Rules that could not run, with the reason: nobody may take them for passed."""
    skipped: dict[str, str] = {}
    if file.sheet is not None and file_rules.named_round(file.filename) is None:
        skipped["F04"] = "ชื่อไฟล์ไม่ใช่แบบ ปปปป-ร-student จึงไม่ทราบปีและรอบของไฟล์"
    if file.sheet is not None and file.sheet.formulas is None:
        skipped["F12"] = "ไฟล์ .xls แบบเก่าไม่บอกว่าเซลล์ใดเป็นสูตร"
    for facts, registered in ((setting, (*RULES.rows.values(), *RULES.rolls.values())), (file, RULES.files.values())):
        for rule in registered:
            reason = _reason(rule, file.layout, facts)
            if reason:
                skipped[rule.id] = reason
    if setting.offered is None:
        skipped.setdefault("C01", "ไม่ทราบระดับชั้นที่โรงเรียนเปิดสอน ตรวจได้เฉพาะว่าเป็นชั้นในรายการ")
    return [NotEvaluated(rule_id, reason) for rule_id, reason in sorted(skipped.items()) if rule_id in file.rules.rules]


def _reason(rule: Registered, layout: Layout | None, facts: Setting | File) -> str | None:
    of_pupils = isinstance(facts, Setting) or rule.needs
    if of_pupils and layout is None:
        return _NO_SHEET
    if of_pupils and layout is not None:
        if layout.missing_mandatory:
            return "หัวตารางไม่ครบ"
        absent = [layout.header(name) for name in rule.absent(layout.at)]
        if absent:
            return f"ไม่มีคอลัมน์ {', '.join(absent)}"
    lacking = rule.lacks(facts)
    return MISSING[lacking] if lacking else None
