"""users, their profiles and keys; an operation's legs.

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
    op.create_table(
        "signup_intents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="signup_intents_pkey"),
    )
    op.create_index("signup_intents_created_at_idx", "signup_intents", ["created_at"], unique=False)
    op.create_index("signup_intents_outcome_idx", "signup_intents", ["outcome"], unique=False)
    op.create_table(
        "user_notices",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="user_notices_pkey"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("provisionings", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="users_pkey"),
    )
    op.create_index("users_email_idx", "users", ["email"], unique=False)
    op.create_table(
        "openrouter_user_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("key_name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("key_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="openrouter_user_keys_user_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="openrouter_user_keys_pkey"),
        sa.UniqueConstraint("key_hash", name="openrouter_user_keys_key_hash_key"),
    )
    op.create_index(
        "openrouter_user_keys_status_idx", "openrouter_user_keys", ["status"], unique=False
    )
    op.create_index(
        "openrouter_user_keys_user_id_idx", "openrouter_user_keys", ["user_id"], unique=False
    )
    op.create_index(
        "uq_openrouter_user_keys_live",
        "openrouter_user_keys",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('making', 'active')"),
    )
    op.create_table(
        "profiles",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("openrouter_key_name", sa.String(), nullable=True),
        sa.Column("openrouter_key_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("openrouter_provisioning_status", sa.String(), nullable=False),
        sa.Column("openrouter_provisioning_error", sa.Text(), nullable=False),
        sa.Column("mirror_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name="profiles_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="profiles_pkey"),
    )
    op.create_index("ix_profiles_created_at", "profiles", ["created_at", "id"], unique=False)
    op.create_index(
        "profiles_openrouter_provisioning_status_idx",
        "profiles",
        ["openrouter_provisioning_status"],
        unique=False,
    )
    op.create_table(
        "user_settings",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("initial_credits", sa.Integer(), nullable=True),
        sa.Column("key_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("key_disabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="user_settings_user_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="user_settings_pkey"),
    )
    op.add_column("operations", sa.Column("leg", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("operations", "leg", server_default=None)


def downgrade() -> None:
    op.drop_column("operations", "leg")
    op.drop_table("user_settings")
    op.drop_index("profiles_openrouter_provisioning_status_idx", table_name="profiles")
    op.drop_index("ix_profiles_created_at", table_name="profiles")
    op.drop_table("profiles")
    op.drop_index(
        "uq_openrouter_user_keys_live",
        table_name="openrouter_user_keys",
        postgresql_where=sa.text("status IN ('making', 'active')"),
    )
    op.drop_index("openrouter_user_keys_user_id_idx", table_name="openrouter_user_keys")
    op.drop_index("openrouter_user_keys_status_idx", table_name="openrouter_user_keys")
    op.drop_table("openrouter_user_keys")
    op.drop_index("users_email_idx", table_name="users")
    op.drop_table("users")
    op.drop_table("user_notices")
    op.drop_index("signup_intents_outcome_idx", table_name="signup_intents")
    op.drop_index("signup_intents_created_at_idx", table_name="signup_intents")
    op.drop_table("signup_intents")
