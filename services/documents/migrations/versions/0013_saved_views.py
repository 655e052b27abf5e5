"""Lists of letters that somebody named, and indexes by which lists stand."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


# SQLite has the collation only while the service runs, and letters of one office
BY_TEXTS = {"ix_letter_subject_th": "subject", "ix_letter_sender_th": "sender"}


def upgrade() -> None:
    op.create_table('saved_view',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=60), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('filter', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view'))
    )
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_view_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index('ix_letter_doc_date_id', ['doc_date', 'id'], unique=False)
        batch_op.create_index('ix_letter_received_at_id', ['received_at', 'id'], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        for name, column in BY_TEXTS.items():
            op.execute(f'CREATE INDEX {name} ON letter ({column} COLLATE "th-x-icu", id)')


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in BY_TEXTS:
            op.execute(f"DROP INDEX {name}")

    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_received_at_id')
        batch_op.drop_index('ix_letter_doc_date_id')

    op.drop_table('saved_view')
