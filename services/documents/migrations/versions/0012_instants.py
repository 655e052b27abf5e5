"""When a letter is due, and when it came how far.

Of letters that are there the instants are read from their history; when they are due is told with their next step.
"""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = ("due_at", "registered_at", "proposed_at", "assigned_at", "completed_at")
FIRST = "(SELECT min(at) FROM letter_step WHERE letter_id = letter.id AND move = '{}')"


def upgrade() -> None:
    with op.batch_alter_table('letter', schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, types.UtcDateTime(), nullable=True))
    for name, move in (("registered_at", "register"), ("proposed_at", "propose"), ("assigned_at", "assign")):
        op.execute(f"UPDATE letter SET {name} = {FIRST.format(move)}")
    op.execute(
        "UPDATE letter SET completed_at = (SELECT max(at) FROM letter_step WHERE letter_id = letter.id"
        " AND move IN ('report', 'acknowledge')) WHERE state IN ('REPORTED', 'ACKNOWLEDGED', 'CLOSED')"
    )


def downgrade() -> None:
    with op.batch_alter_table('letter', schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
