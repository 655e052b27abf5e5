"""Who has not read what was sent round."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('circulation_fact',
    sa.Column('circulation_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=False),
    sa.Column('unread', types.JsonDocument(), nullable=False),
    sa.PrimaryKeyConstraint('circulation_id', name=op.f('pk_circulation_fact'))
    )
    with op.batch_alter_table('circulation_fact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circulation_fact_waits'), ['waits'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('circulation_fact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_circulation_fact_waits'))

    op.drop_table('circulation_fact')
