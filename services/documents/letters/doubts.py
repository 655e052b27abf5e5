"""What is odd about a letter that was keyed in, for as long as it can be put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, bindparam, or_, select

from services.documents.clearances.standing import known_letters
from services.documents.letters import rules
from services.documents.letters.rules import LetterState
from services.documents.letters.tables import Letter
from shared.db.unit import Unit
from shared.thai.fold import fold_text

_MOST = 20
_ALIKE = (
    select(Letter)
    .where(
        or_(
            and_(
                Letter.org_path == bindparam("org_path"),
                Letter.doc_date == bindparam("doc_date"),
                Letter.doc_no == bindparam("doc_no"),
                Letter.doc_no != "",
            ),
            and_(Letter.again_key == bindparam("again_key"), Letter.created_at > bindparam("since")),
        )
    )
    .order_by(Letter.id.desc())
    .limit(_MOST)
)


def letters_alike(
    unit: Unit, org_path: str, doc_date: dt.date, doc_no: str, again_key: str | None = None
) -> Sequence[Letter]:
    """Letters that may be the same one: those of a registry with the same number and date, and with an ``again_key``
    what the same person keyed in a moment ago; the newest first.
    """
    since = unit.now() - rules.SAME_AGAIN
    asked = {"org_path": org_path, "doc_date": doc_date, "doc_no": doc_no, "again_key": again_key, "since": since}
    return known_letters(unit, _ALIKE, asked)


def doubts_about(unit: Unit, letter: Letter, alike: Sequence[Letter] | None = None) -> list[dict[str, str]]:
    """Codes and Thai sentences; none once the letter was proposed. ``alike``: as far as they are known already."""
    if letter.state not in rules.EDITABLE:
        return []
    found = rules.warnings_of(letter.subject, letter.doc_date, letter.received_at, unit.now())
    if alike is None:
        alike = letters_alike(unit, letter.org_path, letter.doc_date, letter.doc_no)
    found += _same_document(letter, alike)
    return [{"code": code, "message": text} for code, text in found]


def _same_document(letter: Letter, alike: Sequence[Letter]) -> list[tuple[str, str]]:
    """Whether the same letter has come before this year, on paper and by e-mail for instance (§1.3 rule 5)."""
    document = (letter.org_path, letter.doc_date, letter.doc_no, fold_text(letter.sender))
    for other in alike:
        is_earlier = other.id < letter.id and other.state != LetterState.VOID
        if is_earlier and document == (other.org_path, other.doc_date, other.doc_no, fold_text(other.sender)):
            numbers = ", ".join(entry.display_no for entry in other.numbers) or "ยังไม่ลงทะเบียน"
            return [("letter.same_document", f"หนังสือฉบับนี้อาจรับไว้แล้ว (เลขรับ {numbers})")]
    return []
