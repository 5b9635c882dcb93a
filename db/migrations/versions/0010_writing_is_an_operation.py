"""Writing a follow-up is an operation.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "followups", sa.Column("operation_id", sa.String(), nullable=False, server_default="")
    )
    op.drop_column("followups", "steps")
    op.add_column(
        "operations", sa.Column("missing", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("followups", "operation_id", server_default=None)
    op.alter_column("operations", "missing", server_default=None)


def downgrade() -> None:
    op.drop_column("operations", "missing")
    op.add_column("followups", sa.Column("steps", sa.Text(), nullable=False, server_default="[]"))
    op.drop_column("followups", "operation_id")
