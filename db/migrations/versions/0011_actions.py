"""receipts of every action of a follow-up.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEW = ("operation_id", "note", "wish", "effect", "question", "kept")


def upgrade() -> None:
    op.add_column(
        "followup_receipts",
        sa.Column("generation", sa.Integer(), nullable=False, server_default="0"),
    )
    for name in NEW:
        kind = sa.String() if name in ("operation_id", "question") else sa.Text()
        op.add_column("followup_receipts", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column(
        "followup_receipts", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True)
    )
    for name in ("generation", *NEW):
        # For the rows there were; new ones bring their own.
        op.alter_column("followup_receipts", name, server_default=None)
    # The job that was to end them is no more: they are offered again.
    op.execute("UPDATE followup_receipts SET status = 'failed' WHERE status = 'pending'")


def downgrade() -> None:
    op.drop_column("followup_receipts", "done_at")
    for name in reversed(NEW):
        op.drop_column("followup_receipts", name)
    op.drop_column("followup_receipts", "generation")
