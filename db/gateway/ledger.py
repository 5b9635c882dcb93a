"""The gateway's ledger: every call is held before and ends in one state; see ledger_sql.py."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from math import ceil
from operator import attrgetter
from os import urandom
from typing import NamedTuple
from uuid import UUID

import orjson
from asyncpg import PostgresError, Record
from asyncpg.pgproto import pgproto
from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, delete

from db.gateway.ledger_statements import BEGIN, HOLD_ONE, HOLD_SEVERAL, SETTLE
from db.gateway.months import next_month
from db.store.asyncpg_pool import AsyncpgPool
from db.store.reach import DatabaseUnavailable
from db.store.session import Session
from db.store.types import Money, UtcDateTime

HOLD = "SELECT * FROM gateway_hold($1, $2, $3, $4, $5, $6, $7)"
LOOK = "SELECT * FROM gateway_look($1, $2, $3)"
SETTLE_ANY = "SELECT gateway_settle($1, $2) AS ended"
EXPIRE = "SELECT gateway_expire($1, $2, $3) AS ended"
NAME_BYTES = 16
NAMES_AT_ONCE = 256
# Cured by trying again: somebody else's transaction was in the way.
IN_THE_WAY = ("40001", "40P01", "55P03", "57014")


class GatewayRequest(SQLModel, table=True):
    """A call that has ended: `settled`, `failed` or `expired`. Sums go by its `day` (UTC)."""

    __tablename__ = "gateway_requests"
    __table_args__ = (Index("gateway_requests_held_at_idx", "held_at"),)

    id: UUID = Field(primary_key=True)
    license_id: str
    day: date
    state: str
    held_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    provider: str
    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_micro: int = Field(sa_type=Money)
    price_version: str
    estimated: bool
    streamed: bool
    disconnected: bool
    reason: str


class HoldRequest(NamedTuple):
    """One call to be held; amounts are micro-dollars, None is no limit."""

    id: UUID
    license_id: str
    hourly: int
    monthly: int | None
    budget_micro: int | None
    estimate_micro: int


class LimitState(NamedTuple):
    """Where a license stands afterwards, `at` that moment; `code` is "" when held."""

    code: str
    hour_remaining: int
    hour_reset_s: int
    month_used: int
    month_reset_s: int
    month_resets_at: datetime
    at: datetime


class CallOutcome(NamedTuple):
    """How a call ended: `state` is `settled` or `failed`, tokens below 2³¹, money micro-dollars.

    `license_id`, `held_at` and `estimate_micro` are what the hold said: a hold that went down with
    the server is then metered nevertheless. Without them only a call that has expired can still be
    settled.
    """

    id: UUID
    license_id: str | None
    held_at: datetime | None
    estimate_micro: int
    state: str
    provider: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_micro: int = 0
    price_version: str = ""
    estimated: bool = False
    streamed: bool = False
    disconnected: bool = False
    reason: str = ""


def _names() -> Iterator[UUID]:
    """Many from one question to the system: each costs it as much as hundreds."""
    while True:
        random = urandom(NAME_BYTES * NAMES_AT_ONCE)
        for start in range(0, len(random), NAME_BYTES):
            yield pgproto.UUID(random[start : start + NAME_BYTES])


_NAMES = _names()


def new_call() -> UUID:
    """A name for a call, random like `uuid4()`: asyncpg's own kind, which it hashes in C."""
    return next(_NAMES)


class Refused(Exception):
    """PostgreSQL will not take these rows, however often they are sent."""


class Rows:
    """The ledger's rows as their SQL functions change them, each call one transaction.

    Every verb raises DatabaseUnavailable when trying again may help (what was asked for may have
    happened, and may be asked again), and Refused when it will not. `at` None is the database's
    clock; tests hand in another.
    """

    def __init__(self, pool: AsyncpgPool) -> None:
        self._pool = pool

    async def hold(
        self, asks: Sequence[HoldRequest], *, at: datetime | None = None
    ) -> list[LimitState]:
        """Hold what the limits allow; of one license in this order, as the answers are.

        Repeating one that is held changes nothing.
        """
        found = await self._held(asks) if at is None else {}
        if len(found) < len(asks):
            rest = [ask for ask in asks if ask.id not in found]
            found |= await self._explained(rest, at)
        return [found[ask.id] for ask in asks]

    async def _held(self, asks: Sequence[HoldRequest]) -> dict[UUID, LimitState]:
        """Those that could be held, all in one statement."""
        with _translate_errors():
            if len(asks) == 1:
                rows = await self._pool.fetch(HOLD_ONE, *asks[0])
            elif len({ask.license_id for ask in asks}) == len(asks):
                sent = sorted(asks, key=attrgetter("license_id"))
                rows = await self._pool.fetch(HOLD_SEVERAL, sent)
            else:
                # Of one license one comes after the other.
                return {}
        return {row["id"]: _limit_state(row, "") for row in rows}

    async def _explained(
        self, asks: Sequence[HoldRequest], at: datetime | None
    ) -> dict[UUID, LimitState]:
        """Each held, or why not."""
        sent = sorted(asks, key=attrgetter("license_id"))
        with _translate_errors():
            rows = await self._pool.fetch(
                HOLD,
                [ask.id for ask in sent],
                [ask.license_id for ask in sent],
                [ask.hourly for ask in sent],
                [ask.monthly for ask in sent],
                [ask.budget_micro for ask in sent],
                [ask.estimate_micro for ask in sent],
                at,
            )
        return {ask.id: _limit_state(row, row["code"]) for ask, row in zip(sent, rows, strict=True)}

    async def look(self, license_id: str, hourly: int, *, at: datetime | None = None) -> LimitState:
        """Where the license stands; counts nothing."""
        with _translate_errors():
            rows = await self._pool.fetch(LOOK, license_id, hourly, at)
        return _limit_state(rows[0], "")

    async def settle(self, ends: Sequence[CallOutcome], *, at: datetime | None = None) -> int:
        """End calls, none of them twice in `ends`; how many have changed.

        A held call ends as its `state` says, an expired one only by `settled`, others not again.
        """
        known = [end for end in ends if end.held_at is not None]
        with _translate_errors():
            rows = await self._pool.fetch(SETTLE, known, at) if known else ()
            settled = sum(int(row["ended"]) for row in rows)
            if settled < len(ends):
                # Some are not in flight any more, or not known to have been; nothing ends twice.
                rows = await self._pool.fetch(SETTLE_ANY, _json(ends), at)
                settled += int(rows[0]["ended"])
        return settled

    async def begin(self, estimates: Sequence[CallOutcome]) -> None:
        """Charge these calls so if nobody ends them; those that are not in flight stay as they are.

        Each says whose it is and when it was held, and is told once.
        """
        with _translate_errors():
            await self._pool.fetch(BEGIN, estimates)

    async def expire(self, most: int, keep: timedelta, *, at: datetime | None = None) -> int:
        """End what nobody ended within `keep`, of up to `most` licenses; how many calls.

        A call whose answer had begun is charged by its estimate, any other is given back.
        """
        with _translate_errors():
            rows = await self._pool.fetch(EXPIRE, most, keep, at)
        return int(rows[0]["ended"])


async def forget_before(session: Session, day: date) -> None:
    """Global: drop calls of days before `day` that have ended; their sums stay."""
    await session.exec(delete(GatewayRequest).where(col(GatewayRequest.day) < day))


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except PostgresError as error:
        if error.sqlstate in IN_THE_WAY:
            raise DatabaseUnavailable("somebody else was in the way") from error
        raise Refused(error.sqlstate) from error


def _limit_state(row: Record, code: str) -> LimitState:
    at: datetime = row["at"]
    month_ends = next_month(at)
    return LimitState(
        code=code,
        hour_remaining=row["hour_remaining"],
        hour_reset_s=row["hour_reset"],
        month_used=row["month_used"],
        month_reset_s=ceil((month_ends - at).total_seconds()),
        month_resets_at=month_ends,
        at=at,
    )


def _json(ends: Sequence[CallOutcome]) -> str:
    """As gateway_settle takes them, which asks for the day of the hold."""
    given = [{**end._asdict(), "day": end.held_at.date() if end.held_at else None} for end in ends]
    return orjson.dumps(given, default=str).decode()
