"""The audit log is chained, stored answers are sealed."""

from shared.db.second_plumbing import downgrade_plumbing, upgrade_plumbing

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    upgrade_plumbing()


def downgrade() -> None:
    downgrade_plumbing()
