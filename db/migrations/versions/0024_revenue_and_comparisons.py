"""monthly recurring revenue, comparisons with Stripe.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# A closed month is what was told to others: nothing of it is ever written again.
KEPT = """
CREATE FUNCTION closed_month_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_day date;
BEGIN
    IF TG_OP = 'TRUNCATE' OR TG_TABLE_NAME IN ('mrr_months', 'mrr_closings') THEN
        RAISE EXCEPTION 'a closed month never changes';
    END IF;
    FOREACH of_day IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.day]
        WHEN 'DELETE' THEN ARRAY[OLD.day]
        ELSE ARRAY[OLD.day, NEW.day]
    END LOOP
        IF EXISTS (SELECT FROM mrr_closings WHERE month = date_trunc('month', of_day)::date) THEN
            RAISE EXCEPTION 'a closed month never changes';
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$
"""
DAYS = ("mrr_days", "mrr_lines", "mrr_movements")
MONTHS = ("mrr_months", "mrr_closings")


def upgrade() -> None:
    _revenue()
    _comparisons()
    op.execute(KEPT)
    for name in DAYS:
        _guard(name, "INSERT OR UPDATE OR DELETE")
    for name in MONTHS:
        _guard(name, "UPDATE OR DELETE")


def downgrade() -> None:
    op.drop_table("billing_drifts")
    op.drop_index(op.f("billing_comparisons_began_at_idx"), table_name="billing_comparisons")
    op.drop_table("billing_comparisons")
    op.drop_index(op.f("mrr_movements_customer_id_idx"), table_name="mrr_movements")
    for name in (*DAYS, *MONTHS):
        op.drop_table(name)
    op.execute("DROP FUNCTION closed_month_is_kept")


def _guard(name: str, events: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name}_are_kept BEFORE {events} ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION closed_month_is_kept()"
    )
    op.execute(
        f"CREATE TRIGGER {name}_are_not_emptied BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION closed_month_is_kept()"
    )


def _revenue() -> None:
    op.create_table(
        "mrr_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("mrr_days_pkey")),
    )
    op.create_table(
        "mrr_lines",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("counted", sa.String(), nullable=False),
        sa.Column("ending", sa.Boolean(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "subscription_id", name=op.f("mrr_lines_pkey")),
    )
    op.create_table(
        "mrr_movements",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "customer_id", "currency", name=op.f("mrr_movements_pkey")),
    )
    op.create_index(
        op.f("mrr_movements_customer_id_idx"), "mrr_movements", ["customer_id"], unique=False
    )
    amounts = ("opening", "new", "expansion", "contraction", "churn", "reactivation")
    op.create_table(
        "mrr_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (*amounts, "moved", "closing", "trial", "committed")
        ),
        sa.PrimaryKeyConstraint("month", "currency", name=op.f("mrr_months_pkey")),
    )
    op.create_table(
        "mrr_closings",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("mrr_closings_pkey")),
    )


def _comparisons() -> None:
    op.create_table(
        "billing_comparisons",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("billing_comparisons_pkey")),
    )
    op.create_index(
        op.f("billing_comparisons_began_at_idx"), "billing_comparisons", ["began_at"], unique=False
    )
    op.create_table(
        "billing_drifts",
        sa.Column("comparison_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["billing_comparisons.id"],
            name=op.f("billing_drifts_comparison_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "comparison_id", "subscription_id", name=op.f("billing_drifts_pkey")
        ),
    )
