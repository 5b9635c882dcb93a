"""meeting_shared.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column(
        "shared", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("meetings", column)
    op.alter_column("meetings", "shared", server_default=None)


def downgrade() -> None:
    op.drop_column("meetings", "shared")
