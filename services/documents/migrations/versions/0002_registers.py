"""Units, staff, books, numbers, requests, blocks."""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('office_unit',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_office_unit'))
    )
    with op.batch_alter_table('office_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_office_unit_org_path'), ['org_path'], unique=False)

    op.create_table('register_book',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('owner_kind', sa.String(length=10), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('prefix', sa.String(length=40), nullable=False),
    sa.Column('circular_policy', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_book')),
    sa.UniqueConstraint('owner', 'kind', name=op.f('uq_register_book_owner_kind'))
    )
    with op.batch_alter_table('register_book', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_book_org_path'), ['org_path'], unique=False)

    op.create_table('staff',
    sa.Column('staff_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('grants', types.JsonDocument(), nullable=False),
    sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_staff'))
    )
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.create_index('ix_staff_org_path', ['org_path'], unique=False)

    op.create_table('offline_block',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('book_id', sa.String(length=36), nullable=False),
    sa.Column('be_year', sa.Integer(), nullable=False),
    sa.Column('first_no', sa.Integer(), nullable=False),
    sa.Column('last_no', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=60), nullable=False),
    sa.Column('reconciled_at', types.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['book_id'], ['register_book.id'], name=op.f('fk_offline_block_book_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offline_block'))
    )
    with op.batch_alter_table('offline_block', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offline_block_book_id'), ['book_id'], unique=False)

    op.create_table('register_counter',
    sa.Column('book_id', sa.String(length=36), nullable=False),
    sa.Column('be_year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_no', sa.Integer(), nullable=False),
    sa.Column('opening_no', sa.Integer(), nullable=False),
    sa.Column('closed_at', types.UtcDateTime(), nullable=True),
    sa.Column('head', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['book_id'], ['register_book.id'], name=op.f('fk_register_counter_book_id')),
    sa.PrimaryKeyConstraint('book_id', 'be_year', name=op.f('pk_register_counter'))
    )
    op.create_table('register_entry',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('book_id', sa.String(length=36), nullable=False),
    sa.Column('be_year', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('suffix', sa.String(length=10), nullable=False),
    sa.Column('display_no', sa.String(length=80), nullable=False),
    sa.Column('circular', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=True),
    sa.Column('block_id', sa.String(length=36), nullable=True),
    sa.Column('entry_date', sa.Date(), nullable=False),
    sa.Column('entered_at', types.UtcDateTime(), nullable=False),
    sa.Column('entered_by', sa.String(length=60), nullable=False),
    sa.Column('reserved_until', types.UtcDateTime(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.Column('voided_at', types.UtcDateTime(), nullable=True),
    sa.Column('voided_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['book_id'], ['register_book.id'], name=op.f('fk_register_entry_book_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entry')),
    sa.UniqueConstraint('book_id', 'be_year', 'no', 'suffix', name=op.f('uq_register_entry_book_id_be_year_no_suffix'))
    )
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_entry_block_id'), ['block_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_register_entry_letter_id'), ['letter_id'], unique=False)
        batch_op.create_index('ix_register_entry_reserved', ['reserved_until'], unique=False, postgresql_where=sa.text("reserved_until IS NOT NULL AND state = 'reserved'"), sqlite_where=sa.text("reserved_until IS NOT NULL AND state = 'reserved'"))

    op.create_table('number_request',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('book_id', sa.String(length=36), nullable=False),
    sa.Column('requester_id', sa.String(length=60), nullable=False),
    sa.Column('requester_name', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('entry_id', sa.String(length=36), nullable=True),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('decided_at', types.UtcDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['book_id'], ['register_book.id'], name=op.f('fk_number_request_book_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['register_entry.id'], name=op.f('fk_number_request_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_number_request'))
    )
    with op.batch_alter_table('number_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_number_request_requester_id'), ['requester_id'], unique=False)
        batch_op.create_index('ix_number_request_waiting', ['book_id', 'state'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('number_request', schema=None) as batch_op:
        batch_op.drop_index('ix_number_request_waiting')
        batch_op.drop_index(batch_op.f('ix_number_request_requester_id'))

    op.drop_table('number_request')
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_register_entry_reserved', postgresql_where=sa.text("reserved_until IS NOT NULL AND state = 'reserved'"), sqlite_where=sa.text("reserved_until IS NOT NULL AND state = 'reserved'"))
        batch_op.drop_index(batch_op.f('ix_register_entry_letter_id'))
        batch_op.drop_index(batch_op.f('ix_register_entry_block_id'))

    op.drop_table('register_entry')
    op.drop_table('register_counter')
    with op.batch_alter_table('offline_block', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offline_block_book_id'))

    op.drop_table('offline_block')
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_index('ix_staff_org_path')

    op.drop_table('staff')
    with op.batch_alter_table('register_book', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_register_book_org_path'))

    op.drop_table('register_book')
    with op.batch_alter_table('office_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_office_unit_org_path'))

    op.drop_table('office_unit')
