"""Duplicates across schools: cases, history, evidence; who of a version counts elsewhere; how much was shown to whom."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duplicate_case",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("first_smis", sa.String(length=8), nullable=False),
        sa.Column("second_smis", sa.String(length=8), nullable=False),
        sa.Column("first_name", sa.String(length=200), nullable=False),
        sa.Column("second_name", sa.String(length=200), nullable=False),
        sa.Column("first_path", sa.String(length=200), nullable=False),
        sa.Column("second_path", sa.String(length=200), nullable=False),
        sa.Column("first_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("second_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_masked", sa.String(length=30), nullable=False),
        sa.Column("second_masked", sa.String(length=30), nullable=False),
        sa.Column("same_names", sa.Boolean(), nullable=False),
        sa.Column("same_birth", sa.Boolean(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("keep", sa.String(length=8), nullable=True),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("gone_from", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("found_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(length=36), nullable=False),
        sa.Column("found_with", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_case")),
        sa.UniqueConstraint(
            "round_id", "first_smis", "second_smis", "first_key", "second_key",
            name="uq_duplicate_case_pair",
        ),
    )  # fmt: skip
    op.create_index("ix_duplicate_case_second", "duplicate_case", ["round_id", "second_smis"])
    op.create_table(
        "duplicate_history",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=60), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("keep", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["duplicate_case.id"], name=op.f("fk_duplicate_history_case_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_duplicate_history")),
    )
    op.create_index("ix_duplicate_history_case_seq", "duplicate_history", ["case_id", "seq"])
    op.create_table(
        "duplicate_evidence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.Column("uploaded_by_name", sa.Text(), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("is_cited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["duplicate_case.id"], name=op.f("fk_duplicate_evidence_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_evidence")),
        sa.UniqueConstraint("case_id", "smis", "sha256", name=op.f("uq_duplicate_evidence_case_id_smis_sha256")),
    )
    op.create_table(
        "duplicate_book",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_duplicate_book")),
    )
    op.create_table(
        "duplicate_comparison",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("due_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_duplicate_comparison")),
    )
    op.create_index("ix_duplicate_comparison_due_at", "duplicate_comparison", ["due_at"])
    op.create_table(
        "reveal_count",
        sa.Column("person_id", sa.String(length=60), nullable=False),
        sa.Column("hour", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reveal_count")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("excluded", types.JsonDocument(), nullable=False, server_default=sa.text("'[]'"))
        )
        batch_op.add_column(sa.Column("adjusted", types.JsonDocument(), nullable=True))
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("excluded", existing_type=types.JsonDocument(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("adjusted")
        batch_op.drop_column("excluded")
    op.drop_table("reveal_count")
    op.drop_index("ix_duplicate_comparison_due_at", "duplicate_comparison")
    op.drop_table("duplicate_comparison")
    op.drop_table("duplicate_book")
    op.drop_table("duplicate_evidence")
    op.drop_index("ix_duplicate_history_case_seq", "duplicate_history")
    op.drop_table("duplicate_history")
    op.drop_index("ix_duplicate_case_second", "duplicate_case")
    op.drop_table("duplicate_case")
