"""Stripe as the sandbox knows it: one account in test mode."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.kit.wire import Handler
from integrations.sandbox.stripe import (
    catalogue,
    checkout,
    history,
    payments,
    portal,
    subscriptions,
)
from integrations.sandbox.stripe.advancing import TimeMachine
from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.objects import new_price, new_product
from integrations.sandbox.stripe.pages import StripePages
from integrations.sandbox.stripe.params import text
from integrations.sandbox.stripe.playing import Owner
from integrations.sandbox.stripe.store import Account
from integrations.sandbox.stripe.subscribing import Subscribing
from integrations.sandbox.stripe.wire import (
    PAGED,
    PUBLISHABLE_KEY,
    REQUEST_ID,
    SECRET_KEY,
    Gate,
    refusal,
)

ROOT = "/stripe"
WEBHOOK_SECRET = "whsec_sandboxSeguitoStripeEndpointSecret01"  # noqa: S105 (of the sandbox)
WEBHOOK_PATH = "/api/webhooks/stripe"
PANEL = Path(__file__).parent / "panel"
PLANS = (("Starter", 9_900, 99_000), ("Professional", 29_900, 299_000))
TOLD = [
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.trial_will_end",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "invoice.payment_succeeded",
    "invoice.payment_failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.closed",
]


class Stripe(Vendor):
    """The API, its pages, and the owner's own switches."""

    name = "stripe"
    place = 64
    color = "#635bff"
    open_headers = frozenset(
        {"idempotency-key", "idempotent-replayed", "stripe-version", "request-id"}
    )
    secret_fields = frozenset({"secret"})
    request_id = REQUEST_ID
    panel = PanelPart(PANEL / "stripe.js", tab="Stripe", styles=("stripe.css",))

    def __init__(self, stage: Stage) -> None:
        self.account = Account(stage.changed)
        self.events = Events(self.account, stage.journal)
        self.charging = Charging(self.account, self.events)
        self.subscribing = Subscribing(self.account, self.events, self.charging)
        self.clock = TimeMachine(self.account, self.events, self.charging, self.subscribing)
        self.gate = Gate(self.account)
        self.checkout = checkout.CheckoutApi(
            self.account, self.gate, self.events, self.charging, self.subscribing
        )
        self.portal = portal.PortalApi(self.account, self.charging, self.subscribing)
        self.payments = payments.PaymentsApi(self.account, self.gate, self.events)
        self._events_api = payments.EventsApi(self.account, self.gate)
        self.owner = Owner(
            self.account, self.events, self.charging, self.clock, self.portal, self.payments
        )
        self._has_history = stage.options.history
        self._ticking: asyncio.Task[None] | None = None
        self._set_up(stage.options.app_url)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Stripe's paths, its pages, and what the panel lets the account's owner do."""
        pages = StripePages(
            self.account, self.checkout, self.portal, self.charging, self.subscribing
        )
        pay, at = f"{ROOT}/pay/{{id}}", f"{ROOT}/portal/{{secret}}"
        bill = f"{ROOT}/invoice/{{id}}"
        return [
            *self._sold(),
            *self._subscribed(),
            *self._paid(),
            web.get(pay, pages.pay),
            web.post(pay, pages.paid),
            web.get(at, pages.portal),
            web.post(at, pages.use_portal),
            web.get(bill, pages.invoice),
            web.post(bill, pages.pay_invoice),
            web.post("/panel/api/stripe/{verb}", self.owner.play),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Its address, and the keys of its account."""
        self.account.origin = origin
        if self._has_history:
            # Its pages have addresses, which are known from now on.
            self._has_history = False
            history.play(self.account)
        return {
            "STRIPE_API_URL": f"{origin}{ROOT}",
            "STRIPE_SECRET_KEY": SECRET_KEY,
            "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """Stripe's envelope."""
        return refusal(status, code, message)

    def contents(self) -> object:
        """What the account's owner sees in the dashboard."""
        return self.owner.contents()

    def account_keys(self) -> Sequence[Key]:
        """The owner's three."""
        return [
            Key("Stripe", "secret key", SECRET_KEY),
            Key("Stripe", "publishable key", PUBLISHABLE_KEY),
            Key("Stripe", "webhook signing secret", WEBHOOK_SECRET),
        ]

    async def open(self) -> None:
        """What falls due by itself happens by itself."""
        self._ticking = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Nothing is sent any more."""
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        await self.events.close()

    def _set_up(self, app_url: str) -> None:
        for name, month, year in PLANS:
            product = new_product(self.account, {"name": name})
            for interval, amount in (("month", month), ("year", year)):
                given = {
                    "currency": "usd",
                    "unit_amount": amount,
                    "recurring": {"interval": interval},
                    "lookup_key": f"{name.lower()}_{interval}ly",
                    "nickname": f"{name} {interval}ly",
                }
                new_price(self.account, given, product["id"])
        url = f"{app_url}{WEBHOOK_PATH}"
        self._events_api.endpoint(url, list(TOLD), WEBHOOK_SECRET)

    def _sold(self) -> Sequence[web.AbstractRouteDef]:
        goods = catalogue.CatalogueApi(self.account, self.gate, self.events)
        people = catalogue.CustomersApi(self.account, self.gate, self.events)
        may, v1 = self.gate.guarded, f"{ROOT}/v1"
        find = {"query": text, "limit": PAGED["limit"], "page": text}
        return [
            _post(
                f"{v1}/products", may(goods.create_product, catalogue.PRODUCT), "products.create"
            ),
            _get(f"{v1}/products", may(goods.products, PAGED), "products.list"),
            _get(f"{v1}/products/{{id}}", may(goods.product), "products.get"),
            _post(f"{v1}/prices", may(goods.create_price, catalogue.PRICE), "prices.create"),
            _get(f"{v1}/prices", may(goods.prices, catalogue.PRICES), "prices.list"),
            _get(f"{v1}/prices/{{id}}", may(goods.price), "prices.get"),
            _post(
                f"{v1}/prices/{{id}}",
                may(goods.change_price, catalogue.PRICE_CHANGE),
                "prices.update",
            ),
            _post(f"{v1}/customers", may(people.create, catalogue.CUSTOMER), "customers.create"),
            _get(f"{v1}/customers", may(people.all, catalogue.CUSTOMERS), "customers.list"),
            _get(f"{v1}/customers/search", may(people.search, find), "customers.search"),
            _get(f"{v1}/customers/{{id}}", may(people.one), "customers.get"),
            _post(
                f"{v1}/customers/{{id}}",
                may(people.change, catalogue.CUSTOMER_CHANGE),
                "customers.update",
            ),
        ]

    def _subscribed(self) -> Sequence[web.AbstractRouteDef]:
        subs = subscriptions.SubscriptionsApi(
            self.account, self.gate, self.charging, self.subscribing
        )
        bills = subscriptions.InvoicesApi(self.account, self.gate, self.charging)
        may, v1 = self.gate.guarded, f"{ROOT}/v1"
        session, one = f"{v1}/checkout/sessions", f"{v1}/subscriptions/{{id}}"
        of_invoice = {**PAGED, "invoice": text, "status": text, "payment": payments.OF_PAYMENT}
        return [
            _post(session, may(self.checkout.create, checkout.CREATE), "checkout.create"),
            _get(session, may(self.checkout.all, checkout.LIST), "checkout.list"),
            _get(f"{session}/{{id}}", may(self.checkout.one), "checkout.get"),
            _get(
                f"{session}/{{id}}/line_items",
                may(self.checkout.lines, PAGED),
                "checkout.line_items",
            ),
            _post(f"{session}/{{id}}/expire", may(self.checkout.expire), "checkout.expire"),
            _post(
                f"{v1}/billing_portal/sessions",
                may(self.portal.create, portal.CREATE),
                "portal.create",
            ),
            _post(
                f"{v1}/subscriptions",
                may(subs.create, subscriptions.CREATE),
                "subscriptions.create",
            ),
            _get(f"{v1}/subscriptions", may(subs.all, subscriptions.LIST), "subscriptions.list"),
            _get(one, may(subs.one), "subscriptions.get"),
            _post(one, may(subs.change, subscriptions.CHANGE), "subscriptions.update"),
            web.delete(
                one, may(subs.cancel, subscriptions.CANCEL), name="stripe:subscriptions.cancel"
            ),
            _post(f"{one}/resume", may(subs.resume), "subscriptions.resume"),
            _get(f"{v1}/invoices", may(bills.all, subscriptions.INVOICES), "invoices.list"),
            _get(f"{v1}/invoices/{{id}}", may(bills.one), "invoices.get"),
            _post(
                f"{v1}/invoices/{{id}}/pay",
                may(bills.pay, {"payment_method": text}),
                "invoices.pay",
            ),
            _post(f"{v1}/invoices/{{id}}/void", may(bills.void), "invoices.void"),
            _get(f"{v1}/invoice_payments", may(bills.payments, of_invoice), "invoice_payments"),
        ]

    def _paid(self) -> Sequence[web.AbstractRouteDef]:
        money, told = self.payments, self._events_api
        may, v1 = self.gate.guarded, f"{ROOT}/v1"
        endpoints = f"{v1}/webhook_endpoints"
        return [
            _post(f"{v1}/refunds", may(money.refund, payments.REFUND), "refunds.create"),
            _get(f"{v1}/refunds", may(money.refunds, payments.REFUNDS), "refunds.list"),
            _get(f"{v1}/charges", may(money.charges, payments.CHARGES), "charges.list"),
            _get(f"{v1}/charges/{{id}}", may(money.charge), "charges.get"),
            _get(f"{v1}/payment_intents/{{id}}", may(money.intent), "payment_intents.get"),
            _get(f"{v1}/disputes/{{id}}", may(money.dispute_of), "disputes.get"),
            _get(f"{v1}/events", may(told.all, payments.EVENTS), "events.list"),
            _get(f"{v1}/events/{{id}}", may(told.one), "events.get"),
            _post(endpoints, may(told.create_endpoint, payments.ENDPOINT), "endpoints.create"),
            _get(endpoints, may(told.endpoints, PAGED), "endpoints.list"),
            _get(f"{endpoints}/{{id}}", may(told.one_endpoint), "endpoints.get"),
            _post(
                f"{endpoints}/{{id}}",
                may(told.change_endpoint, payments.ENDPOINT),
                "endpoints.update",
            ),
            _get(f"{v1}/account", may(told.account), "account.get"),
        ]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.clock.catch_up()


def _get(path: str, handler: Handler, name: str) -> web.RouteDef:
    return web.get(path, handler, name=f"stripe:{name}", allow_head=False)


def _post(path: str, handler: Handler, name: str) -> web.RouteDef:
    return web.post(path, handler, name=f"stripe:{name}")


def vendors(stage: Stage) -> Sequence[Vendor]:
    """Stripe."""
    return [Stripe(stage)]
