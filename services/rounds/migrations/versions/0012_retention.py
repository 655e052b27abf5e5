"""Contents of superseded versions are erased in time: when that was, and the files whose bytes are still to go."""

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HELD = sa.text("erased_at IS NULL AND state IN ('SUPERSEDED', 'REJECTED', 'FAILED')")


def upgrade() -> None:
    op.add_column("submission", sa.Column("erased_at", types.UtcDateTime(), nullable=True))
    op.create_index("ix_submission_held", "submission", ["round_id", "smis"], postgresql_where=HELD, sqlite_where=HELD)
    # whether bytes are still anybody's is asked by their hash
    op.create_index("ix_submission_sha256", "submission", ["sha256"])
    op.create_index("ix_submission_roll_sha256", "submission", ["roll_sha256"])
    op.create_index("ix_duplicate_evidence_sha256", "duplicate_evidence", ["sha256"])
    op.create_index("ix_snapshot_submission", "snapshot", ["submission_id"])
    op.create_index("ix_duplicate_case_found_by", "duplicate_case", ["found_by"])
    op.create_table(
        "file_erasure",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_erasure")),
    )
    op.create_index(op.f("ix_file_erasure_due_at"), "file_erasure", ["due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_file_erasure_due_at"), "file_erasure")
    op.drop_table("file_erasure")
    op.drop_index("ix_duplicate_case_found_by", "duplicate_case")
    op.drop_index("ix_snapshot_submission", "snapshot")
    op.drop_index("ix_duplicate_evidence_sha256", "duplicate_evidence")
    op.drop_index("ix_submission_roll_sha256", "submission")
    op.drop_index("ix_submission_sha256", "submission")
    op.drop_index("ix_submission_held", "submission")
    op.drop_column("submission", "erased_at")
