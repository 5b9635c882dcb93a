"""tenants.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("onboarding_id", sa.String(), nullable=False),
        sa.Column("signup_key", sa.LargeBinary(), nullable=True),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("modules", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("project_name", sa.String(), nullable=True),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("database_name", sa.String(), nullable=False),
        sa.Column("database_user", sa.String(), nullable=False),
        sa.Column("sslmode", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("server_version", sa.String(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("suspended_by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delete_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("tenants_pkey")),
        sa.UniqueConstraint("onboarding_id", name=op.f("tenants_onboarding_id_key")),
        sa.UniqueConstraint("project_name", name=op.f("tenants_project_name_key")),
        sa.UniqueConstraint("slug", name=op.f("tenants_slug_key")),
    )
    op.create_index("ix_tenants_created_at", "tenants", ["created_at", "id"], unique=False)
    op.create_index(op.f("tenants_customer_id_idx"), "tenants", ["customer_id"], unique=False)
    op.create_index(op.f("tenants_email_idx"), "tenants", ["email"], unique=False)
    op.create_index(op.f("tenants_state_idx"), "tenants", ["state"], unique=False)
    op.create_index("uq_tenants_signup_key", "tenants", ["signup_key"], unique=True)
    op.create_table(
        "tenant_admins",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f("tenant_admins_tenant_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "email", name=op.f("tenant_admins_pkey")),
    )
    op.create_table(
        "tenant_invitations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f("tenant_invitations_tenant_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("tenant_invitations_pkey")),
        sa.UniqueConstraint("token_digest", name=op.f("tenant_invitations_token_digest_key")),
    )
    op.create_index(
        op.f("tenant_invitations_tenant_id_idx"), "tenant_invitations", ["tenant_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("tenant_invitations_tenant_id_idx"), table_name="tenant_invitations")
    op.drop_table("tenant_invitations")
    op.drop_table("tenant_admins")
    op.drop_index("uq_tenants_signup_key", table_name="tenants")
    op.drop_index(op.f("tenants_state_idx"), table_name="tenants")
    op.drop_index(op.f("tenants_customer_id_idx"), table_name="tenants")
    op.drop_index(op.f("tenants_email_idx"), table_name="tenants")
    op.drop_index("ix_tenants_created_at", table_name="tenants")
    op.drop_table("tenants")
