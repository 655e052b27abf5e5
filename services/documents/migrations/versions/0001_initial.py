"""The tables that every service has."""

from shared.db.first_plumbing import create_plumbing, drop_plumbing
from shared.db.second_plumbing import downgrade_plumbing, upgrade_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    upgrade_plumbing()


def downgrade() -> None:
    downgrade_plumbing()
    drop_plumbing()
