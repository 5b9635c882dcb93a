"""Buying over HTTP and on the pricing page: what may be said, and what is answered."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from pydantic import SecretStr

from db.store.session import Database
from integrations.sandbox.stripe.wire import PUBLISHABLE_KEY, SECRET_KEY
from tests.handlers.http.conftest import Api, serving
from tests.kit.selling_stage import SellingStage, selling_stage

ROOT = "/api/billing"
WISH = {"plan": "professional", "interval": "monthly"}
NOBODY: dict[str, str] = {}


@pytest_asyncio.fixture
async def stage(database: Database) -> AsyncIterator[SellingStage]:
    async with selling_stage(database) as stage:
        yield stage


@pytest_asyncio.fixture
async def shop(stage: SellingStage) -> AsyncIterator[Api]:
    settings = {
        "stripe_secret_key": SecretStr(SECRET_KEY),
        "stripe_publishable_key": PUBLISHABLE_KEY,
        "stripe_api_url": f"{stage.vendors.url}/stripe",
        "email_from": "sales@seguito.example",
    }
    async with serving(stage.database, **settings) as api:
        yield api


def stranger() -> dict[str, str]:
    return {**WISH, "email": f"{uuid4().hex}@new.example"}


@pytest.mark.parametrize(
    "more",
    [
        {"price": "price_1"},
        {"price_id": "price_1"},
        {"amount": 1},
        {"trial_days": 365},
        {"interval": "weekly"},
        {"email": "no address"},
        {"plan": "enterprise"},
    ],
)
async def test_amounts_prices_and_trials_are_never_the_clients(
    shop: Api, more: dict[str, object]
) -> None:
    told = await shop.post(f"{ROOT}/checkout", {**stranger(), **more}, headers=NOBODY)
    assert (told.status, told.code) == (422, "invalid")
    if more.get("plan") == "enterprise":
        assert "contract" in told.json["error"]["message"]


async def test_anybody_gets_a_checkout_and_may_ask_what_came_of_it(
    shop: Api, stage: SellingStage
) -> None:
    told = await shop.post(f"{ROOT}/checkout", stranger(), headers=NOBODY)
    assert told.status == 200
    assert told.json["url"].startswith(stage.vendors.url)
    found = await shop.get(f"{ROOT}/checkout/{told.json['id']}", headers=NOBODY)
    assert (found.json["state"], found.json["plan"]) == ("open", "professional")
    assert (await shop.get(f"{ROOT}/checkout/chk_none", headers=NOBODY)).status == 404


async def test_whose_checkout_it_is_must_be_shown(shop: Api, stage: SellingStage) -> None:
    customer = await stage.customer()
    body = {**WISH, "customer_id": customer.id}
    assert (await shop.post(f"{ROOT}/checkout", body, headers=NOBODY)).status == 401
    wrong = {"X-License-Key": "CHA-00000000-00000000-00000000-00000000"}
    assert (await shop.post(f"{ROOT}/checkout", WISH, headers=wrong)).status == 401
    assert (await shop.post(f"{ROOT}/checkout", body)).status == 200
    assert (await shop.post(f"{ROOT}/portal", {}, headers=NOBODY)).status == 401
    asked = {"customer_id": customer.id}
    assert (await shop.post(f"{ROOT}/portal", asked, headers=NOBODY)).status == 401
    portal = await shop.post(f"{ROOT}/portal", asked)
    assert portal.json["url"].startswith(f"{stage.vendors.url}/stripe/portal/")
    other = await shop.post(f"{ROOT}/portal", {"customer_id": (await stage.customer()).id})
    assert other.status == 409


async def test_the_catalogue_is_learnt_set_and_retired(shop: Api, stage: SellingStage) -> None:
    told = await shop.get(f"{ROOT}/plans", headers=NOBODY)
    assert told.json["publishable_key"] == PUBLISHABLE_KEY
    mine = {one["id"] for one in stage.account.account.table("price").values()}
    prices = (await shop.get(f"{ROOT}/prices")).json["prices"]
    assert mine <= {one["id"] for one in prices}
    assert (await shop.get(f"{ROOT}/prices", headers=NOBODY)).status == 401
    done = await shop.post(f"{ROOT}/prices/sync")
    assert done.json["added"] == []
    one = next(iter(mine))
    gone = await shop.delete(f"{ROOT}/prices/{one}")
    assert gone.json["retired_at"] is not None
    back = await shop.put(f"{ROOT}/prices/{one}", {"family": "platform", "plan": "starter"})
    assert back.json["retired_at"] is None
    bad = await shop.put(f"{ROOT}/prices/{one}", {"family": "platform", "plan": "No!"})
    assert bad.status == 422


async def test_the_page_shows_plans_and_leads_to_stripe(shop: Api, stage: SellingStage) -> None:
    page = await shop.get("/pricing", headers=NOBODY)
    assert "$299.00" in page.text
    assert "mailto:sales@seguito.example" in page.text
    assert "script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    yearly = await shop.get("/pricing?interval=yearly", headers={"Accept-Language": "it"})
    assert "2 mesi gratis" in yearly.text
    form = {**stranger(), "interval": "monthly"}
    on = await shop.call("POST", "/pricing", headers=NOBODY, data=form, allow_redirects=False)
    assert (on.status, on.headers["location"].startswith(stage.vendors.url)) == (303, True)
    bad = await shop.call("POST", "/pricing", headers=NOBODY, data={**form, "email": '"><b>'})
    assert bad.status == 422
    assert "&lt;b&gt;" in bad.text
    assert "not an e-mail address" in bad.text


async def test_the_page_after_it_waits_and_looks_again(shop: Api, stage: SellingStage) -> None:
    told = await shop.post(f"{ROOT}/checkout", stranger(), headers=NOBODY)
    place = f"/billing/done/{told.json['id']}"
    assert "Continue to payment" in (await shop.get(place, headers=NOBODY)).text
    session = stage.account.account.get("checkout.session", told.json["url"].rpartition("/")[2])
    stage.account.checkout.complete(session, "4242", "ada@acme.example")
    waits = await shop.get(place, headers=NOBODY)
    assert 'http-equiv="refresh" content="3"' in waits.text
    assert (await shop.get("/billing/done/chk_none", headers=NOBODY)).status == 404


async def test_without_a_secret_key_nothing_is_sold_and_it_is_said(database: Database) -> None:
    async with serving(database) as api:
        told = await api.post(f"{ROOT}/checkout", stranger(), headers=NOBODY)
        assert told.status == 409
        assert "STRIPE_SECRET_KEY" in told.json["error"]["message"]
        assert (await api.get("/pricing", headers=NOBODY)).status == 200
