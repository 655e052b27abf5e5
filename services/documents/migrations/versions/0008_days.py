"""An office's own days."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('office_day',
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('entered_at', types.UtcDateTime(), nullable=False),
    sa.Column('entered_by', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('org_path', 'day', name=op.f('pk_office_day'))
    )


def downgrade() -> None:
    op.drop_table('office_day')
