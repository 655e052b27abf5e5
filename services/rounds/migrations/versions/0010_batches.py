"""The area's files: many schools in one workbook."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("include_confirmed", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.Column("uploaded_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("split_at", types.UtcDateTime(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("progress", types.JsonDocument(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_batch_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_round", "batch", ["round_id", "created_at"])
    op.create_index(op.f("ix_batch_sha256"), "batch", ["sha256"])
    op.create_index(
        "ix_batch_waiting",
        "batch",
        ["created_at"],
        postgresql_where=sa.text("state = 'RECORDING'"),
        sqlite_where=sa.text("state = 'RECORDING'"),
    )
    op.create_table(
        "batch_school",
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.String(length=20), nullable=True),
        sa.Column("submission_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_school_batch_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_batch_school_submission_id")),
        sa.PrimaryKeyConstraint("batch_id", "smis", name=op.f("pk_batch_school")),
    )


def downgrade() -> None:
    op.drop_table("batch_school")
    op.drop_table("batch")
