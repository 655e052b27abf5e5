"""Files of letters, and where stamps go."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attachment',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('filename', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('notices', types.JsonDocument(), nullable=False),
    sa.Column('uploaded_at', types.UtcDateTime(), nullable=False),
    sa.Column('uploaded_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_attachment_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_letter_id'), ['letter_id'], unique=False)

    op.create_table('stamp_place',
    sa.Column('entry_id', sa.String(length=36), nullable=False),
    sa.Column('page', sa.Integer(), nullable=False),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.Column('placed_at', types.UtcDateTime(), nullable=False),
    sa.Column('placed_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['register_entry.id'], name=op.f('fk_stamp_place_entry_id')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_stamp_place'))
    )


def downgrade() -> None:
    op.drop_table('stamp_place')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_letter_id'))

    op.drop_table('attachment')
