"""Lines of old systems keep the columns of the printed register."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('doc_no', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('doc_date', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('sender', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('receiver', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('action', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.drop_column('note')
        batch_op.drop_column('action')
        batch_op.drop_column('receiver')
        batch_op.drop_column('sender')
        batch_op.drop_column('doc_date')
        batch_op.drop_column('doc_no')

