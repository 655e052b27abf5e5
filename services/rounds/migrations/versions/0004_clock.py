"""Schools have dates of their own, snapshots have numbers, rounds are reopened, published and amended."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNCONFIRMED = sa.text("confirmed_at IS NULL AND late_since IS NULL")
EXTENDED = sa.text("extended_until IS NOT NULL")
DEADLINES = ("school_deadline", "certify_deadline")


def upgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        for name in ("reopened_at", "published_at", "amended_at"):
            batch_op.add_column(sa.Column(name, types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("amendments", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.alter_column("amendments", existing_type=sa.Integer(), server_default=None)
    _give_schools_their_dates()
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), server_default=None)
        batch_op.create_unique_constraint("uq_snapshot_round_id_smis_number", ["round_id", "smis", "number"])


def _give_schools_their_dates() -> None:
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        for name in (*DEADLINES, "late_since", "extended_until"):
            batch_op.add_column(sa.Column(name, types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("extension_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("extension_unused", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in DEADLINES:
        op.execute(
            f"UPDATE school_round SET {name} = (SELECT r.{name} FROM round r WHERE r.id = school_round.round_id)"
        )
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        for name in DEADLINES:
            batch_op.alter_column(name, existing_type=types.UtcDateTime(), nullable=False)
        batch_op.alter_column("extension_unused", existing_type=sa.Boolean(), server_default=None)
        for name, column, where in (
            ("ix_school_round_unconfirmed", "school_deadline", UNCONFIRMED),
            ("ix_school_round_extended", "extended_until", EXTENDED),
        ):
            batch_op.create_index(name, [column], unique=False, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_constraint("uq_snapshot_round_id_smis_number", type_="unique")
        batch_op.drop_column("number")
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        batch_op.drop_index("ix_school_round_extended")
        batch_op.drop_index("ix_school_round_unconfirmed")
        for name in ("extension_unused", "extension_reason", "extended_until", "late_since", *reversed(DEADLINES)):
            batch_op.drop_column(name)
    with op.batch_alter_table("round", schema=None) as batch_op:
        for name in ("amendments", "amended_at", "published_at", "reopened_at"):
            batch_op.drop_column(name)
