"""meeting_shared.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
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
