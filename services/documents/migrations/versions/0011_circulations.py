"""Letters sent round, and letters that belong together."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('circulation',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('audience', types.JsonDocument(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('sent_at', types.UtcDateTime(), nullable=False),
    sa.Column('sent_by', sa.String(length=60), nullable=False),
    sa.Column('sent_by_name', sa.Text(), nullable=False),
    sa.Column('withdrawn_at', types.UtcDateTime(), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=60), nullable=True),
    sa.Column('withdraw_reason', sa.Text(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_circulation_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circulation'))
    )
    with op.batch_alter_table('circulation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circulation_letter_id'), ['letter_id'], unique=False)

    op.create_table('letter_reference',
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('linked_letter_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_reference_letter_id')),
    sa.ForeignKeyConstraint(['linked_letter_id'], ['letter.id'], name=op.f('fk_letter_reference_linked_letter_id')),
    sa.PrimaryKeyConstraint('letter_id', 'linked_letter_id', name=op.f('pk_letter_reference'))
    )
    with op.batch_alter_table('letter_reference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_reference_linked_letter_id'), ['linked_letter_id'], unique=False)

    op.create_table('circulation_reader',
    sa.Column('circulation_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=60), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('opened_at', types.UtcDateTime(), nullable=True),
    sa.Column('is_untold', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['circulation_id'], ['circulation.id'], name=op.f('fk_circulation_reader_circulation_id')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_circulation_reader_letter_id')),
    sa.PrimaryKeyConstraint('circulation_id', 'person_id', name=op.f('pk_circulation_reader'))
    )
    with op.batch_alter_table('circulation_reader', schema=None) as batch_op:
        batch_op.create_index('ix_circulation_reader_letter_person', ['letter_id', 'person_id'], unique=False)
        batch_op.create_index('ix_circulation_reader_person', ['person_id', 'circulation_id'], unique=False)
        batch_op.create_index('ix_circulation_reader_untold', ['is_untold'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('circulation_reader', schema=None) as batch_op:
        batch_op.drop_index('ix_circulation_reader_untold')
        batch_op.drop_index('ix_circulation_reader_person')
        batch_op.drop_index('ix_circulation_reader_letter_person')

    op.drop_table('circulation_reader')
    with op.batch_alter_table('letter_reference', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_reference_linked_letter_id'))

    op.drop_table('letter_reference')
    with op.batch_alter_table('circulation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_circulation_letter_id'))

    op.drop_table('circulation')
