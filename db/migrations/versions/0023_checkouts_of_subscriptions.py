"""checkouts of subscriptions.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "billing_checkouts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("interval", sa.String(), nullable=False),
        sa.Column("price_id", sa.String(), nullable=False),
        sa.Column("trial_days", sa.Integer(), nullable=True),
        sa.Column("trial_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("billing_checkouts_customer_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("billing_checkouts_pkey")),
    )
    op.create_index(
        op.f("billing_checkouts_customer_id_idx"),
        "billing_checkouts",
        ["customer_id"],
        unique=False,
    )
    op.create_index(
        "billing_checkouts_email_idx", "billing_checkouts", ["email", "created_at"], unique=False
    )
    op.create_index(
        "billing_checkouts_network_idx",
        "billing_checkouts",
        ["network", "created_at"],
        unique=False,
    )
    op.create_index(
        "billing_checkouts_one_open_idx",
        "billing_checkouts",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open' AND customer_id IS NOT NULL"),
    )
    op.create_index(
        op.f("billing_checkouts_session_id_idx"), "billing_checkouts", ["session_id"], unique=False
    )
    op.add_column(
        "billing_prices", sa.Column("lookup_key", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("billing_prices", "lookup_key", server_default=None)


def downgrade() -> None:
    op.drop_column("billing_prices", "lookup_key")
    op.drop_index(op.f("billing_checkouts_session_id_idx"), table_name="billing_checkouts")
    op.drop_index(
        "billing_checkouts_one_open_idx",
        table_name="billing_checkouts",
        postgresql_where=sa.text("state = 'open' AND customer_id IS NOT NULL"),
    )
    op.drop_index("billing_checkouts_network_idx", table_name="billing_checkouts")
    op.drop_index("billing_checkouts_email_idx", table_name="billing_checkouts")
    op.drop_index(op.f("billing_checkouts_customer_id_idx"), table_name="billing_checkouts")
    op.drop_table("billing_checkouts")
