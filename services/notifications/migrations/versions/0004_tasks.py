"""Messages to one person; the tasks of letters."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('task_digest_run',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('sent_at', types.UtcDateTime(), nullable=False),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_task_digest_run'))
    )
    op.create_table('task_fact',
    sa.Column('task_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('assignee_id', sa.String(length=60), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('assigned_at', types.UtcDateTime(), nullable=False),
    sa.Column('due_at', types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('task_id', name=op.f('pk_task_fact'))
    )
    with op.batch_alter_table('task_fact', schema=None) as batch_op:
        batch_op.create_index('ix_task_fact_state', ['state', 'org_path'], unique=False)

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('person_id', sa.String(length=60), nullable=True))
        batch_op.create_index(batch_op.f('ix_message_person_id'), ['person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_person_id'))
        batch_op.drop_column('person_id')

    with op.batch_alter_table('task_fact', schema=None) as batch_op:
        batch_op.drop_index('ix_task_fact_state')

    op.drop_table('task_fact')
    op.drop_table('task_digest_run')
