"""rollouts: versions, waves, tenants, approvals.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rollout_newcomers",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("rollout_newcomers_pkey")),
    )
    op.create_table(
        "rollouts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("up_sql", sa.Text(), nullable=False),
        sa.Column("down_sql", sa.Text(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("canary", sa.String(), nullable=False),
        sa.Column("tenants", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("control", sa.String(), nullable=False),
        sa.Column("hold", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("can_roll_back", sa.Boolean(), nullable=False),
        sa.Column("destroys_on_way_back", sa.Boolean(), nullable=False),
        sa.Column("leave_rest", sa.Boolean(), nullable=False),
        sa.Column("halt_told", sa.Boolean(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("waves", sa.Integer(), nullable=False),
        sa.Column("watch_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breaches", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("operator_kind", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("operator_name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("rollouts_pkey")),
    )
    op.create_index("ix_rollouts_created_at", "rollouts", ["created_at", "id"], unique=False)
    op.create_index(op.f("rollouts_state_idx"), "rollouts", ["state"], unique=False)
    op.create_index(op.f("rollouts_version_idx"), "rollouts", ["version"], unique=False)
    op.create_table(
        "tenant_migrations",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("up_sql", sa.Text(), nullable=False),
        sa.Column("down_sql", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rollout_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("tenant_migrations_pkey")),
    )
    op.create_index(
        op.f("tenant_migrations_position_idx"), "tenant_migrations", ["position"], unique=False
    )
    op.create_table(
        "rollout_approvals",
        sa.Column("rollout_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("operator_kind", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("operator_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollouts.id"],
            name=op.f("rollout_approvals_rollout_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rollout_id", "hash", name=op.f("rollout_approvals_pkey")),
    )
    op.create_table(
        "rollout_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rollout_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollouts.id"],
            name=op.f("rollout_events_rollout_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("rollout_events_pkey")),
    )
    op.create_index(
        op.f("rollout_events_rollout_id_idx"), "rollout_events", ["rollout_id"], unique=False
    )
    op.create_table(
        "rollout_reviews",
        sa.Column("rollout_id", sa.String(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollouts.id"],
            name=op.f("rollout_reviews_rollout_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rollout_id", name=op.f("rollout_reviews_pkey")),
    )
    op.create_table(
        "rollout_targets",
        sa.Column("rollout_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("drift", sa.Text(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("accepted", sa.String(), nullable=False),
        sa.Column("vitals", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollouts.id"],
            name=op.f("rollout_targets_rollout_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rollout_id", "tenant_id", name=op.f("rollout_targets_pkey")),
    )
    op.create_index(
        "ix_rollout_targets_order",
        "rollout_targets",
        ["rollout_id", "direction", "state", "wave", "rank"],
        unique=False,
    )
    op.create_index(
        op.f("rollout_targets_tenant_id_idx"), "rollout_targets", ["tenant_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("rollout_targets_tenant_id_idx"), table_name="rollout_targets")
    op.drop_index("ix_rollout_targets_order", table_name="rollout_targets")
    op.drop_table("rollout_targets")
    op.drop_table("rollout_reviews")
    op.drop_index(op.f("rollout_events_rollout_id_idx"), table_name="rollout_events")
    op.drop_table("rollout_events")
    op.drop_table("rollout_approvals")
    op.drop_index(op.f("tenant_migrations_position_idx"), table_name="tenant_migrations")
    op.drop_table("tenant_migrations")
    op.drop_index(op.f("rollouts_version_idx"), table_name="rollouts")
    op.drop_index(op.f("rollouts_state_idx"), table_name="rollouts")
    op.drop_index("ix_rollouts_created_at", table_name="rollouts")
    op.drop_table("rollouts")
    op.drop_table("rollout_newcomers")
