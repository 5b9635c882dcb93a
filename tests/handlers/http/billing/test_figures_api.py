"""Revenue and the comparison with Stripe over HTTP."""

from collections.abc import AsyncIterator

import pytest_asyncio
from pydantic import SecretStr

from db.store.session import Database
from db.store.vault import Vault
from integrations.sandbox.stripe.wire import SECRET_KEY
from tests.conftest import NewDatabase
from tests.handlers.http.conftest import Api, serving
from tests.kit.revenue_stage import RevenueStage
from tests.kit.selling_stage import SellingStage, selling_stage

ROOT = "/api/billing"
NOBODY: dict[str, str] = {}


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[SellingStage]:
    database = Database(await migrated_database(), vault)
    async with selling_stage(database) as stage:
        yield stage
    await database.dispose()


@pytest_asyncio.fixture
async def office(stage: SellingStage) -> AsyncIterator[Api]:
    settings = {
        "stripe_secret_key": SecretStr(SECRET_KEY),
        "stripe_api_url": f"{stage.vendors.url}/stripe",
        "business_timezone": "Europe/Rome",
    }
    async with serving(stage.database, **settings) as api:
        yield api


async def test_revenue_is_told_by_currency_and_names_its_zone(
    office: Api, stage: SellingStage
) -> None:
    customer = await stage.customer()
    await RevenueStage(stage.database).subscribe(customer.id, 99_000, interval="year")
    told = (await office.get(f"{ROOT}/revenue?month=2026-11")).json
    assert (told["zone"], told["month"]) == ("Europe/Rome", "2026-11")
    assert told["now"] == [
        {"currency": "usd", "mrr": 8_250, "trial_mrr": 0, "committed_mrr": 8_250}
    ]
    assert (await office.get(f"{ROOT}/revenue?month=2026-13")).status == 422
    assert (await office.get(f"{ROOT}/revenue", headers=NOBODY)).status == 401


async def test_a_comparison_is_asked_for_and_read(office: Api, stage: SellingStage) -> None:
    assert (await office.get(f"{ROOT}/comparison")).json["state"] == "never"
    assert (await office.post(f"{ROOT}/comparison")).json["state"] == "complete"
    stage.vendors.spoil(vendor="stripe", operation="subscriptions.list", status=500, times=3)
    told = (await office.post(f"{ROOT}/comparison")).json
    assert (told["state"], told["drifts"]) == ("incomplete", [])
    assert (await office.post(f"{ROOT}/comparison/sub_none/repair")).status == 404
    assert (await office.post(f"{ROOT}/comparison", headers=NOBODY)).status == 401
