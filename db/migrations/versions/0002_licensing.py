"""customers, plans, licenses and their sites; the plans that are sold.

Revision ID: 0002
Revises: 0001
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROVIDERS = ["openai", "anthropic", "deepseek"]
MODELS = [
    *("gpt-5.4-mini", "gpt-5.4", "claude-haiku-5-5", "claude-sonnet-5-5"),
    *("deepseek-flash", "deepseek-v4-pro"),
]
LARGEST = [*MODELS, "gpt-5.5"]
# Prices are per month in euro cents; that of a lifetime plan is paid once.
PLANS = (
    {
        "name": "starter",
        "display_name": "Starter",
        "price_minor": 900,
        "features": ["own_provider_key", "updates", "email_support"],
        "monthly_requests": None,
        "max_sites": 1,
        "ai_included": False,
        "own_key": True,
        "models": LARGEST,
        "max_tokens": 4096,
    },
    {
        "name": "pro",
        "display_name": "Pro",
        "price_minor": 2900,
        "features": ["ai", "updates", "email_support", "priority_support"],
        "monthly_requests": 1000,
        "max_sites": 3,
        "ai_included": True,
        "own_key": False,
        "models": MODELS,
        "max_tokens": 4096,
    },
    {
        "name": "agency",
        "display_name": "Agency",
        "price_minor": 9900,
        "features": ["ai", "updates", "priority_support", "white_label", "subdomains"],
        "monthly_requests": 5000,
        "max_sites": None,
        "ai_included": True,
        "own_key": True,
        "models": LARGEST,
        "max_tokens": 8192,
    },
    {
        "name": "founders",
        "display_name": "Founders",
        "price_minor": 29900,
        "features": ["ai", "updates", "email_support", "priority_support", "founder"],
        "monthly_requests": 2000,
        "max_sites": 3,
        "ai_included": True,
        "own_key": False,
        "models": LARGEST,
        "max_tokens": 4096,
        "lifetime": True,
    },
)
SEEDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
FOUNDERS = 500


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_index("customers_created_at_idx", "customers", ["created_at", "id"])
    plans = _create_plans()
    stock = op.create_table(
        "plan_stock",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plan"),
    )
    _create_licenses()
    op.create_table(
        "sites",
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("license_id", "domain"),
    )
    op.bulk_insert(plans, [_seed(plan) for plan in PLANS])
    op.bulk_insert(stock, [{"plan": "founders", "total": FOUNDERS, "sold": 0}])


def downgrade() -> None:
    op.drop_table("sites")
    op.drop_table("licenses")
    op.drop_table("plan_stock")
    op.drop_table("plans")
    op.drop_table("customers")


def _create_plans() -> sa.Table:
    return op.create_table(
        "plans",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.Column("monthly_requests", sa.Integer(), nullable=True),
        sa.Column("max_sites", sa.Integer(), nullable=True),
        sa.Column("ai_included", sa.Boolean(), nullable=False),
        sa.Column("own_key", sa.Boolean(), nullable=False),
        sa.Column("providers", sa.Text(), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("max_tokens", sa.Integer(), nullable=False),
        sa.Column("hourly_requests", sa.Integer(), nullable=False),
        sa.Column("lifetime", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "version"),
    )


def _create_licenses() -> None:
    op.create_table(
        "licenses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("key_hint", sa.String(), nullable=False),
        sa.Column("previous_digest", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("order_digest", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("budget_micro", sa.BigInteger(), nullable=True),
        sa.Column("noticed_days", sa.Integer(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_digest"),
        sa.UniqueConstraint("previous_digest"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_index("licenses_customer_id_idx", "licenses", ["customer_id"])
    op.create_index("licenses_expires_at_idx", "licenses", ["expires_at"])
    op.create_index("licenses_issued_at_idx", "licenses", ["issued_at", "id"])


def _seed(plan: dict[str, object]) -> dict[str, object]:
    lists = {"features": plan["features"], "providers": PROVIDERS, "models": plan["models"]}
    return {
        "version": 1,
        "currency": "EUR",
        "hourly_requests": 100,
        "lifetime": False,
        "created_at": SEEDED_AT,
        **plan,
        **{name: json.dumps(value) for name, value in lists.items()},
    }
