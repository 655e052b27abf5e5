"""Letters are found by what people type."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.documents.search import schema
from shared.db import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


GRAMS = sa.Text().with_variant(postgresql.ARRAY(sa.Integer()), "postgresql")


def upgrade() -> None:
    op.create_table('letter_text',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('at', types.UtcDateTime(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('everything', sa.Text(), nullable=False),
    sa.Column('reach', GRAMS, nullable=False),
    sa.Column('grams', GRAMS, nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_letter_text')),
    sa.UniqueConstraint('letter_id', name=op.f('uq_letter_text_letter_id'))
    )
    with op.batch_alter_table('letter_text', schema=None) as batch_op:
        batch_op.create_index('ix_letter_text_at_seq', ['at', 'seq'], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        schema.upgrade_postgresql(op)
    else:
        schema.upgrade_sqlite(op)



def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {schema.FTS}")
    op.drop_table("letter_text")
