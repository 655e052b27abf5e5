"""Digests: how rounds and schools in them stand, and on which days reminders were sent."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_fact",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_fact")),
    )
    with op.batch_alter_table("round_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_fact_org_path"), ["org_path"], unique=False)
    op.create_table(
        "school_round_fact",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_title", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("school_deadline", types.UtcDateTime(), nullable=False),
        sa.Column("certify_deadline", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "smis", name=op.f("pk_school_round_fact")),
    )
    with op.batch_alter_table("school_round_fact", schema=None) as batch_op:
        batch_op.create_index(
            "ix_school_round_fact_deadlines", ["state", "school_deadline", "certify_deadline"], unique=False
        )
    op.create_table(
        "digest_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("area_path", sa.String(length=200), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "area_path", name=op.f("pk_digest_run")),
    )


def downgrade() -> None:
    op.drop_table("digest_run")
    with op.batch_alter_table("school_round_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_school_round_fact_deadlines")
    op.drop_table("school_round_fact")
    with op.batch_alter_table("round_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_fact_org_path"))
    op.drop_table("round_fact")
