"""admins of the dashboard and their sessions.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_admins",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="local_admins_pkey"),
    )
    op.create_table(
        "admin_sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("operator_kind", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("operator_name", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="admin_sessions_pkey"),
        sa.UniqueConstraint("digest", name="admin_sessions_digest_key"),
    )
    op.create_index("admin_sessions_operator_id_idx", "admin_sessions", ["operator_id"])
    op.create_index("admin_sessions_ends_at_idx", "admin_sessions", ["ends_at"])
    op.create_table(
        "admin_sign_ins",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("next_path", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="admin_sign_ins_pkey"),
    )
    op.create_index("admin_sign_ins_expires_at_idx", "admin_sign_ins", ["expires_at"])
    op.create_table(
        "admin_throttles",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="admin_throttles_pkey"),
    )
    op.create_index("admin_throttles_failed_at_idx", "admin_throttles", ["failed_at"])


def downgrade() -> None:
    for table in ("admin_throttles", "admin_sign_ins", "admin_sessions", "local_admins"):
        op.drop_table(table)
