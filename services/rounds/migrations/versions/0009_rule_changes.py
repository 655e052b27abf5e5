"""Changes of the rules of an open round, tried on every version that stands."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_change",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("rule_set", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("applied_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_rule_change_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_rule_change")),
    )
    op.create_table(
        "rule_check",
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("fails", types.JsonDocument(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rule_change.round_id"], name=op.f("fk_rule_check_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_rule_check_submission_id")),
        sa.PrimaryKeyConstraint("round_id", "smis", name=op.f("pk_rule_check")),
    )
    op.create_index(op.f("ix_rule_check_state"), "rule_check", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_rule_check_state"), "rule_check")
    op.drop_table("rule_check")
    op.drop_table("rule_change")
