"""How many files with whole ids somebody was handed within an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reveal_count", sa.Column("files", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("reveal_count", "files")
