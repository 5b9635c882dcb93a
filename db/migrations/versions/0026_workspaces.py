"""departures of workspaces, rotation of tokens.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("departures_pkey")),
    )
    op.create_table(
        "ending_grants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ending_grants_pkey")),
    )
    op.create_table(
        "organisation_teams",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name=op.f("organisation_teams_pkey")),
    )
    op.create_index(
        op.f("organisation_teams_enterprise_id_idx"),
        "organisation_teams",
        ["enterprise_id"],
        unique=False,
    )
    op.add_column(
        "installations", sa.Column("refreshing_until", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("installations", "refreshing_until")
    op.drop_index(op.f("organisation_teams_enterprise_id_idx"), table_name="organisation_teams")
    op.drop_table("organisation_teams")
    op.drop_table("ending_grants")
    op.drop_table("departures")
