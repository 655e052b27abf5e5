"""F: the file as a whole. Sources: DMC manual, OBEC's instructions for the rounds, the area office's own rules."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from services.rounds.rules.dmc.pupils import countable
from services.rounds.rules.dmc.rulebook import RULES, File
from services.rounds.rules.model import Hit, Place, Severity
from shared.thai.dates import format_slashed
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

_NAME = re.compile(r"(\d{4})-(\d)-student", re.ASCII | re.IGNORECASE)
_ROWS_NAMED = 10
_CODES_NAMED = 20

# What the container and the readers refuse; the words come with the fault.
READING_CAUSES = ("bomb", "empty", "encrypted", "extension", "range", "too_large", "type", "unreadable")


def named_round(filename: str) -> tuple[int, int] | None:
    """Year (BE) and round from DMC's own file name ``2569-1-student.xlsx``, None for any other name."""
    found = _NAME.match(to_arabic(fold_text(filename)))
    return (int(found[1]), int(found[2])) if found else None


@RULES.file("F01", cases=("", *READING_CAUSES))
def unreadable(_: File) -> Iterator[Hit]:
    """The file cannot be read. The job words it, because without a readable file no rule runs."""
    yield from ()


@RULES.file("F02", cases=("", "columns"))
def header_missing(file: File) -> Iterator[Hit]:
    """No header row, or a mandatory column is not in it."""
    if file.sheet is None:
        return
    if file.layout is None:
        yield Hit()
    elif file.layout.missing_mandatory:
        names = ", ".join(_column_name(column.field, column.header) for column in file.layout.missing_mandatory)
        yield Hit("columns", words={"columns": names}, row=file.layout.header_row)


def _column_name(field: str, header: str) -> str:
    """Two columns bear one header; say which of them is missing."""
    own = {"citizen_id": " (เลขประจำตัวประชาชน 13 หลัก)", "student_no": " (เลขประจำตัวของโรงเรียน)"}
    return header + own.get(field, "")


@RULES.file("F03", cases=("", "closed", "unknown", "none", "blank"))
def other_school(file: File) -> Iterator[Hit]:
    """Every row must bear the code of the school that sends; the area may send any of its schools."""
    yield from schools_named([(pupil.row, pupil.school_smis) for pupil in file.pupils], file)


def schools_named(rows: Sequence[tuple[int, str]], file: File) -> Iterator[Hit]:
    """What F03 says of ``rows``: the row of each pupil, and the code of the school that it bears."""
    first_row: dict[str, int] = {}
    for row, code in rows:
        first_row.setdefault(code, row)
    counts = Counter(code for _, code in rows)
    if set(counts) == {""}:
        yield Hit("none", field="school_smis", row=first_row[""])
        return
    if "" in counts:
        for row, code in rows:
            if not code:
                yield Hit("blank", field="school_smis", row=row)
    wrong = [code for code in counts if code and not _is_expected(code, file)]
    for code in wrong[:_CODES_NAMED]:
        words = {"code": code, "count": counts[code], "school": file.school.smis or "", "name": file.school.name}
        yield Hit(_school_case(code, file), field="school_smis", words=words, value=code, row=first_row[code])


def _is_expected(code: str, file: File) -> bool:
    if file.school.smis is None:
        return file.known_smis is None or code in file.known_smis
    return code == file.school.smis


def _school_case(code: str, file: File) -> str:
    if code in file.closed_smis:
        return "closed"
    return "unknown" if file.known_smis is not None and code not in file.known_smis else ""


@RULES.file("F04")
def other_round(file: File) -> Iterator[Hit]:
    """DMC names its files by year and round; only such a name is compared."""
    named = named_round(file.filename)
    if named is not None and named != (file.year_be, file.round_no):
        words = {"named": f"{named[0]}-{named[1]}", "round": f"{file.year_be}-{file.round_no}"}
        yield Hit(words=words, value=file.filename)


@RULES.file("F05")
def sent_before(file: File) -> Iterator[Hit]:
    """The same bytes as an earlier version: what was wrong then is wrong now."""
    if file.same_bytes_as_version is not None:
        yield Hit(words={"version": file.same_bytes_as_version})


@RULES.file("F06", cases=("", "old"), given=("created", "opens_at", "received_at"))
def made_too_early(file: File) -> Iterator[Hit]:
    """DMC makes the file once a night: one made before the round opened, or days ago, holds other data than DMC now."""
    if file.created is None or file.opens_at is None or file.received_at is None:
        return
    words = {"created": f"{format_slashed(file.created.date())} {file.created:%H:%M} น."}
    if file.created < file.opens_at:
        yield Hit(words=words)
    elif file.received_at - file.created > timedelta(days=file.params("F06")["days"]):
        yield Hit("old", words=words)


@RULES.file("F07", cases=("", "absent", "absent_error", "absent_newer"))
def columns_differ(file: File) -> Iterator[Hit]:
    """A column nobody knows, or one that is not there: its rules cannot run, and weigh as much as the worst of them."""
    if file.layout is None or file.layout.missing_mandatory:
        return
    for index in file.layout.unknown:
        header = file.layout.headers[index]
        yield Hit(row=file.layout.header_row, column=index + 1, header=header, value=header)
    for column in file.layout.absent:
        serious = any(
            file.rules.rules[rule_id].worst is Severity.ERROR
            for rule_id in RULES.needing(column.field)
            if rule_id in file.rules.rules
        )
        case = "absent_newer" if column.newer else "absent_error" if serious else "absent"
        yield Hit(case, words={"name": column.header}, header=column.header)


@RULES.file("F08", cases=("", "declared", "contradiction"))
def nobody(file: File) -> Iterator[Hit]:
    """A school without pupils says so; a file without pupils does not say it."""
    if file.sheet is not None and (file.layout is None or file.layout.missing_mandatory):
        return
    present = sum(not pupil.pending for pupil in file.pupils)
    if present and file.no_pupils:
        yield Hit("contradiction", words={"count": present})
    elif not present:
        yield Hit("declared" if file.no_pupils else "")


@RULES.file("F09", given=("previous",))
def number_differs(file: File) -> Iterator[Hit]:
    """A tenth more or fewer pupils than in the round before, and not just a few."""
    if file.previous is None or not file.is_readable:
        return
    now, before = (sum(1 for _ in countable(pupils)) for pupils in (file.pupils, file.previous.pupils))
    params, off = file.params("F09"), abs(now - before)
    if off > params["pupils"] and off * 100 > params["percent"] * before:
        yield Hit(words={"now": now, "before": before}, basis=(now, before))


@RULES.file("F10")
def id_columns_swapped(file: File) -> Iterator[Hit]:
    """The two id columns were told apart by their content."""
    if file.layout is not None and file.layout.swapped:
        yield Hit(field="citizen_id", row=file.layout.header_row)


@RULES.file("F12", cases=("", "links", "literal"))
def formulas_among_data(file: File) -> Iterator[Hit]:
    """Data are values. A formula may fetch from elsewhere or run a program; only ``="text"`` is harmless."""
    if file.external_links:
        yield Hit("links")
    if file.sheet is None or file.layout is None:
        return
    for case, places in (("", file.sheet.formulas or {}), ("literal", file.sheet.literals)):
        by_column: dict[int, list[int]] = defaultdict(list)
        for row, column in places:
            if _in_table((row, column), file):
                by_column[column].append(row)
        for column, rows in by_column.items():
            yield _formula_hit(case, column, sorted(rows), file)


def _in_table(place: Place, file: File) -> bool:
    if file.layout is None:
        return False
    row, column = place
    return row >= file.layout.header_row and column <= len(file.layout.headers)


def _formula_hit(case: str, column: int, rows: list[int], file: File) -> Hit:
    """One finding a column: a formula seldom stands alone."""
    more = f" และอีก {len(rows) - _ROWS_NAMED:,} แถว" if len(rows) > _ROWS_NAMED else ""
    named = ", ".join(str(row) for row in rows[:_ROWS_NAMED]) + more
    header = file.layout.headers[column - 1] if file.layout else ""
    formulas = (file.sheet.formulas if file.sheet else None) or {}
    formula = formulas.get((rows[0], column), "")
    words = {"rows": named, "count": len(rows)}
    return Hit(case, words=words, value=f"={formula}" if formula else None, row=rows[0], column=column, header=header)
