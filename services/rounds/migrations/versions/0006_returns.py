"""How often the area sent a school's data back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returns", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE school_round SET returns = (SELECT count(*) FROM school_round_history AS history"
        " WHERE history.school_round_id = school_round.id AND history.event IN ('return', 'revoke'))"
    )
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        batch_op.alter_column("returns", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        batch_op.drop_column("returns")
