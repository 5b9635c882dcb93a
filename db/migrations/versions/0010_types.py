"""what the ledger's statements take many of.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Fields of `db.ledger.Ask` and `db.ledger.End`, in their order.
ASK = """
CREATE TYPE gateway_ask AS (
    id uuid, license_id text, hourly integer, monthly integer, budget_micro bigint,
    estimate_micro bigint
)
"""
END = """
CREATE TYPE gateway_end AS (
    id uuid, license_id text, held_at timestamptz, estimate_micro bigint, state text, provider text,
    model text, input_tokens integer, output_tokens integer, cached_tokens integer,
    cost_micro bigint, price_version text, estimated boolean, streamed boolean,
    disconnected boolean, reason text
)
"""


def upgrade() -> None:
    op.execute(ASK)
    op.execute(END)


def downgrade() -> None:
    op.execute("DROP TYPE gateway_ask")
    op.execute("DROP TYPE gateway_end")
