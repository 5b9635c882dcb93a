"""templates and habits.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_habits",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "member_id", "key", name=op.f("member_habits_pkey")
        ),
    )
    op.create_table(
        "template_defaults",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("template_defaults_pkey")),
    )


def downgrade() -> None:
    op.drop_table("template_defaults")
    op.drop_table("member_habits")
