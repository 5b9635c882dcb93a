"""days and months of usage for reports, files of exports.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Single calls of long ago are gone, their sums by UTC days are not: those days are taken from them.
BEFORE_CALLS = """
INSERT INTO report_days
SELECT day::date, 'UTC', day AT TIME ZONE 'UTC', (day + interval '1 day') AT TIME ZONE 'UTC', now()
FROM generate_series(
    (SELECT min(day)::timestamp FROM usage_days),
    coalesce((SELECT min(held_at) FROM gateway_requests), now()) AT TIME ZONE 'UTC'
        - interval '1 day',
    interval '1 day'
) AS day
"""
USAGE = """
INSERT INTO report_usage
SELECT day, license_id, provider, model, requests, 0, input_tokens, output_tokens, cost_micro,
    estimated
FROM usage_days JOIN report_days USING (day)
"""
MODELS = """
INSERT INTO report_models
SELECT day, provider, model, sum(requests), 0, sum(input_tokens), sum(output_tokens),
    sum(cost_micro), sum(estimated)
FROM report_usage GROUP BY day, provider, model
"""


def upgrade() -> None:
    op.create_table(
        "report_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("report_days_pkey")),
    )
    op.create_table(
        "report_files",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("operator_kind", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("operator_name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("report_files_pkey")),
    )
    op.create_index(
        op.f("report_files_created_at_idx"), "report_files", ["created_at"], unique=False
    )
    op.create_table(
        "report_models",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("estimated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "provider", "model", name=op.f("report_models_pkey")),
    )
    op.create_table(
        "report_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("report_months_pkey")),
    )
    op.create_table(
        "report_usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("estimated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "license_id", "provider", "model", name=op.f("report_usage_pkey")
        ),
    )
    op.create_table(
        "report_pieces",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["report_files.id"],
            name=op.f("report_pieces_file_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "place", name=op.f("report_pieces_pkey")),
    )
    op.create_index("ix_followups_created_at", "followups", ["created_at", "id"], unique=False)
    op.create_index("gateway_requests_held_at_idx", "gateway_requests", ["held_at"], unique=False)
    for statement in (BEFORE_CALLS, USAGE, MODELS):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("gateway_requests_held_at_idx", table_name="gateway_requests")
    op.drop_index("ix_followups_created_at", table_name="followups")
    op.drop_table("report_pieces")
    op.drop_table("report_usage")
    op.drop_table("report_months")
    op.drop_table("report_models")
    op.drop_index(op.f("report_files_created_at_idx"), table_name="report_files")
    op.drop_table("report_files")
    op.drop_table("report_days")
