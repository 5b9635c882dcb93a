"""The official `stripe` package talks to the stand-in unchanged; what Stripe refuses is refused."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import stripe
from aiohttp import web

import integrations.sandbox.stripe.vendor as plugin
from integrations.sandbox.kit.stage import SandboxOptions, set_up
from integrations.sandbox.server import assemble
from integrations.sandbox.stripe.objects import new_card
from integrations.sandbox.stripe.vendor import TOLD, WEBHOOK_SECRET, Stripe
from integrations.sandbox.stripe.wire import SECRET_KEY
from tests.kit.product import HOST, free_port

DAY = 86_400
SPEC = Path("../shared/contracts/specs/stripe/openapi.2026-10-28.endive.subset.json")


class Stand:
    """The stand-in as a server, the official client in front of it, a webhook receiver behind."""

    def __init__(self, vendor: Stripe, url: str) -> None:
        self.vendor, self.url = vendor, url
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.http = stripe.AIOHTTPClient(timeout=10)
        self.client = stripe.StripeClient(
            SECRET_KEY, base_addresses={"api": f"{url}/stripe"}, http_client=self.http
        )

    @property
    def price(self) -> str:
        """Professional by the month."""
        return self.priced("professional_monthly")

    def priced(self, key: str) -> str:
        prices = self.vendor.account.table("price").values()
        return next(one["id"] for one in prices if one["lookup_key"] == key)

    def events(self, *types: str) -> list[str]:
        told = [one["type"] for one in self.vendor.account.table("event").values()]
        return [one for one in told if not types or one in types]

    async def subscribed(self, **more: object) -> stripe.Subscription:
        """A customer whose card works, and their subscription."""
        customer = await self.client.v1.customers.create_async({"email": "ada@acme.example"})
        card = self.card(customer.id, "4242")
        return await self.client.v1.subscriptions.create_async(
            {
                "customer": customer.id,
                "items": [{"price": self.price}],
                "default_payment_method": card,
                **more,
            }
        )

    def card(self, customer: str, last4: str) -> str:
        return str(new_card(self.vendor.account, customer, last4)["id"])

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)


@pytest_asyncio.fixture
async def stand() -> AsyncIterator[Stand]:
    port, app_port = free_port(), free_port()
    stage = set_up(SandboxOptions(app_url=f"http://{HOST}:{app_port}"))
    (vendor,) = plugin.vendors(stage)
    assert isinstance(vendor, Stripe)
    made = Stand(vendor, f"http://{HOST}:{port}")
    receiver = web.Application()
    receiver.router.add_post("/api/webhooks/stripe", made.take)
    runners = [web.AppRunner(assemble(stage, (vendor,))), web.AppRunner(receiver)]
    for runner, at in zip(runners, (port, app_port), strict=True):
        await runner.setup()
        await web.TCPSite(runner, HOST, at).start()
    yield made
    await made.http.close_async()
    for runner in runners:
        await runner.cleanup()


async def test_a_checkout_with_a_trial_becomes_a_subscription(stand: Stand) -> None:
    customer = await stand.client.v1.customers.create_async({"email": "ada@acme.example"})
    session = await stand.client.v1.checkout.sessions.create_async(
        {
            "mode": "subscription",
            "customer": customer.id,
            "line_items": [{"price": stand.price, "quantity": 1}],
            "subscription_data": {"trial_period_days": 14, "metadata": {"ours": "1"}},
            "success_url": "http://localhost/done?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://localhost/pricing",
        }
    )
    assert session.url
    assert (session.status, session.payment_status) == (
        "open",
        "no_payment_required",
    )
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(session.url)
        assert "Professional" in page.text
        assert "$299.00" in page.text
        refused = await browser.post(session.url, data={"do": "pay", "card": "0002"})
        assert refused.status_code == 200
        assert "declined" in refused.text
        paid = await browser.post(session.url, data={"do": "pay", "card": "4242"})
    assert paid.headers["Location"] == f"http://localhost/done?s={session.id}"
    done = await stand.client.v1.checkout.sessions.retrieve_async(session.id)
    assert done.status == "complete"
    assert isinstance(done.subscription, str)
    made = await stand.client.v1.subscriptions.retrieve_async(
        done.subscription, {"expand": ["latest_invoice", "customer"]}
    )
    assert made.status == "trialing"
    assert made.trial_end is not None
    assert dict(made.metadata.to_dict()) == {"ours": "1"}
    assert made["items"]["data"][0]["current_period_end"] == made.trial_end
    invoice = made.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.status, invoice.amount_paid) == ("paid", 0)
    assert invoice.parent
    assert invoice.parent.subscription_details
    assert invoice.parent.subscription_details.subscription == made.id


async def test_time_passes_as_stripe_lets_it_pass(stand: Stand) -> None:
    made = await stand.subscribed(trial_period_days=14)
    clock = stand.vendor.clock
    assert clock.advance_to_next() == "trial will end"
    now = await stand.client.v1.subscriptions.retrieve_async(made.id)
    machine = stand.vendor.account.clock.machine()
    assert now.trial_end is not None
    assert abs(now.trial_end - machine - 3 * DAY) < 5
    assert clock.advance_to_next() == "trial ends"
    assert clock.advance_to_next() == "invoice is charged"
    now = await stand.client.v1.subscriptions.retrieve_async(made.id)
    assert now.status == "active"
    await stand.client.v1.customers.retrieve_async(str(now.customer))
    for card in stand.vendor.account.table("payment_method").values():
        card["_works"] = False
    stand.vendor.clock.advance(31 * DAY)
    assert (await stand.client.v1.subscriptions.retrieve_async(made.id)).status == "past_due"
    stand.vendor.clock.advance(20 * DAY)
    late = await stand.client.v1.subscriptions.retrieve_async(made.id)
    assert late.status == "unpaid"
    failures = stand.events("invoice.payment_failed")
    assert len(failures) == 1 + len(stand.vendor.charging.dunning.days)


async def test_a_late_payment_makes_it_active_at_once(stand: Stand) -> None:
    made = await stand.subscribed()
    assert made.status == "active"
    for card in stand.vendor.account.table("payment_method").values():
        card["_works"] = False
    stand.vendor.clock.advance(32 * DAY)
    late = await stand.client.v1.subscriptions.retrieve_async(made.id)
    assert late.status == "past_due"
    with pytest.raises(stripe.CardError):
        await stand.client.v1.invoices.pay_async(str(late.latest_invoice))
    good = stand.card(str(late.customer), "4242")
    paid = await stand.client.v1.invoices.pay_async(
        str(late.latest_invoice), {"payment_method": good}
    )
    assert paid.status == "paid"
    assert (await stand.client.v1.subscriptions.retrieve_async(made.id)).status == "active"


async def test_the_portal_cancels_with_the_period_by_cancel_at(stand: Stand) -> None:
    made = await stand.subscribed()
    portal = await stand.client.v1.billing_portal.sessions.create_async(
        {"customer": str(made.customer), "return_url": "http://localhost/back"}
    )
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.post(portal.url, data={"do": "cancel", "subscription": made.id})
        assert "ends with the period" in page.text
    ending = await stand.client.v1.subscriptions.retrieve_async(made.id)
    assert ending.cancel_at == ending["items"]["data"][0]["current_period_end"]
    assert ending.cancel_at_period_end is False
    assert ending.status == "active"
    stand.vendor.clock.advance(32 * DAY)
    assert (await stand.client.v1.subscriptions.retrieve_async(made.id)).status == "canceled"
    assert "customer.subscription.deleted" in stand.events()


async def test_changed_plans_are_prorated_and_paused_ones_charge_nothing(stand: Stand) -> None:
    made = await stand.subscribed()
    item = made["items"]["data"][0]["id"]
    await stand.client.v1.subscriptions.update_async(
        made.id,
        {
            "items": [{"id": item, "price": stand.priced("starter_monthly")}],
            "pause_collection": {"behavior": "void"},
        },
    )
    changed = await stand.client.v1.subscriptions.retrieve_async(made.id)
    assert changed["items"]["data"][0]["price"]["lookup_key"] == "starter_monthly"
    assert changed.pause_collection is not None
    assert changed.status == "active"
    stand.vendor.clock.advance(32 * DAY)
    newest = next(stand.vendor.account.newest("invoice"))
    assert newest["status"] == "void"
    assert newest["total"] < 9_900


async def test_a_key_used_again_gives_the_first_answer_and_no_other_request(stand: Stand) -> None:
    once = {"idempotency_key": "k-1"}
    first = await stand.client.v1.customers.create_async({"email": "a@b.example"}, once)
    again = await stand.client.v1.customers.create_async({"email": "a@b.example"}, once)
    assert first.id == again.id
    assert len(stand.vendor.account.table("customer")) == 1
    with pytest.raises(stripe.IdempotencyError):
        await stand.client.v1.customers.create_async({"email": "c@b.example"}, once)


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ("mode=subscription", "line_items", "parameter_missing"),
        ("mode=sub", "mode", ""),
        ("colour=red", "colour", "parameter_unknown"),
        ("line_items[0][colour]=red", "line_items[0][colour]", "parameter_unknown"),
    ],
)
async def test_what_stripe_refuses_is_refused(
    stand: Stand, body: str, param: str, code: str
) -> None:
    headers = {
        "Authorization": f"Bearer {SECRET_KEY}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    async with httpx.AsyncClient(trust_env=False) as http:
        url = f"{stand.url}/stripe/v1/checkout/sessions"
        answer = await http.post(url, content=body, headers=headers)
        stranger = await http.post(url, content=body)
        as_json = await http.post(url, json={}, headers={"Authorization": f"Bearer {SECRET_KEY}"})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert error["param"] == param
    assert error.get("code", "") == code
    assert answer.headers["Request-Id"].startswith("req_")
    assert (stranger.status_code, as_json.status_code) == (401, 400)


async def test_lists_come_in_pages_and_hide_what_is_canceled(stand: Stand) -> None:
    for _ in range(3):
        await stand.subscribed()
    made = await stand.subscribed()
    await stand.client.v1.subscriptions.cancel_async(made.id)
    listed = await stand.client.v1.subscriptions.list_async({"limit": 2})
    assert len(listed.data) == 2
    assert listed.has_more
    found = [one.id async for one in listed.auto_paging_iter()]
    assert len(found) == 3
    assert made.id not in found
    whole = await stand.client.v1.subscriptions.list_async({"limit": 2, "status": "all"})
    assert len([one async for one in whole.auto_paging_iter()]) == 4
    with pytest.raises(stripe.InvalidRequestError):
        await stand.client.v1.subscriptions.list_async({"starting_after": "sub_none"})
    with pytest.raises(stripe.InvalidRequestError):
        await stand.client.v1.subscriptions.list_async({"limit": 101})


async def test_deliveries_are_signed_and_tried_again(stand: Stand) -> None:
    await stand.subscribed()
    await stand.vendor.events.settled()
    assert stand.got
    for headers, body in stand.got:
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], WEBHOOK_SECRET)
        assert event.type in TOLD
        assert event.livemode is False
    missed = await stand.client.v1.events.list_async({"delivery_success": False, "types": TOLD})
    assert not missed.data
    stand.vendor.events.settings.change("lose", 1)
    await stand.client.v1.subscriptions.cancel_async(
        next(iter(stand.vendor.account.table("subscription")))
    )
    missed = await stand.client.v1.events.list_async({"delivery_success": False})
    assert [one.type for one in missed.data] == ["customer.subscription.deleted"]


async def test_events_come_twice_and_in_any_order_when_asked(stand: Stand) -> None:
    stand.vendor.events.settings.change("duplicate", True)
    stand.vendor.events.settings.change("disorder", True)
    await stand.subscribed()
    await stand.vendor.events.settled()
    ids = [json.loads(body)["id"] for _, body in stand.got]
    assert len(ids) == 2 * len(set(ids))


async def test_refunds_and_disputes_move_the_charge(stand: Stand) -> None:
    await stand.subscribed()
    (paid,) = (await stand.client.v1.invoice_payments.list_async({})).data
    intent = str(paid.payment.payment_intent)
    refund = await stand.client.v1.refunds.create_async({"payment_intent": intent, "amount": 100})
    assert refund.status == "succeeded"
    charge = stand.vendor.account.get("charge", refund.charge)
    dispute = stand.vendor.payments.dispute(charge)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await stand.client.v1.refunds.create_async({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"
    stand.vendor.payments.close_dispute(dispute, won=True)
    assert stand.events("charge.refunded", "charge.dispute.created", "charge.dispute.closed")


@pytest.fixture
def schemas() -> dict[str, Any]:
    if not SPEC.exists():
        pytest.skip("wants ../shared")
    return json.loads(SPEC.read_text())["components"]["schemas"]


async def test_objects_have_only_fields_that_stripe_documents(
    stand: Stand, schemas: dict[str, Any]
) -> None:
    await stand.subscribed()
    kinds = {
        "subscription": "Subscription",
        "invoice": "Invoice",
        "customer": "Customer",
        "price": "Price",
        "product": "Product",
        "event": "Event",
        "webhook_endpoint": "WebhookEndpoint",
        "invoice_payment": "InvoicePayment",
    }
    for kind, name in kinds.items():
        thing = stand.vendor.account.written(next(stand.vendor.account.newest(kind)))
        known = set(schemas[name]["properties"]) | {"type"}
        assert set(thing) <= known, (kind, set(thing) - known)
