"""in service.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "in_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_url", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="in_service_one"),
        sa.PrimaryKeyConstraint("id"),
    )
    # Whatever is migrated here is where it was made; a copy from a backup has no such row.
    op.execute("INSERT INTO in_service VALUES (1, '', now(), '')")


def downgrade() -> None:
    op.drop_table("in_service")
