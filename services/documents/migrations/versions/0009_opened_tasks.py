"""When somebody first looked at a letter that was given to them."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opened_at', types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('opened_at')
