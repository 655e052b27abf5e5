"""Schools have a history, a record of their own, and clusters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DETAILS: tuple[tuple[str, Any], ...] = (
    ("main_school_id", sa.String(length=36)),
    ("successor_id", sa.String(length=36)),
    ("cluster_id", sa.String(length=36)),
    ("name_en", sa.String(length=200)),
    ("village", sa.String(length=200)),
    ("postcode", sa.String(length=20)),
    ("phone", sa.String(length=100)),
    ("fax", sa.String(length=100)),
    ("email", sa.String(length=200)),
    ("website", sa.String(length=300)),
    ("founded", sa.String(length=60)),
    ("founded_year_be", sa.Integer()),
    ("local_authority", sa.String(length=200)),
    ("km_to_area", sa.Double()),
    ("km_to_amphoe", sa.Double()),
    ("latitude", sa.Double()),
    ("longitude", sa.Double()),
    ("highland", sa.Boolean()),
    ("details_at", types.UtcDateTime()),
)


def upgrade() -> None:
    op.create_table(
        "cluster",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("area_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["org_unit.id"], name="fk_cluster_area_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cluster"),
    )
    op.create_index("ix_cluster_area_id", "cluster", ["area_id"])
    op.create_index("uq_cluster_open_name", "cluster", ["area_id", "name"], unique=True, sqlite_where=sa.text("state = 'OPEN'"), postgresql_where=sa.text("state = 'OPEN'"))
    op.create_table(
        "school_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("area_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("successor_id", sa.String(length=36), nullable=True),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("order_no", sa.String(length=100), nullable=True),
        sa.Column("order_date", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("effective_year_be", sa.Integer(), nullable=False),
        sa.Column("before", types.JsonDocument(), nullable=True),
        sa.Column("after", types.JsonDocument(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("settled_at", types.UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.Column("settled_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["org_unit.id"], name="fk_school_event_area_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_school_event_unit_id"),
        sa.ForeignKeyConstraint(["successor_id"], ["org_unit.id"], name="fk_school_event_successor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_school_event"),
    )
    op.create_index("ix_school_event_unit_id", "school_event", ["unit_id"])
    op.create_index("ix_school_event_successor_id", "school_event", ["successor_id"])
    op.create_index("ix_school_event_org_path", "school_event", ["org_path"])
    op.create_index("ix_school_event_state_effective_on", "school_event", ["state", "effective_on"])
    with op.batch_alter_table("school", schema=None) as batch_op:
        for name, kind in DETAILS:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.create_foreign_key("fk_school_main_school_id", "org_unit", ["main_school_id"], ["id"])
        batch_op.create_foreign_key("fk_school_successor_id", "org_unit", ["successor_id"], ["id"])
        batch_op.create_foreign_key("fk_school_cluster_id", "cluster", ["cluster_id"], ["id"])
        batch_op.create_index("ix_school_main_school_id", ["main_school_id"])
        batch_op.create_index("ix_school_cluster_id", ["cluster_id"])


def downgrade() -> None:
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index("ix_school_cluster_id")
        batch_op.drop_index("ix_school_main_school_id")
        batch_op.drop_constraint("fk_school_cluster_id", type_="foreignkey")
        batch_op.drop_constraint("fk_school_successor_id", type_="foreignkey")
        batch_op.drop_constraint("fk_school_main_school_id", type_="foreignkey")
        for name, _kind in reversed(DETAILS):
            batch_op.drop_column(name)
    op.drop_table("school_event")
    op.drop_table("cluster")
