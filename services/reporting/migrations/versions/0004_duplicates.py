"""Pupils in the files of two schools, and when a round was closed.

The rounds are asked for anew: when they were closed stands in the owner's last events.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("round_fact", "replays"):
        op.execute(f"DELETE FROM {table}")
    with op.batch_alter_table("round_fact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.String(length=40), nullable=True))
    op.create_table(
        "duplicate_fact",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("first_smis", sa.String(length=8), nullable=False),
        sa.Column("second_smis", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("keep", sa.String(length=8), nullable=True),
        sa.Column("found_at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_duplicate_fact")),
    )
    with op.batch_alter_table("duplicate_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicate_fact_round_id"), ["round_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("duplicate_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicate_fact_round_id"))
    op.drop_table("duplicate_fact")
    with op.batch_alter_table("round_fact", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
