"""windows of requests to Auth.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from db.auth import TAKE_FUNCTION

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "auth_windows",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("hits", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="auth_windows_pkey"),
        prefixes=["UNLOGGED"],
    )
    op.create_index("auth_windows_over_at_idx", "auth_windows", ["over_at"], unique=False)
    op.execute(TAKE_FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION auth_take")
    op.drop_table("auth_windows")
