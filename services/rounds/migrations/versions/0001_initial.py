"""initial"""

import sqlalchemy as sa
from alembic import op
from shared.db import types
from shared.db.first_plumbing import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "round",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("area_name", sa.String(length=200), nullable=False),
        sa.Column("system", sa.String(length=10), nullable=False),
        sa.Column("year_be", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("as_of_date", sa.Date(), nullable=False),
        sa.Column("open_at", types.UtcDateTime(), nullable=False),
        sa.Column("confirm_from", types.UtcDateTime(), nullable=True),
        sa.Column("school_deadline", types.UtcDateTime(), nullable=False),
        sa.Column("certify_deadline", types.UtcDateTime(), nullable=False),
        sa.Column("area_ack_deadline", types.UtcDateTime(), nullable=False),
        sa.Column("close_at", types.UtcDateTime(), nullable=False),
        sa.Column("rule_set", sa.String(length=40), nullable=False),
        sa.Column("school_codes", types.JsonDocument(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("moved_by_clock", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("announced_at", types.UtcDateTime(), nullable=True),
        sa.Column("opened_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint(
            "org_path", "system", "year_be", "round_no", name=op.f("uq_round_org_path_system_year_be_round_no")
        ),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_org_path"), ["org_path"], unique=False)
    op.create_table(
        "school",
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("education_range", sa.String(length=100), nullable=False),
        sa.Column("amphoe", sa.String(length=100), nullable=True),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=10), nullable=False),
        sa.Column("area_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("one_teacher", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("smis", name=op.f("pk_school")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_org_path"), ["org_path"], unique=False)
    op.create_table(
        "school_round",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amphoe", sa.String(length=100), nullable=True),
        sa.Column("education_range", sa.String(length=100), nullable=False),
        sa.Column("one_teacher", sa.Boolean(), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=True),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=60), nullable=True),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.Column("certified_by", sa.String(length=60), nullable=True),
        sa.Column("certified_at", types.UtcDateTime(), nullable=True),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("same_person", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due", types.UtcDateTime(), nullable=True),
        sa.Column("locked_from", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_school_round_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_round")),
        sa.UniqueConstraint("round_id", "smis", name=op.f("uq_school_round_round_id_smis")),
    )
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_round_org_path"), ["org_path"], unique=False)
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("locked_from", sa.String(length=20), nullable=False),
        sa.Column("taken_at", types.UtcDateTime(), nullable=False),
        sa.Column("counts", types.JsonDocument(), nullable=False),
        sa.Column("tables", types.JsonDocument(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_snapshot_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_round_id"), ["round_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("smis", sa.String(length=8), nullable=False),
        sa.Column("org_path", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("no_pupils", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.Column("uploaded_by_name", sa.String(length=200), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("checked_at", types.UtcDateTime(), nullable=True),
        sa.Column("counts", types.JsonDocument(), nullable=False),
        sa.Column("tables", types.JsonDocument(), nullable=True),
        sa.Column("not_evaluated", types.JsonDocument(), nullable=False),
        sa.Column("progress", types.JsonDocument(), nullable=False),
        sa.Column("same_bytes_as", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_submission_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("round_id", "smis", "version", name=op.f("uq_submission_round_id_smis_version")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(
            "ix_submission_waiting",
            ["created_at"],
            unique=False,
            postgresql_where=sa.text("state = 'RECORDING'"),
            sqlite_where=sa.text("state = 'RECORDING'"),
        )
    op.create_table(
        "finding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=5), nullable=True),
        sa.Column("header", sa.String(length=200), nullable=True),
        sa.Column("value_masked", sa.String(length=200), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("menu", sa.String(length=20), nullable=True),
        sa.Column("row_key", sa.String(length=64), nullable=True),
        sa.Column("value_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_by", sa.String(length=200), nullable=True),
        sa.Column("reason_at", types.UtcDateTime(), nullable=True),
        sa.Column("first_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_finding_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("submission_id", "seq", name=op.f("uq_finding_submission_id_seq")),
    )
    op.create_table(
        "school_round_history",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("school_round_id", sa.String(length=36), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=60), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=True),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", types.JsonDocument(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_round_id"], ["school_round.id"], name=op.f("fk_school_round_history_school_round_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_school_round_history")),
    )
    with op.batch_alter_table("school_round_history", schema=None) as batch_op:
        batch_op.create_index("ix_history_school_round_seq", ["school_round_id", "seq"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("school_round_history", schema=None) as batch_op:
        batch_op.drop_index("ix_history_school_round_seq")
    op.drop_table("school_round_history")
    op.drop_table("finding")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_submission_waiting",
            postgresql_where=sa.text("state = 'RECORDING'"),
            sqlite_where=sa.text("state = 'RECORDING'"),
        )
    op.drop_table("submission")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_round_id"))
    op.drop_table("snapshot")
    with op.batch_alter_table("school_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_round_org_path"))
    op.drop_table("school_round")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_org_path"))
    op.drop_table("school")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_org_path"))
    op.drop_table("round")
    drop_plumbing()
