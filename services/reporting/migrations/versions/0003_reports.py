"""What the reports of DMC need: schools with their clusters, the order of rounds, versions, returns.

The projections are emptied and asked for anew: what they lacked stands in the owners' last events.
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EMPTIED = ("round_fact", "school_round_fact", "submission_fact", "snapshot_fact", "replays")


def upgrade() -> None:
    for table in EMPTIED:
        op.execute(f"DELETE FROM {table}")
    # SQLite adds no column that may not be empty to a table, but makes one anew with it
    recreate: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("round_fact", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(sa.Column("system", sa.String(length=10), nullable=False))
        batch_op.add_column(sa.Column("year_be", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("round_no", sa.Integer(), nullable=False))
    with op.batch_alter_table("school_round_fact", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(sa.Column("school_deadline", sa.String(length=40), nullable=False))
        batch_op.add_column(sa.Column("confirmed_at", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("returns", sa.Integer(), nullable=True))
    with op.batch_alter_table("submission_fact", schema=None, recreate=recreate) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("counts", types.JsonDocument(), nullable=False))
    op.create_table(
        "school_fact",
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("cluster", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("smis", name=op.f("pk_school_fact")),
    )
    with op.batch_alter_table("school_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_fact_org_path"), ["org_path"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("school_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_fact_org_path"))
    op.drop_table("school_fact")
    with op.batch_alter_table("submission_fact", schema=None) as batch_op:
        batch_op.drop_column("counts")
        batch_op.drop_column("number")
    with op.batch_alter_table("school_round_fact", schema=None) as batch_op:
        batch_op.drop_column("returns")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("school_deadline")
    with op.batch_alter_table("round_fact", schema=None) as batch_op:
        batch_op.drop_column("round_no")
        batch_op.drop_column("year_be")
        batch_op.drop_column("system")
