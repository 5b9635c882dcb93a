"""Migration 0008 takes calls in flight and the last hour along, and gives them back."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg

from db.gateway.ledger import CallOutcome, Rows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.migrate import downgrade, upgrade
from tests.kit.ledger_desk import ask

Make = Callable[[], Awaitable[str]]
HOLD = "SELECT * FROM gateway_hold($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def test_what_was_held_before_0008_is_settled_after_it(new_database: Make) -> None:
    url = await new_database()
    await upgrade(url, "0007")
    held, at = uuid4(), datetime.now(UTC)
    old = await asyncpg.connect(url)
    keep = timedelta(minutes=20)
    await old.fetch(HOLD, [held], ["lic_1"], [2], [None], [100], [60], keep, True, at)
    await old.close()

    await upgrade(url)
    hot = AsyncpgPool(url)
    rows = Rows(hot)
    # 60 of 100 are held: the estimate came along.
    (dear,) = await rows.hold([ask("lic_1", hourly=2, budget_micro=100, estimate_micro=50)])
    assert dear.code == "BUDGET_EXCEEDED"
    (second,) = await rows.hold([ask("lic_1", hourly=2)])
    (third,) = await rows.hold([ask("lic_1", hourly=2)])
    assert (second.code, second.month_used, third.code) == ("", 2, "RATE_LIMITED")
    assert await rows.settle([CallOutcome(held, "lic_1", at, 60, "settled", cost_micro=9)]) == 1
    await hot.close()


async def test_what_was_held_after_0008_is_held_before_it(new_database: Make) -> None:
    url = await new_database()
    await upgrade(url)
    hot = AsyncpgPool(url)
    rows = Rows(hot)
    ended, open_ = ask("lic_1"), ask("lic_1", estimate_micro=60)
    (held, _) = await rows.hold([ended, open_])
    await rows.settle([CallOutcome(ended.id, "lic_1", held.at, 0, "settled", cost_micro=9)])
    await hot.close()

    await downgrade(url, "0007")
    old = await asyncpg.connect(url)
    states = await old.fetch("SELECT id, state, estimate_micro FROM gateway_requests")
    assert {tuple(row) for row in states} == {(ended.id, "settled", 0), (open_.id, "held", 60)}
    assert await old.fetchval("SELECT cardinality(hits) FROM license_windows") == 2
    at, keep = datetime.now(UTC), timedelta(minutes=20)
    (full,) = await old.fetch(HOLD, [uuid4()], ["lic_1"], [2], [None], [None], [0], keep, True, at)
    assert full["code"] == "RATE_LIMITED"
    await old.close()
