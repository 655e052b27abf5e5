"""Delegations and handovers."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delegation',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('from_person', sa.String(length=60), nullable=False),
    sa.Column('to_person', sa.String(length=60), nullable=False),
    sa.Column('capacity', sa.String(length=10), nullable=False),
    sa.Column('order_no', sa.String(length=100), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=60), nullable=False),
    sa.Column('revoked_at', types.UtcDateTime(), nullable=True),
    sa.Column('revoked_by', sa.String(length=60), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation'))
    )
    with op.batch_alter_table('delegation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delegation_from_person'), ['from_person'], unique=False)
        batch_op.create_index(batch_op.f('ix_delegation_org_path'), ['org_path'], unique=False)
        batch_op.create_index('ix_delegation_to', ['to_person', 'valid_until'], unique=False)

    op.create_table('handover',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('from_person', sa.String(length=60), nullable=False),
    sa.Column('to_person', sa.String(length=60), nullable=False),
    sa.Column('order_no', sa.String(length=100), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('tasks', sa.Integer(), nullable=False),
    sa.Column('at', types.UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_org_path'), ['org_path'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handover_org_path'))

    op.drop_table('handover')
    with op.batch_alter_table('delegation', schema=None) as batch_op:
        batch_op.drop_index('ix_delegation_to')
        batch_op.drop_index(batch_op.f('ix_delegation_org_path'))
        batch_op.drop_index(batch_op.f('ix_delegation_from_person'))

    op.drop_table('delegation')
