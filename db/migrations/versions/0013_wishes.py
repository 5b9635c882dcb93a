"""what a sign-in leads on to, and which connection a failure lacks.

Revision ID: 0013
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = (("signins", "followup_id"), ("followups", "missing"), ("followup_receipts", "missing"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
        op.alter_column(table, column, server_default=None)
    op.add_column("signins", sa.Column("place", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("signins", "place")
    for table, column in COLUMNS:
        op.drop_column(table, column)
