"""initial"""

import sqlalchemy as sa
from alembic import op
from shared.db import types
from shared.db.first_plumbing import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "round_fact",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("as_of_date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_fact")),
    )
    op.create_table(
        "school_round_fact",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amphoe", sa.String(length=100), nullable=True),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("locked_from", sa.String(length=20), nullable=True),
        sa.Column("submission_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("round_id", "smis", name=op.f("pk_school_round_fact")),
    )
    with op.batch_alter_table("school_round_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_round_fact_org_path"), ["org_path"], unique=False)
    op.create_table(
        "snapshot_fact",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tables", types.JsonDocument(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "smis", name=op.f("pk_snapshot_fact")),
    )
    op.create_table(
        "submission_fact",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("tables", types.JsonDocument(), nullable=True),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_fact")),
    )
    with op.batch_alter_table("submission_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_fact_round_id"), ["round_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("submission_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_fact_round_id"))
    op.drop_table("submission_fact")
    op.drop_table("snapshot_fact")
    with op.batch_alter_table("school_round_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_round_fact_org_path"))
    op.drop_table("school_round_fact")
    op.drop_table("round_fact")
    drop_plumbing()
