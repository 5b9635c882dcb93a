"""meetings that arrive.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("followup_id", sa.String(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_channel", sa.String(), nullable=False),
        sa.Column("card_ts", sa.String(), nullable=False),
        sa.Column("intent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("arrivals_pkey")),
        sa.UniqueConstraint(
            "workspace_id",
            "member_id",
            "recording_id",
            name=op.f("arrivals_workspace_id_member_id_recording_id_key"),
        ),
    )
    op.create_index(
        "arrivals_unused_idx",
        "arrivals",
        ["told_at"],
        unique=False,
        postgresql_where=sa.text("reminded_at IS NULL AND followup_id != ''"),
    )
    op.create_table(
        "fathom_deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("fathom_deliveries_pkey")),
    )
    op.create_index(
        op.f("fathom_deliveries_received_at_idx"),
        "fathom_deliveries",
        ["received_at"],
        unique=False,
    )
    op.create_table(
        "fathom_hooks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hook_id", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("fathom_hooks_pkey")),
    )
    op.create_index(
        "fathom_hooks_member_idx", "fathom_hooks", ["workspace_id", "member_id"], unique=False
    )
    op.create_index(
        "fathom_hooks_one_idx",
        "fathom_hooks",
        ["connection_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('making', 'active')"),
    )
    op.create_table(
        "fathom_watches",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("fathom_watches_pkey")),
    )
    op.create_index(
        op.f("fathom_watches_next_poll_at_idx"), "fathom_watches", ["next_poll_at"], unique=False
    )
    op.add_column("followups", sa.Column("arrival", sa.String(), server_default="", nullable=False))
    op.alter_column("followups", "arrival", server_default=None)


def downgrade() -> None:
    op.drop_column("followups", "arrival")
    op.drop_index(op.f("fathom_watches_next_poll_at_idx"), table_name="fathom_watches")
    op.drop_table("fathom_watches")
    op.drop_index(
        "fathom_hooks_one_idx",
        table_name="fathom_hooks",
        postgresql_where=sa.text("state IN ('making', 'active')"),
    )
    op.drop_index("fathom_hooks_member_idx", table_name="fathom_hooks")
    op.drop_table("fathom_hooks")
    op.drop_index(op.f("fathom_deliveries_received_at_idx"), table_name="fathom_deliveries")
    op.drop_table("fathom_deliveries")
    op.drop_index(
        "arrivals_unused_idx",
        table_name="arrivals",
        postgresql_where=sa.text("reminded_at IS NULL AND followup_id != ''"),
    )
    op.drop_table("arrivals")
