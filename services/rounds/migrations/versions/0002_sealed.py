"""The audit log is chained; people's names and what stands in pupils' cells are sealed."""

import sqlalchemy as sa
from alembic import op

from shared.db.second_plumbing import downgrade_plumbing, upgrade_plumbing

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# table, column, its length before, whether it may be empty
SEALED = (
    ("finding", "value_masked", 200, True),
    ("finding", "reason_by", 200, True),
    ("submission", "uploaded_by_name", 200, False),
    ("school_round_history", "actor_name", 200, False),
)


def upgrade() -> None:
    upgrade_plumbing()
    for table, column, length, nullable in SEALED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                column, existing_type=sa.String(length=length), type_=sa.Text(), existing_nullable=nullable
            )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("value", sa.Text(), nullable=True))


def downgrade() -> None:
    """The sealed text stays as it is: without the keys nothing else can be made of it."""
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_column("value")
    downgrade_plumbing()
