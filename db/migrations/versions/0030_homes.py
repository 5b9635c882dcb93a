"""homes.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "homes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expanded", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("homes_pkey")),
    )
    for name in ("admin", "outsider"):
        flag: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column("members", flag)
        op.alter_column("members", name, server_default=None)


def downgrade() -> None:
    op.drop_column("members", "outsider")
    op.drop_column("members", "admin")
    op.drop_table("homes")
