"""A reply that is lost after COMMIT is asked for again, and nothing is counted twice."""

import asyncio
from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy.exc import SQLAlchemyError

from db.store.reach import DatabaseUnavailable
from db.store.session import Database
from db.store.vault import Vault
from services.credits import Balance, CreditEntry, CreditHolds
from tests.kit.credits_desk import CreditsDesk
from tests.kit.relay import Relay

TIMES = 25


async def ended(holds: CreditHolds, verb: str, user: str, hold_id: str) -> CreditEntry:
    """The hold ended by this verb."""
    if verb == "settle":
        return await holds.settle(user, hold_id, 7)
    return await holds.release(user, hold_id)


async def until_nothing_is_held(desk: CreditsDesk, user: str) -> None:
    """Until PostgreSQL has committed what nobody will hear of."""
    async with asyncio.timeout(10):
        while (await desk.balance(user)).held:  # noqa: ASYNC110 - another process's fact
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("verb", ["settle", "release"])
async def test_an_end_whose_reply_was_lost_is_posted_once(
    database_url: str, desk: CreditsDesk, vault: Vault, verb: str
) -> None:
    user = await desk.user(TIMES * 10)
    async with Relay(database_url) as wire:
        database = Database(wire.url, vault, pool_size=1)
        far = CreditsDesk(database).holds
        for done in range(TIMES):
            hold = await desk.holds.reserve(user, 10, uuid4().hex)
            await database.ping()
            lost = wire.lose_answer_to(b"COMMIT")
            trying = asyncio.create_task(ended(far, verb, user, hold.id))
            await lost.wait()
            await until_nothing_is_held(desk, user)
            await wire.cut()
            with suppress(DatabaseUnavailable, SQLAlchemyError, OSError):
                await trying
                raise AssertionError("the reply arrived")
            await wire.mend()
            again = await ended(far, verb, user, hold.id)
            assert again.sequence == 3 + 2 * done
        await database.dispose()
    spent = 7 * TIMES if verb == "settle" else 0
    assert await desk.balance(user) == Balance(10 * TIMES - spent, 0, 10 * TIMES, spent)
    assert await desk.broken(user) == ()
