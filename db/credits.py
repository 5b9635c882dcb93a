"""The credit ledger: an account per user, its journal that only grows, holds, and their proof."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import Digest, Money, UtcDateTime

GRANT, HOLD, SETTLE, RELEASE, EXPIRE = "grant", "hold", "settle", "release", "expire"
TAKE_BACK, REVERSE = "take_back", "reverse"
POSTED, REPEAT, OTHER, SHORT = "posted", "repeat", "other", "short"
SUM_ZERO = "available + held + issued + spent = 0"

POST = text("""
SELECT outcome, (posted).* FROM credits_post(:id, :user_id, :kind,
    :available, :held, :issued, :spent, :key, :content, :reason,
    :hold_id, :expires_at, :reverses, :at)
""")
# One statement, so one snapshot: what is posted meanwhile is in all of it or in none.
PROVE = text("""
WITH accounts AS (
    SELECT * FROM credit_accounts WHERE user_id > :after ORDER BY user_id LIMIT :most
), lines AS (
    SELECT t.*, t.sequence = row_number() OVER chain
        AND t.hash = credits_hash(lag(t.hash, 1, ''::bytea) OVER chain, t) AS linked,
        t.available_after = sum(t.available) OVER chain
        AND t.held_after = sum(t.held) OVER chain AS carried
    FROM credit_transactions AS t JOIN accounts USING (user_id)
    WINDOW chain AS (PARTITION BY t.user_id ORDER BY t.sequence)
), journal AS (
    SELECT user_id, count(*) AS posted, sum(available) AS available, sum(held) AS held,
        sum(issued) AS issued, sum(spent) AS spent,
        bool_and(available + held + issued + spent = 0) AS zero,
        bool_and(linked) AS linked, bool_and(carried) AS carried,
        (array_agg(hash ORDER BY sequence DESC))[1] AS head
    FROM lines GROUP BY user_id
), holds AS (
    SELECT user_id, sum(amount) AS held FROM credit_holds JOIN accounts USING (user_id)
    WHERE ended_at IS NULL GROUP BY user_id
)
SELECT a.user_id, coalesce(j.posted, 0) AS posted,
    coalesce(j.zero, true) AS zero,
    a.available = coalesce(j.available, 0) AND a.held = coalesce(j.held, 0)
        AND a.issued = coalesce(j.issued, 0) AND a.spent = coalesce(j.spent, 0)
        AND coalesce(j.carried, true) AS balanced,
    coalesce(j.linked, true) AND a.sequence = coalesce(j.posted, 0)
        AND a.head = coalesce(j.head, ''::bytea) AS linked,
    a.held = coalesce(h.held, 0) AS covered
FROM accounts AS a LEFT JOIN journal AS j USING (user_id) LEFT JOIN holds AS h USING (user_id)
ORDER BY a.user_id
""")
REBUILD = text("""
UPDATE credit_accounts AS a SET available = j.available, held = j.held, issued = j.issued,
    spent = j.spent
FROM (
    SELECT sum(available) AS available, sum(held) AS held, sum(issued) AS issued,
        sum(spent) AS spent
    FROM credit_transactions WHERE user_id = :user_id
) AS j
WHERE a.user_id = :user_id AND j.available IS NOT NULL
""")


class CreditAccountRow(SQLModel, table=True):
    """What a user has in whole credits; written by `credits_post` of migration 0008 alone.

    Four accounts in a row, which sum to zero: `available` and `held` are the user's, `issued` is
    where credits come from (so below zero), `spent` where they go. `head` is the last line's hash.
    """

    __tablename__ = "credit_accounts"
    __table_args__ = (
        CheckConstraint(SUM_ZERO, name="credit_accounts_sum_zero"),
        CheckConstraint("available >= 0 AND held >= 0", name="credit_accounts_never_below_zero"),
    )

    user_id: str = Field(primary_key=True)
    available: int = Field(sa_type=Money)
    held: int = Field(sa_type=Money)
    issued: int = Field(sa_type=Money)
    spent: int = Field(sa_type=Money)
    sequence: int = Field(sa_type=Money)
    head: bytes = Field(sa_type=Digest)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CreditTransactionRow(SQLModel, table=True):
    """One group of entries, a column per account, zero together; never changed, only followed.

    The view `credit_entries` has a row per entry. `key` was used once in the ledger's whole life,
    for what `content` is a digest of. `hash` covers the line and the hash before it.
    """

    __tablename__ = "credit_transactions"
    __table_args__ = (
        UniqueConstraint("user_id", "sequence"),
        CheckConstraint(SUM_ZERO, name="credit_transactions_sum_zero"),
    )

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="credit_accounts.user_id")
    sequence: int = Field(sa_type=Money)
    kind: str
    available: int = Field(sa_type=Money)
    held: int = Field(sa_type=Money)
    issued: int = Field(sa_type=Money)
    spent: int = Field(sa_type=Money)
    available_after: int = Field(sa_type=Money)
    held_after: int = Field(sa_type=Money)
    key: str = Field(unique=True)
    content: bytes = Field(sa_type=Digest)
    reason: str = Field(sa_type=Text)
    hold_id: str = ""
    reverses: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    hash: bytes = Field(sa_type=Digest)


class CreditHoldRow(SQLModel, table=True):
    """Credits set aside until they are settled, released or expired, which sets `ended_at`."""

    __tablename__ = "credit_holds"
    __table_args__ = (
        Index("credit_holds_open_idx", "expires_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="credit_accounts.user_id")
    amount: int = Field(sa_type=Money)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CreditPosting(NamedTuple):
    """A line to be posted; the amounts are what each account is changed by."""

    id: str
    user_id: str
    kind: str
    available: int
    held: int
    issued: int
    spent: int
    key: str
    content: bytes
    reason: str
    at: datetime
    hold_id: str = ""
    expires_at: datetime | None = None
    reverses: str = ""


class AccountProof(NamedTuple):
    """What was found of one account, each True when it is as it must be."""

    user_id: str
    posted: int
    zero: bool
    balanced: bool
    linked: bool
    covered: bool


async def post(session: Session, posting: CreditPosting) -> tuple[str, CreditTransactionRow]:
    """Global: post a line to its user's account; what came of it, and the line.

    `posted`; `repeat` with what this key posted before; `other` when the key was used for another
    content; `short` when an account would fall below zero. The line is empty where there is none.
    """
    found = (await session.execute(POST, posting._asdict())).mappings().one()
    columns = {name: found[name] for name in CreditTransactionRow.model_fields}
    return found["outcome"], CreditTransactionRow(**columns)


async def account(session: Session, user_id: str) -> CreditAccountRow | None:
    """The user's account; None before anything was posted to it."""
    query = select(CreditAccountRow).where(CreditAccountRow.user_id == user_id)
    options = {"populate_existing": True}
    return (await session.exec(query, execution_options=options)).one_or_none()


async def accounts(session: Session, user_ids: Iterable[str]) -> list[CreditAccountRow]:
    """Global: the accounts of these users; who has none is left out."""
    query = select(CreditAccountRow).where(col(CreditAccountRow.user_id).in_(set(user_ids)))
    return list((await session.exec(query)).all())


async def line(session: Session, user_id: str, entry_id: str) -> CreditTransactionRow | None:
    """One line of the user's journal."""
    query = select(CreditTransactionRow).where(
        CreditTransactionRow.user_id == user_id, CreditTransactionRow.id == entry_id
    )
    return (await session.exec(query)).one_or_none()


async def line_of_key(session: Session, key: str) -> CreditTransactionRow | None:
    """Global: what was posted with this key, whoever's account it went to."""
    query = select(CreditTransactionRow).where(CreditTransactionRow.key == key)
    return (await session.exec(query)).one_or_none()


async def lines(
    session: Session, user_id: str, *, before: int | None, limit: int
) -> list[CreditTransactionRow]:
    """The newest lines of the user's journal, older than that sequence."""
    query = select(CreditTransactionRow).where(CreditTransactionRow.user_id == user_id)
    if before is not None:
        query = query.where(col(CreditTransactionRow.sequence) < before)
    newest = col(CreditTransactionRow.sequence).desc()
    return list((await session.exec(query.order_by(newest).limit(limit))).all())


async def hold(session: Session, user_id: str, hold_id: str) -> CreditHoldRow | None:
    """One hold of the user's, open or ended."""
    query = select(CreditHoldRow).where(
        CreditHoldRow.user_id == user_id, CreditHoldRow.id == hold_id
    )
    return (await session.exec(query)).one_or_none()


async def overdue(session: Session, now: datetime, *, limit: int) -> list[CreditHoldRow]:
    """Global: holds that should have ended by now, the oldest first."""
    query = select(CreditHoldRow).where(
        col(CreditHoldRow.ended_at).is_(None), col(CreditHoldRow.expires_at) <= now
    )
    oldest = col(CreditHoldRow.expires_at)
    return list((await session.exec(query.order_by(oldest).limit(limit))).all())


async def prove(session: Session, *, after: str, limit: int) -> list[AccountProof]:
    """Global: so many accounts after that user, compared with their journals and holds."""
    found = await session.execute(PROVE, {"after": after, "most": limit})
    return [AccountProof(**row) for row in found.mappings()]


async def rebuild(session: Session, user_id: str) -> None:
    """Set the account's balances to the sums of its journal, which is never changed."""
    await session.execute(REBUILD, {"user_id": user_id})
