"""The second state of the plumbing tables: the audit log sealed, answers sealed; never changed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import types


def upgrade_plumbing() -> None:
    """Add the chain over the audit log and the note of what is re-sealed; stored answers become sealed text."""
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mac", sa.String(length=64), nullable=True))
    op.create_table(
        "audit_seal",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("audit_seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("audit_seq", name=op.f("uq_audit_seal_audit_seq")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("settled_seq", sa.BigInteger(), nullable=False),
        sa.Column("unkeyed_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    # what is in the log already was written without a digest of its own; the chain begins with it
    op.execute(
        "INSERT INTO audit_head (id, position, digest, settled_seq, unkeyed_seq) "
        "SELECT 1, 0, '', 0, COALESCE(MAX(seq), 0) FROM audit"
    )
    op.create_table(
        "resealed",
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("completed_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_resealed")),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.alter_column(
            "answer", existing_type=types.JsonDocument(), type_=sa.Text(), postgresql_using="answer::text"
        )


def downgrade_plumbing() -> None:
    """Take the chain away; answers that were sealed cannot be told from JSON any more and are forgotten."""
    op.execute("DELETE FROM idempotency")
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.alter_column(
            "answer", existing_type=sa.Text(), type_=types.JsonDocument(), postgresql_using="answer::jsonb"
        )
    for table in ("resealed", "audit_head", "audit_seal"):
        op.drop_table(table)
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_column("mac")
