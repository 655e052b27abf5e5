"""Proof that nobody has touched the audit log: every row against its digest, every link against the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from shared.audit import chain
from shared.audit.sealing import entry_of
from shared.security.vault import Vault

ROWS_AT_ONCE = 1000
MOST_FAULTS = 100


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: ``kind`` is changed, removed, inserted, broken or truncated; ``seq`` numbers the row."""

    kind: str
    seq: int | None
    detail: str


@dataclass
class Verdict:
    """What was found. ``unsealed`` is the tail that the sealer has not chained yet; ``head`` the last digest, to be
    kept elsewhere: a later verification with it shows that nothing before was cut off.
    """

    sealed: int = 0
    unsealed: int = 0
    position: int = 0
    head: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.faults


def verify(session: Any, tables: Any, vault: Vault, expected_head: str | None = None) -> Verdict:
    """Walk the whole chain of one service. ``expected_head`` is a digest that an earlier verification gave."""
    verdict = Verdict()
    head = session.get(tables.audit_head, 1)
    if head is None:
        verdict.faults.append(Fault("truncated", None, "the end of the chain is not recorded"))
        return verdict
    seen = _walk(session, tables, vault, head, verdict)
    if (head.position, head.digest or verdict.head) != (verdict.position, verdict.head):
        verdict.faults.append(
            Fault("truncated", None, f"the chain ends at {verdict.position}, recorded is {head.position}")
        )
    for row in _unsealed(session, tables):
        verdict.unsealed += 1
        if row.seq <= head.settled_seq:
            verdict.faults.append(Fault("inserted", row.seq, f"row {row.id} was put in after its time was sealed"))
        else:
            _check_row(row, vault, head.unkeyed_seq, verdict)
    if expected_head and not seen(expected_head):
        verdict.faults.append(Fault("truncated", None, "the digest noted earlier is not in the chain"))
    del verdict.faults[MOST_FAULTS:]
    return verdict


def _walk(session: Any, tables: Any, vault: Vault, head: Any, verdict: Verdict) -> Any:
    previous = vault.mac(chain.LINK_CONTEXT, chain.genesis(head.unkeyed_seq))
    digests = set()
    for seal, row in _links(session, tables):
        verdict.sealed += 1
        if seal.position != verdict.position + 1:
            verdict.faults.append(Fault("removed", seal.audit_seq, f"links before {seal.position} are missing"))
        verdict.position = seal.position
        if row is None:
            verdict.faults.append(Fault("removed", seal.audit_seq, f"the row of link {seal.position} is gone"))
        else:
            before = len(verdict.faults)
            _check_row(row, vault, head.unkeyed_seq, verdict)
            text = chain.link(previous, seal.position, row.seq, entry_of(row).canonical())
            if vault.mac(chain.LINK_CONTEXT, text) != seal.digest and len(verdict.faults) == before:
                verdict.faults.append(Fault("broken", row.seq, f"link {seal.position} does not follow the one before"))
        # go on from what is recorded, so that one fault is not reported for every row after it
        previous = seal.digest
        digests.add(seal.digest)
    verdict.head = previous if verdict.sealed else ""
    return digests.__contains__


def _check_row(row: Any, vault: Vault, unkeyed_seq: int, verdict: Verdict) -> None:
    if row.mac is None:
        if row.seq > unkeyed_seq:
            verdict.faults.append(Fault("inserted", row.seq, f"row {row.id} has no digest"))
    elif vault.mac(chain.ROW_CONTEXT, entry_of(row).canonical()) != row.mac:
        verdict.faults.append(Fault("changed", row.seq, f"row {row.id} ({row.action}) is not what was written"))


def _links(session: Any, tables: Any) -> Iterator[tuple[Any, Any]]:
    audit, seal = tables.audit, tables.audit_seal
    last = 0
    while True:
        statement = (
            select(seal, audit)
            .outerjoin(audit, audit.seq == seal.audit_seq)
            .where(seal.position > last)
            .order_by(seal.position)
            .limit(ROWS_AT_ONCE)
        )
        found = session.execute(statement).all()
        yield from found
        if len(found) < ROWS_AT_ONCE:
            return
        last = found[-1][0].position
        session.expunge_all()


def _unsealed(session: Any, tables: Any) -> Iterator[Any]:
    audit, seal = tables.audit, tables.audit_seal
    statement = select(audit).outerjoin(seal, seal.audit_seq == audit.seq).where(seal.position.is_(None))
    yield from session.execute(statement.order_by(audit.seq)).scalars()

