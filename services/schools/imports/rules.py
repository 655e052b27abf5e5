"""The way of an import: its states, what is said of a row, what became of it, and that no row is lost. No storage.

A file is read and every row of it is judged; nothing changes by that. Repairs are proposed and a person decides each
of them (rounds.md §2.1: "offered, never applied silently"); only then the rows without errors are applied, once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from shared.problems import conflict

MOST_ROWS = 5000
# how long the file and what stood in its rows are kept after the import has ended, and an undecided one waits
KEPT = dt.timedelta(days=30)


class ImportState(StrEnum):
    """States of an import."""

    RECEIVED = "RECEIVED"  # waits to be read and judged
    CHECKED = "CHECKED"
    CHECKING = "CHECKING"  # decisions were taken: judged again
    APPLYING = "APPLYING"
    APPLIED = "APPLIED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"  # the file cannot be read as such a list
    FAILED = "FAILED"  # our fault


WORKING = frozenset({ImportState.RECEIVED, ImportState.CHECKING, ImportState.APPLYING})
ENDED = frozenset({ImportState.APPLIED, ImportState.CANCELLED, ImportState.REJECTED, ImportState.FAILED})


class Step(StrEnum):
    """What a person does with an import."""

    DECIDE = "decide"
    APPLY = "apply"
    CANCEL = "cancel"


_AFTER = {
    (ImportState.CHECKED, Step.DECIDE): ImportState.CHECKING,
    (ImportState.CHECKED, Step.APPLY): ImportState.APPLYING,
    # whoever asks once more for what is being done or done already is not told off
    (ImportState.APPLYING, Step.APPLY): ImportState.APPLYING,
    (ImportState.APPLIED, Step.APPLY): ImportState.APPLIED,
    (ImportState.RECEIVED, Step.CANCEL): ImportState.CANCELLED,
    (ImportState.CHECKING, Step.CANCEL): ImportState.CANCELLED,
    (ImportState.CHECKED, Step.CANCEL): ImportState.CANCELLED,
    (ImportState.CANCELLED, Step.CANCEL): ImportState.CANCELLED,
}

_REFUSED = {
    ImportState.RECEIVED: "ระบบกำลังอ่านไฟล์ กรุณารอให้ตรวจเสร็จก่อน",
    ImportState.CHECKING: "ระบบกำลังตรวจอีกครั้งตามที่ท่านตัดสิน กรุณารอให้ตรวจเสร็จก่อน",
    ImportState.CHECKED: "รายการนี้ตรวจแล้ว ยังไม่ได้นำเข้า",
    ImportState.APPLYING: "ระบบกำลังนำเข้าข้อมูล เปลี่ยนหรือยกเลิกไม่ได้แล้ว",
    ImportState.APPLIED: "นำเข้าข้อมูลเสร็จแล้ว เปลี่ยนหรือยกเลิกไม่ได้",
    ImportState.CANCELLED: "การนำเข้านี้ยกเลิกไปแล้ว กรุณาส่งไฟล์ใหม่",
    ImportState.REJECTED: "ระบบไม่รับไฟล์นี้ กรุณาแก้ไฟล์แล้วส่งใหม่",
    ImportState.FAILED: "ระบบตรวจไฟล์นี้ไม่สำเร็จ กรุณาส่งใหม่ หรือแจ้งผู้ดูแลระบบ",
}


def after(state: ImportState, step: Step) -> ImportState:
    """The state after a person's step.

    Raises:
        Problem: ``import.state`` (409): not in this state.
    """
    following = _AFTER.get((state, step))
    if following is None:
        raise conflict("import.state", _REFUSED[state], state=state.value)
    return following


class Verdict(StrEnum):
    """What applying a row would do."""

    NEW = "NEW"
    CHANGE = "CHANGE"
    SAME = "SAME"
    ERROR = "ERROR"
    SKIPPED = "SKIPPED"  # no row of data: blank, title, header, total


WRITING = frozenset({Verdict.NEW, Verdict.CHANGE})


class Outcome(StrEnum):
    """What became of a row when the import was applied."""

    APPLIED = "APPLIED"
    UNCHANGED = "UNCHANGED"  # it stood there already
    REFUSED = "REFUSED"  # the register said no
    STALE = "STALE"  # the register was changed meanwhile: what would happen now is not what was shown
    LEFT = "LEFT"  # a row with errors
    SKIPPED = "SKIPPED"


# of the rows, those first that want an answer
WANT_AN_ANSWER = (Verdict.ERROR, Verdict.CHANGE, Verdict.NEW)
DID_NOT_GO_THROUGH = (Outcome.REFUSED, Outcome.STALE, Outcome.LEFT)


def shown_first(state: ImportState, counts: Mapping[str, int]) -> dict[str, str]:
    """The rows that are shown before anybody has chosen: what wants an answer; all of them where nothing does."""
    if state is ImportState.APPLIED:
        failed = (outcome for outcome in DID_NOT_GO_THROUGH if counts.get(f"outcome_{outcome}"))
        return {"outcome": next(failed, Outcome.APPLIED).value}
    verdict = next((verdict for verdict in WANT_AN_ANSWER if counts.get(verdict)), None)
    return {"verdict": verdict.value} if verdict else {}


# what becomes of the rows that applying does not touch
SETTLED = {Verdict.SAME: Outcome.UNCHANGED, Verdict.ERROR: Outcome.LEFT, Verdict.SKIPPED: Outcome.SKIPPED}


def count(rows_in: int, verdicts: Iterable[str], outcomes: Iterable[str | None] = ()) -> dict[str, int]:
    """The sums of an import: rows of the file by verdict, and by outcome once there are some.

    Raises:
        ValueError: a row of the file is missing from the report, or stands in it twice.
    """
    by_verdict, by_outcome = Counter(verdicts), Counter(outcome for outcome in outcomes if outcome)
    counts = {"rows_in": rows_in, **{verdict.value: by_verdict[verdict.value] for verdict in Verdict}}
    check_sums(counts)
    return {**counts, **{f"outcome_{outcome.value}": by_outcome[outcome.value] for outcome in Outcome}}


def check_sums(counts: Mapping[str, int]) -> None:
    """rows_in = new + change + same + error + skipped.

    Raises:
        ValueError: they do not add up.
    """
    told = sum(counts[verdict.value] for verdict in Verdict)
    if told != counts["rows_in"]:
        raise ValueError(f"{counts['rows_in']} rows came in and {told} are reported")


def row_id(sheet: int, number: int) -> str:
    """How a row is called: sheet and row as Excel counts them, ``1-12``."""
    return f"{sheet}-{number}"


def parse_row_id(text: str) -> tuple[int, int] | None:
    """Sheet and row of ``1-12``; None for anything else."""
    sheet, dash, number = text.partition("-")
    is_id = dash and all(part.isascii() and part.isdecimal() and len(part) < 8 for part in (sheet, number))
    return (int(sheet), int(number)) if is_id else None


def accepted(decisions: Mapping[str, Mapping[str, Any]], key: str, after_value: str) -> bool | None:
    """What was decided of the repair ``key`` that leads to ``after_value``; None where nobody has.

    A decision holds for the value that was shown: another proposal in the same place wants another decision.
    """
    taken = decisions.get(key)
    return bool(taken["accept"]) if taken is not None and taken["after"] == after_value else None
