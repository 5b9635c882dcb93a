"""which lost e-mails somebody was told of.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was lost before is old news.
    op.add_column("emails", sa.Column("told", sa.Boolean(), nullable=False, server_default="true"))
    op.alter_column("emails", "told", server_default=None)


def downgrade() -> None:
    op.drop_column("emails", "told")
