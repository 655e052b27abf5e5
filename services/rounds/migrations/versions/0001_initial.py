"""initial"""

import sqlalchemy as sa
from alembic import op
from shared.db import types

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', types.UtcDateTime(), nullable=False),
    sa.Column('actor', sa.String(length=60), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('change', types.JsonDocument(), nullable=False),
    sa.Column('correlation_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit')),
    sa.UniqueConstraint('id', name=op.f('uq_audit_id'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_subject'), ['subject'], unique=False)

    op.create_table('deferred',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('event_id', sa.String(length=36), nullable=True),
    sa.Column('type', sa.String(length=100), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('not_before', types.UtcDateTime(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('first_failed_at', types.UtcDateTime(), nullable=False),
    sa.Column('last_failed_at', types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deferred'))
    )
    with op.batch_alter_table('deferred', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deferred_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deferred_state'), ['state'], unique=False)

    op.create_table('idempotency',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('operation', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('answer', types.JsonDocument(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency')),
    sa.UniqueConstraint('person_id', 'operation', 'key', name=op.f('uq_idempotency_person_id_operation_key'))
    )
    op.create_table('inbox',
    sa.Column('event_id', sa.String(length=36), nullable=False),
    sa.Column('processed_at', types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_inbox'))
    )
    op.create_table('outbox',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('type', sa.String(length=100), nullable=False),
    sa.Column('aggregate', sa.String(length=120), nullable=False),
    sa.Column('envelope', sa.Text(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('published_at', types.UtcDateTime(), nullable=True),
    sa.Column('claimed_until', types.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_outbox')),
    sa.UniqueConstraint('id', name=op.f('uq_outbox_id'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_aggregate_seq', ['aggregate', 'seq'], unique=False)
        batch_op.create_index('ix_outbox_pending', ['seq'], unique=False, postgresql_where=sa.text('published_at IS NULL'), sqlite_where=sa.text('published_at IS NULL'))

    op.create_table('replays',
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('request_id', sa.String(length=36), nullable=False),
    sa.Column('requested_at', types.UtcDateTime(), nullable=False),
    sa.Column('completed_at', types.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('owner', name=op.f('pk_replays'))
    )
    op.create_table('round',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('area_name', sa.String(length=200), nullable=False),
    sa.Column('system', sa.String(length=10), nullable=False),
    sa.Column('year_be', sa.Integer(), nullable=False),
    sa.Column('round_no', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('as_of_date', sa.Date(), nullable=False),
    sa.Column('open_at', types.UtcDateTime(), nullable=False),
    sa.Column('confirm_from', types.UtcDateTime(), nullable=True),
    sa.Column('school_deadline', types.UtcDateTime(), nullable=False),
    sa.Column('certify_deadline', types.UtcDateTime(), nullable=False),
    sa.Column('area_ack_deadline', types.UtcDateTime(), nullable=False),
    sa.Column('close_at', types.UtcDateTime(), nullable=False),
    sa.Column('rule_set', sa.String(length=40), nullable=False),
    sa.Column('school_codes', types.JsonDocument(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('moved_by_clock', sa.Boolean(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('announced_at', types.UtcDateTime(), nullable=True),
    sa.Column('opened_at', types.UtcDateTime(), nullable=True),
    sa.Column('closed_at', types.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('org_path', 'system', 'year_be', 'round_no', name=op.f('uq_round_org_path_system_year_be_round_no'))
    )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_org_path'), ['org_path'], unique=False)

    op.create_table('school',
    sa.Column('smis', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('education_range', sa.String(length=100), nullable=False),
    sa.Column('amphoe', sa.String(length=100), nullable=True),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('area_code', sa.String(length=10), nullable=False),
    sa.Column('area_name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('one_teacher', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('smis', name=op.f('pk_school'))
    )
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_school_org_path'), ['org_path'], unique=False)

    op.create_table('school_round',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('round_id', sa.String(length=36), nullable=False),
    sa.Column('smis', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('amphoe', sa.String(length=100), nullable=True),
    sa.Column('education_range', sa.String(length=100), nullable=False),
    sa.Column('one_teacher', sa.Boolean(), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.String(length=36), nullable=True),
    sa.Column('last_version', sa.Integer(), nullable=False),
    sa.Column('on_hold', sa.Boolean(), nullable=False),
    sa.Column('confirmed_by', sa.String(length=60), nullable=True),
    sa.Column('confirmed_at', types.UtcDateTime(), nullable=True),
    sa.Column('certified_by', sa.String(length=60), nullable=True),
    sa.Column('certified_at', types.UtcDateTime(), nullable=True),
    sa.Column('acknowledged_at', types.UtcDateTime(), nullable=True),
    sa.Column('same_person', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('due', types.UtcDateTime(), nullable=True),
    sa.Column('locked_from', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_school_round_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_round')),
    sa.UniqueConstraint('round_id', 'smis', name=op.f('uq_school_round_round_id_smis'))
    )
    with op.batch_alter_table('school_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_school_round_org_path'), ['org_path'], unique=False)

    op.create_table('snapshot',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('round_id', sa.String(length=36), nullable=False),
    sa.Column('smis', sa.String(length=8), nullable=False),
    sa.Column('submission_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('locked_from', sa.String(length=20), nullable=False),
    sa.Column('taken_at', types.UtcDateTime(), nullable=False),
    sa.Column('counts', types.JsonDocument(), nullable=False),
    sa.Column('tables', types.JsonDocument(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_snapshot_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot'))
    )
    with op.batch_alter_table('snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_snapshot_round_id'), ['round_id'], unique=False)

    op.create_table('submission',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('round_id', sa.String(length=36), nullable=False),
    sa.Column('smis', sa.String(length=8), nullable=False),
    sa.Column('org_path', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('no_pupils', sa.Boolean(), nullable=False),
    sa.Column('uploaded_by', sa.String(length=60), nullable=False),
    sa.Column('uploaded_by_name', sa.String(length=200), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(), nullable=False),
    sa.Column('checked_at', types.UtcDateTime(), nullable=True),
    sa.Column('counts', types.JsonDocument(), nullable=False),
    sa.Column('tables', types.JsonDocument(), nullable=True),
    sa.Column('not_evaluated', types.JsonDocument(), nullable=False),
    sa.Column('progress', types.JsonDocument(), nullable=False),
    sa.Column('same_bytes_as', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease', sa.String(length=36), nullable=True),
    sa.Column('lease_until', types.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_submission_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('round_id', 'smis', 'version', name=op.f('uq_submission_round_id_smis_version'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index('ix_submission_waiting', ['created_at'], unique=False, postgresql_where=sa.text("state = 'RECORDING'"), sqlite_where=sa.text("state = 'RECORDING'"))

    op.create_table('finding',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('submission_id', sa.String(length=36), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('severity', sa.String(length=10), nullable=False),
    sa.Column('sheet', sa.String(length=100), nullable=True),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('column', sa.String(length=5), nullable=True),
    sa.Column('header', sa.String(length=200), nullable=True),
    sa.Column('value_masked', sa.String(length=200), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('suggestion', sa.Text(), nullable=False),
    sa.Column('menu', sa.String(length=20), nullable=True),
    sa.Column('row_key', sa.String(length=64), nullable=True),
    sa.Column('value_hash', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=15), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('reason_by', sa.String(length=200), nullable=True),
    sa.Column('reason_at', types.UtcDateTime(), nullable=True),
    sa.Column('first_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_finding_submission_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding')),
    sa.UniqueConstraint('submission_id', 'seq', name=op.f('uq_finding_submission_id_seq'))
    )
    op.create_table('school_round_history',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('school_round_id', sa.String(length=36), nullable=False),
    sa.Column('at', types.UtcDateTime(), nullable=False),
    sa.Column('actor_id', sa.String(length=60), nullable=False),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('event', sa.String(length=20), nullable=False),
    sa.Column('from_state', sa.String(length=20), nullable=True),
    sa.Column('to_state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('detail', types.JsonDocument(), nullable=False),
    sa.ForeignKeyConstraint(['school_round_id'], ['school_round.id'], name=op.f('fk_school_round_history_school_round_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_school_round_history'))
    )
    with op.batch_alter_table('school_round_history', schema=None) as batch_op:
        batch_op.create_index('ix_history_school_round_seq', ['school_round_id', 'seq'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('school_round_history', schema=None) as batch_op:
        batch_op.drop_index('ix_history_school_round_seq')

    op.drop_table('school_round_history')
    op.drop_table('finding')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index('ix_submission_waiting', postgresql_where=sa.text("state = 'RECORDING'"), sqlite_where=sa.text("state = 'RECORDING'"))

    op.drop_table('submission')
    with op.batch_alter_table('snapshot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_snapshot_round_id'))

    op.drop_table('snapshot')
    with op.batch_alter_table('school_round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_school_round_org_path'))

    op.drop_table('school_round')
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_school_org_path'))

    op.drop_table('school')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_org_path'))

    op.drop_table('round')
    op.drop_table('replays')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_pending', postgresql_where=sa.text('published_at IS NULL'), sqlite_where=sa.text('published_at IS NULL'))
        batch_op.drop_index('ix_outbox_aggregate_seq')

    op.drop_table('outbox')
    op.drop_table('inbox')
    op.drop_table('idempotency')
    with op.batch_alter_table('deferred', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deferred_state'))
        batch_op.drop_index(batch_op.f('ix_deferred_event_id'))

    op.drop_table('deferred')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_subject'))

    op.drop_table('audit')
