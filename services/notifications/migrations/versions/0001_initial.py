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
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=True),
        sa.Column("smis", sa.String(length=8), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_address", ["role", "org_path", "id"], unique=False)
    op.create_table(
        "message_read",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("read_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_read_message_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_message_read")),
    )


def downgrade() -> None:
    op.drop_table("message_read")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_address")
    op.drop_table("message")
    drop_plumbing()
