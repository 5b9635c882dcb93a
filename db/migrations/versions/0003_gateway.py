"""the gateway's ledger.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from db.migrations.first_ledger import FUNCTIONS, NAMES, TUNED, create_requests

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_ledger()
    create_provider_keys()


def downgrade() -> None:
    op.drop_table("provider_keys")
    drop_ledger()


def create_ledger() -> None:
    op.create_table(
        "license_windows",
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("hits", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.PrimaryKeyConstraint("license_id"),
    )
    create_requests()
    op.create_table(
        "usage_months",
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("held_micro", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("license_id", "month"),
    )
    op.create_table(
        "usage_days",
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("estimated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("license_id", "day", "provider", "model"),
    )
    for statement in (*FUNCTIONS, *TUNED):
        op.execute(statement)


def drop_ledger() -> None:
    for name in NAMES:
        op.execute(f"DROP FUNCTION gateway_{name}")
    for table in ("usage_days", "usage_months", "gateway_requests", "license_windows"):
        op.drop_table(table)


def create_provider_keys() -> None:
    op.create_table(
        "provider_keys",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("customer_id", "provider"),
    )
