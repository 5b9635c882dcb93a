"""the evidence gate: what it found in each version, and what owners stand by.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "followup_versions",
        sa.Column("audit", sa.Text(), nullable=False, server_default="null"),
    )
    op.alter_column("followup_versions", "audit", server_default=None)
    op.create_table(
        "followup_kept_claims",
        sa.Column("followup_id", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"]),
        sa.PrimaryKeyConstraint("followup_id", "key"),
    )


def downgrade() -> None:
    op.drop_table("followup_kept_claims")
    op.drop_column("followup_versions", "audit")
