"""settings of members.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, known in (("auto_start", "ask"), ("zone", ""), ("aliases", "")):
        text: sa.Column[str] = sa.Column(name, sa.String(), nullable=False, server_default=known)
        op.add_column("members", text)
        op.alter_column("members", name, server_default=None)
    for name, known in (("quiet_from", "20:00"), ("quiet_until", "08:00")):
        op.add_column("members", sa.Column(name, sa.Time(), server_default=known))
        op.alter_column("members", name, server_default=None)


def downgrade() -> None:
    for name in ("auto_start", "quiet_from", "quiet_until", "zone", "aliases"):
        op.drop_column("members", name)
