"""model budgets.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_budget_notices",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("limit_micro", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "month",
            "member_id",
            "level",
            "limit_micro",
            name=op.f("model_budget_notices_pkey"),
        ),
    )
    op.create_table(
        "model_budgets",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("limit_micro", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("model_budgets_pkey")),
    )
    op.create_table(
        "model_calls",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("estimate_micro", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("model_calls_pkey")),
    )
    op.create_index("model_calls_held_at_idx", "model_calls", ["state", "held_at"], unique=False)
    op.create_table(
        "model_spending",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("spent_micro", sa.BigInteger(), nullable=False),
        sa.Column("held_micro", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "month", "member_id", name=op.f("model_spending_pkey")
        ),
    )
    op.add_column(
        "followup_versions",
        sa.Column("over_budget", sa.Text(), nullable=False, server_default="null"),
    )
    op.alter_column("followup_versions", "over_budget", server_default=None)


def downgrade() -> None:
    op.drop_column("followup_versions", "over_budget")
    op.drop_table("model_spending")
    op.drop_index("model_calls_held_at_idx", table_name="model_calls")
    op.drop_table("model_calls")
    op.drop_table("model_budgets")
    op.drop_table("model_budget_notices")
