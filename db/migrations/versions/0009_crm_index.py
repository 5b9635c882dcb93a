"""the index of the CRM.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "crm_domains",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "domain", "account_id", name=op.f("crm_domains_pkey")
        ),
    )
    op.create_table(
        "crm_indexes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cursors", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_to", sa.String(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("crm_indexes_pkey")),
    )
    op.create_table(
        "crm_mappings",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "domain", name=op.f("crm_mappings_pkey")),
    )
    op.create_table(
        "crm_records",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("lexemes", postgresql.TSVECTOR(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "id", name=op.f("crm_records_pkey")),
    )
    op.create_index(
        "ix_crm_records_account", "crm_records", ["workspace_id", "account_id"], unique=False
    )
    op.create_index(
        "ix_crm_records_folded",
        "crm_records",
        ["workspace_id", "folded"],
        unique=False,
        postgresql_ops={"folded": "text_pattern_ops"},
    )
    op.create_index(
        "ix_crm_records_lexemes", "crm_records", ["lexemes"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "crm_trigrams",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("trigram", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "trigram", "word", name=op.f("crm_trigrams_pkey")),
    )
    op.create_table(
        "crm_words",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "word", name=op.f("crm_words_pkey")),
    )


def downgrade() -> None:

    op.drop_table("crm_words")
    op.drop_table("crm_trigrams")
    op.drop_index("ix_crm_records_lexemes", table_name="crm_records", postgresql_using="gin")
    op.drop_index(
        "ix_crm_records_folded",
        table_name="crm_records",
        postgresql_ops={"folded": "text_pattern_ops"},
    )
    op.drop_index("ix_crm_records_account", table_name="crm_records")
    op.drop_table("crm_records")
    op.drop_table("crm_mappings")
    op.drop_table("crm_indexes")
    op.drop_table("crm_domains")
