"""Whoever races for credits, nothing is spent twice and nothing below zero."""

import asyncio
import random
from collections.abc import Awaitable
from contextlib import suppress
from uuid import uuid4

from db.store.session import Database
from db.store.vault import Vault
from services.credits import Balance, NotEnoughCredits
from services.errors import Conflict
from tests.kit.credits_desk import CreditsDesk

ADVERSARIES, AT_ONCE = 3_000, 20


async def counted(tries: list[Awaitable[object]]) -> tuple[int, int]:
    """How many worked, and how many were refused for want of credits; nothing else happens."""
    results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in results if isinstance(one, NotEnoughCredits)]
    worked = [one for one in results if not isinstance(one, BaseException)]
    assert len(refused) + len(worked) == len(results), results
    return len(worked), len(refused)


async def test_two_processes_cannot_spend_a_balance_twice(
    database: Database, database_url: str, vault: Vault
) -> None:
    one, other = CreditsDesk(database), CreditsDesk(Database(database_url, vault, pool_size=10))
    user = await one.user(100)
    tries = [desk.holds.reserve(user, 1, uuid4().hex) for desk in (one, other) * 100]
    assert await counted(list(tries)) == (100, 100)
    assert await one.balance(user) == Balance(held=100, granted=100)
    assert await one.broken(user) == ()
    await other.database.dispose()


async def test_a_key_used_at_once_posts_one_line(desk: CreditsDesk) -> None:
    user, key = str(uuid4()), uuid4().hex
    lines = await asyncio.gather(*(desk.grant(user, 100, key) for _ in range(20)))
    assert len({line.id for line in lines}) == 1
    assert await desk.left(user) == 100


async def test_one_mailbox_at_once_gets_initial_credits_once(desk: CreditsDesk) -> None:
    name, users = f"a{uuid4().hex[:8]}", [str(uuid4()) for _ in range(20)]
    given = await asyncio.gather(
        *(desk.initial(user, f"{name}+{n}@gmail.com") for n, user in enumerate(users))
    )
    assert sum(one is not None for one in given) == 1
    assert sum([await desk.left(user) for user in users]) == 100


async def test_settle_release_and_expiry_at_once_end_a_hold_once(desk: CreditsDesk) -> None:
    user = await desk.user(1_000)
    for _ in range(20):
        hold = await desk.holds.reserve(user, 10, uuid4().hex)
        ends = await asyncio.gather(
            desk.holds.settle(user, hold.id, 10),
            desk.holds.release(user, hold.id),
            desk.holds.settle(user, hold.id, 3),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Conflict) for one in ends) == 2, ends
    balance = await desk.balance(user)
    assert (balance.held, balance.available + balance.spent) == (0, 1_000)
    assert await desk.broken(user) == ()


async def strike(desk: CreditsDesk, dice: random.Random, user: str, key: str) -> None:
    """Reserve, and settle, release or forget it."""
    amount = dice.randint(1, 40)
    hold = await desk.holds.reserve(user, amount, key)
    match dice.choice(("settle", "release", "", "settle")):
        case "settle":
            await desk.holds.settle(user, hold.id, amount // 2)
        case "release":
            await desk.holds.release(user, hold.id)


async def test_thousands_of_adversarial_reserves_overspend_nothing(desk: CreditsDesk) -> None:
    users, dice = [await desk.user(500) for _ in range(5)], random.Random(16)  # noqa: S311 - repeatable
    keys = [uuid4().hex for _ in range(ADVERSARIES // 2)]

    async def attack() -> None:
        for _ in range(ADVERSARIES // AT_ONCE):
            with suppress(Conflict):
                # Too few credits, a key used twice, a hold that another try ended.
                await strike(desk, dice, dice.choice(users), dice.choice(keys))

    await asyncio.gather(*(attack() for _ in range(AT_ONCE)))
    for user in users:
        balance = await desk.balance(user)
        assert balance.available >= 0
        assert balance.available + balance.held + balance.spent == 500
        assert await desk.broken(user) == ()
