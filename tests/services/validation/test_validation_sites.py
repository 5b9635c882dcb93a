"""A site takes its place when it first asks, and is seen when it asks again."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.licensing.domains import Domain
from services.licensing.license_terms import Issued
from tests.kit.license_desk import LicenseStage
from tests.kit.validation_desk import Process


async def test_a_new_site_takes_a_place_once_and_the_next_is_one_too_many(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    for site in ("a.example", "b.example", "www.b.example", "c.example", "localhost"):
        assert (await process.ask(issued.key, site))["code"] == "VALID"
    assert (await process.ask(issued.key, "d.example"))["code"] == "SITE_LIMIT"
    sites = await stage.sites.listed(issued.license.id)
    assert [site.domain for site in sites] == ["a.example", "b.example", "c.example"]
    assert (await process.ask(issued.key))["code"] == "VALID"


async def test_many_sites_at_once_never_take_more_places_than_there_are(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    asking = [process.ask(issued.key, f"site{number}.example") for number in range(12)]
    codes = [found["code"] for found in await asyncio.gather(*asking)]
    assert sorted(set(codes)) == ["SITE_LIMIT", "VALID"]
    assert codes.count("VALID") == 3
    assert len(await stage.sites.listed(issued.license.id)) == 3


@pytest.mark.parametrize(
    "domain", ["x" * 70_000, "\x00", "a b", "[", "\udcff", "http://", "com", "a..b", "é" * 300]
)
async def test_junk_for_a_domain_is_an_invalid_domain(
    stage: LicenseStage, process: Process, domain: str
) -> None:
    issued = await stage.issue("pro", 12)
    assert (await process.ask(issued.key, domain))["code"] == "DOMAIN_INVALID"


async def test_a_site_is_seen_when_it_asks_and_it_is_written_later(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await stage.sites.activate(issued.license.id, Domain.read("shop.example"))
    stage.wait(timedelta(days=1))
    await process.ask(issued.key, "shop.example")
    assert (await seen(stage, issued)) == stage.now - timedelta(days=1)
    await process.touches.write()
    assert (await seen(stage, issued)) == stage.now


async def test_a_license_that_somebody_changes_is_not_waited_for(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await process.ask(issued.key)
    async with stage.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "SELECT 1 FROM licenses WHERE id = $1 FOR UPDATE", (issued.license.id,)
        )
        await asyncio.wait_for(process.touches.write(), 2)


async def seen(stage: LicenseStage, issued: Issued) -> Any:
    """When the license's only site was last seen, and the license touched."""
    connection = await asyncpg.connect(stage.database.url)
    try:
        return await connection.fetchval(
            "SELECT last_seen_at FROM sites WHERE license_id = $1", issued.license.id
        )
    finally:
        await connection.close()
