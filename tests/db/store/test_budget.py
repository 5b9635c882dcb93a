"""Connections to PostgreSQL: what one process takes, added up and counted under load."""

import asyncio
from itertools import count
from pathlib import Path

import httpx
import pytest

from db.store import budget
from db.store.postgres import connect
from db.store.urls import parse
from tests.conftest import NewDatabase
from tests.kit.product import Product, free_port

ADMIN = "adm_only-for-counting-0123456789abcdef"
BURSTS, AT_ONCE = 4, 60
# Nobody but the product has this database; whoever counts is in another.
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"


def test_old_and_new_processes_of_a_deploy_fit_together() -> None:
    assert budget.PROCESSES_IN_A_DEPLOY * budget.PROCESS <= budget.POSTGRESQL


@pytest.mark.process
async def test_a_running_process_keeps_to_its_budget(
    migrated_database: NewDatabase,
    environment: dict[str, str],
    database_url: str,
    postgres_home: Path,
) -> None:
    url = await migrated_database()
    own = {"DATABASE_URL": url, "PORT": str(free_port()), "ADMIN_API_KEY": ADMIN}
    product = Product({**environment, **own}, postgres_home / "counted.log")
    await product.start()
    load = asyncio.create_task(_load(product.url))
    try:
        most = await _most_connections(database_url, parse(url).parameters["dbname"], load)
        await load
    finally:
        load.cancel()
        code = await product.stop()
    assert (code, "every database connection is in use" in product.log()) == (0, False)
    # More than half of them, or it was no load.
    assert budget.PROCESS / 2 < most <= budget.PROCESS


async def _load(url: str) -> None:
    """Licenses are made, which starts jobs, while strangers' keys are looked up."""
    numbers = count()
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        for _ in range(BURSTS):
            calls = [_order(http, next(numbers)) for _ in range(AT_ONCE)]
            answers = await asyncio.gather(*calls)
            assert {answer.status_code for answer in answers} == {201}, answers[0].text
            keys = [str(answer.json()["license_key"]) for answer in answers]
            asked = await asyncio.gather(*(_usage(http, key) for key in keys))
            assert {answer.status_code for answer in asked} == {200}, asked[0].text


async def _order(http: httpx.AsyncClient, number: int) -> httpx.Response:
    body = {"email": f"c{number}@example.com", "plan": "pro", "months": 12}
    headers = {"X-Admin-Key": ADMIN, "Idempotency-Key": f"counted-{number}"}
    return await http.post("/api/create_license", json=body, headers=headers)


async def _usage(http: httpx.AsyncClient, key: str) -> httpx.Response:
    return await http.get("/api/usage", headers={"X-License-Key": key})


async def _most_connections(url: str, name: str, load: asyncio.Task[None]) -> int:
    connection, most = await connect(url, {}), 0
    try:
        while not load.done():
            most = max(most, await connection.fetchval(COUNT, name))
            await asyncio.wait([load], timeout=0.01)
    finally:
        await connection.close()
    return most
