"""The rolls of versions, the index of pupils, the rooms that schools declare; names of files are sealed."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_profile",
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("year_be", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rooms_by_grade", types.JsonDocument(), nullable=False),
        sa.PrimaryKeyConstraint("smis", "year_be", name=op.f("pk_school_profile")),
    )
    op.create_table(
        "pupil_entry",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("id_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("name_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("room", sa.SmallInteger(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_pupil_entry_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", "row", name=op.f("pk_pupil_entry")),
    )
    op.create_index("ix_pupil_entry_id_key", "pupil_entry", ["round_id", "id_key"])
    op.create_index("ix_pupil_entry_name_key", "pupil_entry", ["round_id", "name_key"])
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roll_sha256", sa.String(length=64), nullable=True))
        batch_op.alter_column(
            "filename", existing_type=sa.String(length=255), type_=sa.Text(), existing_nullable=False
        )
    # profiles were not kept before: their owner is asked for everything once more at the next start
    op.execute("DELETE FROM replays WHERE owner = 'schools'")


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("roll_sha256")
    op.drop_index("ix_pupil_entry_name_key", "pupil_entry")
    op.drop_index("ix_pupil_entry_id_key", "pupil_entry")
    op.drop_table("pupil_entry")
    op.drop_table("school_profile")
