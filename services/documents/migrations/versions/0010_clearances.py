"""Who is cleared for letters with a class of secrecy, their personal lists, and why they were opened."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clearance',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.String(length=60), nullable=False),
    sa.Column('post', sa.String(length=10), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('order_no', sa.String(length=100), nullable=False),
    sa.Column('order_date', sa.Date(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=60), nullable=False),
    sa.Column('ended_at', types.UtcDateTime(), nullable=True),
    sa.Column('ended_by', sa.String(length=60), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clearance'))
    )
    with op.batch_alter_table('clearance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clearance_org_path'), ['org_path'], unique=False)
        batch_op.create_index('ix_clearance_person', ['person_id', 'valid_until'], unique=False)
    op.create_table('letter_opening',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('opened_at', types.UtcDateTime(), nullable=False),
    sa.Column('until', types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_opening_letter_id_letter')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_opening'))
    )
    with op.batch_alter_table('letter_opening', schema=None) as batch_op:
        batch_op.create_index('ix_letter_opening_letter_person', ['letter_id', 'person_id', 'until'], unique=False)
    op.create_table('letter_reader',
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=60), nullable=False),
    sa.Column('added_at', types.UtcDateTime(), nullable=False),
    sa.Column('added_by', sa.String(length=60), nullable=False),
    sa.Column('removed_at', types.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_reader_letter_id_letter')),
    sa.PrimaryKeyConstraint('letter_id', 'person_id', name=op.f('pk_letter_reader'))
    )


def downgrade() -> None:
    op.drop_table('letter_reader')
    op.drop_table('letter_opening')
    op.drop_table('clearance')
