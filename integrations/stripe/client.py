"""The verbs we need of Stripe, through its official library over our own HTTP client (contract C).

The library keeps no state of ours: no module-level key, no telemetry, no retries of its own.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import httpx
import orjson
import stripe

from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.http import SAFE, credential
from integrations.json_fields import Record, record, records, text
from integrations.stripe import objects as read
from integrations.stripe.errors import MISSING, VENDOR, told
from integrations.stripe.types import (
    OUR_CUSTOMER,
    CheckoutOrder,
    CheckoutSession,
    InvoiceFacts,
    RefundFacts,
    StripeCustomer,
    StripeEndpoint,
    StripePrice,
    SubscriptionSnapshot,
)

PAGE = 100
MAX_PAGES = 2_000
# Of a subscription: what its state is derived from, in the same answer.
WHOLE = ("latest_invoice", "discounts.source.coupon")
OVER = ("canceled", "incomplete_expired")
KEY = "idempotency-key"


class Stripe:
    """Stripe's API with one account's secret key, whose mode is test or live.

    Takes a client of `integrations.http.client`. Every call raises Unreachable (it may have
    happened), RateLimited, AuthExpired or RefusedByVendor with Stripe's code.
    """

    def __init__(self, http: httpx.AsyncClient, secret_key: str) -> None:
        stripe.enable_telemetry = False
        self._wire, self._key = Wire(http), secret_key
        self._base = str(http.base_url).rstrip("/")
        self._made: stripe.StripeClient | None = None

    @property
    def ready(self) -> bool:
        """Whether a secret key is set."""
        return bool(self._key)

    @property
    def livemode(self) -> bool:
        """Whether the secret key is a live one."""
        return "_live_" in self._key

    async def close(self) -> None:
        """Give connections back."""
        await self._wire.close_async()

    async def account(self) -> str:
        """The id of the account that the secret key belongs to (`acct_…`)."""
        return text(await self._ask(lambda api: api.accounts.retrieve_current_async()), "id")

    async def subscription(self, subscription_id: str) -> SubscriptionSnapshot | None:
        """As it is now, with its latest invoice; None when Stripe has none of this id."""
        found = await self._found(
            lambda api: api.subscriptions.retrieve_async(subscription_id, {"expand": [*WHOLE]})
        )
        return read.subscription_of(found) if found else None

    async def subscriptions(
        self, stripe_customer_id: str = ""
    ) -> AsyncIterator[SubscriptionSnapshot]:
        """All of them, every status and every page; a page that fails raises."""
        given: dict[str, Any] = {"status": "all", "expand": [f"data.{one}" for one in WHOLE]}
        if stripe_customer_id:
            given["customer"] = stripe_customer_id
        async for row in self._all(lambda api, page: api.subscriptions.list_async(page), given):
            yield read.subscription_of(row)

    async def invoice(self, invoice_id: str) -> InvoiceFacts | None:
        """As it is now; None when Stripe has none of this id."""
        found = await self._found(lambda api: api.invoices.retrieve_async(invoice_id))
        return read.invoice_of(found) if found else None

    async def invoices(self, subscription_id: str) -> tuple[InvoiceFacts, ...]:
        """The subscription's invoices, every status and every page, newest first."""
        given = {"subscription": subscription_id}
        listed = self._all(lambda api, page: api.invoices.list_async(page), given)
        return tuple([read.invoice_of(row) async for row in listed])

    async def invoice_of_payment(self, payment_intent_id: str) -> InvoiceFacts | None:
        """The invoice that this payment paid; None: no invoice's."""
        given: Any = {
            "payment": {"type": "payment_intent", "payment_intent": payment_intent_id},
            "limit": 1,
        }
        page = await self._ask(lambda api: api.invoice_payments.list_async(given))
        for row in records(page.get("data")):
            return await self.invoice(read.id_of(row.get("invoice")))
        return None

    async def customer(self, stripe_customer_id: str) -> StripeCustomer | None:
        """The customer, also a deleted one; None when Stripe has none of this id."""
        found = await self._found(lambda api: api.customers.retrieve_async(stripe_customer_id))
        return read.stripe_customer_of(found) if found else None

    async def customer_of(self, customer_id: str) -> StripeCustomer | None:
        """The oldest customer whose metadata we wrote for ours; never by e-mail.

        Stripe's search lags by up to a minute: what was made just now is found by its key.
        """
        quoted = customer_id.replace("\\", "\\\\").replace("'", "\\'")
        given: Any = {"query": f"metadata['{OUR_CUSTOMER}']:'{quoted}'", "limit": PAGE}
        page = await self._ask(lambda api: api.customers.search_async(given))
        found = [read.stripe_customer_of(row) for row in records(page.get("data"))]
        return found[-1] if found else None

    async def create_customer(
        self, customer_id: str, email: str, name: str, *, key: str
    ) -> StripeCustomer:
        """Make one that carries OUR_CUSTOMER."""
        given: Any = {"email": email, "metadata": {OUR_CUSTOMER: customer_id}}
        if name:
            given["name"] = name
        return read.stripe_customer_of(
            await self._ask(lambda api: api.customers.create_async(given, _once(key)))
        )

    async def prices(self, price_ids: tuple[str, ...] = ()) -> tuple[StripePrice, ...]:
        """These prices, or all recurring ones, active or not, over all pages."""
        if not price_ids:
            listed = self._all(lambda api, page: api.prices.list_async(page), {"type": "recurring"})
            return tuple([read.price_of(row) async for row in listed])
        found = [await self._price(one) for one in price_ids]
        return tuple(read.price_of(row) for row in found if row)

    async def create_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSession:
        """Open a session for one subscription; its metadata carry OUR_CUSTOMER, if it is one's."""
        given = _checkout(order)
        return read.session_of(
            await self._ask(lambda api: api.checkout.sessions.create_async(given, _once(key)))
        )

    async def checkout(self, session_id: str) -> CheckoutSession | None:
        """The session as it is now; None when Stripe has none of this id."""
        found = await self._found(lambda api: api.checkout.sessions.retrieve_async(session_id))
        return read.session_of(found) if found else None

    async def open_checkouts(self, stripe_customer_id: str) -> tuple[CheckoutSession, ...]:
        """The customer's sessions that are open, newest first."""
        given = {"customer": stripe_customer_id, "status": "open"}
        listed = self._all(lambda api, page: api.checkout.sessions.list_async(page), given)
        return tuple([read.session_of(row) async for row in listed])

    async def expire_checkout(self, session_id: str) -> None:
        """Close an open session; one that is over stays as it is."""
        try:
            await self._ask(lambda api: api.checkout.sessions.expire_async(session_id))
        except RefusedByVendor:
            now = await self.checkout(session_id)
            if now is not None and now.status == "open":
                raise

    async def portal(self, stripe_customer_id: str, return_url: str) -> str:
        """The address of a new portal session; short-lived, never kept."""
        given: Any = {"customer": stripe_customer_id, "return_url": return_url}
        made = await self._ask(lambda api: api.billing_portal.sessions.create_async(given))
        if not isinstance(url := made.get("url"), str):
            raise Unreachable(VENDOR, "a portal session without its address")
        return url

    async def cancel(self, subscription_id: str, *, key: str) -> None:
        """End it now, without a last invoice; one that is over or unknown counts as done."""
        given: Any = {"invoice_now": False, "prorate": False}
        try:
            await self._ask(
                lambda api: api.subscriptions.cancel_async(subscription_id, given, _once(key))
            )
        except RefusedByVendor as error:
            now = None if error.code == MISSING else await self.subscription(subscription_id)
            if now is not None and now.status not in OVER:
                raise

    async def refund_last_payment(self, subscription_id: str, *, key: str) -> RefundFacts | None:
        """Give back what the newest paid invoice took; None: there is nothing to give back."""
        given = {"subscription": subscription_id, "status": "paid"}
        listed = self._all(lambda api, page: api.invoices.list_async(page), given)
        async for row in listed:
            if read.invoice_of(row).amount_paid > 0:
                return await self._refund(text(row, "id"), key)
        return None

    async def events(self, since: datetime, types: tuple[str, ...] = ()) -> AsyncIterator[str]:
        """Bodies of what happened since then, newest first, over all pages; kept for 30 days.

        As a webhook would have brought them, for `webhook.read_event`.
        """
        given: dict[str, Any] = {"created": {"gte": int(since.timestamp())}}
        if types:
            given["types"] = list(types)
        async for row in self._all(lambda api, page: api.events.list_async(page), given):
            yield _body(row)

    async def event(self, event_id: str) -> str | None:
        """The body of one event; None when Stripe has (or keeps) none of this id."""
        found = await self._found(lambda api: api.events.retrieve_async(event_id))
        return _body(found) if found else None

    async def endpoints(self) -> tuple[StripeEndpoint, ...]:
        """Where the account sends its events."""
        listed = self._all(lambda api, page: api.webhook_endpoints.list_async(page), {})
        return tuple([read.endpoint_of(row) async for row in listed])

    async def _price(self, price_id: str) -> Record | None:
        return await self._found(lambda api: api.prices.retrieve_async(price_id))

    async def _refund(self, invoice_id: str, key: str) -> RefundFacts | None:
        of: Any = {"invoice": invoice_id, "status": "paid", "limit": 1}
        page = await self._ask(lambda api: api.invoice_payments.list_async(of))
        rows = records(page.get("data"))
        payment = read.id_of(record(rows[0].get("payment")).get("payment_intent")) if rows else ""
        if not payment:
            return None
        given: Any = {"payment_intent": payment, "reason": "duplicate"}
        try:
            made = await self._ask(lambda api: api.refunds.create_async(given, _once(key)))
        except RefusedByVendor as error:
            if error.code == "charge_already_refunded":
                return None
            raise
        return read.refund_of(made)

    async def _ask(self, call: Callable[[Any], Awaitable[Any]]) -> dict[str, Any]:
        """One call of the library; its object as JSON, since its own is no dict."""
        with told():
            found = await call(self._api())
        said: dict[str, Any] = found.to_dict()
        return said

    async def _found(self, call: Callable[[Any], Awaitable[Any]]) -> Record | None:
        try:
            found = await self._ask(call)
        except RefusedByVendor as error:
            if error.code == MISSING:
                return None
            raise
        if not text(found, "id"):
            raise RefusedByVendor(VENDOR, "malformed", "an object without its id")
        return found

    async def _all(
        self, call: Callable[[Any, Any], Awaitable[Any]], given: Mapping[str, Any]
    ) -> AsyncIterator[Record]:
        """Every object of a list, page by page; a page that fails raises: never a part."""
        page: dict[str, Any] = {**given, "limit": PAGE}
        for _ in range(MAX_PAGES):
            said = await self._ask(partial(_paged, call, page))
            if not isinstance(said.get("data"), list):
                raise RefusedByVendor(VENDOR, "malformed", "a list without its objects")
            rows = records(said["data"])
            for row in rows:
                yield row
            if said.get("has_more") is not True:
                return
            if not rows:
                break
            page = {**page, "starting_after": text(rows[-1], "id")}
        raise RefusedByVendor(VENDOR, "malformed", "pages without an end")

    def _api(self) -> Any:
        """The library's v1 services. AuthExpired without a usable key."""
        if not self._key:
            raise AuthExpired(VENDOR, "no secret key is set")
        if self._made is None:
            self._made = stripe.StripeClient(
                credential(VENDOR, self._key),
                base_addresses={"api": self._base},
                http_client=self._wire,
                max_network_retries=0,
            )
        return self._made.v1


async def _paged(call: Callable[[Any, Any], Awaitable[Any]], page: Any, api: Any) -> Any:
    return await call(api, page)


class Wire(stripe.HTTPClient):
    """The library's HTTP client: ours, with its deadline, log, latency and retries.

    A POST with an idempotency key may be sent again like a GET.
    """

    name = "httpx"

    def __init__(self, http: httpx.AsyncClient) -> None:
        super().__init__()
        self._http = http

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One request; Unreachable passes through the library as it is."""
        path = httpx.URL(url).path.partition("/v1/")[2]
        repeatable = method == "delete" or KEY in {name.lower() for name in headers}
        response = await self._http.request(
            method.upper(),
            url,
            headers=dict(headers),
            content=str(post_data or "").encode() if method == "post" else None,
            extensions={
                "operation": f"{method} {_operation(path)}",
                **(SAFE if repeatable else {}),
            },
        )
        return response.content, response.status_code, response.headers

    async def close_async(self) -> None:
        """Give connections back."""
        await self._http.aclose()


def _operation(path: str) -> str:
    """The path without ids, which have digits: a metric has few labels."""
    return "/".join(part for part in path.split("/") if not any(c.isdigit() for c in part))


def _body(event: Record) -> str:
    return orjson.dumps(event, default=str).decode()


def _once(key: str) -> Any:
    return {"idempotency_key": key}


def _checkout(order: CheckoutOrder) -> Any:
    kept = {OUR_CUSTOMER: order.customer_id} if order.customer_id else {}
    data: dict[str, Any] = {"metadata": kept} if kept else {}
    if order.trial_days:
        data["trial_period_days"] = order.trial_days
    elif order.trial_end is not None:
        data["trial_end"] = int(order.trial_end.timestamp())
    if order.trial_days or order.trial_end is not None:
        behavior = {"missing_payment_method": "cancel"}
        data["trial_settings"] = {"end_behavior": behavior}
    given: dict[str, Any] = {
        "mode": "subscription",
        "line_items": [{"price": order.price_id, "quantity": 1}],
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "locale": order.locale,
    }
    if data:
        given["subscription_data"] = data
    if kept:
        given |= {"client_reference_id": order.customer_id, "metadata": kept}
    if order.stripe_customer_id:
        given["customer"] = order.stripe_customer_id
    elif order.email:
        given["customer_email"] = order.email
    return given
