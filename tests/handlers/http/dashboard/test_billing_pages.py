"""Billing and plans as an admin sees them: figures, the comparison, prices, and their buttons."""

from collections.abc import AsyncIterator

import pytest_asyncio
from pydantic import SecretStr

from db.store.session import Database
from db.store.vault import Vault
from integrations.sandbox.stripe.wire import SECRET_KEY
from tests.conftest import NewDatabase
from tests.handlers.http.conftest import serving
from tests.handlers.http.dashboard.conftest import Screenless, somebody
from tests.kit.selling_stage import SellingStage, selling_stage


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[SellingStage]:
    database = Database(await migrated_database(), vault)
    async with selling_stage(database) as stage:
        yield stage
    await database.dispose()


@pytest_asyncio.fixture
async def office(stage: SellingStage) -> AsyncIterator[Screenless]:
    settings = {
        "stripe_secret_key": SecretStr(SECRET_KEY),
        "stripe_api_url": f"{stage.vendors.url}/stripe",
    }
    async with serving(stage.database, **settings) as api:
        operator = somebody()
        await api.services.admins.local.create(operator.id, "a long enough password")
        office = Screenless(api, operator)
        await office.enter()
        yield office


async def test_the_comparison_says_what_it_saw_and_never_more(
    office: Screenless, stage: SellingStage
) -> None:
    seen = await office.get("/admin/billing")
    assert seen.says("No comparison yet")
    assert seen.says("MRR")
    done = await office.submit("/admin/billing", "/admin/billing/compare")
    assert done.to == "/admin/billing"
    assert (await office.get("/admin/billing")).says("all 0 subscriptions are as Stripe has them")
    stage.vendors.spoil(vendor="stripe", operation="subscriptions.list", status=500, times=3)
    await office.submit("/admin/billing", "/admin/billing/compare")
    assert (await office.get("/admin/billing")).says("is incomplete")


async def test_prices_are_learnt_and_retired_on_a_button(
    office: Screenless, stage: SellingStage
) -> None:
    seen = await office.get("/admin/plans")
    assert seen.says("professional")
    price = (await stage.catalogue.find("platform", "professional", "monthly")).id
    await office.submit("/admin/plans", f"/admin/plans/prices/{price}/retire")
    assert (await office.get("/admin/plans")).says("renews only")
    done = await office.submit("/admin/plans", "/admin/plans/sync")
    assert done.to == "/admin/plans"
