"""People with citizen id, position and ways to reach them; accounts with a second factor; grants with their orders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMES = {"title": 40, "given_name": 100, "family_name": 100}


def upgrade() -> None:
    _people()
    _accounts()
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_no", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("order_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(length=200), nullable=False, server_default=""))
    _drop_defaults({"role_grant": {"withdrawn": sa.Boolean()}, "login_session": {"device": sa.String(length=200)}})


def _people() -> None:
    """Names become sealed text; what stands there in the clear is read as it is and sealed by and by."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        for column, length in NAMES.items():
            batch_op.alter_column(column, existing_type=sa.String(length=length), type_=sa.Text(), existing_nullable=False)
        batch_op.add_column(sa.Column("citizen_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("citizen_id_index", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("position", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("email", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="ACTIVE"))
        batch_op.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("retired_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_unique_constraint("uq_person_citizen_id_index", ["citizen_id_index"])
    _drop_defaults({"person": {"state": sa.String(length=10), "version": sa.Integer()}})


def _accounts() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lock_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("password_changed_at", types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_login_at", types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_login_remote", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("totp_confirmed_at", types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("totp_last_step", sa.BigInteger(), nullable=True))
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("used_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])


def _drop_defaults(tables: dict[str, dict[str, sa.types.TypeEngine[Any]]]) -> None:
    """The defaults were for the rows that are there; new ones get theirs from the code."""
    for table, columns in tables.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column, kind in columns.items():
                batch_op.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    op.drop_table("recovery_code")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_column("device")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        for column in ("withdrawn", "end_reason", "order_date", "order_no"):
            batch_op.drop_column(column)
    with op.batch_alter_table("account", schema=None) as batch_op:
        for column in (
            "totp_last_step", "totp_confirmed_at", "totp_secret", "last_login_remote", "last_login_at",
            "password_changed_at", "lock_reason",
        ):
            batch_op.drop_column(column)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint("uq_person_citizen_id_index", type_="unique")
        for column in (
            "version", "retired_reason", "retired_on", "state", "phone", "email", "position", "citizen_id_index",
            "citizen_id",
        ):
            batch_op.drop_column(column)
        # sealed names would not fit any shorter column: they stay text
