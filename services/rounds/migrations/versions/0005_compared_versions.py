"""A version's findings beside those of the version before; cells corrected in the page."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = (
    ("finding", "since", sa.String(length=5)),
    ("finding", "fixed_in", sa.Integer()),
    ("submission", "corrected_from", sa.Integer()),
    ("submission", "compared_with", sa.Integer()),
)


def upgrade() -> None:
    for table, column, type_ in ADDED:
        op.add_column(table, sa.Column(column, type_, nullable=True))


def downgrade() -> None:
    for table, column, _ in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
