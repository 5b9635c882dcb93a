"""the credit ledger: accounts, its journal, holds, and the one function that posts.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ACCOUNTS = ("available", "held", "issued", "spent")
SUM_ZERO = "available + held + issued + spent = 0"

KEPT = """
CREATE FUNCTION credits_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the credit journal is append-only: correct it by a new entry';
END $$
"""
TRIGGER = """
CREATE TRIGGER credits_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION credits_are_kept()
"""
# JSON, because no two different lists of values are written alike.
HASH = """
CREATE FUNCTION credits_hash(previous bytea, line credit_transactions) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        line.id, line.user_id, line.sequence, line.kind,
        line.available, line.held, line.issued, line.spent,
        line.key, encode(line.content, 'hex'), line.reason, line.hold_id, line.reverses,
        (extract(epoch FROM line.at) * 1000000)::bigint
    )::text, 'UTF8'))
$$
"""
POST = """
CREATE FUNCTION credits_post(
    p_id text, p_user text, p_kind text,
    p_available bigint, p_held bigint, p_issued bigint, p_spent bigint,
    p_key text, p_content bytea, p_reason text,
    p_hold text, p_expires timestamptz, p_reverses text, p_at timestamptz
) RETURNS TABLE (outcome text, posted credit_transactions) LANGUAGE plpgsql AS $$
DECLARE
    account credit_accounts;
    line credit_transactions;
BEGIN
    -- The account's row is the lock: whoever comes second sees all that the first one wrote.
    SELECT * INTO account FROM credit_accounts AS a WHERE a.user_id = p_user FOR UPDATE;
    IF NOT FOUND THEN
        IF p_available < 0 THEN
            RETURN QUERY SELECT 'short', line;
            RETURN;
        END IF;
        INSERT INTO credit_accounts AS a (user_id, available, held, issued, spent, sequence, head,
            created_at) VALUES (p_user, 0, 0, 0, 0, 0, '', p_at) ON CONFLICT DO NOTHING;
        SELECT * INTO account FROM credit_accounts AS a WHERE a.user_id = p_user FOR UPDATE;
    END IF;
    SELECT * INTO line FROM credit_transactions AS t WHERE t.key = p_key;
    IF FOUND THEN
        RETURN QUERY SELECT
            CASE WHEN line.content = p_content THEN 'repeat' ELSE 'other' END, line;
        RETURN;
    END IF;
    IF account.available + p_available < 0 OR account.held + p_held < 0 THEN
        RETURN QUERY SELECT 'short', line;
        RETURN;
    END IF;
    line.id := p_id;
    line.user_id := p_user;
    line.sequence := account.sequence + 1;
    line.kind := p_kind;
    line.available := p_available;
    line.held := p_held;
    line.issued := p_issued;
    line.spent := p_spent;
    line.available_after := account.available + p_available;
    line.held_after := account.held + p_held;
    line.key := p_key;
    line.content := p_content;
    line.reason := p_reason;
    line.hold_id := p_hold;
    line.reverses := p_reverses;
    line.at := p_at;
    line.hash := credits_hash(account.head, line);
    INSERT INTO credit_transactions SELECT line.* ON CONFLICT (key) DO NOTHING;
    IF NOT FOUND THEN
        -- Another account was given this key at the same moment.
        RETURN QUERY SELECT 'other', line;
        RETURN;
    END IF;
    UPDATE credit_accounts AS a SET available = line.available_after, held = line.held_after,
        issued = a.issued + p_issued, spent = a.spent + p_spent,
        sequence = line.sequence, head = line.hash WHERE a.user_id = p_user;
    IF p_kind = 'hold' THEN
        INSERT INTO credit_holds (id, user_id, amount, expires_at, created_at)
            VALUES (p_hold, p_user, p_held, p_expires, p_at);
    ELSIF p_hold <> '' THEN
        UPDATE credit_holds AS h SET ended_at = p_at WHERE h.id = p_hold AND h.user_id = p_user;
    END IF;
    RETURN QUERY SELECT 'posted', line;
END $$
"""
ENTRIES = """
CREATE VIEW credit_entries AS
SELECT t.id AS transaction_id, t.user_id, t.at, t.kind, e.account, e.amount
FROM credit_transactions AS t, LATERAL (VALUES
    ('available', t.available), ('held', t.held), ('issued', t.issued), ('spent', t.spent)
) AS e (account, amount)
WHERE e.amount <> 0
"""


def upgrade() -> None:
    create_accounts()
    create_transactions()
    create_holds()
    for statement in (KEPT, TRIGGER, HASH, POST, ENTRIES):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW credit_entries")
    op.execute("DROP FUNCTION credits_post")
    op.execute("DROP FUNCTION credits_hash")
    for table in ("credit_holds", "credit_transactions", "credit_accounts"):
        op.drop_table(table)
    op.execute("DROP FUNCTION credits_are_kept")


def create_accounts() -> None:
    op.create_table(
        "credit_accounts",
        sa.Column("user_id", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ACCOUNTS),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
        sa.CheckConstraint(SUM_ZERO, name="credit_accounts_sum_zero"),
        sa.CheckConstraint("available >= 0 AND held >= 0", name="credit_accounts_never_below_zero"),
    )
    # Changes with every posting: room beside it, so that its index is not touched.
    op.execute("ALTER TABLE credit_accounts SET (fillfactor = 50)")


def create_transactions() -> None:
    op.create_table(
        "credit_transactions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ACCOUNTS),
        sa.Column("available_after", sa.BigInteger(), nullable=False),
        sa.Column("held_after", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hold_id", sa.String(), nullable=False),
        sa.Column("reverses", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["credit_accounts.user_id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("user_id", "sequence"),
        sa.CheckConstraint(SUM_ZERO, name="credit_transactions_sum_zero"),
    )


def create_holds() -> None:
    op.create_table(
        "credit_holds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["credit_accounts.user_id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "credit_holds_open_idx",
        "credit_holds",
        ["expires_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
