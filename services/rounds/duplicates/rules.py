"""Rules of a duplicate: what makes one, its states, what a decision does to head counts, what each side may see.

Source: I10, I09 and I15 of the DMC catalogue. Only I10 gates รับทราบ; none of them ever touches a confirmation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.problems import FieldError, Problem, conflict, invalid


class Kind(StrEnum):
    """Why two pupils may be one: the same id (I10), the same names and birth date (I09), nearly the same id (I15)."""

    SAME_ID = "same_id"
    SAME_PERSON = "same_person"
    NEAR_ID = "near_id"


RULE_OF = {Kind.SAME_ID: "I10", Kind.SAME_PERSON: "I09", Kind.NEAR_ID: "I15"}
# the candidates are shown and may be settled, but nothing waits for them
GATING = frozenset({Kind.SAME_ID})


class CaseState(StrEnum):
    """States of a case: waits for a decision, settled, carried over with a reason, gone by a newer file."""

    OPEN = "OPEN"
    SETTLED = "SETTLED"
    CARRIED = "CARRIED"
    GONE = "GONE"


STATE_NAMES = {
    CaseState.OPEN: "รอวินิจฉัย",
    CaseState.SETTLED: "วินิจฉัยแล้ว",
    CaseState.CARRIED: "ยกไปรอบถัดไป",
    CaseState.GONE: "ไม่ซ้ำแล้ว",
}
BOTH = "both"


@dataclass(frozen=True)
class Standing:
    """How a case stands. ``keep`` is a SMIS code or ``both`` once it is settled.

    ``basis`` tells the facts apart on which a decision rests (names and birth dates of both rows, blind);
    ``gone_from`` is the state to which a case comes back when both rows do, unchanged.
    """

    state: CaseState
    basis: str
    keep: str | None = None
    gone_from: CaseState | None = None


def found(basis: str) -> Standing:
    """A pair that nobody has seen before."""
    return Standing(CaseState.OPEN, basis)


def seen(standing: Standing, basis: str) -> Standing:
    """A newer file of either school still has, or again has, its pupil.

    What was decided stays while the facts are those it was decided on; with other facts the case is open again.
    """
    if standing.basis != basis:
        return found(basis)
    if standing.state is CaseState.GONE:
        return replace(standing, state=standing.gone_from or CaseState.OPEN, gone_from=None)
    return standing


def unseen(standing: Standing) -> Standing:
    """The file that stands for one of the schools has the pupil no more, or not as present (3.1.8)."""
    if standing.state is CaseState.GONE:
        return standing
    return replace(standing, state=CaseState.GONE, gone_from=standing.state)


def settled(standing: Standing, keep: str) -> Standing:
    """Decided: the pupil is of the school ``keep``, or (``both``) there are two pupils and an id is wrong.

    Raises:
        Problem: ``duplicate.state`` (409).
    """
    _require(standing, CaseState.OPEN, CaseState.CARRIED)
    return replace(standing, state=CaseState.SETTLED, keep=keep)


def carried(standing: Standing) -> Standing:
    """Left for later, with a reason: รับทราบ does not wait for it.

    Raises:
        Problem: ``duplicate.state`` (409).
    """
    _require(standing, CaseState.OPEN)
    return replace(standing, state=CaseState.CARRIED)


def reopened(standing: Standing) -> Standing:
    """The decision, or the carrying, is taken back.

    Raises:
        Problem: ``duplicate.state`` (409).
    """
    _require(standing, CaseState.SETTLED, CaseState.CARRIED)
    return replace(standing, state=CaseState.OPEN, keep=None)


def _require(standing: Standing, *states: CaseState) -> None:
    if standing.state not in states:
        raise conflict(
            "duplicate.state",
            f"รายการนี้อยู่ในสถานะ “{STATE_NAMES[standing.state]}” จึงทำรายการนี้ไม่ได้",
            state=standing.state.value,
        )


def check_keep(keep: str, schools: tuple[str, str], lost: frozenset[str]) -> str:
    """Where the pupil may be kept: at one of both schools, or ``both``.

    ``lost`` are the schools that lost this very pupil in another case: kept there again, nobody could tell who counts.

    Raises:
        Problem: ``invalid`` (422); ``duplicate.contradicts`` (409).
    """
    if keep not in (*schools, BOTH):
        raise invalid([FieldError("keep", "choice", f"กรุณาเลือก {schools[0]} {schools[1]} หรือ {BOTH}")])
    if keep in lost:
        raise conflict(
            "duplicate.contradicts",
            f"อีกรายการหนึ่งวินิจฉัยแล้วว่านักเรียนคนนี้ไม่นับที่โรงเรียนรหัส {keep} เปิดรายการนั้นพิจารณาใหม่ก่อน",
            smis=keep,
        )
    return keep


@dataclass(frozen=True)
class Side:
    """One school's pupil in a case, by the blind key of the id."""

    smis: str
    key: bytes


def loser(standing: Standing, first: Side, second: Side) -> Side | None:
    """Whose head count loses the pupil; None while nothing is settled, when both are real, or when one is gone."""
    if standing.state is not CaseState.SETTLED or standing.keep == BOTH:
        return None
    return second if standing.keep == first.smis else first


def open_duplicates(count: int) -> Problem:
    """รับทราบ waits for the duplicates of the school."""
    return conflict(
        "school_round.duplicates",
        f"โรงเรียนนี้ยังมีนักเรียนซ้ำซ้อนกับโรงเรียนอื่นที่รอวินิจฉัย {count} ราย วินิจฉัยหรือยกไปรอบถัดไปพร้อมเหตุผลก่อน",
        duplicates=count,
    )


def basis_of(first: bytes | None, second: bytes | None) -> str:
    """The facts of both rows, from what the index keeps of them."""
    return hashlib.sha256((first or b"") + b"/" + (second or b"")).hexdigest()[:32]


def near(one: str, other: str) -> bool:
    """Whether two ids of the same length differ by one digit, or by two neighbours that changed places (I15)."""
    if len(one) != len(other) or one == other:
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    left, right = places
    return one[left] == other[right] and one[right] == other[left]


@dataclass(frozen=True)
class Person:
    """What is compared of two pupils with the same names: id and birth date as the rolls have them (or empty)."""

    citizen_id: str
    birth: str


def candidate(one: Person, other: Person) -> Kind | None:
    """What two pupils of the same names and different ids are to each other; None when nothing points at one child."""
    if not one.citizen_id or not other.citizen_id or one.citizen_id == other.citizen_id:
        return None
    if near(one.citizen_id, other.citizen_id):
        return Kind.NEAR_ID
    return Kind.SAME_PERSON if one.birth and one.birth == other.birth else None


EVIDENCE_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png"})
EVIDENCE_BYTES = 10 << 20
EVIDENCE_MOST = 10


def check_evidence(content_type: str, size: int) -> None:
    """A document that may be put to a case: PDF, JPG or PNG by its content, at most 10 MB.

    Raises:
        Problem: ``evidence.type`` (415), ``evidence.too_large`` (413), ``evidence.empty`` (422).
    """
    if size == 0:
        raise Problem("evidence.empty", 422, "ไฟล์ว่างเปล่า", "กรุณาแนบเอกสารใหม่")
    if size > EVIDENCE_BYTES:
        raise Problem("evidence.too_large", 413, "เอกสารมีขนาดใหญ่เกินไป", "แนบได้ไม่เกิน 10 MB")
    if content_type not in EVIDENCE_TYPES:
        raise Problem("evidence.type", 415, "รับเฉพาะเอกสาร PDF, JPG หรือ PNG", "ตรวจจากเนื้อไฟล์ ไม่ใช่จากชื่อไฟล์")


def require_room(documents: int) -> None:
    """A side may put so many documents to a case.

    Raises:
        Problem: ``evidence.too_many`` (409).
    """
    if documents >= EVIDENCE_MOST:
        raise conflict("evidence.too_many", f"แนบเอกสารได้ไม่เกิน {EVIDENCE_MOST} ฉบับต่อรายการ", most=EVIDENCE_MOST)


def losing_keys(cases: Iterable[tuple[Standing, Side, Side]], smis: str) -> set[bytes]:
    """The keys of the pupils whom the head count of ``smis`` loses; a pupil lost in two cases is lost once."""
    lost = (loser(standing, first, second) for standing, first, second in cases)
    return {side.key for side in lost if side is not None and side.smis == smis}
