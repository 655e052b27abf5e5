"""Imports of files, with their rows."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('APPLYING', 'CHECKING', 'RECEIVED')")


def upgrade() -> None:
    op.create_table(
        "import_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("container", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("counts", types.JsonDocument(), nullable=False),
        sa.Column("repairs", types.JsonDocument(), nullable=False),
        sa.Column("progress", types.JsonDocument(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("checked_at", types.UtcDateTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("purged_at", types.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_import_job_unit_id"),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_import_job_created_by"),
        sa.ForeignKeyConstraint(["applied_by"], ["person.id"], name="fk_import_job_applied_by"),
        sa.PrimaryKeyConstraint("id", name="pk_import_job"),
    )
    op.create_index("ix_import_job_org_path", "import_job", ["org_path"])
    op.create_index("ix_import_job_sha256", "import_job", ["sha256"])
    op.create_index("ix_import_job_waiting", "import_job", ["created_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("sheet", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("judged", sa.Text(), nullable=False),
        sa.Column("repairs", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("subject", sa.String(length=36), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_job.id"], name="fk_import_row_import_id"),
        sa.PrimaryKeyConstraint("import_id", "sheet", "row", name="pk_import_row"),
    )
    op.create_index("ix_import_row_verdict", "import_row", ["import_id", "verdict"])


def downgrade() -> None:
    op.drop_table("import_row")
    op.drop_table("import_job")
