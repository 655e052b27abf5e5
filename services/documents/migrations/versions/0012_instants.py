"""When a letter is due, and when it came how far; imports of old registers.

Of letters that are there the instants are read from their history; when they are due is told with their next step.
"""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = ("due_at", "registered_at", "proposed_at", "assigned_at", "completed_at")
FIRST = "(SELECT min(at) FROM letter_step WHERE letter_id = letter.id AND move = '{}')"


def upgrade() -> None:
    with op.batch_alter_table('letter', schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, types.UtcDateTime(), nullable=True))
    for name, move in (("registered_at", "register"), ("proposed_at", "propose"), ("assigned_at", "assign")):
        op.execute(f"UPDATE letter SET {name} = {FIRST.format(move)}")
    op.execute(
        "UPDATE letter SET completed_at = (SELECT max(at) FROM letter_step WHERE letter_id = letter.id"
        " AND move IN ('report', 'acknowledge')) WHERE state IN ('REPORTED', 'ACKNOWLEDGED', 'CLOSED')"
    )
    op.create_table(
        "register_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("book_id", sa.String(length=36), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("problem", types.JsonDocument(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("progress", types.JsonDocument(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["book_id"], ["register_book.id"], name=op.f("fk_register_import_book_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )
    with op.batch_alter_table("register_import", schema=None) as batch_op:
        batch_op.create_index("ix_register_import_book", ["book_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_register_import_waiting",
            ["created_at"],
            unique=False,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("register_import")
    with op.batch_alter_table('letter', schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
