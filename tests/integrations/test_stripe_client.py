"""Stripe: the client against its strict stand-in, its failures as ours, and its signatures."""

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import client
from integrations.sandbox.stripe.objects import new_card
from integrations.sandbox.stripe.vendor import WEBHOOK_SECRET
from integrations.sandbox.stripe.vendor import Stripe as Account
from integrations.sandbox.stripe.vendor import vendors as imitated
from integrations.sandbox.stripe.wire import SECRET_KEY
from integrations.stripe.client import Stripe
from integrations.stripe.types import OUR_CUSTOMER, CheckoutOrder
from integrations.stripe.webhook import BadEvent, BadSignature, read_event, verify
from tests.integrations.fake_vendor import says
from tests.integrations.sandbox_vendors import sandbox_vendors

DAY = 86_400


@pytest_asyncio.fixture
async def vendors():
    """Stripe alone."""
    async with sandbox_vendors([imitated]) as running:
        yield running


@pytest.fixture
def account(vendors) -> Account:
    return vendors.sandbox.of(Account)


@pytest_asyncio.fixture
async def api(vendors):
    async with client(f"{vendors.url}/stripe", "stripe") as http:
        yield Stripe(http, SECRET_KEY)


@pytest_asyncio.fixture
async def fake(vendor):
    async with client(vendor.url, "stripe") as http:
        yield Stripe(http, SECRET_KEY)


def price(account: Account, key: str = "professional_monthly"):
    prices = account.account.table("price").values()
    return next(one for one in prices if one["lookup_key"] == key)


def subscribed(account: Account, customer_id: str, trial: int = 0):
    """A subscription whose card works, made behind the client's back."""
    customer = account.account.get("customer", customer_id)
    given = {"default_payment_method": new_card(account.account, customer_id, "4242")["id"]}
    if trial:
        given["trial_end"] = type(account.account.clock.now())(
            account.account.clock.now() + trial * DAY
        )
    items = [{"price": price(account), "quantity": 1}]
    return account.subscribing.begin(customer, items, given, None)


async def test_a_customer_carries_our_id_and_is_found_by_it_alone(api, account) -> None:
    made = await api.create_customer("cus-1", "ada@acme.example", "Ada", key="k1")
    again = await api.create_customer("cus-1", "ada@acme.example", "Ada", key="k1")
    assert made == again
    assert made.metadata == {OUR_CUSTOMER: "cus-1"}
    assert await api.customer_of("cus-1") == made
    assert await api.customer_of("o'brien") is None
    assert await api.customer("cus_none") is None
    assert (api.livemode, await api.account()) == (False, account.account.id)


async def test_a_checkout_is_opened_completed_and_read_back(api, account) -> None:
    made = await api.create_customer("c", "ada@acme.example", "", key="k")
    order = CheckoutOrder(
        made.id, "c", price(account)["id"], "http://localhost/s", "http://localhost/c", 14
    )
    session = await api.create_checkout(order, key="k2")
    assert (session.status, session.customer_id) == ("open", made.id)
    assert [one.id for one in await api.open_checkouts(made.id)] == [session.id]
    account.checkout.complete(
        account.account.get("checkout.session", session.id), "4242", "ada@acme.example"
    )
    done = await api.checkout(session.id)
    assert (done.status, done.url) == ("complete", "")
    await api.expire_checkout(session.id)
    found = await api.subscription(done.subscription_id)
    assert found.status == "trialing"
    assert found.metadata == {OUR_CUSTOMER: "c"}
    assert found.trial_end - found.created_at == timedelta(days=14)
    assert found.items[0].period_end == found.trial_end
    assert found.items[0].price.amount == 29_900
    assert (found.latest_invoice.status, found.latest_invoice.amount_paid) == ("paid", 0)
    assert found.latest_invoice.subscription_id == found.id
    assert [one.id async for one in api.subscriptions(made.id)] == [found.id]
    assert await api.subscription("sub_none") is None


async def test_all_pages_and_all_statuses_are_listed_and_a_failed_page_is_an_error(
    api, account, vendors
) -> None:
    made = await api.create_customer("c", "a@acme.example", "", key="k")
    for number in range(230):
        one = subscribed(account, made.id)
        if number == 10:
            account.charging.end(one, "cancellation_requested")
    found = [one async for one in api.subscriptions()]
    assert len({one.id for one in found}) == 230
    assert sum(one.status == "canceled" for one in found) == 1
    vendors.spoil(vendor="stripe", operation="subscriptions.list", status=500, times=3, skip=2)
    with pytest.raises(Unreachable):
        [one async for one in api.subscriptions()]


async def test_what_was_cancelled_stays_so_and_what_was_paid_goes_back_once(api, account) -> None:
    made = await api.create_customer("c", "a@acme.example", "", key="k")
    one = subscribed(account, made.id)
    refund = await api.refund_last_payment(one["id"], key="r")
    assert (refund.amount, refund.status) == (29_900, "succeeded")
    assert await api.refund_last_payment(one["id"], key="r") == refund
    assert await api.refund_last_payment(one["id"], key="r2") is None
    await api.cancel(one["id"], key="c")
    await api.cancel(one["id"], key="c2")
    await api.cancel("sub_none", key="c3")
    assert (await api.subscription(one["id"])).status == "canceled"
    assert await api.refund_last_payment("sub_none", key="r3") is None
    payment = next(account.account.newest("payment_intent"))["id"]
    assert (await api.invoice_of_payment(payment)).subscription_id == one["id"]
    assert await api.invoice_of_payment("pi_none") is None


async def test_a_lost_answer_of_a_creation_is_the_same_creation(api, account, vendors) -> None:
    vendors.spoil(vendor="stripe", operation="customers.create", kind="lost_reply")
    made = await api.create_customer("c", "a@acme.example", "", key="once")
    assert list(account.account.table("customer")) == [made.id]


async def test_prices_events_and_endpoints_are_read(api, account) -> None:
    prices = await api.prices()
    assert {one.lookup_key for one in prices} == {
        f"{plan}_{interval}ly"
        for plan in ("starter", "professional")
        for interval in ("month", "year")
    }
    assert [one.id for one in await api.prices((prices[0].id, "price_none"))] == [prices[0].id]
    made = await api.create_customer("c", "a@acme.example", "", key="k")
    subscribed(account, made.id)
    since = datetime.now(UTC) - timedelta(minutes=1)
    told = [one async for one in api.events(since, ("customer.subscription.created",))]
    assert read_event(told[0]).stripe_customer_id == made.id
    assert await api.event(read_event(told[0]).id) == told[0]
    assert await api.event("evt_none") is None
    (endpoint,) = await api.endpoints()
    assert endpoint.enabled
    assert "invoice.payment_failed" in endpoint.events
    assert (await api.portal(made.id, "http://localhost/")).startswith("http://127.0.0.1")


async def test_no_key_and_a_wrong_key_are_told_as_that(vendors, api) -> None:
    async with client(f"{vendors.url}/stripe", "stripe") as http:
        for key in ("", "sk_test_wrongwrong", "sk test"):
            with pytest.raises(AuthExpired):
                await Stripe(http, key).account()
    assert api.ready


async def test_an_odd_answer_is_never_nothing_at_all(vendor, fake) -> None:
    vendor.answer = says({"unexpected": True})
    with pytest.raises(RefusedByVendor):
        await fake.subscription("sub_1")
    with pytest.raises(RefusedByVendor):
        [one async for one in fake.subscriptions()]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says({"error": {"type": "api_error", "message": "Oops"}}, 500), Unreachable),
        (says({"error": {"type": "rate_limit_error", "message": "Slow"}}, 429), RateLimited),
        (says({"error": {"type": "invalid_request_error", "message": "No"}}, 400), RefusedByVendor),
        (says({"error": {"type": "x", "message": "Not yours"}}, 403), AuthExpired),
    ],
)
async def test_a_failure_is_one_of_ours(vendor, fake, answer, error) -> None:
    vendor.answer = answer
    with pytest.raises(error):
        await fake.subscription("sub_1")


async def test_only_these_very_bytes_signed_lately_with_one_of_our_secrets_pass(
    api, account
) -> None:
    made = await api.create_customer("c", "a@acme.example", "", key="k")
    subscribed(account, made.id)
    event = next(account.account.newest("event"))
    body, headers = account.events.signed(event, WEBHOOK_SECRET)
    given, now = headers["Stripe-Signature"], datetime.now(UTC)
    verify(body, given, ("whsec_older", WEBHOOK_SECRET), now)
    rotated = f"{given},v1={'0' * 64},v0=x"
    verify(body, rotated, (WEBHOOK_SECRET,), now)
    wrong = [
        (body + b" ", given, now),
        (body, given.replace("v1=", "v0="), now),
        (body, "", now),
        (body, "t=abc,v1=é", now),
        (body, given, now + timedelta(minutes=6)),
        (body, given, now - timedelta(minutes=6)),
    ]
    for bytes_, header, at in wrong:
        with pytest.raises(BadSignature):
            verify(bytes_, header, (WEBHOOK_SECRET,), at)
    with pytest.raises(BadSignature):
        verify(body, given, ("whsec_other",), now)
    with pytest.raises(BadSignature):
        verify(body, given, (), now)
    read = read_event(body)
    assert (read.id, read.livemode, read.account) == (event["id"], False, "")
    with pytest.raises(BadEvent):
        read_event(b'{"object": "balance"}')
