"""Letters, tasks, what is written on letters."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('letter',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=40), nullable=False),
    sa.Column('holder_path', sa.String(length=200), nullable=False),
    sa.Column('direction', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('sender', sa.Text(), nullable=False),
    sa.Column('receiver', sa.Text(), nullable=False),
    sa.Column('doc_no', sa.String(length=100), nullable=False),
    sa.Column('doc_date', sa.Date(), nullable=False),
    sa.Column('received_at', types.UtcDateTime(), nullable=False),
    sa.Column('speed', sa.String(length=12), nullable=False),
    sa.Column('speed_deadline', types.UtcDateTime(), nullable=True),
    sa.Column('secrecy', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('again_key', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=60), nullable=False),
    sa.Column('closed_at', types.UtcDateTime(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_again_key'), ['again_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_holder_path'), ['holder_path'], unique=False)
        batch_op.create_index('ix_letter_owner_state', ['org_path', 'state'], unique=False)
        batch_op.create_index('ix_letter_same_document', ['org_path', 'doc_date', 'doc_no'], unique=False)

    op.create_table('endorsement',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('author_id', sa.String(length=60), nullable=False),
    sa.Column('author_name', sa.Text(), nullable=False),
    sa.Column('capacity', sa.String(length=200), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_endorsement_letter_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_endorsement'))
    )
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.create_index('ix_endorsement_letter_seq', ['letter_id', 'seq'], unique=False)

    op.create_table('letter_place',
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('since', types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_place_letter_id')),
    sa.PrimaryKeyConstraint('letter_id', 'unit', name=op.f('pk_letter_place'))
    )
    with op.batch_alter_table('letter_place', schema=None) as batch_op:
        batch_op.create_index('ix_letter_place_org_path', ['org_path', 'letter_id'], unique=False)

    op.create_table('letter_step',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('at', types.UtcDateTime(), nullable=False),
    sa.Column('actor_id', sa.String(length=60), nullable=False),
    sa.Column('actor_name', sa.Text(), nullable=False),
    sa.Column('move', sa.String(length=20), nullable=False),
    sa.Column('from_state', sa.String(length=12), nullable=True),
    sa.Column('to_state', sa.String(length=12), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('detail', types.JsonDocument(), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_step_letter_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_letter_step'))
    )
    with op.batch_alter_table('letter_step', schema=None) as batch_op:
        batch_op.create_index('ix_letter_step_letter_seq', ['letter_id', 'seq'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('assignee_id', sa.String(length=60), nullable=False),
    sa.Column('assigned_by', sa.String(length=60), nullable=False),
    sa.Column('assigned_by_name', sa.Text(), nullable=False),
    sa.Column('instruction', sa.Text(), nullable=False),
    sa.Column('due_at', types.UtcDateTime(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('assigned_at', types.UtcDateTime(), nullable=False),
    sa.Column('accepted_at', types.UtcDateTime(), nullable=True),
    sa.Column('reported_at', types.UtcDateTime(), nullable=True),
    sa.Column('closed_at', types.UtcDateTime(), nullable=True),
    sa.Column('report', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_task_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index('ix_task_assignee_state', ['assignee_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_letter_id'), ['letter_id'], unique=False)
        batch_op.create_index('ix_task_org_path_state', ['org_path', 'state'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('ix_task_org_path_state')
        batch_op.drop_index(batch_op.f('ix_task_letter_id'))
        batch_op.drop_index('ix_task_assignee_state')

    op.drop_table('task')
    with op.batch_alter_table('letter_step', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_step_letter_seq')

    op.drop_table('letter_step')
    with op.batch_alter_table('letter_place', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_place_org_path')

    op.drop_table('letter_place')
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.drop_index('ix_endorsement_letter_seq')

    op.drop_table('endorsement')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_same_document')
        batch_op.drop_index('ix_letter_owner_state')
        batch_op.drop_index(batch_op.f('ix_letter_holder_path'))
        batch_op.drop_index(batch_op.f('ix_letter_again_key'))

    op.drop_table('letter')
