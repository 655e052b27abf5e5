"""What is odd about a letter that was keyed in, for as long as it can be put right."""

from __future__ import annotations

from sqlalchemy import select

from services.documents.clearances.standing import known_letters
from services.documents.letters import rules
from services.documents.letters.rules import LetterState
from services.documents.letters.tables import Letter
from shared.db.unit import Unit
from shared.thai.fold import fold_text


def doubts_about(unit: Unit, letter: Letter) -> list[dict[str, str]]:
    """Codes and Thai sentences; none once the letter was proposed."""
    if letter.state not in rules.EDITABLE:
        return []
    found = rules.warnings_of(letter.subject, letter.doc_date, letter.received_at, unit.now())
    found += _same_document(unit, letter)
    return [{"code": code, "message": text} for code, text in found]


def _same_document(unit: Unit, letter: Letter) -> list[tuple[str, str]]:
    """Whether the same letter has come before this year, on paper and by e-mail for instance (§1.3 rule 5)."""
    if not letter.doc_no:
        return []
    same = select(Letter).where(
        Letter.org_path == letter.org_path,
        Letter.doc_date == letter.doc_date,
        Letter.doc_no == letter.doc_no,
        Letter.id < letter.id,
        Letter.state != LetterState.VOID,
    )
    sender = fold_text(letter.sender)
    for other in known_letters(unit, same.limit(20)):
        if fold_text(other.sender) == sender:
            numbers = ", ".join(entry.display_no for entry in other.numbers) or "ยังไม่ลงทะเบียน"
            return [("letter.same_document", f"หนังสือฉบับนี้อาจรับไว้แล้ว (เลขรับ {numbers})")]
    return []
