"""the gateway's ledger, its SQL functions and types; providers' keys of customers.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from db.gateway.ledger_sql import FUNCTIONS, TYPES

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENTS = sa.ARRAY(sa.DateTime(timezone=True))
# Rows that change with every call keep room beside them, so that no index is touched.
ROOMY = ("usage_months", "usage_days")
# Plans are made once per connection, perhaps on empty tables: they must go by the indexes.
SETTLE_BY_INDEX = """
ALTER FUNCTION gateway_settle SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
"""


def upgrade() -> None:
    create_requests()
    create_sums()
    create_provider_keys()
    for statement in (*TYPES.values(), *FUNCTIONS.values(), SETTLE_BY_INDEX):
        op.execute(statement)


def downgrade() -> None:
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION gateway_{name}")
    for name in TYPES:
        op.execute(f"DROP TYPE gateway_{name}")
    for table in ("provider_keys", "usage_days", "usage_months", "gateway_requests"):
        op.drop_table(table)


def create_requests() -> None:
    op.create_table(
        "gateway_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("price_version", sa.String(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("streamed", sa.Boolean(), nullable=False),
        sa.Column("disconnected", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def create_sums() -> None:
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
        sa.Column("calls", JSONB(), nullable=False, server_default="{}"),
        sa.Column("hits", MOMENTS, nullable=False, server_default="{}"),
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
    for table in ROOMY:
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 50)")


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
