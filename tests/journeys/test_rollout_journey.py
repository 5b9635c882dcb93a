"""Rollouts by the real program over real databases: from Slack, failing, mended, killed, back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest_asyncio

from integrations.databases import ConnectionParts
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from services import Services
from services.rollouts import Rollout
from tests.journeys.steps import message, modal, submit
from tests.kit.product import Product

OPS, RECOVERY, MANY = "C0OPS", 90, 8
SLOW_UP = "CREATE TABLE {table} (id int); INSERT INTO {table} SELECT 1 FROM pg_sleep(0.3)"


@pytest_asyncio.fixture
async def admin(environment: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever holds the admin key."""
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{environment['PORT']}",
        headers={"X-Admin-Key": environment["ADMIN_API_KEY"]},
        trust_env=False,
        timeout=30,
    ) as client:
        yield client


@pytest_asyncio.fixture
async def tenants(admin: httpx.AsyncClient, product: Product, inside: Services) -> list[str]:
    """Eight ready tenants; the first test makes them."""
    known = [one async for one in inside.tenants.directory.every() if one.is_usable]
    for n in range(len(known), MANY):
        body = {"email": f"it{n}@example.com", "company_name": f"Rolling {n}"}
        made = await admin.post("/api/admin/tenants", json=body)
        assert made.status_code == 202, made.text
    async with asyncio.timeout(RECOVERY):
        while True:
            ready = [one.id async for one in inside.tenants.directory.every() if one.is_usable]
            if len(ready) >= MANY:
                return sorted(ready)
            await asyncio.sleep(0.2)


@asynccontextmanager
async def database_of(inside: Services, tenant_id: str) -> Any:
    """A connection to the tenant's own database."""
    parts: ConnectionParts = await inside.tenants.directory.parts(tenant_id)
    connection = await asyncpg.connect(
        host=parts.address or parts.host,
        port=parts.port,
        user=parts.user,
        password=parts.password.get_secret_value(),
        database=parts.database,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def held(inside: Services, tenants: Sequence[str], query: str) -> list[object]:
    """What every tenant's database answers."""
    answers = []
    for one in tenants:
        async with database_of(inside, one) as connection:
            answers.append(await connection.fetchval(query))
    return answers


async def until(inside: Services, rollout_id: str, **wanted: object) -> Rollout:
    """Until the rollout is so."""
    async with asyncio.timeout(RECOVERY):
        while True:
            seen = await inside.rollouts.directory.get(rollout_id)
            if all(getattr(seen, name) == value for name, value in wanted.items()):
                return seen
            await asyncio.sleep(0.1)


async def card(person: Visitor, version: str, words: str) -> Sight:
    """The rollout's card, once it says so."""

    def shown() -> Sight | None:
        found = [one for one in person.everything() if f"Rollout {version}" in one]
        return next((one for one in found if words in one), None)

    return await person.until(shown, RECOVERY)


async def pressed(person: Visitor) -> str:
    """What the form refuses, "" for nothing; pressed again when the SQL was not read in time."""
    async with asyncio.timeout(RECOVERY):
        while "could not be read in time" in str((outcome := await person.submit()).errors):
            pass
    return str(outcome.errors or "") or ("" if outcome.ok else outcome.error)


async def test_a_column_goes_canary_ten_fifty_hundred_halts_is_mended_and_rolled_back(
    ada: Visitor, inside: Services, tenants: list[str], product: Product
) -> None:
    version = f"j{uuid4().hex[:6]}"
    for one in tenants:
        async with database_of(inside, one) as connection:
            await connection.execute(f"CREATE TABLE {version} (id int)")
            if one != tenants[0]:
                await connection.execute(f"INSERT INTO {version} VALUES (1)")  # noqa: S608 - our own words
    # A duplicate, at one tenant only: the unique index fails there and nowhere else.
    broken = tenants[-1]
    async with database_of(inside, broken) as connection:
        await connection.execute(f"INSERT INTO {version} VALUES (1)")  # noqa: S608 - our own words
    slugs = {one.id: one.slug async for one in inside.tenants.directory.every()}
    assert (await ada.command("/tenant-migrate", OPS)).ok
    await modal(ada, "rollouts.form")
    await ada.type("rollouts.version", version)
    await ada.type("rollouts.sql", "this is no SQL")
    assert "line 1" in await pressed(ada)
    await ada.type("rollouts.sql", f"CREATE UNIQUE INDEX {version}_one ON {version} (id)")
    await ada.type("rollouts.rollback_sql", f"DROP INDEX {version}_one")
    await ada.type("rollouts.canary", slugs[tenants[0]])
    await ada.type("rollouts.canary_watch", "1h")
    await ada.type("rollouts.wave_watch", "1s")
    assert await pressed(ada) == ""
    await card(ada, version, "Tried on a copy")
    await ada.click("rollouts.start")
    watched = await card(ada, version, "watching wave 1")
    assert "done: 1" in watched
    await product.stop()
    await product.start()
    await ada.click("rollouts.go_on")
    halted = await card(ada, version, "halted")
    assert slugs[broken] in halted
    await message(ada, f"Rollout {version} is halted")
    async with database_of(inside, broken) as connection:
        await connection.execute(f"DELETE FROM {version}")  # noqa: S608 - our own words
    await ada.click("rollouts.retry")
    await card(ada, version, "finished")
    index = f"SELECT to_regclass('{version}_one') IS NOT NULL"
    assert await held(inside, tenants, index) == [True] * len(tenants)
    await ada.click("rollouts.ask_roll_back")
    await modal(ada, "rollouts.roll_back_form")
    await submit(ada)
    await card(ada, version, "rolled back")
    assert await held(inside, tenants, index) == [False] * len(tenants)


async def test_killed_in_mid_wave_it_goes_on_and_nothing_happens_twice(
    admin: httpx.AsyncClient, inside: Services, tenants: list[str], product: Product
) -> None:
    version = f"k{uuid4().hex[:6]}"
    body = {
        "version": version,
        "migration_sql": SLOW_UP.format(table=version),
        "rollback_sql": f"DROP TABLE {version}",
        "strategy": "all",
    }
    made = await admin.post("/api/admin/migrations/run", json=body)
    assert made.status_code == 202, made.text
    rollout_id = made.json()["id"]
    async with asyncio.timeout(RECOVERY):
        while (seen := await inside.rollouts.directory.get(rollout_id)).counts.get(
            "running"
        ) is None:
            assert not seen.is_over, seen
            await asyncio.sleep(0.02)
    product.kill()
    await product.start()
    over = await until(inside, rollout_id, state="done")
    assert over.counts == {"done": len(tenants)}
    rows = f"SELECT count(*) FROM {version}"  # noqa: S608 - our own words
    assert await held(inside, tenants, rows) == [1] * len(tenants)
    told = await admin.get("/api/admin/migrations/status", params={"rollout": rollout_id})
    assert {one["state"] for one in told.json()["rollouts"][0]["tenants"]} == {"done"}
    # A tenant that comes now has it before it is ready.
    company = {"email": "late@example.com", "company_name": f"Late {version}"}
    assert (await admin.post("/api/admin/tenants", json=company)).status_code == 202
    async with asyncio.timeout(RECOVERY):
        while len(  # noqa: ASYNC110 - another process makes it
            ready := [t.id async for t in inside.tenants.directory.every() if t.is_usable]
        ) <= len(tenants):
            await asyncio.sleep(0.2)
    [late] = set(ready) - set(tenants)
    async with database_of(inside, late) as connection:
        assert await connection.fetchval(rows) == 1
