"""Which meetings a member was part of, and which had guests from outside.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is not known of meetings seen before shall hide none of them.
    op.add_column("meetings", sa.Column("mine", sa.Boolean(), nullable=False, server_default="t"))
    op.add_column(
        "meetings", sa.Column("external", sa.Boolean(), nullable=False, server_default="f")
    )
    op.execute(
        """UPDATE meetings SET external = EXISTS (
            SELECT 1 FROM jsonb_array_elements(invitees::jsonb) AS guest
            WHERE (guest ->> 'is_external')::boolean)"""
    )
    op.alter_column("meetings", "mine", server_default=None)
    op.alter_column("meetings", "external", server_default=None)


def downgrade() -> None:
    op.drop_column("meetings", "external")
    op.drop_column("meetings", "mine")
